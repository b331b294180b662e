"""What is wrong with a definition, said when the machine is created and not when it runs."""

from collections.abc import Iterator
from typing import Any

from local.states.expressions import compiled, expressions
from local.states.fields import verdict
from local.states.machine import KINDS

Found = Iterator[str]
NEEDED = {
    "Task": ["Resource"],
    "Choice": ["Choices"],
    "Parallel": ["Branches"],
    "Map": ["ItemProcessor"],
}
ENDS = ("Succeed", "Fail")


def problems(definition: Any) -> list[str]:
    """Every reason to refuse `definition`, as `/path: sentence`; empty if there is none."""
    if not isinstance(definition, dict):
        return ["/: a definition is a JSON object"]
    if definition.get("QueryLanguage") != "JSONata":
        return ['/QueryLanguage: JSONata only: say "QueryLanguage": "JSONata" at the top']
    return [*_fields("StateMachine", definition, ""), *_flow(definition, ""), *_unparsable(definition)]


def tasks(flow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every Task, those inside Map and Parallel too, with its name."""
    for name, state in flow["States"].items():
        if state["Type"] == "Task":
            yield name, state
        for nested in [*state.get("Branches", []), *([state["ItemProcessor"]] if "ItemProcessor" in state else [])]:
            yield from tasks(nested)


def _unparsable(definition: dict[str, Any]) -> Found:
    for path, source in expressions(definition):
        try:
            compiled(source)
        except Exception as wrong:  # whatever the parser raises
            yield f"{path}: INVALID_JSONATA_EXPRESSION: {wrong}"


def _fields(kind: str, part: Any, path: str) -> Found:
    if not isinstance(part, dict):
        yield f"{path}: a {kind} is a JSON object"
        return
    for name in part:
        reason = verdict(kind, name)
        if reason:
            yield f"{path}/{name}: {reason}"


def _flow(flow: dict[str, Any], path: str) -> Found:
    states = flow.get("States")
    if not isinstance(states, dict) or not states:
        yield f"{path}/States: there are none"
        return
    if flow.get("StartAt") not in states:
        yield f"{path}/StartAt: there is no state {flow.get('StartAt')}"
    for name, state in states.items():
        yield from _state(state, states, f"{path}/States/{name}")


def _state(state: Any, states: dict[str, Any], path: str) -> Found:
    kind = state.get("Type") if isinstance(state, dict) else None
    if kind not in KINDS:
        yield f"{path}/Type: there is no state type {kind}"
        return
    if state.get("QueryLanguage", "JSONata") != "JSONata":
        yield f"{path}/QueryLanguage: JSONata only"
    yield from _fields(kind, state, path)
    yield from (f"{path}: {kind} needs {need}" for need in NEEDED.get(kind, []) if need not in state)
    yield from _way_out(kind, state, path)
    yield from (
        f"{where}: there is no state {target}" for where, target in targets(state, path) if target not in states
    )
    yield from _parts(state, path)


def _way_out(kind: str, state: dict[str, Any], path: str) -> Found:
    if kind == "Wait" and ("Seconds" in state) == ("Timestamp" in state):
        yield f"{path}: Wait needs either Seconds or Timestamp"
    if kind not in (*ENDS, "Choice") and ("Next" in state) == (state.get("End") is True):
        yield f"{path}: needs either Next or End"


def targets(state: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every state that `state` names as the next one, with the path of the field."""
    for field in ("Next", "Default"):
        if field in state:
            yield f"{path}/{field}", state[field]
    for field in ("Choices", "Catch"):
        for index, how in enumerate(state.get(field, [])):
            yield f"{path}/{field}/{index}/Next", how.get("Next")


def _parts(state: dict[str, Any], path: str) -> Found:
    for field, kind in (("Choices", "Rule"), ("Retry", "Retrier"), ("Catch", "Catcher")):
        for index, part in enumerate(state.get(field, [])):
            yield from _fields(kind, part, f"{path}/{field}/{index}")
            yield from _errors(part, kind, f"{path}/{field}/{index}")
    for index, branch in enumerate(state.get("Branches", [])):
        yield from _fields("Branch", branch, f"{path}/Branches/{index}")
        yield from _flow(branch, f"{path}/Branches/{index}")
    if "ItemProcessor" in state:
        yield from _processor(state["ItemProcessor"], f"{path}/ItemProcessor")


def _errors(part: dict[str, Any], kind: str, path: str) -> Found:
    if kind == "Rule":
        if "Condition" not in part:
            yield f"{path}: a rule needs a Condition"
    elif not part.get("ErrorEquals"):
        yield f"{path}: ErrorEquals names no error"
    elif "States.ALL" in part["ErrorEquals"] and len(part["ErrorEquals"]) > 1:
        yield f"{path}: States.ALL stands alone"


def _processor(processor: dict[str, Any], path: str) -> Found:
    yield from _fields("ItemProcessor", processor, path)
    mode = processor.get("ProcessorConfig", {"Mode": "INLINE"})
    yield from _fields("ProcessorConfig", mode, f"{path}/ProcessorConfig")
    if mode.get("Mode") != "INLINE":
        yield f"{path}/ProcessorConfig/Mode: a distributed Map is not simulated locally"
    yield from _flow(processor, path)
