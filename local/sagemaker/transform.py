"""Batch transform: a serving container asked for every record of the input; `<key>.out` per object, order kept."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.sagemaker import events, models, store, timing, transfer
from local.sagemaker.errors import AlgorithmError, ValidationException
from local.sagemaker.jobs import Job
from local.sagemaker.kinds import TRANSFORM
from local.sagemaker.replica import Replica, Unhealthy
from local.sagemaker.store import Record

MEGABYTE = 1024 * 1024


class TransformJob(Job):
    """One transform job under way."""

    kind = TRANSFORM
    publish = staticmethod(events.transform)

    def work(self) -> None:
        """Start the model, fetch the input, ask, put the output."""
        serving = models.serving(self.record["ModelName"])
        self.pause(timing.STARTING)
        self.provision(serving.role, serving.image)
        store.change(self.record, TransformStartTime=time.time())
        replica = Replica(self.name, "transform", serving, self.fault)
        try:
            replica.start({"SAGEMAKER_BATCH": "true", **self.record.get("Environment", {})})
            self._transform(replica)
        except Unhealthy as error:
            raise AlgorithmError(str(error)) from error
        finally:
            replica.stop()
        self.ended("Completed", "Completed")

    def ended(self, status: str, secondary: str, **members: Any) -> None:
        """The terminal status with its time."""
        self.move(status, TransformEndTime=time.time(), **members)

    def _transform(self, replica: Replica) -> None:
        inputs = self.home / "opt/ml/input/data"
        transfer.download(self.s3, self.record["TransformInput"]["DataSource"]["S3DataSource"], inputs)
        target = self.record["TransformOutput"]
        for file in sorted(path for path in inputs.rglob("*") if path.is_file()):
            answers = [self._ask(replica, payload) for payload in self._payloads(file)]
            out = file.with_name(file.name + ".out")
            joint = b"\n" if target.get("AssembleWith") == "Line" else b""
            out.write_bytes(b"".join(answer.removesuffix(joint) + joint for answer in answers))
            uri = f"{target['S3OutputPath'].rstrip('/')}/{out.relative_to(inputs).as_posix()}"
            transfer.put(self.s3, out, uri, target.get("KmsKeyId"))

    def _ask(self, replica: Replica, payload: bytes) -> bytes:
        self.pause(0)
        kind = self.record["TransformInput"].get("ContentType", "application/octet-stream")
        headers = {"Content-Type": kind, "Accept": self.record["TransformOutput"].get("Accept", "*/*")}
        answer = replica.ask(payload, headers)
        if answer.status >= 300:
            self.log.write(answer.body.decode("utf-8", "replace"))
            raise AlgorithmError("See job logs for more information")
        return answer.body

    def _payloads(self, file: Path) -> Iterator[bytes]:
        if self.record["TransformInput"].get("SplitType", "None") == "None":
            yield file.read_bytes()
            return
        limit = self.record.get("MaxPayloadInMB", 6) * MEGABYTE
        single = self.record.get("BatchStrategy", "MultiRecord") == "SingleRecord"
        batch = b""
        for line in file.open("rb"):
            if batch and (single or len(batch) + len(line) > limit):
                yield batch
                batch = b""
            batch += line
        if batch:
            yield batch


def create(request: Record) -> Record:
    """CreateTransformJob."""
    _check(request)
    record = store.add(TRANSFORM, request, TransformJobStatus="InProgress")
    TransformJob(record).begin()
    return {"TransformJobArn": record["TransformJobArn"]}


def _check(request: Mapping[str, Any]) -> None:
    models.serving(request["ModelName"])
    source = request["TransformInput"]
    if source.get("SplitType", "None") not in ("None", "Line") or source.get("CompressionType", "None") != "None":
        raise ValidationException("The local service splits by Line or not at all, and reads no compressed input.")
    for name in ("DataProcessing", "DataCaptureConfig"):
        if request.get(name):
            raise ValidationException(f"{name} is not simulated by the local service.")
