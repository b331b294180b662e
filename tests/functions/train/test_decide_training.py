"""DecideTraining: its answer is in the ledger, once, whatever happens on the way."""

import json
from datetime import timedelta

import boto3
from tidewheel.aws import ledger, trainings
from tidewheel.domain.identity import short
from train.decide_training import handler

from tests.functions.context import Context
from tests.functions.crash import Scenario, explore
from tests.functions.train.world import NOW, event, put_dataset, put_project

ROLE = "arn:aws:iam::123456789012:role/flow"


def decide(**given):
    return handler(event(**given), Context())


def died(execution, now=NOW):
    detail = {"executionArn": execution, "status": "ABORTED", "stateMachineArn": "train"}
    wake = {"detail-type": "Step Functions Execution Status Change", "detail": detail}
    return handler({"event": wake, "execution": "execution-9", "now": now.isoformat()}, Context())


def living_execution():
    """The ARN of an execution that runs."""
    states = boto3.client("stepfunctions")
    machine = states.create_state_machine(name="train", definition="{}", roleArn=ROLE)["stateMachineArn"]
    return states.start_execution(stateMachineArn=machine)["executionArn"]


def test_the_first_dataset_starts_a_run_and_says_so_in_three_rows(aws):
    put_project()
    put_dataset()

    decided = decide()

    run, decision = (
        ledger.get("bikes", "run", decided["run_id"]),
        ledger.get("bikes", "decision", decided["decision_id"]),
    )
    assert decided["answer"] == "started"
    assert trainings.read("bikes").owner == decided["run_id"]
    assert (run["status"], run["dataset_ids"]) == ("running", ["ds-1"])
    assert (decision["answer"], decision["trigger"], decision["facts"]["new_rows"]) == ("started", "upload", 240)


def test_an_event_of_an_unknown_project_is_skipped_with_the_reason(aws):
    decided = decide()

    assert decided["answer"] == "skipped"
    assert decided["reasons"] == ["the project is not registered, or retired"]


def test_a_dataset_that_meets_a_run_waits_for_it(aws):
    put_project()
    put_dataset()
    decide()
    put_dataset("ds-2", accepted=1)

    decided = decide(dataset_id="ds-2", execution="execution-2")

    assert decided["answer"] == "coalesced"
    assert trainings.read("bikes").pending == ("dataset:bikes/ds-2",)


def test_a_wake_rings_when_the_time_is_over_and_not_within_its_last_second(aws):
    put_project(retrain={"freeze": [{"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00.400Z"}]})
    put_dataset()

    assert decide()["wake"]["at"] == "2026-04-01T00:00:01"


def test_a_parked_decision_carries_its_wake(aws):
    put_project(retrain={"freeze": [{"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z"}]})
    put_dataset()

    decided = decide()

    assert decided["answer"] == "parked"
    assert decided["wake"]["at"] == "2026-04-01T00:00:00"
    assert decided["wake"]["name"].startswith("tw-bikes-wake-")
    assert len(decided["wake"]["name"]) <= 64


def test_the_hours_of_this_months_jobs_are_counted(aws):
    put_project(retrain={"monthly_hours": 1.0})
    put_dataset()
    job = {"name": "j", "instance": "ml.m5.large", "count": 2, "billable_seconds": 1800}
    ledger.write(ledger.put("bikes", "run", "r", {"jobs": [job], "updated_at": NOW.isoformat()}))

    assert decide()["answer"] == "parked"


def test_a_holder_that_lives_keeps_its_lease_past_the_hour(aws):
    put_project()
    put_dataset()
    holder = living_execution()
    decide(execution=holder)
    put_dataset("ds-2", accepted=1)

    later = NOW + timedelta(hours=3)
    decided = decide(dataset_id="ds-2", execution="execution-2", now=later)

    assert decided["answer"] == "coalesced"
    assert trainings.read("bikes").lease_until == later + timedelta(hours=1)


def test_a_dead_holders_lease_is_taken_over_and_its_run_recorded_as_failed(aws):
    put_project()
    put_dataset()
    first = decide(execution="arn:aws:states:eu-west-1:123456789012:execution:train:gone")
    put_dataset("ds-2", accepted=1)

    second = decide(dataset_id="ds-2", execution="execution-2", now=NOW + timedelta(hours=2))

    assert second["answer"] == "started"
    assert second["fence"] == first["fence"] + 1
    assert ledger.get("bikes", "run", first["run_id"])["status"] == "failed"


def test_a_cause_whose_execution_died_before_the_decision_is_decided_when_the_end_is_told(aws):
    put_project()
    put_dataset()
    detail = {"executionArn": "execution-1", "status": "FAILED", "input": json.dumps(event()["event"])}
    told = {"detail-type": "Step Functions Execution Status Change", "detail": detail}

    answers = [handler({"event": told, "execution": name, "now": NOW.isoformat()}, Context()) for name in "aab"]

    assert [each["answer"] for each in answers] == ["started", "started", "ignored"]  # tried again, and told again
    assert answers[0]["cause_id"] == "dataset:bikes/ds-1"


def test_a_stopped_execution_frees_the_lease_at_once(aws):
    put_project()
    put_dataset()
    run_id = decide()["run_id"]

    answer = died("execution-1")["answer"]

    assert answer == "skipped"
    assert trainings.read("bikes").owner == ""
    assert ledger.get("bikes", "run", run_id)["error"] == "its execution ended as ABORTED"


def test_the_end_of_an_execution_that_holds_nothing_is_ignored(aws):
    assert died("execution-1")["answer"] == "ignored"


RUN = "bikes-00001-" + short("dataset:bikes/ds-1", 6)
MACHINE = "arn:aws:states:eu-west-1:123456789012:execution:train"


def prepare():
    put_project()
    put_dataset()


def world():
    decisions = [(row["answer"], row["run_id"]) for row in ledger.rows("bikes", "decision")]
    runs = [(row["sk"], row["status"]) for row in ledger.rows("bikes", "run")]
    return trainings.read("bikes").owner, decisions, runs


def test_a_crash_at_any_call_ends_as_if_nothing_had_happened(aws):
    model = (RUN, [("started", RUN)], [(f"run#{RUN}", "running")])

    assert explore(Scenario(prepare, lambda _: decide(), world, model)) == []


def test_a_redelivery_in_another_execution_goes_on_with_the_same_run(aws):
    model = (RUN, [("started", RUN)], [(f"run#{RUN}", "running")])

    def deliver(number):
        return decide(execution=f"{MACHINE}:number-{number}")

    assert explore(Scenario(prepare, deliver, world, model)) == []
