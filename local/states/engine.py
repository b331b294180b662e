"""An execution in the emulator: its record there, run by our interpreter, from RUNNING to its end."""

import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from local.states import history, logs, patterns
from local.states.errors import RUNTIME, TIMEOUT, Aborted, StateError, TimedOut
from local.states.history import History
from local.states.integrations import Caller
from local.states.live import Live
from local.states.machine import run
from local.states.stop import Stop

Record = dict[str, Any]
_running: dict[str, Stop] = {}


@dataclass(frozen=True)
class Machine:
    """A state machine, or a version of it, as it was when the execution started."""

    definition: str
    role: str
    logging: Record


started: ContextVar[Machine] = ContextVar("started")  # what the execution that is being started will run


def run_execution(arn: str) -> None:
    """Run the RUNNING execution `arn` to its end; everything that goes wrong becomes its status."""
    from ministack.services import stepfunctions

    execution = stepfunctions._executions.get(arn)
    machine = started.get()
    _running[arn] = stop = Stop()
    try:
        if execution and execution["status"] == "RUNNING":  # it may have been stopped before this thread began
            _run(execution, machine, stop, stepfunctions._SFN_WAIT_SCALE)
            logs.write(execution, machine.logging)
    finally:
        _running.pop(arn, None)


def halt(arn: str) -> None:
    """End what the execution is doing; its status is set already."""
    if arn in _running:
        _running[arn].set()


def _run(execution: Record, machine: Machine, stop: Stop, scale: float) -> None:
    execution["events"][0]["previousEventId"] = 0
    region = execution["executionArn"].split(":")[3]
    caller = Caller(machine.role, region, execution["executionArn"], execution["stateMachineArn"])
    past = History(execution["events"], lambda: datetime.now(UTC), region)
    world = Live(lambda call, unwanted: patterns.perform(call, caller, unwanted), past, stop, scale)
    end = partial(_end, execution, past)
    try:
        output = run(
            json.loads(machine.definition), json.loads(execution["input"]), _context(execution, machine), world
        )
        end("SUCCEEDED", "ExecutionSucceeded", output=output)
    except StateError as failed:
        end("FAILED", "ExecutionFailed", error=failed.name, cause=failed.cause)
    except TimedOut:
        end("TIMED_OUT", "ExecutionTimedOut", error=TIMEOUT, cause="The state machine's TimeoutSeconds have passed")
    except Aborted:
        pass  # StopExecution has written status and history
    except Exception as fault:  # a defect of ours: the execution must not stay RUNNING for ever
        end("FAILED", "ExecutionFailed", error=RUNTIME, cause=f"The local interpreter failed: {fault!r}")


def _context(execution: Record, machine: Machine) -> Record:
    return {
        "Execution": {
            "Id": execution["executionArn"],
            "Input": json.loads(execution["input"]),
            "Name": execution["name"],
            "RoleArn": machine.role,
            "StartTime": execution["startDate"],
            "RedriveCount": 0,
        },
        "StateMachine": {
            "Id": execution["stateMachineArn"],
            "Name": execution["stateMachineArn"].rsplit(":", 1)[-1],
        },
    }


def _end(execution: Record, past: History, status: str, event: str, **details: Any) -> None:
    from ministack.services import stepfunctions

    with history.LOCK:
        if execution["status"] != "RUNNING":  # stopped in the last moment
            return
        execution["stopDate"] = stepfunctions.now_iso()
        execution["output"] = json.dumps(details["output"]) if "output" in details else None
        execution |= {name: details[name] for name in ("error", "cause") if name in details}
        execution["status"] = status
    past.add(event, **details)
    stepfunctions._emit_execution_status_event(execution)
