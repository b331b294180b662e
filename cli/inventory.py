"""What exists beside the template: all that was made at run time, by the names that this stack gives."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from tidewheel.aws.clients import client

from cli import jobs
from cli.prices import hourly
from cli.records import projects
from cli.stack import MACHINES, Stack


@dataclass(frozen=True)
class Thing:
    """One thing made at run time, and how it is removed."""

    kind: str
    name: str
    remove: Callable[[], Any]
    per_hour: float | None = 0.0  # US dollars; None is unknown


def inventory(stack: Stack, with_registry: bool = False) -> list[Thing]:
    """Everything in the order in which it is removed: first what makes things, then the things."""
    names = [str(row["project"]) for row in projects()]
    found = [*_executions(stack), *_schedules(stack)]
    for name in names:
        found += [*_jobs(stack, name), *_endpoints(stack, name), *_configs(stack, name), *_models(stack, name)]
        found += _registry(stack, name) if with_registry else []
    return found


def _executions(stack: Stack) -> Iterator[Thing]:
    states = client("stepfunctions")
    for stage in MACHINES:
        pages = states.get_paginator("list_executions").paginate(
            stateMachineArn=stack.machine(stage), statusFilter="RUNNING"
        )
        for each in (each for page in pages for each in page["executions"]):
            arn = each["executionArn"]
            yield Thing(f"{stage} execution", each["name"], partial(states.stop_execution, executionArn=arn))


def _schedules(stack: Stack) -> Iterator[Thing]:
    group, scheduler = stack.outputs["ScheduleGroup"], client("scheduler")
    for page in scheduler.get_paginator("list_schedules").paginate(GroupName=group):
        for name in (each["Name"] for each in page["Schedules"]):
            yield Thing("schedule", name, partial(scheduler.delete_schedule, Name=name, GroupName=group))


def _jobs(stack: Stack, name: str) -> Iterator[Thing]:
    ours = re.compile(rf"{re.escape(stack.prefix)}-{name}-\d{{5}}-[0-9a-f]{{6}}-")
    for job in jobs.running(f"{stack.prefix}-{name}-"):
        if ours.match(job.name):
            kind = f"{job.kind.lower()} job"
            yield Thing(kind, job.name, partial(jobs.stop, job), hourly(job.instance))


def _endpoints(stack: Stack, name: str) -> Iterator[Thing]:
    maker, base = client("sagemaker"), f"{stack.prefix}-{name}"
    for each in _listed("endpoints", "Endpoints", "EndpointName", base):
        if each in {base, f"{base}-serverless"}:
            config = maker.describe_endpoint(EndpointName=each).get("EndpointConfigName", "")
            yield Thing("endpoint", each, partial(_delete_endpoint, each), _config_price(config))


def _delete_endpoint(name: str) -> None:
    """Wait out an update, as an endpoint that is being updated cannot be deleted; then wait until it is gone."""
    maker = client("sagemaker")
    if maker.describe_endpoint(EndpointName=name)["EndpointStatus"] in {"Creating", "Updating"}:
        maker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 2, "MaxAttempts": 900})
    maker.delete_endpoint(EndpointName=name)
    maker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 2, "MaxAttempts": 300})


def _config_price(config: str) -> float | None:
    variants = client("sagemaker").describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"]
    prices = [
        0.0 if "ServerlessConfig" in each else hourly(each["InstanceType"], each["InitialInstanceCount"])
        for each in variants
    ]
    return None if None in prices else sum(price for price in prices if price is not None)


def _configs(stack: Stack, name: str) -> Iterator[Thing]:
    maker = client("sagemaker")
    for each in _versioned(stack, name, "endpoint_configs", "EndpointConfigs", "EndpointConfigName"):
        yield Thing("endpoint config", each, partial(maker.delete_endpoint_config, EndpointConfigName=each))


def _models(stack: Stack, name: str) -> Iterator[Thing]:
    maker = client("sagemaker")
    for each in _versioned(stack, name, "models", "Models", "ModelName"):
        yield Thing("model", each, partial(maker.delete_model, ModelName=each))


def _versioned(stack: Stack, name: str, operation: str, many: str, one: str) -> list[str]:
    """Names of the form `<prefix>-<project>-<version>-<digest>`; a longer project's are not ours."""
    ours = re.compile(rf"{re.escape(stack.prefix)}-{name}-\d+-[0-9a-f]{{6}}")
    return [each for each in _listed(operation, many, one, f"{stack.prefix}-{name}-") if ours.fullmatch(each)]


def _listed(operation: str, many: str, one: str, containing: str) -> list[str]:
    pages = client("sagemaker").get_paginator(f"list_{operation}").paginate(NameContains=containing)
    return [each[one] for page in pages for each in page[many]]


def _registry(stack: Stack, name: str) -> Iterator[Thing]:
    maker, group = client("sagemaker"), f"{stack.prefix}-{name}"
    if group not in _listed("model_package_groups", "ModelPackageGroupSummaryList", "ModelPackageGroupName", group):
        return
    pages = maker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    for arn in (each["ModelPackageArn"] for page in pages for each in page["ModelPackageSummaryList"]):
        label = "/".join(arn.split("/")[-2:])
        yield Thing("model version", label, partial(maker.delete_model_package, ModelPackageName=arn))
    yield Thing("model group", group, partial(maker.delete_model_package_group, ModelPackageGroupName=group))
