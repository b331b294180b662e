"""Between Step Functions' JSON (PascalCase, ISO times, text) and boto3's parameters and results."""

import json
from datetime import datetime
from typing import Any

from local.states.errors import RUNTIME, StateError
from local.states.resources import Resource, pascal
from local.states.visit import stamp


def to_api(resource: Resource, arguments: Any) -> dict[str, Any]:
    """A Task's Arguments as boto3's; an unknown member is refused, as Step Functions does."""
    if not isinstance(arguments, dict):
        raise StateError(RUNTIME, f"The Arguments of {resource.action} are not a JSON object")
    shape = resource.operation.input_shape
    if shape is None:
        return {}
    parameters: dict[str, Any] = _given(shape, arguments, resource.action, resource.optimized)
    return parameters


def _given(shape: Any, value: Any, path: str, optimized: bool) -> Any:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        return dict(_member(shape, name, item, path, optimized) for name, item in value.items())
    if kind == "list" and isinstance(value, list):
        return [_given(shape.member, item, path, optimized) for item in value]
    if kind == "map" and isinstance(value, dict):
        return {key: _given(shape.value, item, f"{path}.{key}", optimized) for key, item in value.items()}
    if kind in ("string", "blob") and optimized and not isinstance(value, str):
        value = json.dumps(value)  # Payload, Detail, Input, Message: the optimized integrations take JSON there
    return value.encode() if kind == "blob" and isinstance(value, str) else value


def _member(shape: Any, name: str, value: Any, path: str, optimized: bool) -> tuple[str, Any]:
    for member, its_shape in shape.members.items():
        if name in (pascal(member), member):
            return member, _given(its_shape, value, f"{path}.{name}", optimized)
    raise StateError(RUNTIME, f'The field "{name}" of {path} is not supported by Step Functions')


def from_api(resource: Resource, response: dict[str, Any]) -> Any:
    """boto3's response as a Task's result, without the metadata of HTTP."""
    shape = resource.operation.output_shape
    return _said(shape, response) if shape else {}


def _said(shape: Any, value: Any) -> Any:
    if isinstance(value, dict) and shape.type_name == "structure":
        return {pascal(name): _said(shape.members[name], item) for name, item in value.items() if name in shape.members}
    if isinstance(value, dict) and shape.type_name == "map":
        return {key: _said(shape.value, item) for key, item in value.items()}
    if isinstance(value, list) and shape.type_name == "list":
        return [_said(shape.member, item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if hasattr(value, "read"):
        value = value.read()
    return value.decode(errors="replace") if isinstance(value, bytes) else value
