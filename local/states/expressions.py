"""JSONata in a definition: a string `{% ... %}` is an expression, anything else is itself."""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonata import Jsonata
from jsonata.timebox import Timebox
from jsonata.utils import Utils

from local.states.errors import QUERY, StateError
from local.states.functions import FUNCTIONS

MILLISECONDS = 1000  # AWS gives an expression about as long


def is_expression(value: Any) -> bool:
    """Whether `value` is a string that Step Functions evaluates."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def expressions(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every expression in a piece of a definition, as (path, source)."""
    if is_expression(value):
        yield path, value[2:-2].strip()
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from expressions(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from expressions(item, f"{path}/{index}")


@lru_cache(maxsize=4096)
def compiled(source: str) -> Jsonata:
    """The parsed expression; an unparsable one raises the library's own error."""
    expression = Jsonata(source)
    expression.set_output_convert_nulls(False)  # so that null and undefined can be told apart
    for name, function in FUNCTIONS.items():
        expression.register_lambda(name, function)
    return expression


def fill(template: Any, bindings: Mapping[str, Any]) -> Any:
    """`template` with each of its expressions replaced by what it yields.

    Raises States.QueryEvaluationError where one fails, or yields undefined: JSON cannot say that.
    """
    if is_expression(template):
        return evaluate(template[2:-2].strip(), bindings)
    if isinstance(template, dict):
        return {key: fill(value, bindings) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, bindings) for value in template]
    return template


def evaluate(source: str, bindings: Mapping[str, Any]) -> Any:
    """The value of one expression; `bindings` are its variables, `$states` among them."""
    try:
        expression = compiled(source)
        frame = expression.create_frame()
        Timebox(frame, MILLISECONDS)
        value = expression.evaluate(None, {**frame.bindings, **bindings})
        if value is not None:
            return plain(value)
    except Exception as failed:  # the library raises whatever Python raises under it
        raise StateError(QUERY, f"{_message(failed)} in the expression: {source}") from failed
    raise StateError(QUERY, f"The JSONata expression yields nothing: {source}")


def _message(failed: Exception) -> str:
    code = getattr(failed, "error", None)
    return f"{code}: {failed}" if code else str(failed) or type(failed).__name__


def plain(value: Any) -> Any:
    """A JSONata value as ordinary JSON; a function or a number that JSON cannot say is refused."""
    if value is Utils.NULL_VALUE or value is None or isinstance(value, str | bool | int):
        return None if value is Utils.NULL_VALUE else value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    raise TypeError(f"a {type(value).__name__} is not JSON")
