"""The Task state: one call to AWS, its result, and how it is written into the history."""

from typing import Any

from local.states.errors import HEARTBEAT, TIMEOUT, StateError
from local.states.retry import guarded
from local.states.visit import Left, Visit, small
from local.states.world import Call


def task(visit: Visit) -> Left:
    """Call, and call again where Retry says so."""
    return guarded(visit, _attempt)


def _attempt(visit: Visit) -> Left:
    result = _recorded(visit, _call(visit))
    small(result, f"The result of {visit.name}")
    return visit.leave(visit.state, result, result=result)


def _call(visit: Visit) -> Call:
    resource = visit.state["Resource"]
    if resource.endswith(".waitForTaskToken"):
        visit.extra["Task"] = {"Token": visit.world.token()}
    return Call(
        state=visit.name,
        resource=resource,
        arguments=visit.fill(visit.state["Arguments"]) if "Arguments" in visit.state else visit.input,
        timeout=visit.value("TimeoutSeconds", (int, float)),
        heartbeat=visit.value("HeartbeatSeconds", (int, float)),
        token=visit.extra.get("Task", {}).get("Token"),
    )


def _recorded(visit: Visit, call: Call) -> Any:
    record = visit.world.record
    record("TaskScheduled", call=call)
    record("TaskStarted", call=call)
    try:
        result = visit.world.call(call)
    except StateError as failed:
        record("TaskTimedOut" if failed.name in (TIMEOUT, HEARTBEAT) else "TaskFailed", call=call, failed=failed)
        raise
    record("TaskSucceeded", call=call, output=result)
    return result
