"""`tidewheel predict`: rows in, answers with their model version out."""

import io
import json

import pytest
from botocore.response import StreamingBody
from tidewheel.aws.clients import client

from tests.cli.world import serving

ROW = "hour=8,dow=0,tmin=3.5,tmax=9,pn=0,avg_7d=120"
CSV = """ts,hour,dow,tmin,tmax,pn,avg_7d,busy
2013-01-01 08:00,8,1,3.5,9,0,120.25,1
2013-01-01 09:00,9,1,,9,0,120.25,0
"""


@pytest.fixture
def served(stack):
    """An endpoint that answers 0.1, 0.2, ... and keeps what it was asked."""
    asked = []

    def answer(params, **_):
        instances = json.loads(params["body"])["instances"]
        asked.extend(instances)
        said = {"predictions": [{"score": 0.1}] * len(instances), "model_version": "bikeshare/1"}
        body = json.dumps(said).encode()
        http = type("Http", (), {"status_code": 200})
        return http, {"Body": StreamingBody(io.BytesIO(body), len(body))}

    client("sagemaker-runtime").meta.events.register("before-call.sagemaker-runtime.InvokeEndpoint", answer)
    serving(1)
    return asked


def test_one_row_is_typed_as_the_contract_says(served, facts):
    told = facts("predict", "bikeshare", "--row", ROW)

    assert served == [{"hour": 8, "dow": 0, "tmin": 3.5, "tmax": 9.0, "pn": 0.0, "avg_7d": 120.0}]
    assert told["predictions"] == [{"score": 0.1, "model_version": "bikeshare/1"}]


def test_of_a_csv_only_features_are_sent_and_gaps_are_null(served, facts, tmp_path):
    file = tmp_path / "hours.csv"
    file.write_text(CSV)

    facts("predict", "bikeshare", file)

    assert [sorted(row) for row in served] == [["avg_7d", "dow", "hour", "pn", "tmax", "tmin"]] * 2
    assert served[1]["tmin"] is None


@pytest.mark.parametrize("text", ['[{"hour": 8}, {"hour": 9}]', '{"hour": 8}\n{"hour": 9}\n'])
def test_a_json_list_and_json_lines_are_the_same(served, facts, tmp_path, text):
    file = tmp_path / "rows.json"
    file.write_text(text)

    facts("predict", "bikeshare", file)

    assert served == [{"hour": 8}, {"hour": 9}]


def test_rows_come_from_standard_input_and_a_thousand_take_two_requests(served, facts, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(["hour", *["8"] * 1000])))

    assert len(facts("predict", "bikeshare", "-")["predictions"]) == 1000


def test_a_person_sees_which_model_said_so(served, tidewheel):
    _, out, _ = tidewheel("predict", "bikeshare", "--row", ROW)

    assert "bikeshare/1" in out
    assert "0.1" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--row", "hour=eight"], "column hour: 'eight' does not fit. The contract says that hour is of type integer"),
        (["--row", "hour"], "--row: 'hour' has no value. Write name=value,name=value"),
        ([], "predict: there is nothing to predict. Give a file, - or --row"),
    ],
)
def test_rows_that_cannot_be_read_are_one_sentence(served, tidewheel, words, sentence):
    assert tidewheel("predict", "bikeshare", *words)[::2] == (2, f"tidewheel: {sentence}.\n")


def test_broken_json_and_empty_files_are_one_sentence(served, tidewheel, tmp_path):
    for text in ('[{"hour": ', "hour\n"):
        file = tmp_path / "rows"
        file.write_text(text)
        code, _, complaint = tidewheel("predict", "bikeshare", file)
        assert (code, complaint.count("\n")) == (2, 1)


def test_without_a_model_it_says_what_to_do(stack, tidewheel):
    code, _, complaint = tidewheel("predict", "bikeshare", "--row", ROW)

    assert code == 2
    assert "no model serves yet. Submit data first" in complaint
