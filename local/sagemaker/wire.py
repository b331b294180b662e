"""The service as the emulator sees it: JSON 1.1 for the control plane, REST for the runtime, one module for both."""

import json
import logging
from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.core.router import extract_access_key_id

from local.sagemaker import rights, runtime
from local.sagemaker.authorization import resource_arn
from local.sagemaker.errors import SerializationException, ServiceError, UnknownOperationException
from local.sagemaker.operations import answer

logger = logging.getLogger("sagemaker")
TARGET = "SageMaker."
Response = tuple[int, dict[str, str], bytes]


async def handle_request(method: str, path: str, headers: dict, body: bytes, query: dict) -> Response:
    """The emulator's entry point. Each request has a thread: some call the emulator themselves."""
    return await run_reentrant(_respond, path, headers, body, query, thread_name="sagemaker-request")


def _respond(path: str, headers: dict, body: bytes, query: dict) -> Response:
    try:
        rights.caller_key.set(extract_access_key_id(headers, query) or "")
        if runtime.serves(path):
            return runtime.invoke(path, headers, body)
        return _control(headers, body)
    except ServiceError as error:
        document = {"__type": error.code, "message": error.message, **error.members}
        kind = {"Content-Type": "application/json", "x-amzn-ErrorType": error.code}
        return error.status, kind, json.dumps(document).encode()


def _control(headers: dict, body: bytes) -> Response:
    target = headers.get("x-amz-target", "")
    if not target.startswith(TARGET):
        raise UnknownOperationException("The request names no operation of SageMaker.")
    name, request = target.removeprefix(TARGET), _parsed(body)
    if name.startswith("Create") and request.get("Tags"):
        rights.require("sagemaker:AddTags", resource_arn("/", headers, body))
    result = answer(name, request)
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(result).encode() if result else b"{}"


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        request = json.loads(body or b"{}")
    except ValueError as error:
        raise SerializationException("The request is not JSON.") from error
    if not isinstance(request, dict):
        raise SerializationException("The request is not a JSON object.")
    return request
