"""Serving: what an endpoint answers, and what it says to a request that it cannot answer."""

import json

import pytest

from tests.containers.conftest import Job, rows

ASK = """
import json, os, sys
os.environ["TIDEWHEEL_MODEL_VERSION"] = "bikeshare/2"
from inference import *
def ask(body, content_type, accept):
    try:
        return output_fn(predict_fn(input_fn(body, content_type), model_fn(".")), accept)
    except Exception as error:
        return [error.code, error.description]
print(json.dumps([ask(*each) for each in {requests!r}]))
"""
JSON, CSV = "application/json", "text/csv"


@pytest.fixture(scope="module")
def models(code, tmp_path_factory):
    job = Job(code, tmp_path_factory.mktemp("models"))
    shared = {"event_time": "when", "features_00": ["x", "colour"]}
    job.train(rows(), "binary", problem="binary", label="y", **shared)
    job.train(rows(), "regression", problem="regression", label="value", **shared)
    job.train(rows(), "multiclass", problem="multiclass", label="colour", event_time="when", features_00=["x", "value"])
    return job


def ask(models, name, *requests):
    return json.loads(models.serve(models.root / name / "model", ASK.format(requests=list(requests))))


def instances(*each):
    return json.dumps({"instances": each})


def test_json_and_csv_are_answered_alike_and_name_the_model_version(models):
    row = instances({"x": 1.5, "colour": "red"})

    (as_json, kind), (as_csv, other) = ask(models, "binary", (row, JSON, JSON), (b"1.5,red\n", CSV, CSV))

    answer = json.loads(as_json)
    assert (kind, other) == (JSON, CSV)
    assert answer["model_version"] == "bikeshare/2"
    assert as_csv == f"{answer['predictions'][0]['score']},bikeshare/2\n"


def test_each_problem_has_its_own_kind_of_answer(models):
    ((labels, _),) = ask(models, "multiclass", (instances({"x": 0, "value": 0.1}), JSON, JSON))
    ((values, _),) = ask(models, "regression", (instances({"x": 1, "colour": "red"}), JSON, "*/*"))

    said = json.loads(labels)["predictions"][0]
    assert said["label"] == max(said["probabilities"], key=said["probabilities"].get)
    assert sum(said["probabilities"].values()) == pytest.approx(1, abs=1e-6)
    assert json.loads(values)["predictions"][0]["value"] == pytest.approx(7, abs=3)


def test_missing_values_and_unknown_words_are_answered(models):
    rows_ = instances({"x": None, "colour": None}, {"x": 0.2, "colour": "violet"}, {"x": True, "colour": "red", "z": 1})

    ((body, _),) = ask(models, "binary", (rows_, JSON, JSON))

    assert len(json.loads(body)["predictions"]) == 3


def test_a_request_that_cannot_be_answered_is_told_why(models):
    cases = [
        ((instances({"x": 1}), JSON, JSON), 400, "row 1: no value for colour"),
        ((instances({"x": 1, "colour": "red"}, {"x": "tall", "colour": "red"}), JSON, JSON), 400, "row 2, column x"),
        (("{", JSON, JSON), 400, "the body is not"),
        (("[]", JSON, JSON), 400, "the body is not"),
        ((instances(), JSON, JSON), 400, "there are no instances"),
        ((b"1.5\n", CSV, CSV), 400, "row 1: 1 cells for 2 features"),
        ((b"\xff", CSV, CSV), 400, "the body is not"),
        (("<x/>", "text/xml", JSON), 415, "text/xml is not read here"),
        ((instances({"x": 1, "colour": "red"}), JSON, "text/xml"), 406, "text/xml is not written here"),
    ]

    answered = ask(models, "binary", *(request for request, _, _ in cases))

    said = [(status, words[: len(expected)]) for (status, words), (_, _, expected) in zip(answered, cases, strict=True)]
    assert said == [(status, words) for _, status, words in cases]
