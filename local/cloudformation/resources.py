"""Seams into the emulator's CloudFormation: a resource type's create, update and delete, and what we do around them."""

from collections.abc import Callable
from typing import Any

from local import hooks

PROVISIONERS = "ministack.services.cloudformation.provisioners"
Properties = dict[str, Any]


def register(kind: str, create: Callable[..., Any], delete: Callable[..., Any]) -> None:
    """Adds a resource type. A change of its properties replaces the resource, the new one first."""
    hooks.require(PROVISIONERS, "_RESOURCE_HANDLERS")[kind] = {"create": create, "delete": delete}


def around(
    kind: str,
    before: Callable[[Properties], None] = lambda properties: None,
    after: Callable[[str, Properties], None] = lambda physical_id, properties: None,
    before_delete: Callable[[str, Properties], None] = lambda physical_id, properties: None,
) -> None:
    """Runs our part of a type: `before` and `after` a create or update, `before_delete` before the resource goes."""
    handler = hooks.require(PROVISIONERS, "_RESOURCE_HANDLERS")[kind]
    create, update, delete = (handler.get(name) for name in ("create", "update", "delete"))

    def ours_create(logical_id: str, properties: Properties, stack_name: str) -> Any:
        before(properties)
        physical_id, attributes = create(logical_id, properties, stack_name)
        after(physical_id, properties)
        return physical_id, attributes

    def ours_update(physical_id: str, old: Properties, new: Properties, *more: Any) -> Any:
        before(new)
        physical_id, attributes = update(physical_id, old, new, *more)
        after(physical_id, new)
        return physical_id, attributes

    def ours_delete(physical_id: str, properties: Properties, *more: Any) -> None:
        before_delete(physical_id, properties)
        delete(physical_id, properties, *more)

    handler |= {"create": ours_create, "delete": ours_delete} | ({"update": ours_update} if update else {})


def check_properties(reviewed: dict[str, frozenset[str]]) -> None:
    """Makes every reviewed type refuse a property that nothing here would honour."""
    for kind, known in reviewed.items():
        if kind in hooks.require(PROVISIONERS, "_RESOURCE_HANDLERS"):
            around(kind, before=lambda properties, kind=kind, known=known: _check(kind, properties, known))


def truth(value: object) -> bool:
    """A boolean of a template, which may come as text through a parameter."""
    return str(value).lower() == "true"


def text(value: object) -> str:
    """What CloudFormation makes of a scalar where a text is wanted."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check(kind: str, properties: Properties, known: frozenset[str]) -> None:
    if unknown := sorted(properties.keys() - known):
        raise ValueError(f"the local stack does not simulate {kind} {', '.join(unknown)}")
