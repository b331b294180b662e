"""Executions as the tests follow them."""

import json
import time


def ended(states, execution, seconds=10.0):
    """The execution's description when it runs no longer."""
    deadline = time.monotonic() + seconds
    while (described := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.02)
    return described


def run(states, machine, given=None):
    return ended(states, states.start_execution(stateMachineArn=machine, input=json.dumps(given or {}))["executionArn"])
