"""Endpoints: what SageMaker says of them, what stands behind them, and what they answer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from tidewheel.aws.clients import client
from tidewheel.domain.rollout import Endpoint

# A container that was just started, or an instance just added. The endpoint is InService, and yet not ready.
NOT_YET = {
    "ModelNotReadyException",
    "ServiceUnavailable",
    "InternalFailure",
    "InternalDependencyException",
    "ThrottlingException",
}


@dataclass(frozen=True)
class Answered:
    """What an endpoint answered; `problem` if that was no prediction, `ready` False if it is too early to say."""

    predictions: Sequence[dict[str, Any]] = ()
    model_version: str = ""
    problem: str = ""
    ready: bool = True


def find(name: str) -> Endpoint | None:
    """The endpoint as SageMaker describes it, or None if there is none."""
    try:
        found = client("sagemaker").describe_endpoint(EndpointName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        return None
    return Endpoint(
        status=found["EndpointStatus"],
        config_name=found["EndpointConfigName"],
        pending_config=found.get("PendingDeploymentSummary", {}).get("EndpointConfigName", ""),
        failure=found.get("FailureReason", ""),
    )


def behind(config_name: str) -> dict[str, str]:
    """The ARN of the model package behind each production variant of a configuration."""
    config = client("sagemaker").describe_endpoint_config(EndpointConfigName=config_name)
    return {variant["VariantName"]: _package(variant["ModelName"]) for variant in config["ProductionVariants"]}


def _package(model_name: str) -> str:
    model = client("sagemaker").describe_model(ModelName=model_name)
    return str(model["PrimaryContainer"].get("ModelPackageName", ""))


def ask(name: str, instances: Sequence[dict[str, Any]]) -> Answered:
    """The endpoint's predictions for the instances, in their order."""
    try:
        answer = client("sagemaker-runtime").invoke_endpoint(
            EndpointName=name,
            ContentType="application/json",
            Accept="application/json",
            Body=json.dumps({"instances": list(instances)}),
        )
    except ReadTimeoutError:
        return Answered(ready=False, problem="it does not answer in time")
    except ClientError as error:
        said = error.response["Error"]
        return Answered(ready=said["Code"] not in NOT_YET, problem=f"{said['Code']}: {said['Message']}")
    return _read(answer["Body"].read())


def _read(body: bytes) -> Answered:
    try:
        said = json.loads(body)
        return Answered(said["predictions"], said["model_version"])
    except (ValueError, KeyError, TypeError):
        return Answered(problem=f"it answers {body[:200].decode(errors='replace')}")
