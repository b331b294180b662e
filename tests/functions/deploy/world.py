"""A world for deploy's handlers: a project, packages in the registry, endpoints, golden rows, and executions."""

import json
from pathlib import Path
from typing import Any

from moto.sagemaker.models import sagemaker_backends
from moto.sagemakerruntime.models import sagemakerruntime_backends
from tidewheel.aws import ledger
from tidewheel.aws.clients import client

EVENTS = Path(__file__).parents[2] / "events"
ACCOUNT, REGION = "123456789012", "eu-west-1"
EXECUTIONS = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:tw-deploy"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/serving"
NOW = "2026-01-31T12:00:00.000Z"
GOLDEN = [
    {"recipe": "current", "instance": {"hour": 8}, "score": 0.9},
    {"recipe": "current", "instance": {"hour": 3}, "score": 0.1},
    {"recipe": "champion", "instance": {"hour": 3}, "score": 0.4},
]


class Context:
    """What Lambda hands over beside the event."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


def arn(version: int) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/tw-bikeshare/{version}"


def event(name: str) -> dict[str, Any]:
    return json.loads((EVENTS / f"{name}.json").read_text())


def approved(version: int) -> dict[str, Any]:
    """The registry's event about a version."""
    said = event("model-package-approved")
    said["detail"] |= {"ModelPackageArn": arn(version), "ModelPackageVersion": version}
    return said


def wanted_back(request: str = "request:7c0d") -> dict[str, Any]:
    """The operator's event."""
    said = event("rollback-requested")
    said["detail"] |= {"cause_id": request}
    return said


def project(status: str = "active", **rollout: Any) -> None:
    document = {
        "project": "bikeshare",
        "problem": "binary",
        "contract": {"label": "busy", "columns": {"hour": "integer", "busy": "integer"}},
        "rollout": rollout,
    }
    ledger.write(ledger.put("bikeshare", "project", "", {"status": status, "document": document}))


def register(*statuses: str) -> None:
    """One version for each status, from version 1 on."""
    sagemaker = client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="tw-bikeshare")
    for number, status in enumerate(statuses, start=1):
        run_id = f"bikeshare-{number:05d}-abcdef"
        sagemaker.create_model_package(
            ModelPackageGroupName="tw-bikeshare",
            ModelApprovalStatus=status,
            CustomerMetadataProperties={"run_id": run_id, "recipe": "current", "logloss": "0.27"},
        )
        lines = "".join(f"{json.dumps(row)}\n" for row in GOLDEN)
        client("s3").put_object(Bucket="models", Key=f"bikeshare/{run_id}/golden.jsonl", Body=lines)


def decide(version: int, status: str, why: str = "") -> None:
    said = {"ModelApprovalStatus": status, "ApprovalDescription": why}
    client("sagemaker").update_model_package(ModelPackageArn=arn(version), **said)


def make_endpoint(name: str, config: str, package: str, status: str = "InService", variant: str = "live") -> None:
    sagemaker = client("sagemaker")
    sagemaker.create_model(ModelName=config, ExecutionRoleArn=ROLE, PrimaryContainer={"ModelPackageName": package})
    shape = {"ModelName": config, "InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}
    variants = [{"VariantName": variant, **shape}]
    sagemaker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=variants)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    sagemaker_backends[ACCOUNT][REGION].endpoints[name].endpoint_status = status


def answers(body: Any) -> None:
    """What the endpoint says to the next request."""
    said = (json.dumps(body), "application/json", "live", "")
    sagemakerruntime_backends[ACCOUNT][REGION].results_queue.append(said)


def run(name: str) -> str:
    """The ARN of an execution of the flow that runs."""
    states = client("stepfunctions")
    definition = json.dumps({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9999, "End": True}}})
    role = f"arn:aws:iam::{ACCOUNT}:role/flow"
    machine = states.create_state_machine(name="tw-deploy", definition=definition, roleArn=role)
    started = states.start_execution(stateMachineArn=machine["stateMachineArn"], name=name)
    return str(started["executionArn"])


def stop(execution: str) -> None:
    client("stepfunctions").stop_execution(executionArn=execution)


def serves(version: int, planned: dict[str, Any]) -> None:
    """What MovePointer writes, once the endpoint of a plan was verified."""
    rollout = planned["rollout"]
    pointer = {
        **(ledger.find("bikeshare", "endpoint") or {}),
        "live": arn(version),
        "live_version": version,
        "previous": rollout["previous"],
        "endpoint_name": rollout["endpoint_name"],
        "endpoint_config_name": rollout["intended"]["config_name"],
    }
    kept = {k: v for k, v in pointer.items() if k not in ("pk", "sk", "deploying", "execution", "lease_until")}
    row = ledger.get("bikeshare", "deployment", rollout["row"].removeprefix("deployment#"))
    done = {k: v for k, v in row.items() if k not in ("pk", "sk")} | {"status": "done"}
    ledger.write(
        ledger.put("bikeshare", "endpoint", "", kept),
        ledger.put("bikeshare", "deployment", rollout["row"].removeprefix("deployment#"), done),
    )


def deployments() -> dict[str, str]:
    """Each attempt's status, by version and fence."""
    return {row["sk"].removeprefix("deployment#"): row["status"] for row in ledger.rows("bikeshare", "deployment")}
