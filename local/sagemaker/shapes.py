"""Requests checked and answers made by botocore's own model of SageMaker, so that no shape is written twice."""

import re
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, Shape

from local.sagemaker.errors import SerializationException, UnknownOperationException, ValidationException

TYPES = {"string": str, "integer": int, "long": int, "float": (int, float), "double": (int, float), "boolean": bool,
         "timestamp": (int, float, str), "structure": dict, "map": dict, "list": list}  # fmt: skip
CLASSES = {  # what `re` cannot say, near enough: Unicode's letters, marks, numbers, spaces, punctuation and symbols
    "L": "A-Za-z\u00aa-\u02ff\u0370-\u1fff\u2c00-\u2dff\u3040-\uffdc",
    "M": "\u0300-\u036f",
    "N": "0-9\u00b2-\u00be\u0660-\u0669",
    "Z": " \u00a0\u2000-\u200a\u2028\u2029\u3000",
    "P": r"!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u303f",
    "S": r"$+<=>^`|~\u00a2-\u00b8\u20a0-\u2bff",
}


@cache
def operation(name: str) -> OperationModel:
    """The model of an operation, or UnknownOperationException."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    if name not in model.operation_names:
        raise UnknownOperationException(f"The requested operation {name} is not recognized by the service.")
    return model.operation_model(name)


def validate(name: str, request: dict[str, Any]) -> None:
    """Raise one ValidationException that lists everything wrong with a request, in AWS's words."""
    shape = operation(name).input_shape
    problems = list(_problems(shape, request, "")) if shape else []
    if problems:
        plural = "s" if len(problems) > 1 else ""
        raise ValidationException(f"{len(problems)} validation error{plural} detected: {'; '.join(problems)}")


def project(shape: Shape | None, value: Any) -> Any:
    """What of a stored record an output shape has room for."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        return {
            name: project(member, value[name]) for name, member in shape.members.items() if value.get(name) is not None
        }
    if shape.type_name == "list":
        return [project(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: project(shape.value, item) for key, item in value.items()}
    return value


def _problems(shape: Shape, value: Any, path: str) -> Any:
    expected = TYPES.get(shape.type_name)
    if (expected and not isinstance(value, expected)) or (shape.type_name != "boolean" and isinstance(value, bool)):
        raise SerializationException(f"Unexpected type at '{path}': expected {shape.type_name}.")
    if shape.type_name == "structure":
        yield from _structure(shape, value, path)
    elif shape.type_name == "list":
        yield from _bounds(shape, value, len(value), path, "length")
        for index, item in enumerate(value, 1):
            yield from _problems(shape.member, item, f"{path}.{index}.member")
    elif shape.type_name == "map":
        yield from _bounds(shape, value, len(value), path, "length")
        for key, item in value.items():
            yield from _problems(shape.key, key, f"{path}.{key}.key")
            yield from _problems(shape.value, item, f"{path}.{key}.member")
    elif shape.type_name == "string":
        yield from _string(shape, value, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _bounds(shape, value, value, path, "value")


def _structure(shape: Shape, value: dict[str, Any], path: str) -> Any:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _problem("null", _below(path, name), "Member must not be null")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _problems(member, value[name], _below(path, name))


def _string(shape: Shape, value: str, path: str) -> Any:
    yield from _bounds(shape, f"'{value}'", len(value), path, "length")
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        yield _problem(f"'{value}'", path, f"Member must satisfy regular expression pattern: {pattern}")
    if shape.enum and value not in shape.enum:
        yield _problem(f"'{value}'", path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")


def _bounds(shape: Shape, value: Any, size: float, path: str, what: str) -> Any:
    if size < shape.metadata.get("min", size):
        wanted = shape.metadata["min"]
        yield _problem(value, path, f"Member must have {what} greater than or equal to {wanted}")
    if size > shape.metadata.get("max", size):
        wanted = shape.metadata["max"]
        yield _problem(value, path, f"Member must have {what} less than or equal to {wanted}")


def _problem(value: Any, path: str, constraint: str) -> str:
    return f"Value {value} at '{path}' failed to satisfy constraint: {constraint}"


def _below(path: str, name: str) -> str:
    lower = name[0].lower() + name[1:]
    return f"{path}.{lower}" if path else lower


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    translated = re.sub(r"\\p\{(\w)\}", lambda name: CLASSES.get(name[1], name[0]), pattern)
    try:
        return re.compile(translated, re.DOTALL)
    except re.error:  # Java's dialect: 4 of SageMaker's 239 patterns, all on members that we do not act on
        return re.compile(".*", re.DOTALL)
