"""State transitions per second: our interpreter against the emulator's own engine, on one loop of JSONata states.

    python -m benchmarks.transitions [turns]

A turn is two transitions (a Pass with Assign and Output, a Choice) and three expressions. History is written, no call
is made. The best of three runs each.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local.states.history import History
from local.states.live import Live
from local.states.machine import run
from local.states.stop import Stop

ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:loop"
SLEEP = 0.15  # seconds that the emulator's engine sleeps before each execution


def loop(turns: int) -> dict[str, Any]:
    """A machine that counts to `turns`."""
    more = {"Condition": f"{{% $n < {turns} %}}", "Next": "Count"}
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Begin",
        "States": {
            "Begin": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Count"},
            "Count": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Output": {"n": "{% $n %}"}, "Next": "More"},
            "More": {"Type": "Choice", "Choices": [more], "Default": "Done"},
            "Done": {"Type": "Succeed"},
        },
    }


def ours(definition: dict[str, Any]) -> float:
    """Seconds of one run."""
    past = History([{"id": 1}], lambda: datetime.now(UTC), "us-east-1")
    started = time.perf_counter()
    run(definition, {}, {}, Live(lambda call, unwanted: None, past, Stop()))
    return time.perf_counter() - started


def theirs(definition: dict[str, Any]) -> float:
    """Seconds of one run, without the sleep at its start."""
    from ministack.services import stepfunctions

    machine = {"stateMachineArn": ARN, "name": "loop", "roleArn": "role", "definition": json.dumps(definition)}
    execution = {"executionArn": "one", "stateMachineArn": ARN, "name": "one", "status": "RUNNING", "sync": True}
    execution |= {"startDate": "2026-01-31T12:00:00Z", "input": "{}", "events": [], "mockAttempts": {}, "testCase": ""}
    stepfunctions._state_machines[ARN] = machine
    stepfunctions._executions["one"] = execution
    started = time.perf_counter()
    stepfunctions._run_execution("one")
    return time.perf_counter() - started - SLEEP


def main(turns: int = 2000) -> None:
    """Print transitions per second of both."""
    engines: dict[str, Callable[[dict[str, Any]], float]] = {"local.states": ours, "ministack": theirs}
    for name, engine in engines.items():
        best = min(engine(loop(turns)) for _ in range(3))
        print(f"{name:14} {2 * turns / best:8.0f} transitions per second")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
