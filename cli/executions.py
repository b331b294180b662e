"""Executions of the stages' state machines: which one a cause woke, and what its steps took."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from tidewheel.aws.clients import client

from cli.stack import Stack

RECENT = 25  # executions looked at, newest first, when one is sought by its cause


@dataclass(frozen=True)
class Step:
    """One state that an execution entered."""

    name: str
    started: datetime
    ended: datetime | None = None


def caused_by(machine_arn: str, cause: str) -> dict[str, Any] | None:
    """The newest execution whose input mentions the cause, e.g. an object's version or a package's ARN."""
    listed = client("stepfunctions").list_executions(stateMachineArn=machine_arn, maxResults=RECENT)["executions"]
    found = next((each for each in listed if cause in _input(each["executionArn"])), None)
    return dict(found) if found else None


def timeline(stack: Stack, causes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every step that the causes (stage to what its input mentions) led to, in order; recent executions only."""
    told = []
    for stage, cause in causes.items():
        found = caused_by(stack.machine(stage), cause) if cause else None
        told += [{"stage": stage, **asdict(step)} for step in steps(found["executionArn"])] if found else []
    return told


def steps(execution_arn: str) -> list[Step]:
    """The states entered, in order; the last one of a running execution has no end."""
    entered: list[Step] = []
    for event in _history(execution_arn):
        if event["type"].endswith("StateEntered"):
            entered.append(Step(event["stateEnteredEventDetails"]["name"], event["timestamp"]))
        elif event["type"].endswith("StateExited"):
            _leave(entered, event["stateExitedEventDetails"]["name"], event["timestamp"])
    return entered


def _leave(entered: list[Step], name: str, moment: datetime) -> None:
    for place in reversed(range(len(entered))):
        if entered[place].name == name and entered[place].ended is None:
            entered[place] = Step(name, entered[place].started, moment)
            return


def _history(execution_arn: str) -> Iterator[dict[str, Any]]:
    pages = client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=execution_arn)
    return (event for page in pages for event in page["events"])


@cache
def _input(execution_arn: str) -> str:
    return str(client("stepfunctions").describe_execution(executionArn=execution_arn).get("input", ""))
