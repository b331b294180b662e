"""Toy code for containers, packed as its users would, and what tests ask of the answers."""

import io
import tarfile
import time
from pathlib import Path

from botocore.validate import ParamValidator

TOY = Path(__file__).with_name("toy")
IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0"
ROLE = "arn:aws:iam::000000000000:role/sagemaker"


def packed(folder: Path) -> bytes:
    """The scripts of a folder as tar.gz."""
    return archive({file.name: file.read_bytes() for file in sorted(folder.glob("*.py"))})


def archive(files: dict[str, bytes]) -> bytes:
    """Files as tar.gz."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def members(packed: bytes) -> dict[str, bytes]:
    """The files of a tar.gz."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
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


def checked(client):
    """The client, with every answer of the service held against the shape that AWS promises."""

    def conforms(http_response, parsed, model, **_):
        if http_response.status_code < 300 and model.output_shape is not None:
            answer = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
            report = ParamValidator().validate(named(answer), model.output_shape)
            assert not report.has_errors(), f"{model.name}: {report.generate_report()}"

    client.meta.events.register("after-call.sagemaker", conforms)
    return client


def named(answer: dict) -> dict:
    """The answer with the one member that the model requires and AWS leaves out: a versioned package has no name."""
    if "ModelPackageVersion" in answer:
        return {"ModelPackageName": "versioned", **answer}
    return {name: [named(item) for item in value] if name == "ModelPackageSummaryList" else value
            for name, value in answer.items()}  # fmt: skip
