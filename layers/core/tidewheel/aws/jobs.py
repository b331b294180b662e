"""SageMaker jobs that have ended, as SageMaker describes them."""

from typing import Any

from tidewheel.aws.clients import client


def training(name: str) -> dict[str, Any]:
    """What a training job ran on and what it costs: name, instance, count, billable_seconds."""
    found = client("sagemaker").describe_training_job(TrainingJobName=name)
    resources = found["ResourceConfig"]
    return {
        "name": name,
        "instance": resources["InstanceType"],
        "count": resources["InstanceCount"],
        "billable_seconds": found.get("BillableTimeInSeconds", 0),
    }


def processing(name: str) -> dict[str, Any]:
    """The same of a processing job, which is billed from its start to its end."""
    found = client("sagemaker").describe_processing_job(ProcessingJobName=name)
    resources = found["ProcessingResources"]["ClusterConfig"]
    seconds = (found["ProcessingEndTime"] - found["ProcessingStartTime"]).total_seconds()
    return {
        "name": name,
        "instance": resources["InstanceType"],
        "count": resources["InstanceCount"],
        "billable_seconds": round(seconds),
    }
