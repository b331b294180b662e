"""Crash points: stop a handler at each of its AWS calls, deliver the event again, and compare the worlds.

`explore(scenario)` runs the undisturbed case, numbers its n calls, and then, for each call 1 to n + 2 (so that calls of
a recovery are hit too) and each way to fail, starts over with an empty AWS. It answers the plans that went wrong:

    def test_no_crash_changes_what_an_upload_leads_to(aws):
        assert explore(Scenario(prepare, deliver, world, model)) == []

A plan reads `kill-after call 3 (dynamodb.PutItem): <what differs>`; `attempt(scenario, [Fault(3, "kill-after")])`
replays it.
"""

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.emulated import start_over

ACTIONS = ("kill-before", "kill-after", "ack-lost", "throttle")
DELIVERIES = 5  # as often as a queue would before it gives up


class Killed(BaseException):
    """The process is dead: no `except Exception` sees it."""


@dataclass(frozen=True)
class Scenario:
    """A cause and the world that it leads to.

    `deliver(n)` delivers the cause for the n-th time (0, 1, ...); it sets the clock, and to return is to acknowledge.
    `world()` is what can be seen in the end, without leases, times and request ids; count messages and jobs in it.
    `model` is the expected world, worked out from the inputs and not by running the code.
    """

    prepare: Callable[[], None]
    deliver: Callable[[int], object]
    world: Callable[[], Any]
    model: Any


@dataclass(frozen=True)
class Fault:
    """What happens at the n-th AWS call (from 1) of all deliveries together."""

    call: int
    action: str


def explore(scenario: Scenario, depth: int = 1) -> list[str]:
    """The plans that end in another world, as sentences: none if the handler is right. `depth` faults a plan."""
    calm, calls = attempt(scenario, [])
    if calm:
        return [f"undisturbed: {calm}"]
    single = [Fault(call, action) for call in range(1, len(calls) + 3) for action in ACTIONS]
    plans = [plan for plan in product(single, repeat=depth) if all(a.call < b.call for a, b in pairwise(plan))]
    return [sentence for plan in plans if (sentence := _judge(scenario, plan))]


def trace(scenario: Scenario) -> list[str]:
    """The AWS calls of the undisturbed case, in order, as `service.Operation`: what the role must allow."""
    return attempt(scenario, [])[1]


def attempt(scenario: Scenario, plan: Sequence[Fault]) -> tuple[str, list[str]]:
    """Run the scenario under a plan: what is wrong with the end ("" for nothing), and the calls that were made."""
    start_over()
    scenario.prepare()
    with _faulty(plan) as calls:
        acknowledged = _deliver(scenario)
    if acknowledged is None:
        return "it is never acknowledged", calls
    end = scenario.world()  # before any further duplicate, which would repair what was lost
    if end != scenario.model:
        return f"the world is {end}, not {scenario.model}", calls
    scenario.deliver(acknowledged + 1)
    return ("" if scenario.world() == end else f"a late duplicate makes it {scenario.world()}"), calls


def _judge(scenario: Scenario, plan: Sequence[Fault]) -> str:
    wrong, calls = attempt(scenario, plan)
    names = [f"{fault.action} call {fault.call} ({dict(enumerate(calls, 1)).get(fault.call, '-')})" for fault in plan]
    return f"{', '.join(names)}: {wrong}" if wrong else ""


def _deliver(scenario: Scenario) -> int | None:
    for number in range(DELIVERIES):
        try:
            scenario.deliver(number)
            return number
        except (Killed, Exception):  # noqa: S112 (whatever it was, it was not acknowledged: deliver again)
            continue
    return None


@contextmanager
def _faulty(plan: Sequence[Fault]):
    """AWS calls are counted and, where the plan says so, go wrong."""
    due = {fault.call: fault.action for fault in plan}
    calls: list[str] = []
    whole = BaseClient._make_api_call

    def make_api_call(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        calls.append(f"{self.meta.service_model.service_name}.{operation}")
        action = due.get(len(calls), "")
        if action == "kill-before":
            raise Killed
        if action == "throttle":
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, operation)
        answer = whole(self, operation, arguments)
        if action == "kill-after":
            raise Killed
        if action == "ack-lost":
            raise ReadTimeoutError(endpoint_url="emulated")
        return answer

    BaseClient._make_api_call = make_api_call
    try:
        yield calls
    finally:
        BaseClient._make_api_call = whole
