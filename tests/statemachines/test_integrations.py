"""What no linter holds of our state machines: that AWS has these calls, and that nothing goes wrong unseen."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from local.states.definition import problems
from local.states.resources import Resource, mistakes, parse
from tests.statemachines import flows

FOLDER = Path(__file__).parents[2] / "statemachines"
MACHINES = sorted(FOLDER.glob("*.asl.json"))
TOKEN = re.compile(r"\$\{\w+\}")

pytestmark = pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.name.split(".")[0])


def definition(machine: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(machine.read_text())
    return read


def tasks(machine: Path) -> list[flows.Place]:
    return [place for place in flows.places(definition(machine)) if place.state["Type"] == "Task"]


def names(handlers: list[dict[str, Any]]) -> list[str]:
    return [name for handler in handlers for name in handler["ErrorEquals"]]


def test_the_definition_is_one_that_create_state_machine_accepts(machine):
    assert problems(definition(machine)) == []


def test_every_task_calls_an_action_that_aws_has_with_members_that_it_knows(machine):
    wrong = {
        task.name: mistakes(parse(task.state["Resource"]), task.state.get("Arguments", {})) for task in tasks(machine)
    }
    assert {name: found for name, found in wrong.items() if found} == {}


def test_every_task_has_a_timeout_a_jittered_retry_and_a_catch_for_everything(machine):
    lacking = {
        task.name: [field for field in ("TimeoutSeconds", "Retry", "Catch", "Comment") if field not in task.state]
        + [f"jitter for {retrier['ErrorEquals']}" for retrier in task.state.get("Retry", []) if _in_step(retrier)]
        + ([] if "States.ALL" in names(task.state.get("Catch", [])) else ["Catch of States.ALL"])
        for task in tasks(machine)
    }
    assert {name: fields for name, fields in lacking.items() if fields} == {}


def _in_step(retrier: dict[str, Any]) -> bool:
    """Whether executions that failed together would try again together."""
    return retrier.get("MaxAttempts", 3) > 0 and retrier.get("JitterStrategy") != "FULL"


def test_states_all_comes_last_and_alone(machine):
    for place in flows.places(definition(machine)):
        for handlers in (place.state.get("Retry", []), place.state.get("Catch", [])):
            assert "States.ALL" not in names(handlers[:-1]), place.name
            assert all(len(h["ErrorEquals"]) == 1 for h in handlers if "States.ALL" in h["ErrorEquals"]), place.name


def test_an_error_of_a_service_is_one_that_the_integration_raises(machine):
    """`dynamodb:putItem` raises DynamoDB.X and `aws-sdk:dynamodb:putItem` DynamoDb.X; the other is never caught."""
    silent = {
        f"{task.name}: {name}"
        for task in tasks(machine)
        for handler in [*task.state.get("Retry", []), *task.state.get("Catch", [])]
        for name in handler["ErrorEquals"]
        if _of_the_service(name, parse(task.state["Resource"]))
        and not any(parse(task.state["Resource"]).raises(each) for each in handler["ErrorEquals"] if _same(each, name))
    }
    assert silent == set()


def _of_the_service(name: str, resource: Resource) -> bool:
    return name.lower().startswith(f"{resource.prefix.lower()}.")


def _same(one: str, other: str) -> bool:
    """Whether two names mean one error, in the spellings of both kinds of integration."""
    plain = [re.sub(r"\.(amazon|aws)", ".", name.lower()) for name in (one, other)]
    return plain[0] == plain[1]


def test_every_choice_has_a_default(machine):
    choices = [place for place in flows.places(definition(machine)) if place.state["Type"] == "Choice"]
    assert [place.name for place in choices if "Default" not in place.state] == []


def test_the_machine_has_a_timeout_and_it_and_every_state_a_comment(machine):
    read = definition(machine)
    assert {"TimeoutSeconds", "Comment"} <= read.keys()
    assert [place.name for place in flows.places(read) if not place.state.get("Comment")] == []


def test_every_variable_is_assigned_on_all_ways_to_where_it_is_read(machine):
    assert list(flows.unassigned(definition(machine))) == []


def test_no_inner_scope_assigns_a_variable_of_an_outer_one(machine):
    assert list(flows.hidden(definition(machine))) == []


def test_every_state_can_be_reached_and_from_each_an_end(machine):
    for flow in flows.flows(definition(machine)):
        assert set(flow["States"]) - flows.reached(flow, flow["StartAt"]) == set()
        assert [name for name in flow["States"] if not flows.reached(flow, name) & flows.ends(flow)] == []


def test_every_end_says_what_it_is(machine):
    """Succeed and Fail are named ends; a Task may be one too, when its call is what is left to say."""
    read = definition(machine)
    silent = [name for name in flows.ends(read) if read["States"][name]["Type"] in ("Pass", "Wait")]
    unnamed = [name for name in flows.ends(read) if read["States"][name].get("Error", "named") == ""]
    assert silent + unnamed == []


def test_every_name_is_used_for_one_state_only(machine):
    every = [place.name for place in flows.places(definition(machine))]
    assert sorted(every) == sorted(set(every))


def test_every_token_stands_inside_quotes(machine):
    """So that the file is JSON before SAM fills it in."""
    text = machine.read_text()
    inside = "".join(re.findall(r'"(?:[^"\\]|\\.)*"', text))
    assert len(TOKEN.findall(text)) == len(TOKEN.findall(inside))
