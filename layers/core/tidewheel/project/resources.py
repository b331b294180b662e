"""What a project asks of the stack beyond its ledger row, as values, and what a new file would change of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tidewheel.project.model import Project

Verb = Literal["create", "change", "delete"]


@dataclass(frozen=True)
class Resource:
    """One thing that is made at run time. `says` is what may change without a change of name."""

    kind: Literal["model package group", "schedule", "subscription"]
    name: str
    says: str = ""


@dataclass(frozen=True)
class Change:
    """What an upload of a project file would do to one thing, or to one field of the file."""

    verb: Verb
    kind: str
    name: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        said = " -> ".join(part for part in (self.before, self.after) if part)
        return f"{self.verb} {self.kind} {self.name}" + (f": {said}" if said else "")


def resource_name(prefix: str, project: str) -> str:
    """The name of everything that a project has one of."""
    return f"{prefix}-{project}"


def resources(project: Project, prefix: str) -> tuple[Resource, ...]:
    """What must exist while the project is active."""
    name = resource_name(prefix, project.project)
    schedule = (Resource("schedule", name, project.retrain.schedule),) if project.retrain.schedule else ()
    people = tuple(Resource("subscription", address) for address in project.notify)
    return (Resource("model package group", name), *schedule, *people)


def diff(old: Project | None, new: Project | None, prefix: str) -> tuple[Change, ...]:
    """What changes when `new` takes the place of `old`: things of the stack first, then fields of the file.

    None stands for no project: before the first upload, or after the file's deletion, which retires the project and
    keeps its model package group.
    """
    return (*_things(old, new, prefix), *_fields(old, new))


def _things(old: Project | None, new: Project | None, prefix: str) -> Iterator[Change]:
    before = {(it.kind, it.name): it.says for it in (resources(old, prefix) if old else ())}
    after = {(it.kind, it.name): it.says for it in (resources(new, prefix) if new else ())}
    for kind, name in (*after, *(key for key in before if key not in after)):
        was, will = before.get((kind, name)), after.get((kind, name))
        stays = kind == "model package group" and will is None
        if was != will and not stays:
            yield Change(_verb(was, will), kind, name, was or "", will or "")


def _fields(old: Project | None, new: Project | None) -> Iterator[Change]:
    if old is None or new is None:
        return
    before, after = _leaves(old.model_dump(mode="json")), _leaves(new.model_dump(mode="json"))
    for name in (*after, *(name for name in before if name not in after)):
        was, will = before.get(name), after.get(name)
        if was != will:
            yield Change(_verb(was, will), "field", name, was or "", will or "")


def _verb(was: str | None, will: str | None) -> Verb:
    return "create" if was is None else "delete" if will is None else "change"


def _leaves(value: dict[str, Any], path: str = "") -> dict[str, str]:
    """Each value of the document under its dotted path, in words of YAML."""
    leaves: dict[str, str] = {}
    for name, inner in value.items():
        at = f"{path}.{name}" if path else name
        leaves |= _leaves(inner, at) if isinstance(inner, dict) and inner else {at: _word(inner)}
    return leaves


def _word(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"[{', '.join(map(_word, value))}]" if isinstance(value, list) else str(value)
