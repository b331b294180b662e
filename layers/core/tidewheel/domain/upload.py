"""An upload: where it belongs, what it is, and why it may be refused."""

import re
from dataclasses import dataclass
from typing import Literal

from tidewheel.domain.errors import UploadIgnored, UploadRefused
from tidewheel.domain.identity import digest

Format = Literal["csv", "jsonl", "parquet"]
FORMATS: dict[str, Format] = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
NAME = re.compile(r"[a-z][a-z0-9-]{0,22}[a-z0-9]")
NOWHERE = "_unknown"  # stands for a project in the keys of reports; no project can be called so
UNFINISHED = (".tmp", ".part", ".crc", ".crdownload")
LONGEST_KEY = 200  # characters: four bytes each, they fit the ledger's sort key with the version


@dataclass(frozen=True)
class Limits:
    """What one Lambda takes on. The bytes of a file, what they may unfold to, and rows."""

    bytes: int = 2**30
    decoded_bytes: int = 8 * 2**30
    rows: int = 20_000_000

    def check(self, size: int) -> None:
        """Raises UploadRefused (TooLarge) for a file of more bytes."""
        if size > self.bytes:
            raise too_large(f"the file has {size:,} bytes", f"{self.bytes:,} bytes")


def too_large(problem: str, limit: str) -> UploadRefused:
    """The refusal of what outgrows one Lambda, with the limit."""
    return UploadRefused("TooLarge", f"{problem}; the limit is {limit}", place="file", remedy="Upload it in parts")


def project_of(key: str) -> str | None:
    """The project that a key names by its first folder, or None if that cannot be a project's name."""
    folder, slash, _ = key.partition("/")
    return folder if slash and NAME.fullmatch(folder) else None


def format_of(key: str) -> tuple[Format, bool]:
    """Format and whether it is gzipped, by the key's ending. Raises UploadRefused (UnknownFormat)."""
    name = key.lower()
    plain = name.removesuffix(".gz")
    _, dot, word = plain.rpartition("/")[2].rpartition(".")
    ending = dot + word
    if ending in FORMATS and not (ending == ".parquet" and plain != name):
        return FORMATS[ending], plain != name
    known = ", ".join([*FORMATS, ".csv.gz", ".jsonl.gz"])
    raise UploadRefused(
        "UnknownFormat", "the ending does not say what it is", place="file name", remedy=f"Use one of {known}"
    )


def check_is_delivery(key: str, size: int) -> None:
    """Raises UploadIgnored for what tools leave beside data."""
    name = key.rpartition("/")[2]
    reason = (
        "it is a folder marker" if not name
        else "it is a marker or hidden file" if name.startswith(("_", "."))
        else "it is a file still being written" if name.lower().endswith(UNFINISHED)
        else "it is empty" if size == 0
        else ""
    )  # fmt: skip
    if reason:
        raise UploadIgnored(reason, place=key, remedy="Nothing is to be done, unless it should hold data")


def upload_identity(key: str, version_id: str) -> str:
    """What the ledger calls an upload: key and version; a long key by its digest, as data.asl.json does too."""
    return f"{key if len(key) <= LONGEST_KEY else digest(key)}@{version_id}"
