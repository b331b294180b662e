"""How an invocation ends: the documents that Lambda answers with."""

import json
from dataclasses import dataclass
from typing import Any

from local.lambdas.runtime_api import RESPONSE_LIMIT


@dataclass(frozen=True)
class Outcome:
    """`body` is the handler's value or the error document; `fatal`: the execution environment is gone."""

    body: Any
    failed: bool = False
    fatal: bool = False


def read_response(request_id: str, body: bytes) -> Outcome:
    """A handler's value. Lambda refuses one above 6 MB."""
    if len(body) <= RESPONSE_LIMIT:
        return Outcome(json.loads(body))
    message = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
    return Outcome({"errorMessage": message, "errorType": "Function.ResponseSizeTooLarge"}, failed=True, fatal=True)


def read_error(request_id: str, body: bytes) -> Outcome:
    """The runtime client's own document: errorMessage, errorType (the exception's class), requestId, stackTrace."""
    return Outcome(json.loads(body), failed=True)


def timed_out(request_id: str, seconds: float) -> Outcome:
    return _ended("Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds")


def exited(request_id: str, status: int) -> Outcome:
    how = f"exit status {status}" if status >= 0 else f"signal: {-status}"
    return _ended("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited with error: {how}")


def out_of_memory(request_id: str) -> Outcome:
    return _ended(
        "Runtime.OutOfMemory",
        f"RequestId: {request_id} Error: Runtime exited with error: signal: killed (out of memory)",
    )


def _ended(kind: str, message: str) -> Outcome:
    return Outcome({"errorType": kind, "errorMessage": message}, failed=True, fatal=True)
