"""deploy, path by path: what becomes of a plan when all goes well."""

import pytest

from tests.statemachines.rollouts import (
    APPROVED,
    FIRST,
    HAPPY,
    NEW,
    OLD,
    ROLLOUT,
    TOLD,
    event,
    planned,
    pointer,
    rolled_out,
    seen,
    traffic,
)
from tests.statemachines.runner import Error, play


def test_an_approved_model_takes_over_in_eleven_transitions():
    played = rolled_out(seen())

    assert played.path == HAPPY
    assert traffic(played) == [NEW["config_name"]]
    assert pointer(played)["ExpressionAttributeValues"][":live"] == {"S": "arn:pkg/2"}
    assert pointer(played)["ExpressionAttributeValues"][":previous"] == {"S": "arn:pkg/1"}
    assert pointer(played)["ConditionExpression"] == "fence = :fence AND execution = :execution"
    assert event(played, "PublishUpdated")[0] == "EndpointUpdated"


def test_the_first_model_gets_an_endpoint_of_its_own():
    played = rolled_out(seen(), plan=planned(rollout=FIRST))

    assert played.path == [state.replace("UpdateEndpoint", "CreateEndpoint") for state in HAPPY]
    assert traffic(played) == []


def test_an_endpoint_of_eight_minutes_is_looked_at_a_few_times_only():
    played = rolled_out(*[seen("waiting", OLD["config_name"])] * 12, seen())

    assert played.waits == [120, *[30] * 12]
    assert played.end == "MovePointer"


def test_a_model_and_a_configuration_that_exist_are_adopted():
    exists = Error("SageMaker.AmazonSageMakerException", "Cannot create already existing model")
    model = {"PrimaryContainer": {"ModelPackageName": "arn:pkg/2", "Environment": ROLLOUT["environment"]}}
    config = {"ProductionVariants": [{**ROLLOUT["variant"], "InitialInstanceCount": 1}]}

    played = rolled_out(
        seen(), CreateModel=exists, AdoptModel=model, CreateEndpointConfig=exists, AdoptEndpointConfig=config
    )

    assert played.end == "MovePointer"


def test_an_update_whose_answer_was_lost_is_judged_by_what_the_endpoint_became():
    lost = Error("SageMaker.AmazonSageMakerException", "Cannot update in-progress endpoint")

    played = rolled_out(seen("waiting", OLD["config_name"]), seen(), UpdateEndpoint=lost)

    assert played.end == "MovePointer"


def test_what_a_cut_off_execution_had_finished_is_verified_and_not_done_again():
    played = rolled_out(seen(), plan=planned(rollout=ROLLOUT | {"stands_on": NEW["config_name"]}))

    assert traffic(played) == []
    assert played.end == "MovePointer"


def test_a_rollback_denies_the_bad_version_first_and_says_rolled_back():
    plan = planned("rollback", reason="it is  rude\nto people")

    played = rolled_out(seen(), plan=plan)

    assert played.path == [*HAPPY[:2], "RejectRolledBack", *HAPPY[2:]]
    assert played.asked("RejectRolledBack") == [
        {
            "ModelPackageArn": "arn:pkg/1",
            "ModelApprovalStatus": "Rejected",
            "ApprovalDescription": "Rolled back: it is rude to people",
        }
    ]
    assert event(played, "PublishUpdated") == ("RolledBack", event(played, "PublishUpdated")[1])


@pytest.mark.parametrize("error", ["SageMaker.ConflictException", "SageMaker.SageMakerException"])
def test_a_rollback_goes_on_when_the_registry_does_not_answer(error):
    played = rolled_out(seen(), plan=planned("rollback"), RejectRolledBack=Error(error, "no"))

    assert played.end == "MovePointer"


@pytest.mark.parametrize("answer", ["stale", "nothing_to_go_back_to"])
def test_an_answer_that_changes_nothing_is_published(answer):
    played = play("deploy", APPROVED, {"PlanDeployment": planned(answer, None), **TOLD})

    assert event(played, "PublishSkipped")[0] == "RolloutSkipped"
    assert event(played, "PublishSkipped")[1]["answer"] == answer
    assert (played.status, played.end) == ("SUCCEEDED", "Unchanged")


@pytest.mark.parametrize("answer", ["already_live", "already_answered", "not_approved", "retired", "not_ours"])
def test_an_event_that_asks_for_nothing_ends_quietly(answer):
    played = play("deploy", APPROVED, {"PlanDeployment": planned(answer, None)})

    assert played.path == ["PlanDeployment", "WhatToDo", "NothingToDo"]
    assert played.output["answer"] == answer


def test_a_dead_endpoint_is_cleared_and_the_plan_made_anew():
    played = rolled_out(seen(), PlanDeployment=[planned("clear", None), planned(rollout=FIRST)], ClearEndpoint={})

    assert played.asked("ClearEndpoint") == [{"EndpointName": "tw-bikeshare"}]
    assert played.end == "MovePointer"


def test_a_rollout_under_way_is_waited_for_and_then_judged_anew():
    busy = Error("RolloutUnderWay", "Another rollout is under way")

    played = play("deploy", APPROVED, {"PlanDeployment": [busy, busy, planned("stale", None)], **TOLD})

    assert played.waits == [60, 60]
    assert event(played, "PublishSkipped")[1]["answer"] == "stale"


@pytest.mark.parametrize(
    ("key", "encrypted", "said"), [("", True, None), ("arn:key", True, "arn:key"), ("arn:key", False, None)]
)
def test_the_volumes_are_encrypted_by_the_stacks_key_where_there_is_one_and_the_instance_takes_it(key, encrypted, said):
    plan = planned(rollout=ROLLOUT | {"encrypted": encrypted})

    played = rolled_out(seen(), plan=plan, tokens={"Key": key})

    assert played.asked("CreateEndpointConfig")[0].get("KmsKeyId") == said


def test_the_endpoint_that_a_change_of_kind_leaves_over_is_named():
    plan = planned(rollout=FIRST | {"endpoint_name": "tw-bikeshare-serverless", "left": "tw-bikeshare"})

    played = rolled_out(seen(), plan=plan)

    assert event(played, "PublishUpdated")[1]["left_endpoint"] == "tw-bikeshare"
