"""Processing jobs: inputs below /opt/ml/processing, the request's entry point, outputs back to S3."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ministack.core.responses import get_region

from local.sagemaker import events, roles, store, timing, transfer
from local.sagemaker.container import Container
from local.sagemaker.errors import ClientError, ValidationException
from local.sagemaker.jobs import Job, Stopped
from local.sagemaker.kinds import PROCESSING
from local.sagemaker.store import Record

HOST = "algo-1"
DAY = 86400  # the service's own limit for a job that names none
ROOT = "/opt/ml/processing"


class ProcessingJob(Job):
    """One processing job under way."""

    kind = PROCESSING
    publish = staticmethod(events.processing)

    def work(self) -> None:
        """Provision, fetch the inputs, run, put the outputs."""
        self.pause(timing.STARTING)
        container = self.provision(self.record["RoleArn"], self.record["AppSpecification"]["ImageUri"])
        store.change(self.record, ProcessingStartTime=time.time())
        self._prepare(container)
        self.pause(timing.DOWNLOADING)
        self._run_container(container)
        self._upload(container, ("EndOfJob", "Continuous"))
        timing.linger(timing.UPLOADING)
        self.ended("Completed", "Completed")

    def ended(self, status: str, secondary: str, **members: Any) -> None:
        """The terminal status, with its time and what the container left as a message."""
        message = self.home / "opt/ml/output/message"
        if message.exists():
            members["ExitMessage"] = message.read_text("utf-8", "replace")[:1024]
        self.move(status, ProcessingEndTime=time.time(), **members)

    def _prepare(self, container: Container) -> None:
        config = container.path("/opt/ml/config")
        for folder in (config, container.path(ROOT), container.path("/opt/ml/output")):
            folder.mkdir(parents=True, exist_ok=True)
        shown = {key: value for key, value in self.record.items() if not key.endswith(("Time", "Status"))}
        (config / "processingjobconfig.json").write_text(json.dumps(shown))
        (config / "resourceconfig.json").write_text(json.dumps({"current_host": HOST, "hosts": [HOST]}))
        for entry in self.record.get("ProcessingInputs", []):
            transfer.download(self.s3, entry["S3Input"], container.path(entry["S3Input"]["LocalPath"]))
        for output in self._outputs():
            container.path(output["LocalPath"]).mkdir(parents=True, exist_ok=True)

    def _run_container(self, container: Container) -> None:
        longest = self.record.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY)
        try:
            self.execute(container, self._command(), self._environment(), container.path(ROOT), longest)
        except Stopped:
            self._upload(container, ("EndOfJob", "Continuous"))
            raise
        except Exception:
            self._upload(container, ("Continuous",))
            raise

    def _command(self) -> list[str]:
        app = self.record["AppSpecification"]
        if "ContainerEntrypoint" not in app:
            raise ClientError("The image has no entry point of its own for processing: give ContainerEntrypoint.")
        return [*app["ContainerEntrypoint"], *app.get("ContainerArguments", [])]

    def _environment(self) -> dict[str, str]:
        isolated = self.record.get("NetworkConfig", {}).get("EnableNetworkIsolation", False)
        return {
            "PROCESSING_JOB_NAME": self.name,
            "PROCESSING_JOB_ARN": self.arn,
            "AWS_REGION": get_region(),
            "AWS_DEFAULT_REGION": get_region(),
            **self.credentials(isolated),
            **self.record.get("Environment", {}),
        }

    def _upload(self, container: Container, modes: tuple[str, ...]) -> None:
        key = self.record.get("ProcessingOutputConfig", {}).get("KmsKeyId")
        for output in self._outputs():
            if output["S3UploadMode"] in modes:
                transfer.upload(self.s3, container.path(output["LocalPath"]), output["S3Uri"], key)

    def _outputs(self) -> list[dict[str, Any]]:
        return [output["S3Output"] for output in self.record.get("ProcessingOutputConfig", {}).get("Outputs", [])]


def create(request: Record) -> Record:
    """CreateProcessingJob."""
    _check(request)
    roles.require(request["RoleArn"], store.arn(PROCESSING.segment, request["ProcessingJobName"]))
    record = store.add(PROCESSING, request, ProcessingJobStatus="InProgress")
    ProcessingJob(record).begin()
    return {"ProcessingJobArn": record["ProcessingJobArn"]}


def _check(request: Mapping[str, Any]) -> None:
    if request["ProcessingResources"]["ClusterConfig"]["InstanceCount"] > 1:
        raise ValidationException("The local service runs one instance per job: InstanceCount must be 1.")
    for entry in request.get("ProcessingInputs", []):
        _check_input(entry)
    for output in request.get("ProcessingOutputConfig", {}).get("Outputs", []):
        if "S3Output" not in output or output.get("AppManaged"):
            raise ValidationException(f"Output {output['OutputName']}: the local service writes S3Output only.")
        _check_path(output["S3Output"].get("LocalPath", ""))


def _check_input(entry: Mapping[str, Any]) -> None:
    source = entry.get("S3Input")
    if source is None or entry.get("AppManaged"):
        raise ValidationException(f"Input {entry['InputName']}: the local service reads S3Input only.")
    if source.get("S3InputMode", "File") != "File" or source.get("S3CompressionType", "None") != "None":
        raise ValidationException(f"Input {entry['InputName']}: Pipe mode and Gzip are not simulated locally.")
    _check_path(source.get("LocalPath", ""))


def _check_path(path: str) -> None:
    if not path.startswith(ROOT) or ".." in Path(path).parts:
        raise ValidationException(f"LocalPath must start with {ROOT}, but is '{path}'.")
