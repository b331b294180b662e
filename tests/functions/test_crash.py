"""The crash harness itself: it must pass what is right and see what is wrong."""

from itertools import count

import pytest
from tidewheel.aws import ledger, objects

from tests.functions.crash import Scenario, explore, trace

NUMBERS = count()


def right() -> None:
    """One effect named after its cause, then a mark that is the last write."""
    if ledger.find("p", "cause"):
        return
    objects.write("datasets", "effect", "done")
    ledger.write(ledger.put("p", "cause", "", {}))


def marks_first() -> None:
    """The mark before the effect: a crash between them loses the effect."""
    if ledger.find("p", "cause"):
        return
    ledger.write(ledger.put("p", "cause", "", {}))
    objects.write("datasets", "effect", "done")


def names_at_random() -> None:
    """An effect with a new name each time: doing it twice is not doing it once."""
    if ledger.find("p", "cause"):
        return
    objects.write("datasets", f"effect-{next(NUMBERS)}", "done")
    ledger.write(ledger.put("p", "cause", "", {}))


def never_marks() -> None:
    """Right in every crash, and wrong at the first duplicate that comes late."""
    objects.write("datasets", f"effect-{next(NUMBERS)}", "done")


def scenario(handler, model=1) -> Scenario:
    return Scenario(lambda: None, lambda number: handler(), how_many_effects, model)


def how_many_effects() -> int:
    from tidewheel.aws.clients import client

    return len(client("s3").list_objects_v2(Bucket="datasets").get("Contents", []))


def test_a_handler_that_marks_last_and_names_by_cause_passes_all_plans(aws):
    assert explore(scenario(right)) == []


@pytest.mark.parametrize("wrong", [marks_first, names_at_random, never_marks])
def test_a_wrong_handler_is_seen(aws, wrong):
    assert explore(scenario(wrong)) != []


def test_a_handler_that_is_wrong_without_any_crash_is_seen_by_the_model(aws):
    assert explore(scenario(right, model=2)) == ["undisturbed: the world is 1, not 2"]


def test_a_failing_plan_is_a_sentence_that_names_call_and_action(aws):
    assert any(
        plan.startswith("kill-after call 2 (dynamodb.TransactWriteItems)") for plan in explore(scenario(marks_first))
    )


@pytest.mark.proof
def test_two_faults_in_one_plan_are_survived_too(aws):
    assert explore(scenario(right), depth=2) == []


def test_the_trace_names_the_calls_that_a_role_must_allow(aws):
    assert trace(scenario(right)) == ["dynamodb.GetItem", "s3.PutObject", "dynamodb.TransactWriteItems"]
