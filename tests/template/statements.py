"""Policies of the translated template as plain values: statements with lists, and ARNs as words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Statement:
    """One statement of a policy, everything in lists; `condition` maps (operator, key) to values."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: dict[str, list[str]] = field(default_factory=dict)
    condition: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    excepted: tuple[str, ...] = ()


def words(value: Any) -> str:
    """A value with CloudFormation's functions, as a person would write it, e.g. `${Key.Arn}`."""
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": text}:
            return str(text)
        case {"Fn::If": [condition, then, otherwise]}:
            return f"{words(then)} if {condition} else {words(otherwise)}"
        case {"Fn::Join": [glue, parts]}:
            return str(glue).join(words(part) for part in parts)
        case _:
            return str(value)


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(document: dict[str, Any]) -> Iterator[Statement]:
    """The statements of a policy document; those under a condition of the template as well."""
    for raw in document["Statement"]:
        each = raw["Fn::If"][1] if "Fn::If" in raw else raw
        principal = each.get("Principal", {})
        yield Statement(
            effect=each["Effect"],
            actions=tuple(many(each["Action"])),
            resources=tuple(words(name) for name in many(each.get("Resource", []))),
            excepted=tuple(words(name) for name in many(each.get("NotResource", []))),
            principals={
                kind: [words(name) for name in many(names)]
                for kind, names in (principal if isinstance(principal, dict) else {"AWS": principal}).items()
            },
            condition={
                (operator, key): [words(value) for value in many(values)]
                for operator, keys in each.get("Condition", {}).items()
                for key, values in keys.items()
            },
        )


def granted(role: dict[str, Any]) -> list[Statement]:
    """What the inline policies of a role allow; those under a condition of the template as well."""
    policies = [raw["Fn::If"][1] if "Fn::If" in raw else raw for raw in role["Properties"].get("Policies", [])]
    return [each for policy in policies for each in statements(policy["PolicyDocument"])]
