"""Executions of state machines: whether the holder of a claim is still at work."""

from tidewheel.aws.clients import client


def running(execution_arn: str) -> bool:
    """Whether the execution runs. One that Step Functions has forgotten (after 90 days) does not."""
    states = client("stepfunctions")
    try:
        return bool(states.describe_execution(executionArn=execution_arn)["status"] in {"RUNNING", "PENDING_REDRIVE"})
    except states.exceptions.ExecutionDoesNotExist:
        return False
