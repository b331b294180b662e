"""The report of a run says what was decided and shows what it was decided from."""

import pytest
from tidewheel.domain.gate import Gate, judge, rank
from tidewheel.reports.training import origins, training_page

GATE = Gate("logloss", 0.005, 0.95, {}, 0.05, 100)
ABOUT = {"project": "bikes", "run_id": "bikes-00002-abcdef", "snapshot_id": "snap-1"}


def estimate(value):
    return {"value": value, "low": value - 0.05, "high": value + 0.05}


def model(loss, champion=0.5, slices=()):
    gains = {"constant": {"logloss": estimate(0.7 - loss)}}
    gains |= {"champion": {"logloss": estimate(champion - loss)}} if champion else {}
    return {"metrics": {"logloss": estimate(loss)}, "improvement": gains, "slices": list(slices)}


def evaluation(met=0.5, **candidates):
    return {
        "rows": 672,
        "blocks": 28,
        "confidence": 0.95,
        "primary": "logloss",
        "champion": model(met) if met else None,
        "constant": model(0.7),
        "candidates": candidates,
    }


def page(seen):
    judgements = rank({name: judge(name, each, seen, GATE) for name, each in seen["candidates"].items()})
    return training_page(ABOUT, seen, judgements, GATE)


def test_a_challenger_that_won_is_shown_with_its_intervals_and_its_making():
    text = page(evaluation(current=model(0.3)))

    assert "<h1>The challenger is better</h1>" in text
    assert "the project&#x27;s recipe against the champion: 0.2 (0.15 to 0.25)" in text
    assert "snap-1" in text
    assert text.count("<tr>") == 1 + 3 + 1 + len(ABOUT)  # models with their head, and how it was made


def test_a_refused_one_says_why():
    text = page(evaluation(current=model(0.6)))

    assert "The candidate is refused: worse" in text
    assert "It is worse than the champion" in text


def test_what_data_and_recipe_gave_is_told_where_both_recipes_were_learnt():
    seen = evaluation(current=model(0.3), champion=model(0.4))

    assert origins(seen, "logloss") == pytest.approx((0.1, 0.1))
    assert "Where the difference comes from" in page(seen)
    assert origins(evaluation(current=model(0.3)), "logloss") is None


def test_slices_are_listed_and_small_ones_named_as_such():
    judged = {"column": "dow", "value": "6", "rows": 96, "ours": 0.31, "theirs": 0.5, "improvement": estimate(0.19)}
    small = {"column": "dow", "value": "<5>", "rows": 3}

    text = page(evaluation(current=model(0.3, slices=[judged, small])))

    assert "too few rows" in text
    assert "&lt;5&gt;" in text


def test_the_first_model_needs_no_champion():
    assert "The first model is good enough" in page(evaluation(met=None, current=model(0.3, champion=None)))
