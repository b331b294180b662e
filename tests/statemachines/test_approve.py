"""approve, path by path: which calls it makes, and where it ends."""

import pytest

from tests.statemachines.runner import Error, play

TRAINED = {"detail-type": "ModelTrained", "detail": {"project": "bikeshare"}}
WINS = {"arn": "arn:pkg/2", "status": "Approved", "reason": "better"}
LOSES = {"arn": "arn:pkg/3", "status": "Rejected", "reason": "worse"}
QUESTION = {
    "subject": "bikeshare/2 waits for your approval",
    "message": "{}",
    "schedule": "tw-bikeshare-expire-0a1b2c3d",
    "expires_at": "2026-02-07T12:00:00",
    "expired": '{"project": "bikeshare"}',
}


def decided(*decisions, questions=()):
    return {"outcome": "decided", "decisions": list(decisions), "questions": list(questions)}


def test_the_winner_is_approved_in_four_transitions():
    played = play("approve", TRAINED, {"DecideApproval": decided(WINS), "UpdatePackage": {}})

    assert played.path == ["DecideApproval", "ApplyDecisions", "UpdatePackage", "AskPeople"]
    assert played.asked("UpdatePackage") == [
        {"ModelPackageArn": "arn:pkg/2", "ModelApprovalStatus": "Approved", "ApprovalDescription": "better"}
    ]


def test_the_loser_is_rejected_with_its_reason():
    played = play("approve", TRAINED, {"DecideApproval": decided(WINS, LOSES), "UpdatePackage": {}})

    assert [asked["ModelApprovalStatus"] for asked in played.asked("UpdatePackage")] == ["Approved", "Rejected"]


def test_a_second_delivery_changes_nothing():
    played = play("approve", TRAINED, {"DecideApproval": decided()})

    assert (played.status, played.path) == ("SUCCEEDED", ["DecideApproval", "ApplyDecisions", "AskPeople"])


def test_people_are_asked_and_silence_is_given_a_date():
    answers = {"DecideApproval": decided(questions=[QUESTION]), "SendQuestion": {}, "ScheduleExpiry": {}}

    played = play("approve", TRAINED, answers, tokens={"BusArn": "arn:bus", "ScheduleGroup": "tw"})

    [schedule] = played.asked("ScheduleExpiry")
    assert played.asked("SendQuestion")[0]["Subject"] == QUESTION["subject"]
    assert schedule["ScheduleExpression"] == "at(2026-02-07T12:00:00)"
    assert schedule["ActionAfterCompletion"] == "DELETE"
    assert schedule["Target"]["Arn"] == "arn:bus"
    assert schedule["Target"]["Input"] == QUESTION["expired"]


def test_a_question_that_was_scheduled_meanwhile_is_no_failure():
    conflict = Error("Scheduler.ConflictException", "exists")
    answers = {"DecideApproval": decided(questions=[QUESTION]), "SendQuestion": {}, "ScheduleExpiry": conflict}

    played = play("approve", TRAINED, answers)

    assert (played.status, played.end) == ("SUCCEEDED", "AskedBefore")


def test_a_decision_that_somebody_took_meanwhile_is_read_again_and_not_overwritten():
    answers = {
        "DecideApproval": [decided(WINS), decided()],
        "UpdatePackage": Error("SageMaker.ConflictException", "somebody was faster"),
    }

    played = play("approve", TRAINED, answers)

    assert played.status == "SUCCEEDED"
    assert len(played.asked("UpdatePackage")) == 1
    assert played.path[-3:] == ["DecideApproval", "ApplyDecisions", "AskPeople"]


def test_a_busy_registry_is_asked_again():
    busy = [Error("SageMaker.SageMakerException", "Rate exceeded")] * 3
    answers = {"DecideApproval": decided(WINS), "UpdatePackage": [*busy, {}]}

    assert play("approve", TRAINED, answers).status == "SUCCEEDED"


@pytest.mark.parametrize("broken", ["DecideApproval", "UpdatePackage", "SendQuestion", "ScheduleExpiry"])
def test_a_call_that_fails_for_good_ends_by_name_with_its_error(broken):
    answers = {"DecideApproval": decided(WINS, questions=[QUESTION]), "UpdatePackage": {}, "SendQuestion": {}}

    played = play("approve", TRAINED, answers | {broken: Error("SomethingElse", "why")})

    assert (played.status, played.end, played.error) == ("FAILED", "ApproveBroke", "SomethingElse")
    assert played.cause == "why"
