"""What an operator decides: approve, reject, retrain, rollback."""

import json

import pytest
from tidewheel.aws.clients import client

from cli.trace import decision_id
from tests.cli.world import arn, packaged, save, serving


@pytest.fixture
def heard(stack):
    """What was said on the stack's bus."""
    entries = []

    def listen(params, **_):
        entries.extend(json.loads(params["body"])["Entries"])

    client("events").meta.events.register("before-call.events.PutEvents", listen)
    return entries


def served_twice():
    """Version 1 served, then version 2."""
    packaged("Approved", "Approved")
    serving(1)
    serving(2)


def registry(number):
    return client("sagemaker").describe_model_package(ModelPackageName=arn(number))


@pytest.mark.parametrize(("verb", "status"), [("approve", "Approved"), ("reject", "Rejected")])
def test_a_word_changes_the_registry_and_keeps_the_reason(stack, tidewheel, verb, status):
    packaged("PendingManualApproval")

    code, _, _ = tidewheel(verb, "bikeshare/1", "--reason", "seen on the dashboard")

    assert code == 0
    assert registry(1)["ModelApprovalStatus"] == status
    assert registry(1)["ApprovalDescription"] == "seen on the dashboard"


def test_the_same_word_twice_changes_nothing(stack, tidewheel):
    packaged("Approved", why="better")

    code, out, _ = tidewheel("approve", "bikeshare/1", "--reason", "again")

    assert code == 3
    assert "is Approved already: better" in out
    assert registry(1)["ApprovalDescription"] == "better"


@pytest.mark.parametrize("version", ["bikeshare", "bikeshare/two", "bikeshare/7"])
def test_a_version_that_is_none_is_one_sentence(stack, tidewheel, version):
    code, _, complaint = tidewheel("approve", version, "--reason", "x")

    assert code == 2
    assert complaint.startswith(f"tidewheel: {version}: ")


def test_a_reason_must_be_given(stack, tidewheel):
    with pytest.raises(SystemExit) as stopped:
        tidewheel("approve", "bikeshare/1")

    assert stopped.value.code == 2


def test_a_retraining_is_asked_for_on_the_bus_and_its_decision_has_an_id(heard, facts):
    told = facts("retrain", "bikeshare", "--reason", "new streets")

    said = json.loads(heard[0]["Detail"])
    assert (heard[0]["Source"], heard[0]["DetailType"]) == ("tidewheel.operator", "RetrainingRequested")
    assert (said["project"], said["reason"], said["schema"]) == ("bikeshare", "new streets", 1)
    assert said["requested_by"].startswith("arn:aws:")
    assert told["decision_id"] == decision_id(said["cause_id"])


def test_with_nothing_to_go_back_to_the_answer_is_code_3_and_nothing_is_said(heard, tidewheel):
    serving(1)

    code, out, _ = tidewheel("rollback", "bikeshare", "--reason", "x")

    assert (code, heard) == (3, [])
    assert "nothing to go back to" in out


def test_a_model_that_was_rejected_since_is_not_gone_back_to(heard, tidewheel):
    packaged("Rejected", "Approved")
    serving(1)
    serving(2)

    assert (tidewheel("rollback", "bikeshare", "--reason", "x")[0], heard) == (3, [])


def test_a_rollback_names_the_model_it_goes_back_to(heard, facts):
    served_twice()

    told = facts("rollback", "bikeshare", "--reason", "angry customers")

    assert told["target"] == "bikeshare/1"
    assert heard[0]["DetailType"] == "RollbackRequested"


def _when_asked(then):
    """The stack's own reaction to the request, as soon as the event is on the bus."""
    client("events").meta.events.register("after-call.events.PutEvents", lambda **_: then())


def test_watching_ends_when_the_pointer_has_moved(stack, tidewheel):
    served_twice()
    _when_asked(lambda: serving(1, revision=3))

    code, out, _ = tidewheel("rollback", "bikeshare", "--reason", "x", "--watch")

    assert (code, out) == (0, "bikeshare/1 serves again, verified.\n")


def test_a_rollback_that_fails_says_why_with_code_1(stack, tidewheel):
    served_twice()
    row = {"package_arn": arn(1), "status": "failed", "reason": "no capacity"}
    _when_asked(lambda: save("bikeshare", "deployment", "000001#00009", row))

    code, out, _ = tidewheel("rollback", "bikeshare", "--reason", "x", "--watch")

    assert (code, out) == (1, "bikeshare/1 does not serve: no capacity\n")
