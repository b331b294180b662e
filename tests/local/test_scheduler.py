"""EventBridge Scheduler: due times, context attributes, targets, dead letters, refusals."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.stack import LocalStack
from tests.local.conftest import Queue, eventually

DUE = {
    "a rate is due at once": ("rate(5 minutes)", {}, "2026-03-01T00:00:00", "2026-03-01T12:00:00"),
    "and then once per interval": ("rate(5 minutes)", {}, "2026-03-01T12:07:00", "2026-03-01T12:10:00"),
    "cron is later than now": ("cron(30 9 * * ? *)", {}, "2026-03-01T12:00:00", "2026-03-02T09:30:00"),
    "in the schedule's own time zone": (
        "cron(30 9 * * ? *)",
        {"ScheduleExpressionTimezone": "Europe/Berlin"},
        "2026-03-01T12:00:00",
        "2026-03-02T08:30:00",
    ),
    "once is once": ("at(2026-03-05T00:00:00)", {}, "2026-03-05T00:00:00", None),
    "not after its end": ("rate(1 hours)", {"EndDate": "2026-03-01T13:30:00Z"}, "2026-03-01T13:10:00", None),
}


@pytest.mark.parametrize(("expression", "options", "after", "due"), DUE.values(), ids=DUE)
def test_a_schedule_knows_when_it_is_due(expression: str, options: dict, after: str, due: str | None) -> None:
    from local.scheduler.schedules import next_due

    schedule = {"ScheduleExpression": expression, "LastModificationDate": "2026-03-01T12:00:00Z", **options}
    found = next_due(schedule, datetime.fromisoformat(after).replace(tzinfo=UTC))

    assert (found and found.strftime("%Y-%m-%dT%H:%M:%S")) == due


@pytest.fixture
def create(stack: LocalStack, name: str, role: str) -> Any:
    def call(target: dict, expression: str | None = None, **options: Any) -> str:
        soon = (datetime.now(UTC) + timedelta(seconds=1)).strftime("at(%Y-%m-%dT%H:%M:%S)")
        return stack.client("scheduler").create_schedule(
            Name=name, ScheduleExpression=expression or soon, FlexibleTimeWindow={"Mode": "OFF"},
            Target={"RoleArn": role, **target}, **options,
        )["ScheduleArn"]  # fmt: skip

    return call


def test_a_schedule_puts_an_event_with_its_context_on_a_bus_and_is_gone(
    stack: LocalStack, name: str, queue: Queue, create
) -> None:
    events = stack.client("events")
    bus = events.create_event_bus(Name=name)["EventBusArn"]
    events.put_rule(Name=name, EventBusName=name, EventPattern=json.dumps({"source": ["tidewheel.schedule"]}))
    events.put_targets(Rule=name, EventBusName=name, Targets=[{"Id": "queue", "Arn": queue.arn}])
    words = ("schedule-arn", "scheduled-time", "execution-id", "attempt-number")
    arn = create(
        {
            "Arn": bus,
            "Input": json.dumps({word: f"<aws.scheduler.{word}>" for word in words}),
            "EventBridgeParameters": {"DetailType": "RetrainingDue", "Source": "tidewheel.schedule"},
        },
        ActionAfterCompletion="DELETE",
    )

    event = queue.body()

    assert (event["source"], event["detail-type"]) == ("tidewheel.schedule", "RetrainingDue")
    assert event["detail"]["schedule-arn"] == arn
    assert event["detail"]["attempt-number"] == "1"
    assert datetime.fromisoformat(event["detail"]["scheduled-time"]) <= datetime.now(UTC)
    assert event["detail"]["execution-id"]
    eventually(lambda: not stack.client("scheduler").list_schedules(NamePrefix=name)["Schedules"])


def test_a_moment_that_passed_while_the_schedule_was_made_is_late_and_not_lost(queue: Queue, create) -> None:
    create({"Arn": queue.arn, "Input": '"late"'}, "at(2026-01-01T00:00:00)")

    assert queue.body() == "late"


def test_what_a_schedule_cannot_deliver_goes_to_its_dead_letter_queue(dead: Queue, create) -> None:
    missing = "arn:aws:sqs:us-east-1:000000000000:not-there"
    arn = create({"Arn": missing, "Input": "{}", "DeadLetterConfig": {"Arn": dead.arn}})

    letter = dead.message()

    assert letter["Attributes"]["SCHEDULE_ARN"] == arn
    assert letter["Attributes"]["ERROR_CODE"] == "NO_RESOURCE"


@pytest.mark.parametrize(
    ("target", "expression"),
    [
        ({"Arn": "arn:aws:scheduler:::aws-sdk:ec2:stopInstances"}, None),
        ({"Arn": "arn:aws:events:us-east-1:000000000000:event-bus/default"}, None),
        ({"Arn": "arn:aws:sqs:us-east-1:000000000000:queue"}, "every(5 minutes)"),
    ],
    ids=["a universal target", "a bus without a source", "an unknown expression"],
)
def test_a_schedule_that_could_never_fire_is_refused_when_it_is_made(
    create, target: dict, expression: str | None
) -> None:
    with pytest.raises(ClientError) as refused:
        create(target, expression)

    assert refused.value.response["Error"]["Code"] == "ValidationException"
