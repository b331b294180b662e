"""The Parallel state: its branches side by side, each with the same input."""

from collections.abc import Callable
from typing import Any

from local.states.retry import guarded
from local.states.visit import Left, State, Visit
from local.states.world import World


def parallel(visit: Visit) -> Left:
    """The result is the branches' outputs, in the order of the definition."""
    return guarded(visit, _attempt)


def _attempt(visit: Visit) -> Left:
    branches = visit.state["Branches"]
    given = visit.fill(visit.state["Arguments"]) if "Arguments" in visit.state else visit.input
    visit.world.record("ParallelStateStarted")
    outputs = visit.world.gather([_branch(visit, branch, given) for branch in branches], len(branches))
    visit.world.record("ParallelStateSucceeded")
    return visit.leave(visit.state, outputs, result=outputs)


def _branch(visit: Visit, branch: State, given: Any) -> Callable[[World], Any]:
    return lambda world: visit.scope.walk(branch, given, visit.scope.inner(world))
