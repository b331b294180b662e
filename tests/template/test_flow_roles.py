"""A flow's role may do what its definition does, and nothing else."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.statemachines import flows
from tests.template.statements import granted

FLOWS = Path(__file__).parents[2] / "statemachines"
STAGES = ("data", "train", "approve", "deploy")
RULES = {"events:PutRule", "events:PutTargets", "events:DescribeRule"}  # by which .sync learns of a job's end
# A transaction that a step hands over is made of tidewheel.aws.ledger's `put` and `update`.
HANDED_OVER = {"dynamodb:PutItem", "dynamodb:UpdateItem"}
TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
OBSERVING = re.compile(r"^(logs|xray):")


def tasks(stage: str) -> list[dict[str, Any]]:
    """Every Task state of a flow, those inside Map and Parallel too."""
    flow = json.loads((FLOWS / f"{stage}.asl.json").read_text())
    return [place.state for place in flows.places(flow) if place.state["Type"] == "Task"]


def needed(task: dict[str, Any]) -> set[str]:
    """The IAM actions that a Task needs, companions included."""
    *_, service, action = task["Resource"].split(":")
    action, _, pattern = action.partition(".")
    verb = action[0].upper() + action[1:]
    arguments = json.dumps(task["Arguments"])
    if verb == "TransactWriteItems" and isinstance(task["Arguments"]["TransactItems"], str):
        return HANDED_OVER
    if verb == "TransactWriteItems":
        return {
            f"dynamodb:{TRANSACTION[kind]}" for kind in TRANSACTION if re.search(rf"""["'](?:{kind})["']""", arguments)
        }
    actions = {"lambda:InvokeFunction" if service == "lambda" else f"{service}:{verb}"}
    if pattern == "sync":
        job = verb.removeprefix("Create")
        actions |= {f"{service}:Describe{job}", f"{service}:Stop{job}"} | RULES
    if service == "sagemaker" and re.search(r"""["']Tags["']""", arguments):
        actions.add("sagemaker:AddTags")
    if re.search(r"\$\{\w+Role\}", arguments):
        actions.add("iam:PassRole")
    if verb == "CreateEndpointConfig":  # a job's disks are encrypted under the job's own role
        actions.add("kms:CreateGrant")
    return actions


@pytest.mark.parametrize("stage", STAGES)
def test_a_flow_may_do_exactly_what_it_does(stage, resources):
    role = resources[f"{stage.capitalize()}FlowRole"]

    allowed = {action for each in granted(role) for action in each.actions if not OBSERVING.match(action)}

    assert allowed == set().union(*(needed(task) for task in tasks(stage)))


@pytest.mark.parametrize("stage", STAGES)
def test_a_flow_says_on_the_bus_only_what_is_its_own(stage, resources):
    said = [task["Arguments"]["Entries"][0]["Source"] for task in tasks(stage) if "putEvents" in task["Resource"]]

    for each in granted(resources[f"{stage.capitalize()}FlowRole"]):
        if "events:PutEvents" in each.actions:
            assert each.condition == {("StringEquals", "events:source"): [f"tidewheel.{stage}"]}
    assert set(said) <= {f"tidewheel.{stage}"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_flow_is_given_every_token_that_it_uses_and_no_other(stage, resources):
    used = set(re.findall(r"\$\{(\w+)\}", (FLOWS / f"{stage}.asl.json").read_text()))
    assert set(resources[f"{stage.capitalize()}StateMachine"]["Properties"]["DefinitionSubstitutions"]) == used


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_schedule_cannot_put_is_kept(stage):
    for task in tasks(stage):
        if task["Resource"].endswith("scheduler:createSchedule"):
            assert task["Arguments"]["Target"]["DeadLetterConfig"] == {"Arn": "${ScheduleDeadLetters}"}


def test_a_flow_invokes_the_version_that_was_deployed_with_it(resources):
    for stage in STAGES:
        given = resources[f"{stage.capitalize()}StateMachine"]["Properties"]["DefinitionSubstitutions"]
        for name, value in given.items():
            if name.endswith("Function"):
                assert resources[value["Ref"]]["Type"] == "AWS::Lambda::Version"
