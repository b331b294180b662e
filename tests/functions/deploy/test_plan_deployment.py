"""PlanDeployment against a registry, a ledger and endpoints."""

import pytest
from deploy.plan_deployment import handler
from tidewheel.aws import ledger
from tidewheel.domain.errors import RolloutUnderWay

from tests.functions.crash import Scenario, explore
from tests.functions.deploy import world

pytestmark = pytest.mark.usefixtures("aws")
ONE, OTHER = f"{world.EXECUTIONS}:one", f"{world.EXECUTIONS}:other"


def plan(event, execution=ONE, now=world.NOW):
    return handler({"event": event, "execution": execution, "now": now}, world.Context())


def deploy(version, execution=ONE):
    """A rollout from plan to verified."""
    planned = plan(world.approved(version), execution)
    world.serves(version, planned)
    return planned


def test_the_first_approved_model_is_claimed_for_an_endpoint_that_is_not_there_yet():
    world.project()
    world.register("Approved")

    planned = plan(world.approved(1))

    rollout = planned["rollout"]
    assert (planned["answer"], planned["model_version"]) == ("deploy", "bikeshare/1")
    assert (rollout["endpoint_name"], rollout["stands_on"], rollout["last_good"]) == ("tw-bikeshare", "", None)
    assert rollout["environment"]["TIDEWHEEL_MODEL_VERSION"] == "bikeshare/1"
    assert world.deployments() == {"000001#00001": "running"}
    assert ledger.get("bikeshare", "endpoint")["live"] == ""


def test_a_newer_model_knows_what_to_go_back_to():
    world.project()
    world.register("Approved", "Approved")
    first = deploy(1)
    world.make_endpoint("tw-bikeshare", first["rollout"]["intended"]["config_name"], world.arn(1))

    planned = plan(world.approved(2))

    assert planned["rollout"]["last_good"] == first["rollout"]["intended"]
    assert planned["rollout"]["stands_on"] == first["rollout"]["intended"]["config_name"]
    assert planned["rollout"]["previous"] == world.arn(1)
    assert planned["rollout"]["fence"] == 2


def test_the_registry_is_believed_and_not_the_event():
    world.project()
    world.register("Rejected")

    assert plan(world.approved(1))["answer"] == "not_approved"
    assert world.deployments() == {}


def test_an_older_version_is_stale_recorded_once_and_told_once():
    world.project()
    world.register("Approved", "Approved")
    deploy(2)

    first, again, other = plan(world.approved(1)), plan(world.approved(1)), plan(world.approved(1), OTHER)

    assert [first["answer"], again["answer"], other["answer"]] == ["stale", "stale", "already_answered"]
    assert list(world.deployments().values()) == ["stale", "done"]


def test_what_serves_already_is_left_alone():
    world.project()
    world.register("Approved")
    deploy(1)

    assert plan(world.approved(1), "arn:again")["answer"] == "already_live"
    assert world.deployments() == {"000001#00001": "done"}


@pytest.mark.parametrize("group", ["tw-unknown", "tw-2-bikeshare", "tw-", "other-bikeshare", "tw"])
def test_a_group_that_is_no_project_of_ours_ends_quietly(group):
    world.project()
    said = world.approved(1)
    said["detail"]["ModelPackageGroupName"] = group

    assert plan(said)["answer"] == "not_ours"


def test_a_deleted_package_and_a_retired_project_end_quietly():
    world.project(status="retired")
    world.register("Approved")

    assert plan(world.approved(1))["answer"] == "retired"
    assert plan(world.approved(9))["answer"] == "not_approved"


def test_while_another_execution_runs_its_claim_is_waited_for():
    world.project()
    world.register("Approved", "Approved")
    holder = world.run("first")
    plan(world.approved(1), holder)

    with pytest.raises(RolloutUnderWay, match="under way"):
        plan(world.approved(2), "arn:second")
    assert world.deployments() == {"000001#00001": "running"}


def test_a_claim_whose_execution_ended_is_taken_over_and_closed():
    world.project()
    world.register("Approved", "Approved")
    holder = world.run("first")
    plan(world.approved(1), holder)
    world.stop(holder)

    planned = plan(world.approved(2), "arn:second")

    assert (planned["answer"], planned["rollout"]["fence"]) == ("deploy", 2)
    assert world.deployments() == {"000001#00001": "failed", "000002#00002": "running"}


def test_a_claim_that_time_has_ended_is_taken_over_without_asking():
    world.project()
    world.register("Approved", "Approved")
    plan(world.approved(1), world.run("first"))

    assert plan(world.approved(2), "arn:second", now="2026-01-31T20:00:01Z")["answer"] == "deploy"


def test_the_event_of_an_execution_that_was_cut_off_finishes_its_rollout():
    world.project()
    world.register("Approved", "Approved")
    plan(world.approved(2), f"{world.EXECUTIONS}:first")

    planned = plan(world.event("deploy-aborted"), "arn:second")

    assert (planned["answer"], planned["version"], planned["rollout"]["fence"]) == ("deploy", 2, 2)


def test_a_cut_off_rollout_that_was_rejected_meanwhile_is_taken_back():
    world.project()
    world.register("Approved", "Approved")
    deploy(1)
    plan(world.approved(2), f"{world.EXECUTIONS}:first")
    world.decide(2, "Rejected")

    planned = plan(world.event("deploy-aborted"), "arn:second")

    assert planned["answer"] == "go_back"
    assert planned["rollout"]["last_good"]["package_arn"] == world.arn(1)


@pytest.mark.parametrize("status", ["Updating", "Creating", "SystemUpdating", "RollingBack", "Deleting"])
def test_an_endpoint_that_somebody_else_changes_is_waited_for(status):
    world.project()
    world.register("Approved")
    world.make_endpoint("tw-bikeshare", "somebody-elses", world.arn(1), status)

    with pytest.raises(RolloutUnderWay, match=status):
        plan(world.approved(1))


def test_a_failed_endpoint_has_to_be_cleared_first():
    world.project()
    world.register("Approved")
    world.make_endpoint("tw-bikeshare", "dead", world.arn(1), "Failed")

    planned = plan(world.approved(1))

    assert (planned["answer"], planned["endpoint_name"]) == ("clear", "tw-bikeshare")
    assert world.deployments() == {}


def test_a_change_of_kind_makes_another_endpoint_and_names_the_old_one():
    world.project()
    world.register("Approved", "Approved")
    deploy(1)
    world.project(kind="serverless", memory_mb=1024)

    rollout = plan(world.approved(2))["rollout"]

    assert (rollout["endpoint_name"], rollout["left"]) == ("tw-bikeshare-serverless", "tw-bikeshare")
    assert rollout["variant"]["ServerlessConfig"] == {"MemorySizeInMB": 1024, "MaxConcurrency": 5}
    assert (rollout["last_good"], rollout["isolated"], rollout["encrypted"]) == (None, False, False)


def test_no_crash_of_the_planning_changes_what_is_claimed():
    def prepare():
        world.project()
        world.register("Approved", "Approved")
        deploy(1)

    def seen():
        pointer = ledger.get("bikeshare", "endpoint")
        return pointer["fence"], pointer["deploying"], world.deployments()

    model = (2, world.arn(2), {"000001#00001": "done", "000002#00002": "running"})
    scenario = Scenario(prepare, lambda number: plan(world.approved(2), "arn:two"), seen, model)
    assert explore(scenario) == []
