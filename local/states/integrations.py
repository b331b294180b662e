"""A Task's call to AWS: request and response, and the few services whose answers Step Functions reads itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from local.states import sessions
from local.states.errors import RUNTIME, StateError
from local.states.members import from_api, to_api
from local.states.resources import Resource


@dataclass(frozen=True)
class Caller:
    """Whose calls these are: a role, in a Region, for an execution of a machine."""

    role: str
    region: str
    execution: str
    machine: str

    def send(self, resource: Resource, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """boto3's response to one request; its errors under the names of the integration."""
        client = sessions.client(resource.client, self.role, self.region)
        try:
            response: dict[str, Any] = getattr(client, xform_name(action))(**parameters)
        except ClientError as refused:
            raise StateError(resource.error(refused.response["Error"]["Code"]), _cause(resource, refused)) from refused
        except ParamValidationError as wrong:
            raise StateError(RUNTIME, f"The Arguments could not be used to start the Task: {wrong}") from wrong
        except BotoCoreError as broken:
            raise StateError(f"{resource.prefix}.SdkClientException", str(broken)) from broken
        return response

    def request(self, resource: Resource, arguments: Any) -> Any:
        """The result of a Task that calls `resource` once."""
        parameters = to_api(resource, arguments)
        if (resource.kind, resource.action) == ("events", "putEvents"):
            parameters = self._signed(parameters)
        response = self.send(resource, resource.action, parameters)
        return READ.get((resource.kind, resource.action), from_api)(resource, response)

    def _signed(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Step Functions adds the execution and the machine to the Resources of every event."""
        ours = [self.execution, self.machine]
        return parameters | {
            "Entries": [entry | {"Resources": entry.get("Resources", []) + ours} for entry in parameters["Entries"]]
        }


def _cause(resource: Resource, refused: ClientError) -> str:
    error, metadata = refused.response["Error"], refused.response["ResponseMetadata"]
    return (
        f"{error.get('Message', '')} (Service: {resource.prefix}, "
        f"Status Code: {metadata.get('HTTPStatusCode')}, Request ID: {metadata.get('RequestId')})"
    )


def _lambda(resource: Resource, response: dict[str, Any]) -> Any:
    """The Payload as JSON; a function's error under the name of its exception, its document as the cause."""
    text = response["Payload"].read().decode()
    if "FunctionError" in response:
        raise StateError(json.loads(text).get("errorType", "Lambda.Unknown"), text)
    return {
        "ExecutedVersion": response.get("ExecutedVersion"),
        "Payload": json.loads(text) if text else None,
        "StatusCode": response["StatusCode"],
    }


def _events(resource: Resource, response: dict[str, Any]) -> Any:
    """One refused entry fails the task."""
    result = from_api(resource, response)
    if result["FailedEntryCount"]:
        raise StateError("EventBridge.FailedEntry", json.dumps(result))
    return result


READ: dict[tuple[str, str], Callable[[Resource, dict[str, Any]], Any]] = {
    ("lambda", "invoke"): _lambda,
    ("events", "putEvents"): _events,
}
