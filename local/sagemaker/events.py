"""What SageMaker tells the account's default bus. Shapes and spellings are those of its events, not of its API."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ministack.services import eventbridge

from local.sagemaker.faults import duplicates_events
from local.sagemaker.store import Record, tags_of

TRAINING_FIELDS = (
    "TrainingJobName", "TrainingJobArn", "TrainingJobStatus", "SecondaryStatus", "FailureReason", "HyperParameters",
    "AlgorithmSpecification", "RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig", "VpcConfig",
    "StoppingCondition", "ModelArtifacts",
)  # fmt: skip
PROCESSING_FIELDS = (
    "ProcessingJobName", "ProcessingJobArn", "ProcessingJobStatus", "ProcessingInputs", "ProcessingOutputConfig",
    "ProcessingResources", "StoppingCondition", "AppSpecification", "NetworkConfig", "RoleArn", "ExperimentConfig",
    "FailureReason", "ExitMessage",
)  # fmt: skip
TRANSFORM_FIELDS = (
    "TransformJobName", "TransformJobArn", "TransformJobStatus", "FailureReason", "ModelName",
    "MaxConcurrentTransforms", "MaxPayloadInMB", "BatchStrategy", "Environment", "TransformInput", "TransformOutput",
    "TransformResources",
)  # fmt: skip
PACKAGE_FIELDS = (
    "ModelPackageGroupName", "ModelPackageVersion", "ModelPackageArn", "ModelPackageName", "ModelPackageStatus",
    "ModelPackageStatusDetails", "CertifyForMarketplace", "ModelApprovalStatus", "ApprovalDescription",
    "InferenceSpecification", "MetadataProperties", "ModelMetrics", "ModelLifeCycle", "CustomerMetadataProperties",
)  # fmt: skip
SHOUTED = {"S3DataType", "S3InputMode", "S3DataDistributionType", "S3CompressionType", "S3UploadMode"}


def training(record: Record) -> None:
    """A training job has a new status or secondary status. Times are integer milliseconds."""
    times = ("CreationTime", "TrainingStartTime", "TrainingEndTime", "LastModifiedTime")
    detail = _pick(record, TRAINING_FIELDS) | _milliseconds(record, times)
    detail["SecondaryStatusTransitions"] = [
        {**step, **_milliseconds(step, ("StartTime", "EndTime"))} for step in record["SecondaryStatusTransitions"]
    ]
    _emit("SageMaker Training Job State Change", record["TrainingJobArn"], detail)


def processing(record: Record) -> None:
    """A processing job has a new status. Its nested enumerations are upper-case, as AWS sends them."""
    times = ("CreationTime", "ProcessingStartTime", "ProcessingEndTime", "LastModifiedTime")
    detail = _shout(_pick(record, PROCESSING_FIELDS)) | _milliseconds(record, times)
    _emit("SageMaker Processing Job State Change", record["ProcessingJobArn"], detail)


def transform(record: Record) -> None:
    """A transform job has a new status. Times are ISO strings."""
    times = ("CreationTime", "TransformStartTime", "TransformEndTime")
    detail = _pick(record, TRANSFORM_FIELDS) | _iso(record, times)
    _emit("SageMaker Transform Job State Change", record["TransformJobArn"], detail)


def package(record: Record, updated: list[str]) -> None:
    """A model package was created or changed; `updated` names the members that an update touched."""
    detail = _pick(record, PACKAGE_FIELDS) | _iso(record, ("CreationTime", "LastModifiedTime"))
    if updated:
        detail["UpdatedModelPackageFields"] = updated
    _emit("SageMaker Model Package State Change", record["ModelPackageArn"], detail)


def endpoint(record: Record) -> None:
    """An endpoint has a new status, spelt like IN_SERVICE here."""
    _emit("SageMaker Endpoint State Change", record["EndpointArn"], _endpoint_detail(record))


def deployment(record: Record) -> None:
    """An endpoint's update has moved on; PendingDeploymentSummary tells how far."""
    detail = _endpoint_detail(record)
    summary = record["PendingDeploymentSummary"]
    detail["PendingDeploymentSummary"] = summary | _milliseconds(summary, ("StartTime",))
    _emit("SageMaker Endpoint Deployment State Change", record["EndpointArn"], detail)


def model(record: Record) -> None:
    """A model was created or deleted."""
    fields = ("ModelName", "ModelArn", "ExecutionRoleArn", "PrimaryContainer")
    _emit("SageMaker Model State Change", record["ModelArn"], _pick(record, fields) | _created(record))


def endpoint_config(record: Record) -> None:
    """An endpoint configuration was created or deleted."""
    detail = _pick(record, ("EndpointConfigName", "EndpointConfigArn", "ProductionVariants")) | _created(record)
    _emit("SageMaker Endpoint Config State Change", record["EndpointConfigArn"], detail)


def shouted(status: str) -> str:
    """InService as IN_SERVICE."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", status).upper()


def _endpoint_detail(record: Record) -> dict[str, Any]:
    detail = _pick(record, ("EndpointName", "EndpointArn", "EndpointConfigName", "ProductionVariants"))
    detail["EndpointStatus"] = shouted(record["EndpointStatus"])
    return detail | _milliseconds(record, ("CreationTime", "LastModifiedTime"))


def _emit(detail_type: str, arn: str, detail: dict[str, Any]) -> None:
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": detail_type,
        "Resources": [arn],
        "Detail": json.dumps(detail | {"Tags": tags_of(arn)}),
    }
    entries = [entry, entry] if duplicates_events() else [entry]  # AWS delivers at least once
    eventbridge._put_events({"Entries": entries}, allow_aws_source=True)


def _pick(record: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: record[name] for name in fields if name in record}


def _milliseconds(record: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, int]:
    return {name: int(record[name] * 1000) for name in fields if name in record}


def _iso(record: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, str]:
    return {
        name: datetime.fromtimestamp(record[name], UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for name in fields
        if name in record
    }


def _created(record: Record) -> dict[str, int]:
    return _milliseconds(record, ("CreationTime",))


def _shout(value: Any) -> Any:
    if isinstance(value, list):
        return [_shout(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: shouted(item) if name in SHOUTED else _shout(item) for name, item in value.items()}
