"""Each field that our state machines use is honoured locally, or touches only timing, retries and logging."""

import json
from pathlib import Path

import pytest

from local.states.fields import HONOURED, NOT_SIMULATED, verdict
from local.states.page import PAGE, document

ROOT = Path(__file__).parents[2]
MACHINES = sorted((ROOT / "statemachines").glob("*.asl.json"))
HARMLESS = {"Comment", "Version"}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda path: path.name.split(".")[0])
def test_every_field_of_every_state_is_on_a_list(machine):
    definition = json.loads(machine.read_text())

    unknown = [name for name in definition if verdict("StateMachine", name)] + [
        f"{name}.{field}"
        for name, state in definition["States"].items()
        for field in state
        if verdict(state["Type"], field)
    ]

    assert unknown == []


def test_no_field_is_on_both_lists():
    assert all(not HONOURED[kind] & NOT_SIMULATED[kind] for kind in HONOURED)


def test_what_is_not_simulated_changes_no_result():
    assert set().union(*NOT_SIMULATED.values()) <= HARMLESS


def test_the_page_prints_the_lists_as_they_are():
    assert PAGE.read_text() == document()
