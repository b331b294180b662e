"""Training as a job: what it leaves, what it says when it cannot, and that an interruption changes nothing."""

import json

import numpy as np
import pyarrow as pa
import pytest

from tests.containers.conftest import Failed, rows

BINARY = {"problem": "binary", "label": "y", "event_time": "when", "features_00": ["x", "colour"]}


def signature(model):
    return json.loads((model / "code" / "model.json").read_text())


def failure(job, name="current"):
    return (job.root / name / "output" / "failure").read_text()


def test_a_trained_model_is_a_native_booster_with_its_signature_and_the_code_that_serves_it(job):
    model = job.train(rows(), **BINARY)

    assert {path.name for path in model.iterdir()} == {"xgboost-model", "code"}
    assert (model / "xgboost-model").read_bytes()[:1] == b"{"  # UBJSON, not a pickle
    assert (model / "code" / "inference.py").exists()
    assert (model / "code" / "tidewheel" / "domain" / "signature.py").exists()
    assert signature(model)["classes"] == [False, True]
    assert signature(model)["features"][1] == {
        "name": "colour",
        "kind": "category",
        "vocabulary": ["blue", "green", "red"],
    }


def test_without_named_features_all_columns_but_label_and_event_time_are_learnt(job):
    model = job.train(rows(value=None), **{**BINARY, "features_00": []})

    assert [feature["name"] for feature in signature(model)["features"]] == ["x", "colour"]


def test_an_interrupted_training_goes_on_from_its_checkpoint_to_the_same_model(job):
    whole = job.train(rows(), "whole", **BINARY)
    checkpoints = job.folder("checkpoints")
    job.train(rows(), "broken", **BINARY | {"num_round": 21}, TIDEWHEEL_CHECKPOINTS=str(checkpoints))

    resumed = job.train(rows(), "resumed", **BINARY, TIDEWHEEL_CHECKPOINTS=str(checkpoints))

    assert (checkpoints / "checkpoint.ubj").exists()
    assert (resumed / "xgboost-model").read_bytes() == (whole / "xgboost-model").read_bytes()


def test_the_same_rows_and_recipe_give_the_same_model_twice(job):
    first = job.train(rows(), "first", **BINARY)
    second = job.train(rows(), "second", **BINARY)

    assert (first / "xgboost-model").read_bytes() == (second / "xgboost-model").read_bytes()


def test_training_stops_early_only_where_there_is_a_validation_channel(job):
    patient = {**BINARY, "num_round": 200, "early_stopping_rounds": 3}
    noise = rows(y=np.random.default_rng(3).random(400) > 0.5)

    stopped = job.train(noise, "stopped", validation=rows(seed=2), **patient)
    ran = job.train(noise, "ran", **patient)

    assert (stopped / "xgboost-model").stat().st_size < (ran / "xgboost-model").stat().st_size / 2


def test_an_alias_replaces_the_default(job):
    slow = job.train(rows(), "slow", **BINARY, learning_rate=0.0)
    shares = signature(slow)["constant"]["shares"]

    said = job.serve(slow, "from inference import *; m = model_fn('.'); print(m.outputs(np.array([[9., 2.]]))[0])")

    assert float(said) == pytest.approx(shares[1], abs=1e-6)


@pytest.mark.parametrize(
    ("columns", "hyperparameters", "sentence"),
    [
        ({"y": np.full(400, True)}, {}, "y: a binary label cannot have the values [True]"),
        ({}, {"features_00": ["x", "height"]}, "training.features: the rows have no column height"),
        ({"y": pa.nulls(400, pa.bool_())}, {}, "y: a binary label cannot have the values []"),
        ({"x": [[1.0]] * 400}, {}, "x: a column of type list<element: double> cannot be learnt from"),
        ({}, {"SM_HOSTS": '["algo-1", "algo-2"]'}, "training.instances: this recipe trains on one machine"),
    ],
)
def test_what_cannot_be_learnt_is_said_in_one_sentence(job, columns, hyperparameters, sentence):
    with pytest.raises(Failed):
        job.train(rows(**columns), **{**BINARY, **hyperparameters})

    assert failure(job).startswith(sentence)
