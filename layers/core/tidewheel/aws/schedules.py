"""A project's retraining schedule: an event on the stack's own bus, at its times."""

import json
from typing import Any

from tidewheel.aws.clients import client
from tidewheel.settings import project_settings


def put(name: str, project: str, expression: str) -> None:
    """Make the schedule be as said, whether it exists or not."""
    schedules, wanted = client("scheduler"), _schedule(name, project, expression)
    try:
        schedules.create_schedule(**wanted)
    except schedules.exceptions.ConflictException:
        schedules.update_schedule(**wanted)


def remove(name: str) -> None:
    """Make the schedule not be."""
    schedules = client("scheduler")
    try:
        schedules.delete_schedule(Name=name, GroupName=project_settings().schedule_group)
    except schedules.exceptions.ResourceNotFoundException:
        return


def _schedule(name: str, project: str, expression: str) -> dict[str, Any]:
    """The cause of the event is the time that was meant, so a schedule that fires twice for one time is one cause."""
    cause = f"schedule:{name}@<aws.scheduler.scheduled-time>"
    detail = {"schema": 1, "project": project, "cause_id": cause, "trigger": "schedule"}
    made = project_settings()
    return {
        "Name": name,
        "GroupName": made.schedule_group,
        "ScheduleExpression": expression,
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": made.bus_arn,
            "RoleArn": made.scheduler_role_arn,
            "EventBridgeParameters": {"Source": "tidewheel.schedule", "DetailType": "RetrainingDue"},
            "Input": json.dumps(detail),
            "DeadLetterConfig": {"Arn": made.schedule_dlq_arn},
            "RetryPolicy": {"MaximumRetryAttempts": 24, "MaximumEventAgeInSeconds": 86400},
        },
    }
