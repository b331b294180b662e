"""SageMaker's jobs of a run, and stopping them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from tidewheel.aws.clients import client

OVER = {"Completed", "Failed", "Stopped"}
KINDS = ("Training", "Processing")


@dataclass(frozen=True)
class Job:
    """A training or processing job."""

    kind: str
    name: str
    status: str
    instance: str = ""

    @property
    def over(self) -> bool:
        """Whether it has ended, and costs nothing more."""
        return self.status in OVER


def running(prefix: str) -> list[Job]:
    """The jobs under way whose names begin with the prefix."""
    return [job for kind in KINDS for job in _listed(kind, prefix)]


def again(job: Job) -> Job:
    """The job as it is now."""
    return _described(job.kind, job.name)


def stop(job: Job) -> None:
    """Ask for the job's end; one that has ended meanwhile is well."""
    try:
        operation = getattr(client("sagemaker"), f"stop_{job.kind.lower()}_job")
        operation(**{f"{job.kind}JobName": job.name})
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ValidationException", "ResourceNotFound"}:
            raise


def _listed(kind: str, prefix: str) -> Iterator[Job]:
    pages = client("sagemaker").get_paginator(f"list_{kind.lower()}_jobs").paginate(NameContains=prefix)
    summaries = (each for page in pages for each in page[f"{kind}JobSummaries"])
    for each in summaries:
        name, status = each[f"{kind}JobName"], each[f"{kind}JobStatus"]
        if name.startswith(prefix) and status not in OVER:
            yield _described(kind, name)


def _described(kind: str, name: str) -> Job:
    operation = getattr(client("sagemaker"), f"describe_{kind.lower()}_job")
    found: Mapping[str, Any] = operation(**{f"{kind}JobName": name})
    resources = found.get("ResourceConfig") or found.get("ProcessingResources", {}).get("ClusterConfig", {})
    return Job(kind, name, found[f"{kind}JobStatus"], resources.get("InstanceType", ""))
