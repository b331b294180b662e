"""The one decision, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tidewheel.domain.decision import Cause, Facts, Policy, decide, must_ask, next_cause
from tidewheel.domain.lease import Training

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
UPLOAD = Cause("dataset:bikes/ds-2", "upload", "execution-2")
POLICY = Policy(("upload", "schedule", "request"), 1, 100, 0.2, timedelta(), None)
BORN = Facts(Training(), {"ds-1": 1000}, "recipe-1")
LEARNT = Training(3, 1, last_started_at=NOW - 5 * HOUR, last_dataset_ids=("ds-1",), last_recipe_digest="recipe-1")
NEWS = Facts(LEARNT, {"ds-1": 1000, "ds-2": 500}, "recipe-1")
BUSY = replace(LEARNT, fence=2, owner="bikes-00002-aaaaaa", execution="execution-1", lease_until=NOW + HOUR)


def answer(facts, cause=UPLOAD, policy=POLICY, now=NOW):
    return decide("bikes", cause, facts, policy, now)


def test_the_first_dataset_starts_a_run():
    decision = answer(BORN)

    assert decision.answer == "started"
    assert decision.run_id.startswith("bikes-00001-")
    assert decision.training.owner == decision.run_id
    assert decision.training.dataset_ids == ("ds-1",)
    assert decision.training.lease_until == NOW + HOUR


@pytest.mark.parametrize(
    ("facts", "cause", "policy", "reason"),
    [
        (replace(NEWS, active=False), UPLOAD, POLICY, "the project is not registered, or retired"),
        (replace(NEWS, datasets={}), UPLOAD, POLICY, "no dataset was accepted yet"),
        (NEWS, UPLOAD, replace(POLICY, on=("request",)), "retrain.on does not list upload"),
        (replace(NEWS, datasets={"ds-1": 1000}), UPLOAD, POLICY, "the last run learnt from the same data"),
        (NEWS, UPLOAD, replace(POLICY, minimum_new_rows=501), "there are 500 new rows"),
        (NEWS, UPLOAD, replace(POLICY, minimum_rows=301), "1500 rows leave the gate fewer"),
        (NEWS, Cause("w", "wake", "e"), POLICY, "nothing waits"),
        (NEWS, Cause("f", "follow_up", "e"), POLICY, "nothing waits"),
    ],
)
def test_without_a_reason_to_train_the_answer_is_skipped(facts, cause, policy, reason):
    decision = answer(facts, cause, policy)

    assert decision.answer == "skipped"
    assert decision.reasons[0].startswith(reason)
    assert decision.training == facts.training


def test_a_new_recipe_is_a_reason_without_new_rows():
    facts = replace(NEWS, datasets={"ds-1": 1000}, recipe_digest="recipe-2")

    assert answer(facts, policy=replace(POLICY, minimum_new_rows=100)).answer == "started"


@pytest.mark.parametrize(
    ("policy", "hours", "until"),
    [
        (replace(POLICY, cooldown=6 * HOUR), 0, NOW + HOUR),
        (replace(POLICY, freeze=((NOW - HOUR, NOW + 3 * HOUR),)), 0, NOW + 3 * HOUR),
        (replace(POLICY, monthly_hours=2.0), 2.0, datetime(2026, 4, 1, tzinfo=UTC)),
        (replace(POLICY, cooldown=6 * HOUR, freeze=((NOW, NOW + 3 * HOUR),)), 0, NOW + 3 * HOUR),
    ],
)
def test_what_may_not_be_trained_now_is_parked_until_it_may(policy, hours, until):
    parked = answer(replace(NEWS, hours=hours), policy=policy)

    assert (parked.answer, parked.wake_at) == ("parked", until)
    assert parked.training.pending == (UPLOAD.id,)

    woken = answer(replace(NEWS, training=parked.training), Cause("w", "wake", "e"), policy, until)

    assert woken.answer == "started"
    assert woken.training.pending == ()


def test_a_freeze_that_is_over_or_to_come_forbids_nothing():
    policy = replace(POLICY, freeze=((NOW - HOUR, NOW), (NOW + HOUR, NOW + 2 * HOUR)))

    assert answer(NEWS, policy=policy).answer == "started"


def test_what_arrives_during_a_run_waits_for_exactly_one_more():
    second = answer(replace(NEWS, training=BUSY))
    third = answer(replace(NEWS, training=second.training), Cause("dataset:bikes/ds-3", "upload", "execution-3"))
    free = third.training.finish()

    follow_up = answer(replace(NEWS, training=free), Cause("follow-up", "follow_up", "execution-4"))
    late = answer(replace(NEWS, training=follow_up.training.finish()), Cause("follow-up-2", "follow_up", "execution-5"))

    assert [second.answer, third.answer] == ["coalesced", "coalesced"]
    assert third.training.pending == (UPLOAD.id, "dataset:bikes/ds-3")
    assert follow_up.answer == "started"
    assert late.answer == "skipped"


def test_who_only_looks_for_what_waits_does_not_wait_itself():
    decision = answer(replace(NEWS, training=BUSY), Cause("w", "wake", "e"))

    assert decision.answer == "skipped"
    assert decision.training.pending == ()


def test_an_expired_lease_is_renewed_for_a_holder_that_lives():
    expired = replace(BUSY, lease_until=NOW)

    decision = answer(replace(NEWS, training=expired, holder_runs=True))

    assert must_ask(expired, UPLOAD, "", NOW)
    assert decision.answer == "coalesced"
    assert decision.training.lease_until == NOW + HOUR


def test_an_expired_lease_of_a_dead_holder_is_taken_over_under_a_higher_fence():
    decision = answer(replace(NEWS, training=replace(BUSY, lease_until=NOW), holder_runs=False))

    assert decision.answer == "started"
    assert decision.died_run == BUSY.owner
    assert decision.training.fence == BUSY.fence + 1


def test_the_end_of_an_execution_frees_the_lease_that_it_held():
    died = Cause("execution:execution-1", "died", "execution-9", "execution-1", "ABORTED")

    decision = answer(replace(NEWS, training=BUSY), died)

    assert decision.answer == "skipped"
    assert decision.died_run == BUSY.owner
    assert decision.training.owner == ""


def test_the_end_of_an_execution_that_held_nothing_takes_up_what_it_could_not_ask_for():
    died = Cause("execution:other", "died", "execution-9", "other", "FAILED")
    waiting = replace(LEARNT, pending=("dataset:bikes/ds-2",))

    assert answer(replace(NEWS, training=waiting), died).answer == "started"
    assert answer(NEWS, died).answer == "ignored"
    assert answer(replace(NEWS, training=replace(BUSY, pending=waiting.pending)), died).answer == "ignored"


def test_the_cause_of_an_ended_run_that_comes_again_takes_up_what_nobody_asked_for():
    ended = replace(NEWS, answered="started", answered_run="bikes-00001-bbbbbb")
    waiting = replace(LEARNT, pending=("dataset:bikes/ds-2",))

    following = next_cause(UPLOAD, answer(replace(ended, training=waiting)))

    assert following == Cause("follow-up:bikes-00001-bbbbbb", "follow_up", UPLOAD.execution)
    assert next_cause(UPLOAD, answer(ended)) is None
    assert next_cause(UPLOAD, answer(replace(ended, training=replace(waiting, wake_at=NOW)))) is None


def test_a_cause_that_comes_again_while_its_run_lives_changes_nothing():
    facts = replace(NEWS, training=BUSY, answered="started", answered_run=BUSY.owner)

    decision = answer(facts)

    assert must_ask(BUSY, UPLOAD, BUSY.owner, NOW)
    assert (decision.answer, decision.stored) == ("ignored", True)


def test_a_cause_that_comes_again_after_its_execution_died_resumes_the_same_run():
    facts = replace(NEWS, training=BUSY, answered="started", answered_run=BUSY.owner, holder_runs=False)

    decision = answer(facts)

    assert (decision.answer, decision.run_id) == ("started", BUSY.owner)
    assert decision.training.execution == UPLOAD.execution
    assert decision.training.fence == BUSY.fence + 1


def test_the_same_step_tried_again_gets_the_same_answer():
    first = answer(NEWS)
    facts = replace(NEWS, training=first.training, answered="started", answered_run=first.run_id)

    again = answer(facts)

    assert (again.answer, again.run_id, again.training) == ("started", first.run_id, first.training)


@pytest.mark.parametrize("before", ["started", "coalesced", "parked"])
def test_a_cause_that_was_answered_for_good_is_ignored(before):
    decision = answer(replace(NEWS, answered=before, answered_run="bikes-00001-bbbbbb"))

    assert (decision.answer, decision.training) == ("ignored", LEARNT)


def test_a_cause_that_waits_and_comes_again_when_the_lease_is_free_is_decided_anew():
    waiting = replace(LEARNT, pending=(UPLOAD.id,))

    decision = answer(replace(NEWS, training=waiting, answered="coalesced"))

    assert (decision.answer, decision.stored) == ("started", False)
    assert decision.training.pending == ()
