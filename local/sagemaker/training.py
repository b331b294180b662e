"""Training jobs: the image's code on the job's channels, in script mode or with the request's own entry point."""

import time
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_region

from local.sagemaker import events, roles, store, timing
from local.sagemaker.container import Container
from local.sagemaker.errors import ValidationException
from local.sagemaker.faults import NO_FAULT
from local.sagemaker.jobs import Job, Stopped
from local.sagemaker.kinds import TRAINING
from local.sagemaker.metrics import Metrics
from local.sagemaker.store import Record
from local.sagemaker.training_container import TrainingContainer

MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading the training data",
    "Training": "Training image download completed. Training in progress.",
    "Interrupted": "Training job interrupted by loss of a spot instance",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Stopping": "Stopping the training job",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "MaxWaitTimeExceeded": "Training job waiting time exceeded MaxWaitTimeInSeconds provided",
    "Failed": "Training job failed",
}


DAY = 86400  # the service's own limit for a job that names none


class Interrupted(Exception):
    """The spot instance is gone; the checkpoints are in S3."""


class TrainingJob(Job):
    """One training job under way."""

    kind = TRAINING
    publish = staticmethod(events.training)

    def __init__(self, record: Record) -> None:
        super().__init__(record)
        self.metrics = Metrics(record["AlgorithmSpecification"].get("MetricDefinitions", []))

    def work(self) -> None:
        """Starting, Downloading, Training, Uploading, Completed; spot capacity may be lost and come back."""
        created = time.monotonic()
        while True:
            self.pause(timing.STARTING)
            container = self.provision(self.record["RoleArn"], self.record["AlgorithmSpecification"]["TrainingImage"])
            self.inside = TrainingContainer(self.record, container, self.s3)
            try:
                return self._attempt(container)
            except Interrupted:
                self._enter("Interrupted")
                if time.monotonic() - created > self.record["StoppingCondition"]["MaxWaitTimeInSeconds"]:
                    raise Stopped("MaxWaitTimeExceeded") from None
                self._enter("Starting")

    def tend(self, container: Container) -> None:
        """While the script runs: checkpoints go to S3, and a spot instance may be taken away, once."""
        self.inside.sync()
        if self.fault.name == "interrupt" and time.monotonic() - self._since > self.fault.seconds:
            self.fault = NO_FAULT
            container.stop()
            self.inside.sync(force=True)
            raise Interrupted

    def hear(self, line: str, is_error: bool) -> None:
        """Lines are logged and searched for metrics."""
        super().hear(line, is_error)
        self.metrics.search(line)

    def ended(self, status: str, secondary: str, **members: Any) -> None:
        """The terminal status, with what the job took and measured."""
        now = time.time()
        started = self.record.get("TrainingStartTime")
        if started is not None:
            taken = max(1, round(now - started))
            members |= {"TrainingEndTime": now, "TrainingTimeInSeconds": taken, "BillableTimeInSeconds": taken}
        if found := self.metrics.final():
            members["FinalMetricDataList"] = found
        self._enter(secondary, status, **members)

    def _attempt(self, container: Container) -> None:
        started = {} if "TrainingStartTime" in self.record else {"TrainingStartTime": time.time()}
        self._enter("Downloading", **started)
        self.inside.prepare()
        self.pause(timing.DOWNLOADING)
        self._enter("Training")
        self._since = time.monotonic()
        credentials = self.credentials(self.record["EnableNetworkIsolation"])
        environment = self.inside.environment(credentials, get_region())
        longest = self.record["StoppingCondition"].get("MaxRuntimeInSeconds", DAY)
        try:
            self.execute(container, self.inside.command(), environment, self.inside.opt_ml / "code", longest)
        except Stopped:
            self._upload()
            raise
        self._upload()
        self.ended("Completed", "Completed")

    def _upload(self) -> None:
        self._enter("Uploading")
        self.inside.upload()
        timing.linger(timing.UPLOADING)

    def _enter(self, secondary: str, status: str = "InProgress", **members: Any) -> None:
        if self.stopping.is_set() and status == "InProgress":
            status = "Stopping"
        now = time.time()
        with store.LOCK:
            steps = [dict(step) for step in self.record["SecondaryStatusTransitions"]]
            if steps:
                steps[-1].setdefault("EndTime", now)
            steps.append({"Status": secondary, "StartTime": now, "StatusMessage": MESSAGES[secondary]})
        self.move(status, SecondaryStatus=secondary, SecondaryStatusTransitions=steps, **members)


def create(request: Record) -> Record:
    """CreateTrainingJob."""
    _check(request)
    roles.require(request["RoleArn"], store.arn(TRAINING.segment, request["TrainingJobName"]))
    now = time.time()
    artifacts = f"{request['OutputDataConfig']['S3OutputPath'].rstrip('/')}/{request['TrainingJobName']}/output"
    record = store.add(
        TRAINING,
        {"EnableNetworkIsolation": False, "EnableInterContainerTrafficEncryption": False,
         "EnableManagedSpotTraining": False, **request},
        TrainingJobStatus="InProgress",
        SecondaryStatus="Starting",
        SecondaryStatusTransitions=[{"Status": "Starting", "StartTime": now, "StatusMessage": MESSAGES["Starting"]}],
        ModelArtifacts={"S3ModelArtifacts": f"{artifacts}/model.tar.gz"},
    )  # fmt: skip
    TrainingJob(record).begin()
    return {"TrainingJobArn": record["TrainingJobArn"]}


def _check(request: Mapping[str, Any]) -> None:
    algorithm = request.get("AlgorithmSpecification") or {}
    for member in ("AlgorithmSpecification", "ResourceConfig", "StoppingCondition"):
        if member not in request:
            raise ValidationException(f"{member} is required for a training job on instances.")
    if ("TrainingImage" in algorithm) == ("AlgorithmName" in algorithm):
        raise ValidationException("Either TrainingImage or AlgorithmName must be specified, and not both.")
    if "AlgorithmName" in algorithm:
        raise ValidationException("AlgorithmName is not simulated by the local service: give a TrainingImage.")
    _check_resources(request)
    channels = [channel["ChannelName"] for channel in request.get("InputDataConfig", [])]
    if len(set(channels)) < len(channels):
        raise ValidationException("Channel names must be unique within a training job.")
    for channel in request.get("InputDataConfig", []):
        _check_channel(channel, algorithm.get("TrainingInputMode", "File"))


def _check_resources(request: Mapping[str, Any]) -> None:
    resources, stopping = request["ResourceConfig"], request["StoppingCondition"]
    if resources.get("InstanceCount", 1) > 1 or resources.get("InstanceGroups"):
        raise ValidationException("The local service runs one instance per job: InstanceCount must be 1.")
    if not request.get("EnableManagedSpotTraining"):
        return
    if "MaxWaitTimeInSeconds" not in stopping:
        raise ValidationException("MaxWaitTimeInSeconds must be specified when EnableManagedSpotTraining is true.")
    if stopping["MaxWaitTimeInSeconds"] < stopping.get("MaxRuntimeInSeconds", 86400):
        raise ValidationException(
            "MaxWaitTimeInSeconds must be present and be greater than or equal to MaxRuntimeInSeconds for managed spot."
        )


def _check_channel(channel: Mapping[str, Any], job_mode: str) -> None:
    name, source = channel["ChannelName"], channel["DataSource"].get("S3DataSource")
    if source is None:
        raise ValidationException(f"Channel {name}: the local service reads S3DataSource only.")
    if channel.get("InputMode", job_mode) == "Pipe" or channel.get("CompressionType", "None") != "None":
        raise ValidationException(f"Channel {name}: Pipe mode and Gzip are not simulated by the local service.")
    if source["S3DataType"] not in ("S3Prefix", "ManifestFile"):
        raise ValidationException(f"Channel {name}: {source['S3DataType']} is not simulated by the local service.")
