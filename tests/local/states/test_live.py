"""The world of the emulator: threads that keep order, stop together, and give up in time."""

import threading
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.states.errors import Aborted, StateError, TimedOut
from local.states.history import History
from local.states.live import Live
from local.states.machine import run
from local.states.stop import Stop

INVOKE = "arn:aws:states:::lambda:invoke"


def live(perform=lambda call, unwanted: call.arguments):
    return Live(perform, History([{"id": 1}], lambda: datetime.now(UTC), "us-east-1"), Stop())


def machine(state, **more):
    return {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state | {"End": True}}} | more


def sleepy(call, unwanted):
    """A task that lasts until nobody wants it."""
    unwanted.wait(10)
    raise Aborted


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=30), st.integers(0, 8))
def test_map_keeps_the_order_of_its_items_whatever_its_width(items, width):
    wait = {"Type": "Wait", "Seconds": "{% (9 - $states.input) / 5000 %}", "End": True}
    each = {"Type": "Map", "MaxConcurrency": width, "ItemProcessor": {"StartAt": "W", "States": {"W": wait}}}

    assert run(machine(each), items, {}, live()) == items


def test_map_runs_no_more_iterations_at_a_time_than_max_concurrency():
    now, most, lock = [0], [0], threading.Lock()

    def count(call, unwanted):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.005)
        now[0] -= 1

    ask = {"Type": "Task", "Resource": INVOKE, "End": True}
    each = {"Type": "Map", "MaxConcurrency": 3, "ItemProcessor": {"StartAt": "T", "States": {"T": ask}}}
    run(machine(each), list(range(12)), {}, live(count))

    assert most == [3]


def test_a_task_that_takes_too_long_is_a_states_timeout_and_learns_of_it():
    told = []

    def slow(call, unwanted):
        told.append(unwanted.wait(5))

    with pytest.raises(StateError, match=r"States\.Timeout"):
        run(machine({"Type": "Task", "Resource": INVOKE, "TimeoutSeconds": 0.05}), {}, {}, live(slow))
    time.sleep(0.05)

    assert told == [True]


def test_a_machine_that_takes_too_long_stops_in_the_middle_of_a_task():
    started = time.monotonic()

    with pytest.raises(TimedOut):
        run(machine({"Type": "Task", "Resource": INVOKE}, TimeoutSeconds=0.05), {}, {}, live(sleepy))

    assert time.monotonic() - started < 2


def test_a_stopped_execution_leaves_its_wait_at_once():
    world = live()
    threading.Timer(0.05, world.stop.set).start()
    started = time.monotonic()

    with pytest.raises(Aborted):
        run(machine({"Type": "Wait", "Seconds": 60}), {}, {}, world)

    assert time.monotonic() - started < 2


def test_a_branch_that_fails_stops_its_siblings():
    told = []

    def slow(call, unwanted):
        told.append(unwanted.wait(5))

    fail = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Nope"}}}
    ask = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": INVOKE, "End": True}}}
    with pytest.raises(StateError, match="Nope"):
        run(machine({"Type": "Parallel", "Branches": [ask, fail]}), {}, {}, live(slow))
    time.sleep(0.05)

    assert told in ([True], [])  # told to stop, or not even begun


def test_each_event_points_back_to_the_one_before_it_in_its_branch():
    world = live()
    one = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    run(machine({"Type": "Map", "Items": [1, 2], "ItemProcessor": one}), {}, {}, world)
    events = {event["id"]: event for event in world.history.events}
    began = next(event["id"] for event in events.values() if event.get("type") == "MapStateStarted")

    first = [e["previousEventId"] for e in events.values() if e.get("type") == "MapIterationStarted"]

    assert first == [began, began]
    assert all(event["previousEventId"] < event["id"] for event in events.values() if event["id"] > 1)


def test_a_defect_in_a_call_fails_the_execution_and_not_the_thread():
    def broken(call, unwanted):
        raise ZeroDivisionError("oh")

    with pytest.raises(StateError, match=r"States\.Runtime: ZeroDivisionError: oh"):
        run(machine({"Type": "Task", "Resource": INVOKE}), {}, {}, live(broken))
