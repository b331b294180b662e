"""Source: the code that runs inside SageMaker, as the one archive that training unpacks and evaluation executes."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from botocore.exceptions import ClientError

from tidewheel.aws.clients import client
from tidewheel.domain.identity import digest

ROOMS = ("train", "evaluate", "serve")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip can carry: equal code gives equal bytes


@dataclass(frozen=True)
class Source:
    """Where the code lies. `digest` names it: equal code has equal keys."""

    digest: str
    training_uri: str  # sourcedir.tar.gz, for the channel `code`
    evaluation_uri: str  # evaluate.pyz, which Python executes as it is


def collect() -> dict[str, bytes]:
    """The files by the name that they have inside SageMaker: the containers' side by side, `tidewheel.domain` below."""
    modules = {
        path.name: path.read_bytes()
        for room in ROOMS
        for path in sorted((files("containers") / room).iterdir(), key=lambda path: path.name)
        if path.name.endswith(".py") and path.name != "__init__.py"
    }
    shared = {
        f"tidewheel/domain/{path.name}": path.read_bytes()
        for path in sorted(files("tidewheel.domain").iterdir(), key=lambda path: path.name)
        if path.name.endswith(".py")
    }
    return modules | {"tidewheel/__init__.py": b""} | shared


def publish(bucket: str) -> Source:
    """Put the code under its digest, unless it is there already."""
    code = collect()
    name = digest({path: digest(body) for path, body in code.items()})[:16]
    folder = f"code/{name}"
    _put_once(bucket, f"{folder}/sourcedir.tar.gz", tarball(code))
    _put_once(bucket, f"{folder}/evaluate.pyz", executable(code))
    where = f"s3://{bucket}/{folder}"
    return Source(name, f"{where}/sourcedir.tar.gz", f"{where}/evaluate.pyz")


def tarball(code: Mapping[str, bytes]) -> bytes:
    """A tar.gz without times, owners or order of its own."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for path, body in sorted(code.items()):
            entry = tarfile.TarInfo(path)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    return packed.getvalue()


def executable(code: Mapping[str, bytes]) -> bytes:
    """A zip that Python runs: its `__main__` is the evaluation."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in sorted(({**code, "__main__.py": code["evaluate.py"]}).items()):
            archive.writestr(zipfile.ZipInfo(path, EPOCH), body, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _put_once(bucket: str, key: str, body: bytes) -> None:
    try:
        client("s3").put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*")
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
