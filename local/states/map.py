"""The Map state, inline: one walk of the item processor for each item.

A distributed Map is four more parts at these same seams: where items come from (ItemReader), how many make one
input (ItemBatcher), who walks them (child executions), and where results go (ResultWriter).
"""

from collections.abc import Callable, Iterable
from typing import Any

from local.states.errors import QUERY, StateError
from local.states.retry import guarded
from local.states.visit import Left, Visit
from local.states.world import World

WIDEST = 40  # iterations that an inline Map runs at a time


def map_items(visit: Visit) -> Left:
    """The result is the iterations' outputs, in the order of the items."""
    return guarded(visit, _attempt)


def _attempt(visit: Visit) -> Left:
    items = list(_items(visit))
    width = int(visit.value("MaxConcurrency", (int, float), 0)) or WIDEST
    visit.world.record("MapStateStarted", length=len(items))
    outputs = visit.world.gather(
        [_iteration(visit, index, item) for index, item in enumerate(items)], min(width, WIDEST)
    )
    visit.world.record("MapStateSucceeded")
    return visit.leave(visit.state, outputs, result=outputs)


def _items(visit: Visit) -> Iterable[dict[str, Any]]:
    """What Map.Item of the context object says of each item, but for its index."""
    items = visit.fill(visit.state["Items"]) if "Items" in visit.state else visit.input
    if isinstance(items, dict):
        return ({"Key": key, "Value": value} for key, value in items.items())
    if isinstance(items, list):
        return ({"Value": value} for value in items)
    raise StateError(QUERY, f"The Items of {visit.name} are neither an array nor an object")


def _iteration(visit: Visit, index: int, item: dict[str, Any]) -> Callable[[World], Any]:
    def iterate(world: World) -> Any:
        scope = visit.scope.inner(world, Map={"Item": {"Index": index, **item}})
        world.record("MapIterationStarted", name=visit.name, index=index)
        try:
            output = scope.walk(visit.state["ItemProcessor"], _input(visit, scope.context, item), scope)
        except StateError:
            world.record("MapIterationFailed", name=visit.name, index=index)
            raise
        world.record("MapIterationSucceeded", name=visit.name, index=index)
        return output

    return iterate


def _input(visit: Visit, context: dict[str, Any], item: dict[str, Any]) -> Any:
    if "ItemSelector" not in visit.state:
        return item["Value"]
    return visit.fill(visit.state["ItemSelector"], context=context | visit.extra)
