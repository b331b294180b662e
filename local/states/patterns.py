"""The three ways to wait for a Task: for the response, for the job's end (.sync), for whoever has the token."""

import json
from dataclasses import dataclass
from typing import Any

from local.states.errors import HEARTBEAT, TASK_FAILED, Aborted, StateError
from local.states.integrations import Caller
from local.states.members import from_api
from local.states.resources import Resource, parse
from local.states.stop import Stop
from local.states.world import Call

POLL_SECONDS = 0.2
ENDED = ("Completed", "Failed", "Stopped")


@dataclass(frozen=True)
class Job:
    """How a kind of SageMaker job is watched and stopped."""

    name: str

    @property
    def key(self) -> str:
        return f"{self.name}Name"

    @property
    def status(self) -> str:
        return f"{self.name}Status"


def perform(call: Call, caller: Caller, unwanted: Stop) -> Any:
    """The result of `call`; `unwanted` is set when nobody waits for it any more."""
    resource = parse(call.resource)
    if resource.pattern == "sync":
        return _job(resource, call, caller, unwanted)
    if resource.pattern == "waitForTaskToken":
        return _callback(resource, call, caller, unwanted)
    return caller.request(resource, call.arguments)


def _job(resource: Resource, call: Call, caller: Caller, unwanted: Stop) -> Any:
    """Create the job, and describe it until it has ended. An unwanted job is stopped."""
    job = Job(resource.action.removeprefix("create"))
    caller.request(resource, call.arguments)
    name = {job.key: call.arguments[job.key]}
    describe = parse(f"arn:aws:states:::aws-sdk:sagemaker:describe{job.name}")
    while True:
        if unwanted.wait(POLL_SECONDS):
            caller.send(resource, f"Stop{job.name}", name)
            raise Aborted
        result = from_api(describe, caller.send(resource, f"Describe{job.name}", name))
        if result[job.status] in ENDED:
            break
    if result[job.status] != "Completed":
        raise StateError(TASK_FAILED, json.dumps(result))
    return result


def _callback(resource: Resource, call: Call, caller: Caller, unwanted: Stop) -> Any:
    """Send the request, then wait until SendTaskSuccess or SendTaskFailure names the token."""
    from ministack.services import stepfunctions

    answered = unwanted.inner()
    waiting: dict[str, Any] = {"event": answered, "result": None, "error": None, "heartbeat": None}
    stepfunctions._task_tokens[call.token] = waiting
    try:
        caller.request(resource, call.arguments)
        _await(answered, waiting, call)
    finally:
        stepfunctions._task_tokens.pop(call.token, None)
    if waiting["error"]:
        raise StateError(waiting["error"]["Error"], waiting["error"]["Cause"])
    if waiting["result"] is None:
        raise Aborted
    return json.loads(waiting["result"])


def _await(answered: Stop, waiting: dict[str, Any], call: Call) -> None:
    beat: Any = None
    while not answered.wait(call.heartbeat):
        if waiting["heartbeat"] == beat:
            raise StateError(HEARTBEAT, f"{call.state} sent no heartbeat for {call.heartbeat} seconds")
        beat = waiting["heartbeat"]
