"""Evaluation as a job: candidates, champion and the constant predictor on the same rows."""

import json

import numpy as np
import pytest

from tests.containers.conftest import Failed, rows

BINARY = {"problem": "binary", "label": "y", "event_time": "when", "features_00": ["x", "colour"]}
ASKED = {"problem": "binary", "label": "y", "primary": "logloss", "event_time": "when"}


def test_a_model_that_learnt_the_rule_beats_the_constant_predictor(job):
    job.train(rows(), **BINARY)
    job.pack("current", "candidate-current")

    evaluation = job.evaluate(rows(720, seed=5), **ASKED)

    gain = evaluation["candidates"]["current"]["improvement"]["constant"]["logloss"]
    assert evaluation["champion"] is None
    assert evaluation["blocks"] == 30
    assert 0 < gain["low"] < gain["value"] < gain["high"]


def test_candidates_and_champion_are_scored_on_the_same_rows_and_slices(job):
    job.train(rows(60, seed=9), "old", **BINARY)
    job.train(rows(), "new", **BINARY)
    for name, place in (("new", "candidate-current"), ("old", "candidate-champion"), ("old", "champion")):
        job.pack(name, place)

    evaluation = job.evaluate(
        rows(720, seed=5), **ASKED, candidates=["current", "champion"], champion=True, slices=["colour"]
    )

    again = evaluation["candidates"]["champion"]
    assert again["metrics"] == evaluation["champion"]["metrics"]
    assert again["improvement"]["champion"]["logloss"] == {"value": 0, "low": 0, "high": 0}
    assert {row["value"] for row in evaluation["candidates"]["current"]["slices"]} == {"blue", "green", "red"}


def test_golden_rows_hold_what_the_endpoint_will_answer(job):
    model = job.train(rows(), **BINARY)
    job.pack("current", "candidate-current")
    job.evaluate(rows(720, seed=5), **ASKED)

    golden = [json.loads(line) for line in (job.root / "output" / "golden.jsonl").read_text().splitlines()]
    asked = json.dumps({"instances": [pair["instance"] for pair in golden]})
    script = f"from inference import *; print(output_fn(predict_fn(input_fn({asked!r}, JSON), model_fn('.')), JSON)[0])"

    assert len(golden) == 20
    answers = json.loads(job.serve(model, script))["predictions"]
    assert [answer["score"] for answer in answers] == [pair["score"] for pair in golden]
    assert {pair["recipe"] for pair in golden} == {"current"}


def test_several_classes_and_numbers_are_judged_too(job):
    job.train(rows(), "kinds", problem="multiclass", label="colour", event_time="when", features_00=["x", "value"])
    job.pack("kinds", "candidate-current")
    kinds = job.evaluate(rows(720, seed=5), problem="multiclass", label="colour", primary="mlogloss")
    job.train(rows(), "sizes", problem="regression", label="value", event_time="when", features_00=["x", "colour"])
    job.pack("sizes", "candidate-current")
    sizes = job.evaluate(rows(720, seed=5), problem="regression", label="value", primary="rmse", event_time="when")

    assert kinds["candidates"]["current"]["improvement"]["constant"]["mlogloss"]["low"] > 0
    assert sizes["candidates"]["current"]["metrics"]["rmse"]["value"] < 1.5


def test_a_class_that_no_model_knows_costs_every_model_alike(job):
    job.train(rows(), problem="multiclass", label="colour", event_time="when", features_00=["x", "value"])
    job.pack("current", "candidate-current")
    novel = rows(720, seed=5, colour=np.array(["violet"] * 720))

    evaluation = job.evaluate(novel, problem="multiclass", label="colour", primary="mlogloss")

    assert evaluation["candidates"]["current"]["metrics"]["accuracy"]["value"] == 0
    assert evaluation["candidates"]["current"]["improvement"]["constant"]["mlogloss"]["value"] == pytest.approx(0)


def test_a_holdout_without_labels_is_said_in_one_sentence(job):
    job.train(rows(), **BINARY)
    job.pack("current", "candidate-current")

    with pytest.raises(Failed):
        job.evaluate(rows(50).slice(0, 0), **ASKED)

    assert (job.root / "output" / "message").read_text().startswith("y: no holdout row has a label")
