"""A definition read without running it: its states, the ways between them, and the variables along the ways."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jsonata import Jsonata

from local.states.definition import targets
from local.states.expressions import expressions
from local.states.functions import FUNCTIONS

STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`")
VARIABLE = re.compile(r"\$([A-Za-z_]\w*)(?!\w*\s*\()")
BOUND = re.compile(r"\$(\w+)\s*:=|[@#]\$(\w+)")
PARAMETERS = re.compile(r"(?:function|λ)\s*\(([^)]*)\)")
NESTED = ("Branches", "ItemProcessor")
NOT_OURS = {"states", *FUNCTIONS, *Jsonata.static_frame.bindings}


@dataclass(frozen=True)
class Place:
    """A state of a definition; `within` are the states around it, outermost first."""

    name: str
    state: dict[str, Any]
    flow: dict[str, Any]
    within: tuple[str, ...] = ()


def inner(state: dict[str, Any]) -> list[dict[str, Any]]:
    """The flows inside a state."""
    return [*state.get("Branches", []), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]


def places(flow: dict[str, Any], within: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every state, those inside Map and Parallel too."""
    for name, state in flow["States"].items():
        yield Place(name, state, flow, within)
        for nested in inner(state):
            yield from places(nested, (*within, name))


def flows(flow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The flow itself and every flow inside it."""
    yield flow
    for state in flow["States"].values():
        for nested in inner(state):
            yield from flows(nested)


def reached(flow: dict[str, Any], start: str) -> set[str]:
    """The states that can follow `start`, itself included."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += [target for _, target in targets(flow["States"][name])]
    return seen


def ends(flow: dict[str, Any]) -> set[str]:
    """The states in which the flow ends."""
    return {name for name, state in flow["States"].items() if state.get("End") or state["Type"] in ("Succeed", "Fail")}


def ways(state: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Each way out of a state: the next state, and the variables that are assigned on that way."""
    for how in [*state.get("Choices", []), *state.get("Catch", [])]:
        yield how["Next"], set(how.get("Assign", {}))
    for field in ("Next", "Default"):
        if field in state:
            yield state[field], set(state.get("Assign", {}))


def assigned(flow: dict[str, Any], before: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """For each state the variables that every way to it has assigned."""
    known: dict[str, set[str]] = {flow["StartAt"]: set(before)}
    ahead = [flow["StartAt"]]
    while ahead:
        name = ahead.pop()
        for target, new in ways(flow["States"][name]):
            arriving = known[name] | new
            if target not in known or not known[target] <= arriving:
                known[target] = known.get(target, arriving) & arriving
                ahead.append(target)
    return known


def unassigned(flow: dict[str, Any], before: frozenset[str] = frozenset()) -> Iterator[str]:
    """`state: $variable` wherever a variable is read that some way to it has not assigned."""
    for name, known in assigned(flow, before).items():
        state = flow["States"][name]
        own = {key: value for key, value in state.items() if key not in NESTED}
        yield from (f"{name}: ${variable}" for variable in sorted(used(own) - known))
        for nested in inner(state):
            yield from unassigned(nested, frozenset(known))


def hidden(flow: dict[str, Any], outer: frozenset[str] = frozenset()) -> Iterator[str]:
    """`state: $variable` wherever an inner scope assigns a name of an outer one."""
    mine = {name for state in flow["States"].values() for name in all_assigned(state)}
    yield from (f"${name} is assigned inside and outside" for name in sorted(mine & outer))
    for state in flow["States"].values():
        for nested in inner(state):
            yield from hidden(nested, outer | mine)


def all_assigned(state: dict[str, Any]) -> set[str]:
    """The variables that a state may assign, on whatever way out."""
    return set(state.get("Assign", {})).union(*(new for _, new in ways(state)))


def used(part: Any) -> set[str]:
    """The workflow variables that the expressions in a piece of a definition read."""
    return {name for _, source in expressions(part) for name in _used(source)}


def _used(source: str) -> set[str]:
    bare = STRING.sub("''", source)
    bound = {name for pair in BOUND.findall(bare) for name in pair if name}
    bound |= {name.strip().lstrip("$") for names in PARAMETERS.findall(bare) for name in names.split(",")}
    return {name for name in VARIABLE.findall(bare) if name not in bound | NOT_OURS}
