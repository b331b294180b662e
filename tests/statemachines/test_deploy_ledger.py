"""deploy with its own planning and a ledger: what the flow writes is what the next plan reads."""

import pytest
from deploy.plan_deployment import handler
from tidewheel.aws import ledger
from tidewheel.aws.clients import client

from tests.functions.deploy import world
from tests.statemachines.rollouts import DONE, SAID, TOLD
from tests.statemachines.runner import Error, play

pytestmark = pytest.mark.usefixtures("aws")

TOKENS = {"Ledger": "ledger", "Bus": "tidewheel", "Prefix": "tw"}


def write(arguments):
    """DynamoDB as Step Functions calls it."""
    try:
        return client("dynamodb").transact_write_items(**arguments)
    except client("dynamodb").exceptions.TransactionCanceledException as cancelled:
        raise Error("DynamoDb.TransactionCanceledException", str(cancelled)) from cancelled


def correct(arguments):
    return client("sagemaker").update_model_package(**arguments)


def turn(event, *verdicts):
    """The flow woken by an event; the endpoint turns out as `verdicts` say."""
    answers = {
        "PlanDeployment": lambda given: handler(given["Payload"], world.Context()),
        "VerifyEndpoint": [{"answer": verdict, "stands_on": "x", "reason": "as seen"} for verdict in verdicts],
        "MovePointer": write,
        "RecordFailure": write,
        "CorrectRegistry": correct,
        "RejectRolledBack": correct,
    }
    return play("deploy", event, DONE | SAID | TOLD | answers, TOKENS)


def champion():
    row = ledger.get("bikeshare", "endpoint")
    return row["live_version"], row["previous"].rpartition("/")[2], "execution" in row


def test_two_models_a_rollback_and_another_one_turn_by_turn():
    world.project()
    world.register("Approved", "Approved", "Approved")

    ends = [turn(world.approved(1), "verified").end, turn(world.approved(2), "verified").end]
    assert (ends, champion()) == (["MovePointer"] * 2, (2, "1", False))

    turn(world.wanted_back(), "verified")
    assert champion() == (1, "", False)
    assert turn(world.approved(2)).output["answer"] == "not_approved"

    turn(world.approved(3), "verified")
    assert champion() == (3, "1", False)
    assert world.deployments() == {
        "000001#00001": "done",
        "000001#00003": "done",
        "000002#00002": "rolled_back",
        "000003#00004": "done",
    }


def test_a_failed_rollout_leaves_the_champion_and_frees_the_claim():
    world.project()
    world.register("Approved", "Approved", "Approved")
    turn(world.approved(1), "verified")

    turn(world.approved(2), "failed", "verified")

    assert champion() == (1, "", False)
    failed = ledger.get("bikeshare", "deployment", "000002#00002")
    assert (failed["status"], failed["reason"]) == ("failed", "as seen")
    assert turn(world.approved(2)).output["answer"] == "not_approved"
    assert turn(world.approved(3), "verified").end == "MovePointer"


def test_a_first_rollout_that_fails_leaves_no_champion():
    world.project()
    world.register("Approved")

    turn(world.approved(1), "failed")

    assert champion() == (0, "", False)


def test_an_execution_whose_claim_was_taken_over_moves_nothing():
    world.project()
    world.register("Approved", "Approved")
    slow = {"event": world.approved(1), "execution": f"{world.EXECUTIONS}:slow", "now": world.NOW}
    planned = handler(slow, world.Context())
    turn(world.approved(2), "verified")

    answers = {"PlanDeployment": planned, "VerifyEndpoint": {"answer": "verified", "stands_on": "x", "reason": ""}}
    late = play("deploy", world.approved(1), DONE | TOLD | answers | {"MovePointer": write}, TOKENS)

    assert late.error == "DynamoDb.TransactionCanceledException"
    assert champion()[0] == 2
