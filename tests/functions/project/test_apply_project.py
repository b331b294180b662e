"""ApplyProject: the stack follows the file that lies in the bucket, in whatever order its events come."""

import json

import pytest
from tidewheel.aws import ledger

from tests.functions.crash import Scenario, explore
from tests.functions.project.automation import (
    ACTIVE,
    FILE,
    RETIRED,
    delete,
    hearers,
    lay_out,
    put,
    report,
    say,
    schedules,
    world,
)


@pytest.fixture
def stack(aws, monkeypatch):
    lay_out(monkeypatch.setenv)
    return aws


def test_a_valid_file_registers_the_project(stack):
    version = put(FILE)

    assert say("01") == "active"
    assert world() == ACTIVE
    assert ledger.get("trips", "project")["document"]["training"]["instance"] == "ml.m5.large"
    assert report() == {"schema": 1, "status": "active", "version_id": version, "problems": []}


def test_the_schedule_puts_a_cause_on_the_stacks_bus(stack):
    put(FILE)
    say("01")

    target = schedules()["tw-trips"]["Target"]
    detail = json.loads(target["Input"])
    assert target["EventBridgeParameters"] == {"Source": "tidewheel.schedule", "DetailType": "RetrainingDue"}
    assert detail["cause_id"] == "schedule:tw-trips@<aws.scheduler.scheduled-time>"
    assert (detail["project"], detail["trigger"]) == ("trips", "schedule")


def test_an_invalid_file_is_answered_and_changes_nothing(stack):
    put(FILE)
    say("01")
    put(FILE.replace("label: late", "label: lte"))

    assert say("02") == "invalid"
    assert world() == ACTIVE
    problem = report()["problems"][0]
    assert (problem["line"], problem["field"]) == (4, "contract.label")
    assert problem["remedy"] == "Did you mean `late`?"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"", b"x" * 70_000, FILE.replace("project: trips", "project: strips")])
def test_whatever_lies_there_has_an_answer(stack, body):
    put(body)

    assert say("01") == "invalid"
    assert report()["problems"]
    assert world() | {"status": None} == {"status": None, "schedules": {}, "hearers": {}, "groups": []}


def test_a_deleted_file_retires_the_project_and_keeps_its_models(stack):
    put(FILE)
    say("01")
    delete()

    assert say("02", "Object Deleted") == "retired"
    assert world() == RETIRED


def test_deleting_what_was_never_valid_is_nothing(stack):
    assert say("01", "Object Deleted") == "absent"


def test_a_changed_file_changes_only_what_differs(stack):
    put(FILE)
    say("01")
    put(FILE.replace("rate(7 days)", '"cron(0 3 ? * MON *)"').replace(", bob@example.org", ""))
    say("02")

    assert world()["schedules"] == {"tw-trips": "cron(0 3 ? * MON *)"}
    assert world()["hearers"] == {"ada@example.org": ["trips"]}


def test_an_address_of_two_projects_hears_of_both(stack):
    put(FILE)
    say("01")
    put(FILE.replace("trips", "tolls"), "projects/tolls.yaml")
    say("01", key="projects/tolls.yaml")
    assert hearers()["ada@example.org"] == ["tolls", "trips"]

    delete()
    say("02", "Object Deleted")
    assert hearers()["ada@example.org"] == ["tolls"]


@pytest.mark.parametrize("order", [("01", "02", "03"), ("03", "01", "02"), ("02", "03", "01"), ("03", "02", "01")])
def test_events_in_any_order_end_in_what_lies_there(stack, order):
    put(FILE)
    delete()
    put(FILE)

    for sequencer in order:
        say(sequencer, "Object Deleted" if sequencer == "02" else "Object Created")

    assert world() == ACTIVE


def test_a_sequencer_that_is_longer_is_not_later_for_that(stack):
    put(FILE)
    say("AB01")
    put(FILE.replace("7 days", "8 days"))

    say("AB0100")
    say("aa00")

    assert world()["schedules"] == {"tw-trips": "rate(8 days)"}


def scenario(stack, monkeypatch, kind, model) -> Scenario:
    def prepare():
        lay_out(monkeypatch.setenv)
        put(FILE)
        if kind == "Object Deleted":
            say("01")
            delete()

    return Scenario(prepare, lambda number: say("02", kind), world, model)


def test_no_crash_changes_what_a_file_leads_to(stack, monkeypatch):
    assert explore(scenario(stack, monkeypatch, "Object Created", ACTIVE)) == []


@pytest.mark.proof
def test_no_crash_changes_what_a_deletion_leads_to(stack, monkeypatch):
    assert explore(scenario(stack, monkeypatch, "Object Deleted", RETIRED)) == []
