"""What a rule or a schedule calls: one function per kind of target, and a refusal for all others."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from local import calls


@dataclass(frozen=True)
class Delivery:
    """One payload on its way to one target. `parameters` is the target's entry in the rule or schedule."""

    arn: str
    payload: str
    role_arn: str | None
    trusting: str
    source_arn: str
    identity: str  # the same for every attempt
    parameters: dict[str, Any]

    def client(self, service: str) -> Any:
        if self.role_arn is None:
            calls.require_invitation(self.arn, self.trusting, self.source_arn)
        return calls.client(service, self.role_arn, trusting=self.trusting, source_arn=self.source_arn)


def _start_execution(delivery: Delivery) -> None:
    delivery.client("stepfunctions").start_execution(
        stateMachineArn=delivery.arn, name=delivery.identity, input=delivery.payload
    )


def _invoke(delivery: Delivery) -> None:
    delivery.client("lambda").invoke(FunctionName=delivery.arn, InvocationType="Event", Payload=delivery.payload)


def _send_message(delivery: Delivery) -> None:
    sqs = delivery.client("sqs")
    group = (delivery.parameters.get("SqsParameters") or {}).get("MessageGroupId")
    options = {"MessageGroupId": group, "MessageDeduplicationId": delivery.identity} if group else {}
    sqs.send_message(QueueUrl=queue_url(delivery.arn), MessageBody=delivery.payload, **options)


def _publish(delivery: Delivery) -> None:
    delivery.client("sns").publish(TopicArn=delivery.arn, Message=delivery.payload)


def _put_events(delivery: Delivery) -> None:
    """Schedules only: the input becomes the detail of an event of the schedule's source and type."""
    words = delivery.parameters["EventBridgeParameters"]
    entry = {"EventBusName": delivery.arn, "Source": words["Source"], "DetailType": words["DetailType"]}
    answer = delivery.client("events").put_events(Entries=[entry | {"Detail": delivery.payload}])
    if answer["FailedEntryCount"]:
        fault = answer["Entries"][0]
        error = {"Code": fault["ErrorCode"], "Message": fault["ErrorMessage"]}
        raise ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}, "PutEvents")


SENDERS: dict[str, Callable[[Delivery], None]] = {
    "states": _start_execution,
    "lambda": _invoke,
    "sqs": _send_message,
    "sns": _publish,
    "events": _put_events,
}


def send(delivery: Delivery) -> None:
    """One attempt. Raises what boto3 raises, or NotPermitted."""
    SENDERS[service_of(delivery.arn)](delivery)


def service_of(arn: str) -> str:
    return (arn.split(":") + [""] * 3)[2]


def queue_url(arn: str) -> str:
    """Made, not asked for: a role that may send need not be allowed to ask."""
    *_, account, name = arn.split(":")
    return f"{os.environ['AWS_ENDPOINT_URL']}/{account}/{name}"


def dead_letter(
    queue_arn: str,
    body: str,
    attributes: dict[str, dict[str, str]],
    *,
    role_arn: str | None = None,
    trusting: str,
    source_arn: str,
) -> None:
    """Puts what could not be delivered into a queue."""
    if role_arn is None:
        calls.require_invitation(queue_arn, trusting, source_arn)
    sqs = calls.client("sqs", role_arn, trusting=trusting, source_arn=source_arn)
    sqs.send_message(QueueUrl=queue_url(queue_arn), MessageBody=body, MessageAttributes=attributes)


def new_identity(prefix: str) -> str:
    """A name for one delivery, as EventBridge makes them for executions: `<event id>_<uuid>`, at most 80 characters."""
    return f"{prefix}_{uuid4()}"[:80]
