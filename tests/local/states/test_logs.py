"""The log group of a state machine."""

import json
import uuid

import pytest

from tests.local.states.executions import run

ACCOUNT = "000000000000"


@pytest.fixture
def logged(make, states, stack):
    """Runs a machine that fails, logged as asked; returns the messages in its log group."""

    def create(**configuration):
        group = f"/states/{uuid.uuid4().hex[:8]}"
        logs = stack.client("logs")
        logs.create_log_group(logGroupName=group)
        arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}:*"
        machine = make(First={"Type": "Pass", "Next": "Refuse"}, Refuse={"Type": "Fail", "Error": "Nope"})
        destination = {"cloudWatchLogsLogGroup": {"logGroupArn": arn}}
        states.update_state_machine(
            stateMachineArn=machine, loggingConfiguration={"destinations": [destination], **configuration}
        )
        assert run(states, machine, {"secret": 1})["error"] == "Nope"
        return lambda: [json.loads(event["message"]) for event in logs.filter_log_events(logGroupName=group)["events"]]

    return create


def eventually(look):
    """What `look` gives once it gives anything: the lines come after the end."""
    for _ in range(500):
        if found := look():
            return found
    raise AssertionError("no log lines")


def test_level_all_logs_every_event_with_its_data_if_asked_for(logged):
    lines = eventually(logged(level="ALL", includeExecutionData=True))

    assert (lines[0]["type"], lines[-1]["type"]) == ("ExecutionStarted", "ExecutionFailed")
    assert json.loads(lines[1]["details"]["input"]) == {"secret": 1}


def test_level_error_logs_failures_only_and_no_data(logged):
    lines = eventually(logged(level="ERROR", includeExecutionData=False))

    assert [line["type"] for line in lines] == ["ExecutionFailed"]
    assert "secret" not in json.dumps(lines)
