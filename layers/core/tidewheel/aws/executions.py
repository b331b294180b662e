"""Executions of state machines: whether the holder of a claim is still at work, or was cut off."""

from tidewheel.aws.clients import client


def running(execution_arn: str) -> bool:
    """Whether the execution runs. One that Step Functions has forgotten (after 90 days) does not."""
    return _status(execution_arn) in {"RUNNING", "PENDING_REDRIVE"}


def cut_off(execution_arn: str) -> bool:
    """Whether the execution ended before its time. Of one that is forgotten nobody waits for anything."""
    return _status(execution_arn) in {"FAILED", "TIMED_OUT", "ABORTED"}


def _status(execution_arn: str) -> str:
    states = client("stepfunctions")
    try:
        return str(states.describe_execution(executionArn=execution_arn)["status"])
    except states.exceptions.ExecutionDoesNotExist:
        return ""
