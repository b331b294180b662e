"""Archives that are equal when their files are equal, byte for byte."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date that a zip file can hold
IGNORED = frozenset({"__pycache__", ".pytest_cache", ".DS_Store"})


def write(source: Path, target: Path, ignored: frozenset[str] = IGNORED) -> Path:
    """Zips the files of a folder. Level 1: a layer of 200 MB is packed once and unpacked with every stack."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="draft-", dir=target.parent) as folder:  # two may write it at once
        draft = Path(folder) / target.name
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for path in files(source, ignored):
                entry = zipfile.ZipInfo(path.relative_to(source).as_posix(), EPOCH)
                entry.external_attr = (path.stat().st_mode & 0o755 | 0o644) << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
        return draft.replace(target)


def digest(sources: Iterable[Path], *more: str) -> str:
    """SHA-256 over the names and bytes of all files of `sources` (files or folders) and over the words `more`."""
    total = hashlib.sha256("\0".join(more).encode())
    for source in sources:
        for path in [source] if source.is_file() else files(source):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(source.parent).as_posix()}\0{content}\0".encode())
    return total.hexdigest()


def files(folder: Path, ignored: frozenset[str] = IGNORED) -> Iterator[Path]:
    """The files of a folder that are worth shipping, in a fixed order."""
    paths = sorted(folder.rglob("*"))
    return (path for path in paths if path.is_file() and not ignored.intersection(path.relative_to(folder).parts))
