"""Firing what is due: context attributes filled in, the target called under the schedule's role, tried again, given up.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
"""

import contextvars
import json
import threading
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

from ministack.core.responses import request_scope
from ministack.services import scheduler

from local.events import failures, targets
from local.events.targets import Delivery
from local.scheduler import schedules

SECONDS = 1
TRUSTING = "scheduler.amazonaws.com"
_considered: dict[tuple[Any, ...], datetime] = {}  # schedule and its last change -> the last time it was due


def tick() -> None:
    """Starts every delivery that is due now; one per schedule, however late we are."""
    now = datetime.now(UTC)
    for key, schedule in list(scheduler._schedules._data.items()):
        account, region, _ = key
        with request_scope(account, region):
            _consider(key, schedule, now)


def _consider(key: tuple[Any, ...], schedule: dict[str, Any], now: datetime) -> None:
    edition = (*key, schedule["LastModificationDate"])
    last = _considered.get(edition, schedules.before_first(schedule))
    due = schedules.next_due(schedule, last) if schedule["State"] == "ENABLED" else None
    if due and due <= now:
        _considered[edition] = now
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(_fire, schedule, due), daemon=True).start()
    if schedule.get("ActionAfterCompletion") == "DELETE" and schedules.is_over(
        schedule, _considered.get(edition, last)
    ):
        scheduler._schedules._data.pop(key, None)
        _considered.pop(edition, None)


def _fire(schedule: dict[str, Any], due: datetime) -> None:
    target, execution, attempts = schedule["Target"], uuid4().hex, count(1)
    scheduled = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    attributes = {"schedule-arn": schedule["Arn"], "scheduled-time": scheduled, "execution-id": execution}
    group = schedule["Arn"].replace(":schedule/", ":schedule-group/").rsplit("/", 1)[0]
    role = {"role_arn": target["RoleArn"], "trusting": TRUSTING, "source_arn": group}

    def send() -> None:
        filled = _fill(_input(schedule, scheduled), attributes | {"attempt-number": str(next(attempts))})
        targets.send(Delivery(arn=target["Arn"], payload=filled, identity=execution, parameters=target, **role))

    failure = failures.attempt(send, target.get("RetryPolicy") or {})
    if failure is None:
        return
    print(f"schedule {schedule['Name']} gave up: {failure.code}: {failure.message}", flush=True)
    if queue := (target.get("DeadLetterConfig") or {}).get("Arn"):
        words = failure.attributes(
            SCHEDULE_ARN=schedule["Arn"], TARGET_ARN=target["Arn"], SCHEDULED_TIME=scheduled, EXECUTION_ID=execution
        )
        body = _fill(_input(schedule, scheduled), attributes)
        failures.attempt(partial(targets.dead_letter, queue, body, words, **role), {"MaximumRetryAttempts": 5})


def _fill(text: str, attributes: dict[str, str]) -> str:
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _input(schedule: dict[str, Any], scheduled: str) -> str:
    """The target's input, or the event that Scheduler makes where there is none."""
    account, region = schedule["Arn"].split(":")[4], schedule["Arn"].split(":")[3]
    return schedule["Target"].get("Input") or json.dumps(
        {
            "version": "0",
            "id": str(uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": account,
            "time": scheduled,
            "region": region,
            "resources": [schedule["Arn"]],
            "detail": "{}",
        }
    )
