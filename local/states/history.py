"""The events of an execution, as GetExecutionHistory gives them."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from local.states.errors import StateError
from local.states.resources import parse
from local.states.visit import stamp
from local.states.world import Call

Event = dict[str, Any]
LOCK = threading.RLock()  # one for all executions: an event is added in microseconds


@dataclass
class History:
    """A place in the list of events: each event points back to the one before it in its own branch."""

    events: list[Event]
    clock: Callable[[], datetime]
    region: str
    last: int = 1  # ExecutionStarted

    def branch(self) -> "History":
        """The same list, from here on with a last event of its own."""
        return replace(self)

    def add(self, event: str, **details: Any) -> None:
        """Append one event; its details are named and shaped as AWS does."""
        with LOCK:
            number = len(self.events) + 1
            self.events.append(
                {"id": number, "previousEventId": self.last, "type": event, "timestamp": stamp(self.clock())}
                | self._details(event, **details)
            )
            self.last = number

    def _details(self, event: str, **given: Any) -> Event:
        for ending in ("StateEntered", "StateExited"):
            if event.endswith(ending):
                return {f"s{ending[1:]}EventDetails": _texts(given)}
        if "call" in given:
            return {f"{_lower(event)}EventDetails": self._task(event, **given)}
        if event.startswith("MapIteration") or "length" in given or "error" in given or "output" in given:
            return {f"{_lower(event)}EventDetails": _texts(given)}
        return {}

    def _task(self, event: str, call: Call, output: Any = None, failed: StateError | None = None) -> Event:
        resource = parse(call.resource)
        pattern = f".{resource.pattern}" if resource.pattern else ""
        said: Event = {"resourceType": resource.kind, "resource": f"{resource.action}{pattern}"}
        if event == "TaskScheduled":
            said |= {"region": self.region, "parameters": json.dumps(call.arguments)}
            said |= {"timeoutInSeconds": call.timeout} if call.timeout else {}
        if event == "TaskSucceeded":
            said |= _texts({"output": output})
        if failed:
            said |= {"error": failed.name, "cause": failed.cause}
        return said


def _texts(details: Event) -> Event:
    """Input and output as JSON text, with the note that nothing was cut off."""
    said = dict(details)
    for name in ("input", "output"):
        if name in details:
            said |= {name: json.dumps(details[name]), f"{name}Details": {"truncated": False}}
    return said


def _lower(event: str) -> str:
    return event[0].lower() + event[1:]
