"""Wherever an execution is cut off, its cause, delivered again, leads to the end that it would have had."""

from functools import cache
from typing import Any

import pytest

from tests.proofs.crashes import Plan, disturbed, play
from tests.proofs.scenarios import SCENARIOS
from tests.proofs.world import DEFINITIONS
from tests.statemachines.flows import places

READS = ("describe",)  # a state that only looks has no effect


def effects(flow: str) -> dict[str, str]:
    """The Tasks of a flow that change something, with what they call."""
    tasks = {
        place.name: place.state["Resource"] for place in places(DEFINITIONS[flow]) if place.state["Type"] == "Task"
    }
    return {name: resource for name, resource in tasks.items() if not resource.split(":")[-1].startswith(READS)}


def plans() -> list[Plan]:
    """Every effect of every scenario, before and after it; jobs also while they are at work."""
    found = []
    for name, scenario in SCENARIOS.items():
        for flow, states in scenario.effects.items():
            for state in states.split():
                during = ["during"] if effects(flow)[state].endswith(".sync") else []
                found += [Plan(name, flow, state, when) for when in ["before", "after", *during]]
    return found


PLANS = plans()
TOLD = [Plan(p.scenario, p.flow, p.state, p.when, told=True) for p in PLANS if p.flow == "deploy"]


@cache
def calm(scenario: str) -> dict[str, Any]:
    ended, wrong = play(SCENARIOS[scenario], None)
    assert wrong == []
    return ended


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_undisturbed_it_ends_as_worked_out_by_hand(scenario):
    assert calm(scenario)


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_a_cause_that_comes_again_leads_to_the_undisturbed_end(plan):
    assert disturbed(plan, calm(plan.scenario)) == []


@pytest.mark.parametrize("plan", TOLD, ids=str)
def test_a_rollout_whose_end_is_told_needs_no_second_delivery(plan):
    assert disturbed(plan, calm(plan.scenario)) == []


def test_every_effect_of_every_flow_is_cut_off_before_and_after():
    cut = {(plan.flow, plan.state, plan.when) for plan in PLANS}
    wanted = {(flow, state, when) for flow in DEFINITIONS for state in effects(flow) for when in ("before", "after")}

    assert wanted - cut == set()
