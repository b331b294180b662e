"""When a schedule is due, and whether it is one that can fire here.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ministack.services import eventbridge

from local.events.targets import SENDERS, service_of

Handler = Callable[[str, dict[str, Any]], tuple[int, dict[str, str], bytes]]


def checked(handler: Handler) -> Handler:
    """A Create- or UpdateSchedule that answers ValidationException to what would be accepted and never fire."""

    def check(name: str, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        if (problem := _problem(body)) is None:
            return handler(name, body)
        answer = json.dumps({"Message": problem}).encode()
        return 400, {"Content-Type": "application/json", "x-amzn-errortype": "ValidationException"}, answer

    return check


def next_due(schedule: dict[str, Any], after: datetime) -> datetime | None:
    """The first time later than `after` at which a schedule is due, or None if there is none any more."""
    kind, value = _parse(schedule["ScheduleExpression"])
    zone = ZoneInfo(schedule.get("ScheduleExpressionTimezone") or "UTC")
    if kind == "at":
        due = datetime.fromisoformat(value).replace(tzinfo=zone).astimezone(UTC)
        return due if due > after else None
    start = max(_time(schedule.get("StartDate")) or _created(schedule), _created(schedule))
    due = _next_rate(value, start, after) if kind == "rate" else _next_cron(value, zone, max(start, after))
    end = _time(schedule.get("EndDate"))
    return None if due is None or (end and due > end) else due


def before_first(schedule: dict[str, Any]) -> datetime:
    """A time before the first one at which a new or changed schedule is due.

    A rate is due at once, cron from now on; what should have happened once, and has not, is late and not lost.
    """
    kind, _ = _parse(schedule["ScheduleExpression"])
    return datetime.min.replace(tzinfo=UTC) if kind == "at" else _created(schedule) - timedelta(microseconds=1)


def is_over(schedule: dict[str, Any], now: datetime) -> bool:
    """Whether a schedule will not be due again, after what was due until `now`."""
    return next_due(schedule, now) is None


def _next_rate(expression: str, start: datetime, after: datetime) -> datetime:
    """At `start` and then once per interval."""
    if after < start:
        return start
    interval = timedelta(seconds=eventbridge._parse_rate_seconds(expression))
    return start + interval * ((after - start) // interval + 1)


def _next_cron(expression: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    found = eventbridge._cron_next_fire(eventbridge._parse_cron_fields(expression), after.astimezone(zone))
    return found.astimezone(UTC) if found else None


def _parse(expression: str) -> tuple[str, str]:
    """("at", time), ("rate", expression) or ("cron", expression). Raises ValueError for anything else."""
    if expression.startswith("at(") and expression.endswith(")"):
        datetime.fromisoformat(expression[3:-1])
        return "at", expression[3:-1]
    if eventbridge._parse_rate_seconds(expression) is not None:
        return "rate", expression
    if eventbridge._parse_cron_fields(expression) is not None:
        return "cron", expression
    raise ValueError(expression)


def _problem(body: dict[str, Any]) -> str | None:
    target = body.get("Target") or {}
    try:
        _parse(body.get("ScheduleExpression") or "")
    except ValueError:
        return f"Invalid Schedule Expression {body.get('ScheduleExpression')}."
    try:
        ZoneInfo(body.get("ScheduleExpressionTimezone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return f"Invalid ScheduleExpressionTimezone {body.get('ScheduleExpressionTimezone')}."
    if service_of(target.get("Arn", "")) not in SENDERS:
        return f"The local stack does not call the target {target.get('Arn')}: it knows {', '.join(SENDERS)}."
    if service_of(target["Arn"]) == "events" and not target.get("EventBridgeParameters"):
        return "EventBridgeParameters are required for a target of EventBridge."
    return None


def _created(schedule: dict[str, Any]) -> datetime:
    return _time(schedule["LastModificationDate"]) or datetime.now(UTC)


def _time(value: float | str | None) -> datetime | None:
    """Timestamps are Unix seconds or ISO 8601, as the client's protocol has it."""
    if value is None:
        return None
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(UTC)
