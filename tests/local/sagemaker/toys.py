"""Toy code for containers, packed as its users would, and what tests ask of the answers."""

import io
import tarfile
import time
from pathlib import Path

TOY = Path(__file__).with_name("toy")
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0"
ROLE = "arn:aws:iam::000000000000:role/sagemaker"


def packed(folder: Path) -> bytes:
    """A folder as tar.gz."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for file in sorted(folder.glob("*.py")):
            archive.add(file, file.name)
    return buffer.getvalue()


def members(archive: bytes) -> dict[str, bytes]:
    """The files of a tar.gz."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {item.name: tar.extractfile(item).read() for item in tar if item.isfile()}


def wait(describe, status: str, seconds: float = 30, **request) -> dict:
    """Describe until the job or endpoint has ended its work."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = describe(**request)
        if answer[status] in ("Completed", "Failed", "Stopped", "InService"):
            return answer
        time.sleep(0.05)
    raise AssertionError(f"still {answer[status]} after {seconds} s")
