"""The command's door: what goes wrong is one sentence and a code, whatever it is."""

import json
from pathlib import Path

import pytest

from cli.main import VERBS, main
from cli.stack import MACHINES, SETTINGS, default_name


def test_every_verb_has_a_file_a_summary_and_a_way_in():
    for name, module in VERBS.items():
        assert module.__doc__.splitlines()[0].endswith("."), name
        assert callable(module.arguments)
        assert callable(module.run)


def test_the_template_says_everything_that_the_command_looks_for():
    said = Path("template.yaml").read_text().partition("\nOutputs:")[2]

    missing = [name for name in [*SETTINGS, *MACHINES.values(), "ScheduleGroup"] if f"\n  {name}:" not in said]

    assert missing == []


def test_a_stack_that_is_not_there_is_named(tidewheel):
    code, out, complaint = tidewheel("status", "--stack", "nowhere")

    assert (code, out) == (2, "")
    assert complaint.startswith("tidewheel: stack nowhere: there is no such stack. Deploy it with `sam deploy`")


def test_options_stand_before_or_after_the_verb(tidewheel):
    assert tidewheel("--stack", "nowhere", "status") == tidewheel("status", "--stack", "nowhere")


def test_an_error_as_json_has_problem_place_and_remedy(tidewheel):
    _, _, complaint = tidewheel("status", "--stack", "nowhere", "--json")

    assert set(json.loads(complaint)["error"]) == {"problem", "place", "remedy"}


def test_an_endpoint_that_does_not_answer_is_one_sentence(monkeypatch, capsys):
    from tidewheel.aws import clients

    clients.client.cache_clear()
    monkeypatch.setattr(clients, "CONFIG", clients.Config(retries={"total_max_attempts": 1}, connect_timeout=1))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    code = main(["status"])

    clients.client.cache_clear()
    complaint = capsys.readouterr().err
    assert code == 1
    assert complaint.count("\n") == 1
    assert "AWS_ENDPOINT_URL" in complaint


def test_the_stacks_name_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("TIDEWHEEL_STACK", "other")
    assert default_name() == "other"
    monkeypatch.delenv("TIDEWHEEL_STACK")
    assert default_name() == "tidewheel"


@pytest.mark.parametrize("words", [["status"], ["why", "x"], ["submit", "f"], ["retrain", "p", "--reason", "r"]])
def test_every_verb_takes_json(words):
    from cli.main import parser

    assert parser().parse_args([*words, "--json"]).json
