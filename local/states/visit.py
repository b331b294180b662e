"""One state, entered once: what its expressions can see, and how it is left."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.states.errors import QUERY, TOO_LARGE, StateError
from local.states.expressions import fill
from local.states.functions import binding
from local.states.world import World

LARGEST = 256 * 1024  # bytes of an input, an output or the variables of one Assign

State = dict[str, Any]
Left = tuple[Any, str | None]  # the output, and the next state's name if there is one


@dataclass
class Scope:
    """Where a flow runs: the world, the context object, and the variables that its states may set."""

    world: World
    context: dict[str, Any]
    walk: Callable[[State, Any, "Scope"], Any]  # how a flow inside a state is run
    variables: dict[str, Any] = field(default_factory=dict)

    def inner(self, world: World, **context: Any) -> "Scope":
        """A branch or an iteration: it reads the outer variables, and what it sets stays inside."""
        return Scope(world, self.context | context, self.walk, dict(self.variables))


@dataclass
class Visit:
    """A state's name and definition, the input it was entered with, and the scope around it."""

    name: str
    state: State
    input: Any
    scope: Scope
    extra: dict[str, Any] = field(default_factory=dict)  # parts of the context object that only this state has

    def __post_init__(self) -> None:
        self.extra["State"] = {"Name": self.name, "EnteredTime": stamp(self.world.now()), "RetryCount": 0}

    @property
    def world(self) -> World:
        return self.scope.world

    def fill(self, template: Any, **known: Any) -> Any:
        """`template` evaluated; `known` are further members of `$states`: result, errorOutput, context."""
        states = {"input": self.input, "context": self.scope.context | self.extra} | known
        return fill(template, self.scope.variables | {"states": states})

    def value(self, key: str, kind: type | tuple[type, ...], default: Any = None, **known: Any) -> Any:
        """A field of the state that must come out as a `kind`."""
        if key not in self.state:
            return default
        value = self.fill(self.state[key], **known)
        if isinstance(value, bool) or not isinstance(value, kind):
            raise StateError(QUERY, f"{key} of {self.name} came out as {json.dumps(value)}")
        return value

    def leave(self, how: State, default: Any, **known: Any) -> Left:
        """Leave by `how`: the state itself, a choice or a catcher. All of it sees the variables as they were."""
        output = self.fill(how["Output"], **known) if "Output" in how else default
        assigned = self.fill(how.get("Assign", {}), **known)
        small(output, f"The output of {self.name}")
        small(assigned, f"What {self.name} assigns")
        self.scope.variables |= {name: binding(value) for name, value in assigned.items()}
        return output, how.get("Next")


def small(value: Any, what: str) -> None:
    """Refuse what Step Functions would not carry."""
    if len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) > LARGEST:
        raise StateError(TOO_LARGE, f"{what} is larger than {LARGEST} bytes")


def stamp(moment: datetime) -> str:
    """A time as the context object writes it: `2026-01-31T12:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
