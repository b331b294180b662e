"""PlanDeployment asked for the last good model."""

import pytest
from deploy.plan_deployment import handler
from tidewheel.aws import ledger
from tidewheel.domain.errors import RolloutUnderWay

from tests.functions.crash import Scenario, explore
from tests.functions.deploy import world

pytestmark = pytest.mark.usefixtures("aws")
ONE, OTHER = f"{world.EXECUTIONS}:one", f"{world.EXECUTIONS}:other"


def plan(event, execution=ONE):
    return handler({"event": event, "execution": execution, "now": world.NOW}, world.Context())


def roll_out(*versions):
    for version in versions:
        world.serves(version, plan(world.approved(version)))


def roll_back(request="request:7c0d"):
    """A rollback from plan to verified, with the registry corrected as the flow does it."""
    planned = plan(world.wanted_back(request))
    world.decide(int(planned["rollout"]["live"].rpartition("/")[2]), "Rejected")
    world.serves(planned["version"], planned)
    return planned


def test_the_version_before_is_wanted_and_the_bad_one_judged():
    world.project()
    world.register("Approved", "Approved")
    roll_out(1, 2)

    planned = plan(world.wanted_back())

    assert (planned["answer"], planned["model_version"]) == ("rollback", "bikeshare/1")
    assert planned["reason"] == "it is rude to people"
    assert planned["rollout"]["live"] == world.arn(2)
    assert planned["rollout"]["previous"] == ""
    assert world.deployments() == {"000001#00001": "done", "000001#00003": "running", "000002#00002": "rolled_back"}


def test_a_rollback_of_a_rollback_goes_further_back_and_never_to_and_fro():
    world.project()
    world.register("Approved", "Approved", "Approved")
    roll_out(1, 2, 3)

    versions = [roll_back("request:1")["version"], roll_back("request:2")["version"]]

    assert versions == [2, 1]
    assert plan(world.wanted_back("request:3"))["answer"] == "nothing_to_go_back_to"
    assert ledger.get("bikeshare", "endpoint")["previous"] == ""


def test_a_version_that_somebody_rejected_since_is_passed_over():
    world.project()
    world.register("Approved", "Approved", "Approved")
    roll_out(1, 2, 3)
    world.decide(2, "Rejected")

    assert plan(world.wanted_back())["version"] == 1


def test_with_nothing_to_go_back_to_this_is_recorded_once():
    world.project()
    world.register("Approved")
    roll_out(1)

    answers = [plan(world.wanted_back(), execution)["answer"] for execution in (ONE, ONE, OTHER)]

    assert answers == ["nothing_to_go_back_to", "nothing_to_go_back_to", "already_answered"]  # ONE has yet to say so
    assert list(world.deployments().values()) == ["nothing_to_go_back_to", "done"]


def test_a_project_that_never_served_has_nothing_to_go_back_to():
    world.project()

    planned = plan(world.wanted_back())

    assert planned["reason"] == "There is nothing to go back to: nothing did before"


def test_the_same_request_twice_goes_back_once():
    world.project()
    world.register("Approved", "Approved", "Approved")
    roll_out(1, 2, 3)
    roll_back("request:1")

    assert plan(world.wanted_back("request:1"), "arn:late")["answer"] == "already_answered"
    assert ledger.get("bikeshare", "endpoint")["live_version"] == 2


def test_a_version_that_was_rolled_back_may_be_approved_again():
    world.project()
    world.register("Approved", "Approved")
    roll_out(1, 2)
    roll_back()
    world.decide(2, "Approved")

    assert plan(world.approved(2))["answer"] == "deploy"


def test_a_rollback_waits_for_the_rollout_under_way():
    world.project()
    world.register("Approved", "Approved", "Approved")
    roll_out(1, 2)
    plan(world.approved(3), world.run("third"))

    with pytest.raises(RolloutUnderWay):
        plan(world.wanted_back(), "arn:other")


def test_a_request_for_no_project_of_ours_ends_quietly():
    assert plan(world.wanted_back())["answer"] == "not_ours"


def test_no_crash_of_the_planning_changes_where_a_rollback_goes():
    def prepare():
        world.project()
        world.register("Approved", "Approved")
        roll_out(1, 2)

    def seen():
        pointer = ledger.get("bikeshare", "endpoint")
        return pointer["fence"], pointer["deploying"], pointer["live"], world.deployments()

    done = {"000001#00001": "done", "000001#00003": "running", "000002#00002": "rolled_back"}
    model = (3, world.arn(1), world.arn(2), done)
    assert explore(Scenario(prepare, lambda number: plan(world.wanted_back()), seen, model)) == []
