"""Why a target could not be reached, in the words of EventBridge's dead letters.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.calls import NotPermitted

# Seconds before the second attempt, doubled for each more, up to the limit. AWS takes minutes to a day for the same.
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0


@dataclass(frozen=True)
class Failure:
    """`exhausted`: which limit of the retry policy ended the attempts, or None if trying again was pointless."""

    code: str
    message: str
    retriable: bool
    attempts: int = 0
    exhausted: str | None = None

    def attributes(self, **arns: str) -> dict[str, dict[str, str]]:
        """The attributes of a dead letter, for sqs:SendMessage."""
        strings = {**arns, "ERROR_CODE": self.code, "ERROR_MESSAGE": self.message[:1024] or self.code}
        if self.exhausted:
            strings["EXHAUSTED_RETRY_CONDITION"] = self.exhausted
        found = {name: {"DataType": "String", "StringValue": value} for name, value in strings.items()}
        return found | {"RETRY_ATTEMPTS": {"DataType": "Number", "StringValue": str(self.attempts)}}


def attempt(call: Callable[[], Any], policy: dict[str, Any]) -> Failure | None:
    """Makes a call until it succeeds or the policy {MaximumRetryAttempts, MaximumEventAgeInSeconds} says enough."""
    most, oldest = policy.get("MaximumRetryAttempts", 185), policy.get("MaximumEventAgeInSeconds", 86400)
    started, retries = time.monotonic(), 0
    while failure := _fault(call):
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2**retries)
        if not failure.retriable:
            return replace(failure, attempts=retries)
        if retries >= most:
            return replace(failure, attempts=retries, exhausted="MaximumRetryAttempts")
        if time.monotonic() - started + wait > oldest:
            return replace(failure, attempts=retries, exhausted="MaximumEventAgeInSeconds")
        time.sleep(wait)
        retries += 1
    return None


def _fault(call: Callable[[], Any]) -> Failure | None:
    try:
        call()
    except NotPermitted as fault:
        return Failure("NO_PERMISSIONS", str(fault), retriable=False)
    except ClientError as fault:
        return _read(fault)
    except BotoCoreError as fault:
        return Failure("CONNECTION_FAILURE", str(fault), retriable=True)
    return None


def _read(fault: ClientError) -> Failure:
    code, status = fault.response["Error"]["Code"], fault.response["ResponseMetadata"]["HTTPStatusCode"]
    kinds = (
        (("AccessDenied", "NotAuthorized", "KMSAccessDenied"), "NO_PERMISSIONS", False),
        (("NotFound", "DoesNotExist", "NonExistent", "ArchiveNotFound"), "NO_RESOURCE", False),
        (("Throttl", "TooManyRequests"), "THROTTLING", True),
        (("AlreadyExists",), "RESOURCE_ALREADY_EXISTS", False),
    )
    for words, name, retriable in kinds:
        if any(word in code for word in words):
            return Failure(name, str(fault), retriable)
    return Failure("ERROR_FROM_TARGET" if status >= 500 else "INVALID_PARAMETER", str(fault), retriable=status >= 500)
