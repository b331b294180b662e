"""deploy, path by path: whatever fails, traffic ends on the last good model and everybody is told."""

import pytest

from tests.statemachines.rollouts import (
    FAILED_END,
    FIRST,
    NEW,
    OLD,
    ROLLOUT,
    event,
    planned,
    pointer,
    rolled_out,
    seen,
    traffic,
)
from tests.statemachines.runner import Error


@pytest.mark.parametrize(
    ("adopt", "found"),
    [
        ("AdoptModel", {"PrimaryContainer": {"ModelPackageName": "arn:pkg/9", "Environment": ROLLOUT["environment"]}}),
        ("AdoptModel", {"PrimaryContainer": {"Image": "somebody's", "ModelDataUrl": "s3://somewhere"}}),
        ("AdoptEndpointConfig", {"ProductionVariants": [{"VariantName": "live", "ModelName": "another"}]}),
        ("AdoptEndpointConfig", {"ProductionVariants": [ROLLOUT["variant"], ROLLOUT["variant"]]}),
    ],
)
def test_what_carries_our_name_and_is_not_ours_is_not_adopted(adopt, found):
    exists = Error("SageMaker.AmazonSageMakerException", "Cannot create already existing")

    played = rolled_out(**{adopt.replace("Adopt", "Create"): exists, adopt: found})

    assert played.path[-6:] == FAILED_END
    assert traffic(played) == []
    assert "already existing" in event(played)[1]["reason"]


def test_a_model_that_cannot_be_made_is_a_failure_that_touches_no_traffic():
    refused = Error("SageMaker.AmazonSageMakerException", "Access denied")

    played = rolled_out(CreateModel=refused, AdoptModel=Error("SageMaker.SageMakerException", "Could not find model"))

    assert played.path[-6:] == FAILED_END
    assert traffic(played) == []
    assert event(played) == ("RolloutFailed", event(played)[1])
    assert played.asked("CorrectRegistry")[0]["ApprovalDescription"] == "Rollout failed: CreateModel: Access denied"


def test_a_silent_rollback_is_a_failure_and_the_old_model_is_verified():
    silent = seen("failed", OLD["config_name"], "SageMaker went back to the old one")

    played = rolled_out(silent, seen(stands_on=OLD["config_name"]))

    assert traffic(played) == [NEW["config_name"]]
    assert played.asked("CorrectRegistry")[0]["ModelApprovalStatus"] == "Rejected"
    assert event(played)[1]["reason"] == "SageMaker went back to the old one"
    assert played.asked("MovePointer") == []
    assert played.path[-6:] == FAILED_END


def test_wrong_answers_put_the_last_good_model_back_into_service():
    played = rolled_out(seen("failed", reason="Golden row 3 is wrong"), seen(stands_on=OLD["config_name"]))

    assert traffic(played) == [NEW["config_name"], OLD["config_name"]]
    assert [asked["Payload"]["goal"] for asked in played.asked("VerifyEndpoint")] == [NEW, OLD]
    assert event(played)[1]["reason"] == "Golden row 3 is wrong"
    assert played.path[-6:] == FAILED_END


def test_an_endpoint_that_cannot_be_looked_at_is_not_verified_and_goes_back():
    lost = Error("GoldenRowsMissing", "nothing says which run")

    played = rolled_out(VerifyEndpoint=[lost, seen(stands_on=OLD["config_name"])])

    assert traffic(played) == [NEW["config_name"], OLD["config_name"]]
    assert event(played)[1]["reason"] == "VerifyEndpoint: nothing says which run"
    assert played.status == "SUCCEEDED"


def test_a_way_back_that_fails_too_calls_for_people():
    played = rolled_out(seen("failed", reason="wrong"), seen("failed", reason="still wrong"))

    assert (played.status, played.error) == ("FAILED", "PeopleNeeded")
    assert played.cause == "wrong. On the way back: still wrong"
    assert event(played)[1]["reason"] == played.cause
    assert played.asked("CorrectRegistry")


def test_a_first_model_that_fails_leaves_no_endpoint_and_no_champion():
    played = rolled_out(seen("failed", "x", "The endpoint is Failed"), plan=planned(rollout=FIRST))

    assert played.asked("DeleteEndpoint") == [{"EndpointName": "tw-bikeshare"}]
    assert played.asked("MovePointer") == []
    assert "live" not in pointer(played, "RecordFailure")["UpdateExpression"]
    assert played.end == "Unchanged"


def test_an_endpoint_that_was_never_made_needs_no_deletion():
    played = rolled_out(seen("failed", "", "There is no endpoint"), plan=planned(rollout=FIRST))

    assert played.asked("DeleteEndpoint") == []
    assert event(played)[1]["reason"] == "There is no endpoint"


def test_an_endpoint_that_cannot_even_be_deleted_is_named():
    gone = Error("SageMaker.SageMakerException", "Could not find endpoint")

    played = rolled_out(seen("failed", "x", "It is Failed"), plan=planned(rollout=FIRST), DeleteEndpoint=gone)

    assert event(played)[1]["reason"] == "It is Failed. DeleteEndpoint: Could not find endpoint"


def test_an_update_that_was_refused_says_why():
    quota = Error("SageMaker.ResourceLimitExceededException", "0 instances left")
    found = seen("failed", OLD["config_name"], "The endpoint stands elsewhere")

    played = rolled_out(found, seen(stands_on=OLD["config_name"]), UpdateEndpoint=quota)

    assert event(played)[1]["reason"] == "The endpoint stands elsewhere (UpdateEndpoint: 0 instances left)"


def test_an_endpoint_that_moves_for_an_hour_is_given_up():
    played = rolled_out(*[seen("waiting", OLD["config_name"], "The endpoint is Updating")] * 130, seen(stands_on="x"))

    assert sum(played.waits[:120]) > 3600
    assert event(played)[1]["reason"].startswith("The endpoint is Updating")


def test_a_failed_rollback_does_not_blame_the_model_that_it_went_for():
    plan = planned("rollback")

    played = rolled_out(
        seen("failed", OLD["config_name"], "no capacity"), seen(stands_on=OLD["config_name"]), plan=plan
    )

    assert played.asked("CorrectRegistry") == []
    assert event(played)[0] == "RolloutFailed"


def test_a_cut_off_rollout_that_was_rejected_meanwhile_goes_back():
    plan = planned("go_back", ROLLOUT | {"stands_on": NEW["config_name"]}, reason="The rollout was cut off")

    played = rolled_out(seen(stands_on=OLD["config_name"]), plan=plan)

    assert traffic(played) == [OLD["config_name"]]
    assert played.asked("CorrectRegistry") == []
    assert event(played)[1]["reason"] == "The rollout was cut off"


def test_an_execution_that_lost_its_claim_moves_nothing():
    fenced = Error("DynamoDb.TransactionCanceledException", "ConditionalCheckFailed")

    played = rolled_out(seen(), MovePointer=fenced)

    assert (played.status, played.error) == ("FAILED", "DynamoDb.TransactionCanceledException")
    assert played.end == "DeployBroke"


@pytest.mark.parametrize("broken", ["PlanDeployment", "MovePointer", "PublishUpdated"])
def test_a_call_that_fails_for_good_ends_by_name(broken):
    played = rolled_out(seen(), **{broken: Error("SomethingElse", "why")})

    assert (played.status, played.end, played.cause) == ("FAILED", "DeployBroke", "why")


def test_a_registry_that_cannot_be_corrected_is_not_passed_over():
    down = Error("SageMaker.SageMakerException", "down")

    played = rolled_out(seen("failed"), seen(stands_on=OLD["config_name"]), CorrectRegistry=down)

    assert (played.error, played.cause) == ("PeopleNeeded", "as seen. UpdateModelPackage: down")
