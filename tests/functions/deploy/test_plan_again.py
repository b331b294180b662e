"""PlanDeployment asked again: what was answered stays answered, what could not be said is said."""

import pytest
from deploy.plan_deployment import handler

from tests.functions.deploy import world

pytestmark = pytest.mark.usefixtures("aws")
OTHER = f"{world.EXECUTIONS}:other"


def plan(event, execution):
    return handler({"event": event, "execution": execution, "now": world.NOW}, world.Context())


def deploy(version):
    """A rollout from plan to verified."""
    world.serves(version, plan(world.approved(version), f"{world.EXECUTIONS}:one"))


def test_what_an_execution_recorded_and_could_not_say_is_said_by_the_next():
    world.project()
    world.register("Approved", "Approved")
    deploy(2)
    plan(world.approved(1), cut := world.run("cut"))

    world.stop(cut)

    assert plan(world.approved(1), OTHER)["answer"] == "stale"


def test_a_late_duplicate_of_an_approval_that_was_rolled_out_is_no_stale_one():
    world.project()
    world.register("Approved", "Approved")
    deploy(1)
    deploy(2)

    assert plan(world.approved(1), OTHER)["answer"] == "already_answered"
    assert list(world.deployments().values()) == ["done", "done"]


def test_a_rollout_that_had_failed_before_it_was_cut_off_keeps_its_reason():
    world.project()
    world.register("Approved")
    plan(world.approved(1), cut := world.run("cut"))
    world.decide(1, "Rejected", "Rollout failed: golden row 3 is wrong")
    world.stop(cut)

    planned = plan(world.approved(1), OTHER)

    assert (planned["answer"], planned["reason"]) == ("go_back", "golden row 3 is wrong")
