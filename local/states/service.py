"""Where our interpreter takes its place in the emulator's Step Functions service."""

import json
from collections.abc import Callable
from typing import Any

from local import hooks
from local.states import engine, history
from local.states.definition import problems, tasks
from local.states.resources import ResourceRefused, mistakes, parse
from local.states.visit import LARGEST

SERVICE = "ministack.services.stepfunctions"
PROVISIONERS = "ministack.services.cloudformation.provisioners"
Response = tuple[int, dict[str, str], Any]
Handler = Callable[[dict[str, Any]], Response]


def install() -> None:
    """Take the emulator's places. Raises HookMissing where it has changed."""
    for name in ("_executions", "_task_tokens", "_SFN_WAIT_SCALE", "_emit_execution_status_event", "now_iso"):
        hooks.require(SERVICE, name)
    hooks.replace(SERVICE, "_run_execution", engine.run_execution, "exec_arn")
    hooks.replace(SERVICE, "_add_event", add_event, "execution, event_type, details")
    hooks.replace(SERVICE, "_validate_definition_jsonata", refusal, "definition_str")
    hooks.replace(SERVICE, "_validate_state_machine_definition", validate, "data")
    hooks.replace(SERVICE, "_test_state", _not_simulated, "data")
    _wrap("_start_execution", _start)
    _wrap("_start_sync_execution", _start)
    _wrap("_stop_execution", _stop)
    theirs = hooks.require(PROVISIONERS, "_sfn_definition", "props")
    hooks.replace(PROVISIONERS, "_sfn_definition", lambda props: _valid(theirs(props)))


def _wrap(name: str, ours: Callable[[dict[str, Any], Handler], Response]) -> None:
    theirs = hooks.require(SERVICE, name, "data")
    hooks.replace(SERVICE, name, lambda data: ours(data, theirs))


def refusal(text: str | None) -> str | None:
    """Why CreateStateMachine answers InvalidDefinition; None if it does not. No definition is no reason."""
    if text is None:
        return None
    try:
        definition = json.loads(text)
    except ValueError as wrong:
        return f"INVALID_JSON_DESCRIPTION: {wrong}"
    found = problems(definition) or _calls(definition)
    return f"SCHEMA_VALIDATION_FAILED: {'; '.join(found)}" if found else None


def _calls(definition: dict[str, Any]) -> list[str]:
    """What is wrong with the Resources and Arguments of a definition that is otherwise right."""
    found = []
    for name, state in tasks(definition):
        try:
            found += mistakes(parse(state["Resource"]), state.get("Arguments"))
        except ResourceRefused as refused:
            found.append(f"{name}: {refused}")
    return found


def _valid(text: str) -> str:
    """CloudFormation's way in: the emulator makes the machine without asking CreateStateMachine."""
    if why := refusal(text):
        raise ValueError(f"Invalid State Machine Definition: '{why}'")
    return text


def validate(data: dict[str, Any]) -> Response:
    """ValidateStateMachineDefinition."""
    from ministack.core.responses import json_response

    why = refusal(data.get("definition"))
    diagnostics = [{"severity": "ERROR", "code": why.split(":")[0], "message": why}] if why else []
    answer: Response = json_response(
        {"result": "FAIL" if why else "OK", "diagnostics": diagnostics, "truncated": False}
    )
    return answer


def add_event(execution: dict[str, Any], event_type: str, details: dict[str, Any] | None = None) -> dict[str, Any]:
    """An event of the service itself, such as ExecutionAborted, after whatever came last."""
    from ministack.services import stepfunctions

    with history.LOCK:
        number = len(execution["events"]) + 1
        event = {"id": number, "previousEventId": number - 1, "type": event_type, "timestamp": stepfunctions.now_iso()}
        execution["events"].append(event | (details or {}))
    return event


def _start(data: dict[str, Any], theirs: Handler) -> Response:
    """StartExecution: what the machine is now is what this execution runs; the same start again is one start."""
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import stepfunctions

    answer: Response
    if why := _unfit(data.get("input", "{}")):
        answer = error_response_json("InvalidExecutionInput", why, 400)
        return answer
    base = stepfunctions._resolve_state_machine_arn(data.get("stateMachineArn", ""))
    if base is None:
        return theirs(data)
    if same := _under_way(data, base):
        answer = json_response({"executionArn": same["executionArn"], "startDate": same["startDate"]})
        return answer
    engine.started.set(_machine(data["stateMachineArn"], base))
    return theirs(data)


def _under_way(data: dict[str, Any], base: str) -> dict[str, Any] | None:
    """The running execution that this start has made already: same name, same input."""
    from ministack.services import stepfunctions

    same = stepfunctions._executions.get(f"{base.replace(':stateMachine:', ':execution:')}:{data.get('name')}")
    if same and same["status"] == "RUNNING" and same["input"] == data.get("input", "{}"):
        found: dict[str, Any] = same
        return found
    return None


def _machine(arn: str, base: str) -> engine.Machine:
    """What `arn` (a machine, a version or an alias) stands for now."""
    from ministack.services import stepfunctions

    version = stepfunctions._state_machine_versions.get(stepfunctions._execution_version_arn(arn))
    record = version or stepfunctions._state_machines[base]
    return engine.Machine(record["definition"], record["roleArn"], record["loggingConfiguration"])


def _unfit(given: str) -> str | None:
    if len(given.encode()) > LARGEST:
        return f"The input is larger than {LARGEST} bytes"
    try:
        json.loads(given)
    except ValueError as wrong:
        return f"Invalid State Machine Execution Input: '{wrong}'"
    return None


def _stop(data: dict[str, Any], theirs: Handler) -> Response:
    """StopExecution: the status is set, then the work ends: waits, branches, jobs."""
    with history.LOCK:  # an execution that is just ending has ended, or has not
        answer = theirs(data)
    if answer[0] < 400:
        engine.halt(data["executionArn"])
    return answer


def _not_simulated(data: dict[str, Any]) -> Response:
    from ministack.core.responses import error_response_json

    text = "TestState is not simulated locally; tests/statemachines/runner.py plays a definition"
    answer: Response = error_response_json("InvalidAction", text, 400)
    return answer
