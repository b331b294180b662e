"""Following a journey: what a terminal draws, what a log reads, and how long each stage took."""

import io

import pytest
from rich.console import Console
from tidewheel.aws.clients import client

from cli.journey import Evidence
from cli.stack import Stack
from cli.watch import Follower, follow
from tests.cli.world import OUTPUTS, VERSION

PROJECT = {"project": "bikeshare", "document": {"approval": {"mode": "auto"}}}
CLAIMED = {"sk": "upload#k@v", "status": "claimed"}
REFUSED = {"sk": "upload#k@v", "status": "done", "outcome": "rejected", "reason": "no column [busy]"}


@pytest.fixture
def follower(stack, monkeypatch):
    """Somebody who looks three times: nothing yet, claimed, refused."""
    monkeypatch.setattr("cli.watch.FIRST_PAUSE", 0.01)
    looks = iter([None, CLAIMED, CLAIMED, REFUSED])
    return Follower(Stack("tidewheel", OUTPUTS), lambda: Evidence(PROJECT, upload=next(looks)), VERSION)


def test_a_log_has_one_line_for_each_change(follower, capsys):
    ended = follow(follower, "2012.csv")

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["data", "running"], ["data", "refused"]]
    assert "no column [busy]" in lines[-1]
    assert ended.outcome == "refused"


def test_a_quiet_watch_prints_nothing(follower, capsys):
    follow(follower, "2012.csv", quiet=True)

    assert capsys.readouterr().out == ""


def test_a_terminal_shows_every_stage_and_keeps_the_last_picture(follower, monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("cli.watch.Console", lambda **_: Console(file=screen, force_terminal=True, width=100))

    follow(follower, "2012.csv")

    last = screen.getvalue().rpartition("2012.csv")[2]
    assert all(stage in last for stage in ("data", "train", "approve", "deploy"))
    assert "no column [busy]" in last


def test_a_stage_is_timed_by_the_execution_that_its_cause_woke(follower, stack):
    states = client("stepfunctions")
    for cause in (VERSION, "another upload"):
        states.start_execution(stateMachineArn=OUTPUTS["DataStateMachine"], input=f'{{"cause": "{cause}"}}')

    list(follower.journeys())

    assert [step.name for step in follower.pace["data"]] == ["A State"]
    assert follower.seconds("data") is not None
    assert follower.seconds("train") is None
