"""DecideApproval against a registry, a project and a scheduler."""

import json
from datetime import datetime

import pytest
from approve.decide_approval import handler
from tidewheel.aws import ledger
from tidewheel.aws.clients import client

from tests.functions.crash import Scenario, explore
from tests.functions.deploy.world import Context, arn, decide, event, register

pytestmark = pytest.mark.usefixtures("aws")

PENDING = "PendingManualApproval"


def project(mode="auto", status="active"):
    document = {
        "project": "bikeshare",
        "problem": "binary",
        "contract": {"label": "busy", "columns": {"hour": "integer", "busy": "integer"}},
        "approval": {"mode": mode, "expiry_days": 7},
    }
    ledger.write(ledger.put("bikeshare", "project", "", {"status": status, "document": document}))


def ask(name="model-trained", now="2026-01-31T12:00:05.000Z"):
    return handler({"event": event(name), "now": now, "schedule_group": "tw"}, Context())


def statuses(answer):
    return {each["arn"]: each["status"] for each in answer["decisions"]}


def schedule(question):
    """What ScheduleExpiry does."""
    client("scheduler").create_schedule(
        GroupName="tw",
        Name=question["schedule"],
        ScheduleExpression=f"at({question['expires_at']})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:events:eu-west-1:123456789012:event-bus/tw", "RoleArn": "arn:aws:iam::1:role/r"},
    )


def test_the_evidence_approves_the_winner_and_rejects_the_loser_with_its_reasons():
    project()
    register(PENDING, PENDING)

    answer = ask()

    assert statuses(answer) == {arn(1): "Approved", arn(2): "Rejected"}
    assert answer["decisions"][0]["reason"] == "better: logloss fell by 0.05 (95 %: 0.04 to 0.06)"
    assert answer["decisions"][1]["reason"] == "not_worse: logloss did not change"


def test_in_manual_mode_the_gates_refusal_holds_and_people_are_asked_about_the_winner():
    project("manual")
    register(PENDING, PENDING)

    answer = ask()

    assert (answer["outcome"], statuses(answer)) == ("asked", {arn(2): "Rejected"})
    [question] = answer["questions"]
    assert question["expires_at"] == "2026-02-07T12:00:00"
    assert question["schedule"].startswith("tw-bikeshare-expire-")


def test_a_question_carries_the_evidence_and_what_to_type():
    project("manual")
    register(PENDING, PENDING)

    [question] = ask()["questions"]

    said = json.loads(question["message"])
    assert said["detail"]["project"] == "bikeshare"
    assert said["detail"]["verdict"] == "better"
    assert said["detail"]["evidence"]["logloss"] == "0.27"
    assert said["detail"]["report"].endswith("report.html")
    assert said["detail"]["to_approve"] == [
        "tidewheel approve bikeshare/1 --reason '...'",
        f"aws sagemaker update-model-package --model-package-arn {arn(1)} --model-approval-status Approved"
        " --approval-description '...'",
    ]
    assert json.loads(question["expired"])["package_arn"] == arn(1)


def test_a_question_is_asked_once():
    project("manual")
    register(PENDING, PENDING)
    client("scheduler").create_schedule_group(Name="tw")
    schedule(ask()["questions"][0])

    assert ask()["questions"] == []


def test_what_a_person_decided_is_not_decided_again():
    project()
    register(PENDING, PENDING)
    decide(1, "Rejected")
    decide(2, "Approved")

    answer = ask()

    assert (answer["outcome"], answer["decisions"]) == ("nothing_to_decide", [])


def test_silence_past_the_expiry_rejects():
    project("manual")
    register(PENDING, PENDING)

    answer = ask("approval-expired")

    assert statuses(answer) == {arn(1): "Rejected"}
    assert answer["decisions"][0]["reason"] == "Nobody answered until 2026-02-07 12:00 UTC"


@pytest.mark.parametrize("decided", ["Approved", "Rejected"])
def test_an_expiry_after_a_decision_does_nothing(decided):
    project("manual")
    register(PENDING, PENDING)
    decide(1, decided)

    assert ask("approval-expired")["decisions"] == []


def test_news_of_a_run_that_comes_after_the_expiry_rejects_instead_of_asking():
    project("manual")
    register(PENDING, PENDING)

    answer = ask(now="2026-02-07T12:00:00.000Z")

    assert statuses(answer) == {arn(1): "Rejected", arn(2): "Rejected"}


def test_a_package_that_was_deleted_is_passed_over():
    project()
    register(PENDING)

    assert statuses(ask()) == {arn(1): "Approved"}


@pytest.mark.parametrize(("status", "outcome"), [("retired", "retired"), (None, "no_such_project")])
def test_without_an_active_project_nothing_is_decided(status, outcome):
    if status:
        project(status=status)
    register(PENDING, PENDING)

    assert ask()["outcome"] == outcome


def test_no_crash_changes_what_is_decided():
    answers = []

    def prepare():
        project("manual")
        register(PENDING, PENDING)

    def deliver(number):
        answers[:] = [ask(now=f"2026-01-31T12:00:0{number}.000Z")]

    def seen():
        return statuses(answers[0]), [each["expires_at"] for each in answers[0]["questions"]]

    model = ({arn(2): "Rejected"}, [f"{datetime(2026, 2, 7, 12):%Y-%m-%dT%H:%M:%S}"])
    assert explore(Scenario(prepare, deliver, seen, model)) == []
