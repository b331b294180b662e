"""The interpreter against the documented behaviour of AWS: contracts/*.yaml, one machine and its outcome each."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from local.states.fields import HONOURED
from tests.statemachines.runner import Error, play

FILES = sorted((Path(__file__).parent / "contracts").glob("*.yaml"))
CONTRACTS = [contract for file in FILES for contract in yaml.safe_load_all(file.read_text())]
EXPECTED = {"gives": "output", "fails": "error", "cause": "cause", "waits": "waits", "path": "path", "status": "status"}
SHARED = {"QueryLanguage", "Type"}  # shown for one kind of state, and the same code for all


def definition(contract: dict[str, Any]) -> dict[str, Any]:
    limit = {"TimeoutSeconds": contract["timeout"]} if "timeout" in contract else {}
    states = contract["states"]
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states} | limit


def answer(said: Any) -> Any:
    if isinstance(said, list):
        return [answer(each) for each in said]
    return Error(said["error"], said.get("cause", "")) if "error" in said else said


@pytest.mark.parametrize("contract", CONTRACTS, ids=[contract["says"] for contract in CONTRACTS])
def test_contract(contract):
    answers = {state: answer(said) for state, said in contract.get("answers", {}).items()}

    played = play(definition(contract), contract.get("input", {}), answers)

    expected = {EXPECTED[key]: value for key, value in contract.items() if key in EXPECTED}
    assert expected
    assert {key: getattr(played, key) for key in expected} == expected


def used(kind: str, part: dict[str, Any]) -> set[tuple[str, str]]:
    """Every (kind, field) of a piece of a definition."""
    found = {(kind, field) for field in part}
    for field, inner in (("Choices", "Rule"), ("Retry", "Retrier"), ("Catch", "Catcher"), ("Branches", "Branch")):
        found = found.union(*(used(inner, each) for each in part.get(field, [])))
    for field in ("ItemProcessor", "ProcessorConfig"):
        found |= used(field, part[field]) if field in part else set()
    return found.union(*(used(state["Type"], state) for state in part.get("States", {}).values()))


def test_every_honoured_field_is_in_a_contract():
    shown = set().union(*(used("StateMachine", definition(contract)) for contract in CONTRACTS))
    claimed = {(kind, field) for kind, fields in HONOURED.items() for field in fields if field not in SHARED}

    assert claimed - shown == set()
