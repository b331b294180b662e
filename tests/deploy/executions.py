"""What ran, and in which version: read from the histories of the state machines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.flows.wheel import Wheel

Versions = dict[str, int]  # function, as the template calls it -> version


@dataclass(frozen=True)
class Execution:
    """An execution of one stage about one project."""

    arn: str
    status: str
    used: Versions


def published(wheel: Wheel) -> Versions:
    """The newest version of every function."""
    functions = wheel.stack.client("lambda")
    return {
        _logical(each["FunctionName"]): max(_numbers(functions, each["FunctionName"]))
        for each in functions.list_functions()["Functions"]
    }


def layers(wheel: Wheel) -> dict[str, int]:
    """The newest version of every layer."""
    listed = wheel.stack.client("lambda").list_layers()["Layers"]
    return {each["LayerName"]: each["LatestMatchingVersion"]["Version"] for each in listed}


def executions(wheel: Wheel, stage: str, project: str) -> list[Execution]:
    """Those of a project, the oldest first."""
    states = wheel.stack.client("stepfunctions")
    machine = wheel.outputs[f"{stage.capitalize()}StateMachine"]
    listed = states.list_executions(stateMachineArn=machine)["executions"]
    arns = [each["executionArn"] for each in sorted(listed, key=lambda each: each["startDate"])]
    described = [states.describe_execution(executionArn=arn) for arn in arns]
    about = [each for each in described if project in each["input"]]
    return [Execution(each["executionArn"], each["status"], _used(states, each["executionArn"])) for each in about]


def _used(states: Any, arn: str) -> Versions:
    return dict(_invoked(states.get_execution_history(executionArn=arn, maxResults=1000)["events"]))


def _invoked(events: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    for event in events:
        asked = event.get("taskScheduledEventDetails", {})
        if asked.get("resourceType") == "lambda":
            *_, name, version = json.loads(asked["parameters"])["FunctionName"].split(":")
            yield _logical(name), int(version)


def _logical(name: str) -> str:
    """`tidewheel-ValidateUploadFunction-F80F7B0F8E179` is ValidateUploadFunction."""
    return name.split("-")[1]


def _numbers(functions: Any, name: str) -> list[int]:
    versions = functions.list_versions_by_function(FunctionName=name)["Versions"]
    return [int(each["Version"]) for each in versions if each["Version"] != "$LATEST"]
