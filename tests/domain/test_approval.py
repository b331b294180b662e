"""What becomes of the packages of a run."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.approval import Candidate, decide, expire
from tidewheel.domain.package import APPROVED, PENDING, REJECTED

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=7)

candidates = st.lists(
    st.builds(
        Candidate,
        arn=st.uuids().map(str),
        version=st.integers(1, 99),
        verdict=st.sampled_from(["better", "worse", "not_enough_evidence"]),
        passed=st.booleans(),
        reasons=st.lists(st.text(), max_size=3).map(tuple),
        status=st.sampled_from([APPROVED, REJECTED, PENDING]),
    ),
    max_size=4,
    unique_by=lambda candidate: candidate.arn,
)
modes = st.sampled_from(["auto", "manual"])
times = st.sampled_from([NOW, LATER, LATER + timedelta(days=1)])


def candidate(arn, passed=True, status=PENDING, verdict="better"):
    return Candidate(arn, 1, verdict, passed, ("logloss fell",), status)


@given(candidates, modes, times)
def test_what_is_decided_in_the_registry_is_never_decided_again(given_, mode, now):
    decided = decide(mode, given_, expires_at=LATER, now=now)

    pending = {each.arn for each in given_ if each.status == PENDING}
    assert {each.arn for each in decided.decisions} <= pending
    assert decided.ask is None or decided.ask.arn in pending


@given(candidates, modes, times)
def test_what_the_gate_refused_is_rejected_in_every_mode(given_, mode, now):
    decided = decide(mode, given_, expires_at=LATER, now=now)

    refused = {each.arn for each in given_ if not each.passed and each.status == PENDING}
    assert refused <= {each.arn for each in decided.decisions if each.status == REJECTED}


@given(candidates, modes, times)
def test_a_run_has_one_winner_at_most_and_the_machine_approves_none_in_manual_mode(given_, mode, now):
    decided = decide(mode, given_, expires_at=LATER, now=now)

    approved = [each for each in decided.decisions if each.status == APPROVED]
    assert len(approved) + (decided.ask is not None) <= 1
    assert mode == "auto" or approved == []


@given(candidates, modes, times)
def test_nothing_stays_pending_but_the_one_that_people_are_asked_about(given_, mode, now):
    decided = decide(mode, given_, expires_at=LATER, now=now)

    settled = {each.arn for each in decided.decisions} | ({decided.ask.arn} if decided.ask else set())
    assert settled == {each.arn for each in given_ if each.status == PENDING}


@given(candidates, modes, times)
def test_reasons_are_what_the_registry_takes(given_, mode, now):
    decided = decide(mode, given_, expires_at=LATER, now=now)

    assert all(len(each.reason) <= 1024 and each.reason.isprintable() for each in decided.decisions)


def test_of_two_that_passed_the_first_wins_and_the_other_is_told():
    decided = decide("auto", [candidate("a"), candidate("b")], expires_at=LATER, now=NOW)

    assert [(each.arn, each.status) for each in decided.decisions] == [("a", APPROVED), ("b", REJECTED)]
    assert decided.decisions[1].reason == "Version 1 of the same run was preferred"


def test_a_winner_that_a_person_rejected_is_not_replaced_by_the_second_best():
    decided = decide("auto", [candidate("a", status=REJECTED), candidate("b")], expires_at=LATER, now=NOW)

    assert [(each.arn, each.status) for each in decided.decisions] == [("b", REJECTED)]


def test_silence_rejects_only_what_nobody_decided():
    assert expire("a", PENDING, expires_at=LATER).decisions[0].status == REJECTED
    assert expire("a", APPROVED, expires_at=LATER).decisions == ()
