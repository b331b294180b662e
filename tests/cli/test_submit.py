"""`tidewheel submit`: the file arrives, and its way is followed to the end."""

import pytest
from tidewheel.aws.clients import client

from tests.cli.world import accepted, decided, packaged, register, serving, trained, uploaded


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "2012.csv"
    path.write_text("ts,busy\n")
    return path


@pytest.fixture
def landed(monkeypatch):
    """Uploads get the version that the rows of `world` carry."""
    monkeypatch.setattr("cli.submit.upload", lambda bucket, key, file: (f"s3://{bucket}/{key}", "v1"))


def test_the_file_is_uploaded_below_its_project(tidewheel, facts, file):
    code, out, _ = tidewheel("submit", file)

    assert code == 0
    assert "s3://inbox/bikeshare/2012.csv" in out.replace("\n", "")
    assert client("s3").get_object(Bucket="inbox", Key="bikeshare/2012.csv")["Body"].read() == b"ts,busy\n"


def test_it_can_be_given_another_name(facts, file):
    assert facts("submit", file, "--as", "late/february.csv")["upload"] == "s3://inbox/bikeshare/late/february.csv"


def test_with_two_projects_one_must_be_named(tidewheel, file):
    register("taxis")

    code, _, complaint = tidewheel("submit", file)

    assert code == 2
    assert "Add --project with one of: bikeshare, taxis" in complaint


def test_an_unknown_project_is_named_with_those_that_exist(tidewheel, file):
    code, _, complaint = tidewheel("submit", file, "--project", "bikes")

    assert (code, complaint) == (2, "tidewheel: project bikes: there is no such project. Registered are: bikeshare.\n")


def test_a_missing_file_is_one_sentence(tidewheel, tmp_path):
    code, _, complaint = tidewheel("submit", tmp_path / "none.csv")

    assert code == 2
    assert "No such file or directory" in complaint
    assert "Traceback" not in complaint


def test_watching_ends_with_the_model_that_serves(tidewheel, file, landed):
    accepted()
    trained(1)
    packaged("Approved")
    serving(1)

    code, out, _ = tidewheel("submit", file, "--watch")

    assert code == 0
    assert "8,784 rows accepted" in out
    assert "bikeshare/1 serves" in out.splitlines()[-1]


def test_the_json_of_a_watch_has_outcome_ids_and_stages(facts, file, landed):
    accepted()
    trained(1)
    packaged("Approved")
    serving(1)

    told = facts("submit", file, "--watch")

    assert (told["outcome"], told["model_versions"], told["dataset_id"][:3]) == ("done", ["bikeshare/1"], "ds-")
    assert [stage["stage"] for stage in told["stages"]] == ["data", "train", "approve", "deploy"]


def test_a_refused_file_has_code_1_and_a_parked_one_code_3(tidewheel, file, landed):
    uploaded("rejected", reason="no column busy")
    refused, _, _ = tidewheel("submit", file, "--watch")
    accepted()
    decided("parked", ["cooldown until noon"], wake_at="2026-11-21T12:00:00Z")
    parked, out, _ = tidewheel("submit", file, "--watch")

    assert (refused, parked) == (1, 3)
    assert "cooldown until noon" in out


def test_a_refused_challenger_has_code_1_and_its_reason(tidewheel, file, landed):
    accepted()
    trained(1, verdict="worse")
    packaged("Rejected", why="worse: logloss 0.75 against 0.42 [672 rows]")

    code, out, _ = tidewheel("submit", file, "--watch")

    assert code == 1
    assert "worse: logloss 0.75 against 0.42 [672 rows]" in out
