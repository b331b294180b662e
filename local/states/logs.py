"""The log group of a state machine: one JSON line per event, as `loggingConfiguration` asks for."""

import json
from datetime import datetime
from typing import Any

LEVELS = {"ALL": (), "ERROR": ("Failed", "TimedOut", "Aborted"), "FATAL": ("ExecutionFailed", "ExecutionTimedOut")}
DATA = ("input", "output", "parameters")


def write(execution: dict[str, Any], configuration: dict[str, Any]) -> None:
    """Write the finished execution's history to the log group, if there is one."""
    asked = _lower(configuration)
    groups = [
        destination["cloudWatchLogsLogGroup"]["logGroupArn"].removesuffix(":*").rsplit(":", 1)[-1]
        for destination in asked.get("destinations", [])
    ]
    endings = LEVELS.get(asked.get("level", "OFF"))
    if endings is None or not groups:
        return
    lines = [
        _line(event, execution, asked.get("includeExecutionData", False))
        for event in list(execution["events"])
        if not endings or event["type"].endswith(endings)
    ]
    for group in groups:
        _put(group, f"states/{execution['stateMachineArn'].rsplit(':', 1)[-1]}/{execution['name']}", lines)


def _lower(configuration: Any) -> Any:
    """CloudFormation spells the members with a capital, the API does not."""
    if isinstance(configuration, dict):
        return {key[0].lower() + key[1:]: _lower(value) for key, value in configuration.items()}
    return [_lower(item) for item in configuration] if isinstance(configuration, list) else configuration


def _line(event: dict[str, Any], execution: dict[str, Any], with_data: bool) -> dict[str, Any]:
    details: dict[str, Any] = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    millis = round(datetime.fromisoformat(event["timestamp"]).timestamp() * 1000)
    message = {
        "id": str(event["id"]),
        "type": event["type"],
        "details": details if with_data else {key: value for key, value in details.items() if key not in DATA},
        "previous_event_id": str(event.get("previousEventId", 0)),
        "event_timestamp": str(millis),
        "execution_arn": execution["executionArn"],
    }
    return {"timestamp": millis, "message": json.dumps(message)}


def _put(group: str, stream: str, lines: list[dict[str, Any]]) -> None:
    """In process: the log delivery is the service's own, not a call of the machine's role."""
    from ministack.services import cloudwatch_logs

    if group in cloudwatch_logs._log_groups and lines:
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
        cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": lines})
