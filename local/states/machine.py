"""The interpreter: a definition, an input and a world in, the output out."""

from typing import Any

from local.states import kinds
from local.states.map import map_items
from local.states.parallel import parallel
from local.states.task import task
from local.states.visit import Scope, State, Visit, small
from local.states.world import World

KINDS = {
    "Pass": kinds.pass_on,
    "Choice": kinds.choose,
    "Wait": kinds.wait,
    "Succeed": kinds.succeed,
    "Fail": kinds.fail,
    "Task": task,
    "Parallel": parallel,
    "Map": map_items,
}


def run(definition: State, given: Any, context: dict[str, Any], world: World) -> Any:
    """Run a valid definition to its end.

    `context` gives Execution and StateMachine of the context object. Raises StateError when the execution fails, and
    lets Halted (aborted, timed out) through.
    """
    if "TimeoutSeconds" in definition:
        world.limit(definition["TimeoutSeconds"])
    return walk(definition, given, Scope(world, context, walk))


def walk(flow: State, value: Any, scope: Scope) -> Any:
    """Visit the states of a flow (a machine, a branch, an item processor) from StartAt to an end."""
    small(value, "The input")
    name: str | None = flow["StartAt"]
    while name is not None:
        value, name = step(name, flow["States"][name], value, scope)
    return value


def step(name: str, state: State, value: Any, scope: Scope) -> tuple[Any, str | None]:
    """Enter one state, and leave it."""
    kind = state["Type"]
    scope.world.record(f"{kind}StateEntered", name=name, input=value)
    output, following = KINDS[kind](Visit(name, state, value, scope))
    scope.world.record(f"{kind}StateExited", name=name, output=output)
    return output, following
