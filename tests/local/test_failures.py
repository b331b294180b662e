"""How often a delivery is tried, when it is given up, and what its dead letter says."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from local.events import failures


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "FIRST_WAIT", 0.001)


def _error(code: str, status: int) -> ClientError:
    metadata: Any = {"Error": {"Code": code, "Message": "said so"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(metadata, "StartExecution")


def _failing(times: int, fault: Exception) -> tuple[Callable[[], None], list[int]]:
    """A call that fails some times and then succeeds, and the list of its attempts."""
    attempts: list[int] = []

    def call() -> None:
        attempts.append(len(attempts) + 1)
        if len(attempts) <= times:
            raise fault

    return call, attempts


def test_a_target_that_recovers_in_time_gets_its_event() -> None:
    call, attempts = _failing(2, _error("ThrottlingException", 400))

    assert failures.attempt(call, {"MaximumRetryAttempts": 2}) is None
    assert attempts == [1, 2, 3]


def test_after_the_last_retry_the_dead_letter_says_which_limit_was_reached() -> None:
    call, attempts = _failing(9, _error("InternalError", 500))

    failure = failures.attempt(call, {"MaximumRetryAttempts": 3})

    assert attempts == [1, 2, 3, 4]
    letter = {
        name: value["StringValue"] for name, value in failure.attributes(RULE_ARN="rule", TARGET_ARN="target").items()
    }
    assert letter.pop("ERROR_MESSAGE").endswith("said so")
    assert letter == {
        "RULE_ARN": "rule",
        "TARGET_ARN": "target",
        "ERROR_CODE": "ERROR_FROM_TARGET",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "RETRY_ATTEMPTS": "3",
    }


def test_an_event_that_grew_too_old_is_given_up() -> None:
    call, _ = _failing(9999, EndpointConnectionError(endpoint_url="http://nowhere"))

    failure = failures.attempt(call, {"MaximumEventAgeInSeconds": 0})

    assert (failure.code, failure.exhausted) == ("CONNECTION_FAILURE", "MaximumEventAgeInSeconds")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("AccessDeniedException", "NO_PERMISSIONS"),
        ("StateMachineDoesNotExist", "NO_RESOURCE"),
        ("AWS.SimpleQueueService.NonExistentQueue", "NO_RESOURCE"),
        ("ExecutionAlreadyExists", "RESOURCE_ALREADY_EXISTS"),
        ("InvalidExecutionInput", "INVALID_PARAMETER"),
    ],
)
def test_what_trying_again_cannot_mend_is_tried_once(code: str, name: str) -> None:
    call, attempts = _failing(9, _error(code, 400))

    failure = failures.attempt(call, {})

    assert (failure.code, failure.exhausted, attempts) == (name, None, [1])
