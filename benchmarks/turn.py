"""State transitions and Lambda invocations of one turn, from an upload to the endpoint that serves the model.

    python -m benchmarks.turn

Counted in the execution histories of a local stack: the first year of the demo's data goes in, one model comes out.
"""

import os
import subprocess
import sys
from collections import Counter

from local import ROOT
from local.demo.hours import between, derive, write
from local.demo.source import fetch
from local.demo.story import FIRST_YEAR
from local.stack import LocalStack

FLOWS = ("data", "train", "approve", "deploy")


def main() -> None:
    """Turn the wheel once and print a line for each flow."""
    folder = ROOT / ".tidewheel"
    file = write(between(derive(fetch(folder / "data")), *FIRST_YEAR), folder / "benchmarks" / "first-year.csv")
    with LocalStack("benchmark") as stack:
        outputs = stack.deploy()
        _tidewheel(stack, "project", "push", "projects/bikeshare.yaml")
        _tidewheel(stack, "submit", str(file), "--project", "bikeshare", "--watch")
        counts = {flow: _counted(stack, outputs[f"{flow.capitalize()}StateMachine"]) for flow in FLOWS}
    for flow, (entered, invoked) in (counts | {"together": _sum(counts)}).items():
        print(f"{flow:9} {entered:3} state transitions, {invoked} Lambda invocations")


def _tidewheel(stack: LocalStack, *words: str) -> None:
    path = os.pathsep.join([str(ROOT / "layers" / "core"), str(ROOT)])
    command = [sys.executable, "-m", "cli.main", *words]
    environment = stack.environment() | {"PYTHONPATH": path}
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (ours)


def _counted(stack: LocalStack, machine: str) -> tuple[int, int]:
    states = stack.client("stepfunctions")
    seen: Counter[str] = Counter()
    for execution in states.list_executions(stateMachineArn=machine)["executions"]:
        pages = states.get_paginator("get_execution_history").paginate(executionArn=execution["executionArn"])
        for event in (event for page in pages for event in page["events"]):
            seen["entered"] += event["type"].endswith("StateEntered")
            seen["invoked"] += event.get("taskScheduledEventDetails", {}).get("resourceType") == "lambda"
    return seen["entered"], seen["invoked"]


def _sum(counts: dict[str, tuple[int, int]]) -> tuple[int, int]:
    return sum(entered for entered, _ in counts.values()), sum(invoked for _, invoked in counts.values())


if __name__ == "__main__":
    main()
