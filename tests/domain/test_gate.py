"""The gate, as a table: what must be proved, and what keeps a better model from passing."""

import pytest
from tidewheel.domain.gate import Gate, Judgement, judge, rank

GATE = Gate("logloss", 0.005, 0.95, {"auc": 0.005}, 0.05, 100)
BEATS_NOISE = {"value": 0.4, "low": 0.3, "high": 0.5}


def estimate(low, high):
    return {"value": (low + high) / 2, "low": low, "high": high}


def candidate(gain=None, floor=BEATS_NOISE, auc=0.01, slices=()):
    improvement = {"constant": {"logloss": floor, "auc": estimate(0.1, 0.2)}}
    if gain:
        improvement["champion"] = {"logloss": gain, "auc": {"value": auc, "low": None, "high": None}}
    return {"improvement": improvement, "slices": list(slices)}


def judged(*arguments, rows=672, **named):
    return judge("current", candidate(*arguments, **named), {"rows": rows}, GATE)


@pytest.mark.parametrize(
    ("gain", "verdict", "passed"),
    [
        (estimate(0.006, 0.2), "better", True),
        (estimate(0.005, 0.2), "not_worse", False),  # the margin itself is not enough
        (estimate(-0.004, 0.004), "not_worse", False),
        (estimate(-0.3, -0.006), "worse", False),
        (estimate(-0.1, 0.3), "not_enough_evidence", False),
    ],
)
def test_a_challenger_is_judged_by_the_whole_interval(gain, verdict, passed):
    judgement = judged(gain)

    assert (judgement.verdict, judgement.passed) == (verdict, passed)


@pytest.mark.parametrize(
    ("floor", "verdict", "passed"),
    [
        (estimate(0.01, 0.2), "first", True),
        (estimate(-0.1, 0.2), "not_enough_evidence", False),
        (estimate(-0.2, -0.1), "worse", False),
        ({"value": None, "low": None, "high": None}, "not_enough_evidence", False),
    ],
)
def test_the_first_model_must_surely_beat_a_constant_answer(floor, verdict, passed):
    judgement = judged(floor=floor)

    assert (judgement.verdict, judgement.passed) == (verdict, passed)


def test_shuffled_labels_promote_nobody_however_bad_they_make_the_champion_look():
    judgement = judged(estimate(1.0, 1.5), floor=estimate(-0.02, 0.006))

    assert (judgement.verdict, judgement.passed) == ("not_enough_evidence", False)
    assert judgement.reasons[0].startswith("It does not beat a constant answer")


def test_too_few_rows_prove_nothing():
    judgement = judged(estimate(0.1, 0.2), rows=99)

    assert judgement.verdict == "not_enough_evidence"
    assert judgement.reasons == ("The holdout has 99 rows, and gate.minimum_rows is 100",)


@pytest.mark.parametrize(("auc", "passed"), [(-0.004, True), (-0.006, False), (None, False)])
def test_a_guard_may_not_get_worse_than_it_is_allowed(auc, passed):
    judgement = judged(estimate(0.1, 0.2), auc=auc)

    assert (judgement.verdict, judgement.passed) == ("better", passed)


@pytest.mark.parametrize(
    ("gain", "passed"),
    [
        (estimate(-0.3, -0.1), False),  # surely worse, by more than a twentieth of 0.5
        (estimate(-0.3, 0.1), True),  # it may be chance
        (estimate(-0.02, -0.01), True),  # within the margin
    ],
)
def test_a_slice_may_not_be_sacrificed(gain, passed):
    part = {"column": "dow", "value": "6", "rows": 96, "ours": 0.7, "theirs": 0.5, "improvement": gain}

    judgement = judged(estimate(0.1, 0.2), slices=[part, {"column": "dow", "value": "7", "rows": 3}])

    assert judgement.passed == passed
    assert ("Where dow = 6 (96 rows), logloss went from 0.5 to 0.7" in judgement.reasons) != passed


def test_the_best_that_passed_wins_over_a_better_one_that_did_not():
    sacrificing = Judgement("current", "better", False, (), 0.3)
    modest = Judgement("champion", "better", True, (), 0.1)

    assert rank({"current": sacrificing, "champion": modest}) == [modest, sacrificing]
