"""`tidewheel project`: files are begun, checked and compared offline, pushed and listed with the stack."""

import json
from pathlib import Path

import pytest
from tidewheel.aws import objects
from tidewheel.aws.clients import client

from cli.main import main
from tests.cli.world import register

RIDES = "at,city,fare,tip\n2026-01-01 10:00:00,Bonn,12.5,1\n2026-01-01 11:00:00,Köln,9,0\n"
BIKESHARE = Path("projects/bikeshare.yaml").resolve()


@pytest.fixture
def offline(tmp_path, monkeypatch, capsys):
    """Run the command in an empty folder, with no AWS anywhere."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = main(["project", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_project_is_begun_with_ten_lines_that_are_well(offline, tmp_path):
    assert offline("init", "taxis")[0] == 0

    assert len((tmp_path / "projects" / "taxis.yaml").read_text().splitlines()) <= 10
    assert offline("check", "projects/taxis.yaml")[:2] == (0, "projects/taxis.yaml: well\n")


def test_columns_and_types_come_from_a_csv(offline, tmp_path):
    (tmp_path / "rides.csv").write_text(
        "at,city,fare,tip\n2026-01-01 10:00:00,Bonn,12.5,1\n2026-01-01 11:00:00,Köln,9,0\n"
    )

    assert offline("init", "rides", "--csv", "rides.csv")[0] == 0

    text = (tmp_path / "projects" / "rides.yaml").read_text()
    for line in ("label: tip", "event_time: at", "at: timestamp", "city: string", "fare: number", "tip: integer"):
        assert line in text


def test_an_existing_file_is_never_written_over(offline, tmp_path):
    offline("init", "taxis")
    (tmp_path / "projects" / "taxis.yaml").write_text("mine")

    code, _, complaint = offline("init", "taxis")

    assert (code, (tmp_path / "projects" / "taxis.yaml").read_text()) == (2, "mine")
    assert "is there already" in complaint


def test_check_names_line_field_and_remedy_of_every_problem(offline, tmp_path):
    text = BIKESHARE.read_text().replace("problem: binary", "problem: binry")
    (tmp_path / "bad.yaml").write_text(text)

    code, out, _ = offline("check", "bad.yaml")

    assert code == 1
    assert "bad.yaml: line 4: problem: " in out
    assert "Did you mean `binary`?" in out


def test_two_files_are_compared_offline(offline, tmp_path):
    new = tmp_path / "bikeshare.yaml"
    weekly = 'on: [upload, schedule]\n  schedule: "rate(7 days)"'
    new.write_text(BIKESHARE.read_text().replace("on: [upload, request]", weekly))

    code, out, _ = offline("diff", new, BIKESHARE)

    assert code == 0
    assert "create schedule tidewheel-bikeshare: rate(7 days)" in out


def test_a_file_is_compared_with_what_is_registered(stack, facts):
    assert facts("project", "diff", BIKESHARE)["changes"] == []


@pytest.fixture
def answered(stack):
    """Let the stack answer the next project file with these words."""

    def answer(**words):
        def asked(params, context, **_):
            context["key"] = params["url_path"]

        def stored(parsed, context, **_):
            if not context["key"].endswith("report.json"):
                report = {"schema": 1, "version_id": parsed["VersionId"], "problems": [], **words}
                objects.write_json("automation", "projects/bikeshare.report.json", report)

        client("s3").meta.events.register("before-call.s3.PutObject", asked)
        client("s3").meta.events.register("after-call.s3.PutObject", stored)

    return answer


def test_push_waits_until_the_version_is_registered(answered, tidewheel):
    objects.write_json("automation", "projects/bikeshare.report.json", {"status": "invalid", "version_id": "older"})
    answered(status="active")

    code, out, _ = tidewheel("project", "push", BIKESHARE)

    assert (code, out) == (0, "bikeshare is registered.\n")


def test_push_shows_the_stacks_refusal(answered, tidewheel):
    problem = {"line": 3, "field": "problem", "problem": "no such image", "remedy": "Name another"}
    answered(status="invalid", problems=[problem])

    code, out, _ = tidewheel("project", "push", BIKESHARE)

    assert code == 1
    assert "line 3: problem: no such image. Name another" in out


def test_an_invalid_file_is_not_even_uploaded(stack, tidewheel, tmp_path):
    bad = tmp_path / "bikeshare.yaml"
    bad.write_text("project: bikeshare\n")

    assert tidewheel("project", "push", bad)[0] == 2
    assert "Contents" not in client("s3").list_objects_v2(Bucket="automation")


def test_the_list_has_every_project(stack, tidewheel):
    register("taxis")

    _, out, _ = tidewheel("project", "list")

    assert [line.split()[0] for line in out.splitlines()] == ["project", "bikeshare", "taxis"]


def test_json_of_a_check_is_for_machines(offline, tmp_path):
    (tmp_path / "bad.yaml").write_text("project: x1\n")

    code, out, _ = offline("check", "bad.yaml", "--json")

    assert code == 1
    assert {"line", "field", "problem", "remedy"} <= set(json.loads(out)["files"]["bad.yaml"][0])
