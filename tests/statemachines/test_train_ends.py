"""The train flow, played: how a cause ends that is not trained, interrupted, followed up or failed."""

import json

import pytest

from tests.statemachines.runner import Error
from tests.statemachines.training import CANCELLED, DECIDED, JOB, TAKEN, published, run


def test_what_waits_at_the_end_is_followed_by_one_more_run():
    played = run(FinishRun=CANCELLED, HandOver={}, RequestFollowUp={"FailedEntryCount": 0})

    assert played.path[-3:] == ["FinishRun", "HandOver", "RequestFollowUp"]
    assert published(played, "RequestFollowUp") == [
        (
            "RetrainingDue",
            {"schema": 1, "project": "bikes", "cause_id": f"follow-up:{DECIDED['run_id']}", "trigger": "follow_up"},
        )
    ]


def test_an_execution_that_lost_its_lease_writes_nothing_more():
    played = run(FinishRun=CANCELLED, HandOver=CANCELLED)

    assert (played.status, played.error) == ("FAILED", "Superseded")


@pytest.mark.parametrize("answer", ["skipped", "coalesced"])
def test_what_is_not_trained_is_published_with_its_reasons(answer):
    played = run(DecideTraining=DECIDED | {"answer": answer}, PublishSkipped={"FailedEntryCount": 0})

    ((kind, detail),) = published(played, "PublishSkipped")
    assert played.path == ["DecideTraining", "ShallTrain", "PublishSkipped"]
    assert (kind, detail["answer"], detail["reasons"]) == ("TrainingSkipped", answer, DECIDED["reasons"])


@pytest.mark.parametrize("scheduled", [{}, Error("Scheduler.ConflictException", "it exists")])
def test_what_is_parked_is_woken_once(scheduled):
    wake = {"name": "tw-bikes-wake-1", "at": "2026-04-01T00:00:00", "detail": "{}"}

    played = run(
        DecideTraining=DECIDED | {"answer": "parked", "wake": wake},
        ScheduleWake=scheduled,
        PublishSkipped={"FailedEntryCount": 0},
    )

    assert played.path == ["DecideTraining", "ShallTrain", "ScheduleWake", "PublishSkipped"]
    assert played.asked("ScheduleWake")[0]["ScheduleExpression"] == "at(2026-04-01T00:00:00)"


def test_an_answered_cause_ends_at_once():
    assert run(DecideTraining=DECIDED | {"answer": "ignored"}).path == ["DecideTraining", "ShallTrain", "NothingToDo"]


def test_a_job_that_this_run_began_before_it_was_interrupted_is_adopted():
    played = run(
        TrainCandidate=TAKEN,
        DescribeTraining=[{"TrainingJobStatus": "InProgress"}, {"TrainingJobStatus": "Completed"}],
        EvaluateCandidates=TAKEN,
        DescribeEvaluation=[{"ProcessingJobStatus": "InProgress"}, {"ProcessingJobStatus": "Completed"}],
    )

    assert played.status == "SUCCEEDED"
    assert played.asked("DescribeTraining")[0] == {"TrainingJobName": JOB}
    assert played.waits == [60, 60]


def failure(played):
    [(kind, detail)] = published(played, "PublishFailed")
    assert kind == "TrainingFailed"
    assert played.path[-3:] == ["PublishFailed", "RecordFailure", "TrainingFailed"]  # said first: none ends unsaid
    assert (played.status, played.error) == ("FAILED", detail["error"])
    return detail["error"], detail["message"]


def lambda_error(name, message):
    return Error(name, json.dumps({"errorMessage": message, "errorType": name, "stackTrace": []}))


JOB_FAILED = json.dumps({"TrainingJobStatus": "Failed", "FailureReason": "AlgorithmError: y: no row has a label"})


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"PlanTraining": lambda_error("TrainingDataUnusable", "datasets: there are no labelled rows")},
            ("TrainingDataUnusable", "datasets: there are no labelled rows"),
        ),
        (
            {"TrainCandidate": Error("States.TaskFailed", JOB_FAILED)},
            ("TrainingFailed", "AlgorithmError: y: no row has a label"),
        ),
        (
            {"TrainCandidate": TAKEN, "DescribeTraining": {"TrainingJobStatus": "Stopped"}},
            ("TrainingFailed", "The job is Stopped"),
        ),
        (
            {"EvaluateCandidates": Error("States.TaskFailed", json.dumps({"ExitMessage": "y: no holdout row"}))},
            ("States.TaskFailed", "y: no holdout row"),
        ),
        (
            {"EvaluateCandidates": TAKEN, "DescribeEvaluation": {"ProcessingJobStatus": "Failed"}},
            ("EvaluationFailed", "The job is Failed"),
        ),
        ({"JudgeCandidates": lambda_error("KeyError", "'rows'")}, ("KeyError", "'rows'")),
        (
            {"RegisterCandidate": Error("SageMaker.ResourceNotFound", "no group")},
            ("SageMaker.ResourceNotFound", "no group"),
        ),
    ],
)
def test_a_failure_is_recorded_published_and_frees_the_lease(answers, said):
    played = run(**answers)

    assert failure(played) == said
    training, failed = (each["Update"] for each in played.asked("RecordFailure")[0]["TransactItems"])
    assert training["ConditionExpression"] == "#owner = :run AND fence = :fence"
    assert failed["ExpressionAttributeValues"][":error"] == {"S": f"{said[0]}: {said[1]}"}


def test_a_full_account_is_waited_out():
    full = Error("SageMaker.ResourceLimitExceededException", "0 instances are left")

    played = run(TrainCandidate=[full, full, {"TrainingJobStatus": "Completed"}])

    assert played.status == "SUCCEEDED"
    assert played.waits == [60, 90]


@pytest.mark.parametrize("woken_by", ["DatasetReady", "Step Functions Execution Status Change"])
def test_a_decision_that_cannot_be_taken_does_not_go_round_for_ever(woken_by):
    broken = lambda_error("KeyError", "'rows'")

    played = run({"detail-type": woken_by, "detail": {}}, DecideTraining=broken)

    assert played.end == ("TrainBroke" if woken_by == "DatasetReady" else "LeftAlone")
