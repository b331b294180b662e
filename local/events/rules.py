"""Rules of EventBridge: a delivery that fails is tried again and ends in the target's dead-letter queue."""

import contextvars
import json
import threading
from functools import partial
from typing import Any

from ministack.services import eventbridge

from local import hooks
from local.events import failures, targets
from local.events.targets import Delivery

HOOK = "ministack.services.eventbridge"
TRUSTING = "events.amazonaws.com"


def install() -> None:
    """Takes over delivery; the emulator still chooses rules, transforms inputs and passes events from bus to bus."""
    hooks.require(HOOK, "_pattern_event_view", "event")
    hooks.require(HOOK, "_apply_input_transformer", "transformer, rule, view")
    theirs = hooks.require(HOOK, "_invoke_target", "target, event, rule, view")

    def deliver(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
        if targets.service_of(target["Arn"]) in ("states", "lambda", "sqs", "sns"):
            payload = _payload(target, rule, view or eventbridge._pattern_event_view(event))
            work = partial(_deliver, target, event["EventId"], rule, payload)
            threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
        else:
            theirs(target, event, rule, view)

    hooks.replace(HOOK, "_invoke_target", deliver)


def _payload(target: dict[str, Any], rule: dict[str, Any], view: Any) -> str:
    if target.get("InputTransformer"):
        return str(eventbridge._apply_input_transformer(target["InputTransformer"], rule, view))
    if target.get("Input"):
        return str(target["Input"])
    value = view.event_with_detail()
    for part in (target.get("InputPath") or "$").lstrip("$").split("."):
        value = value[part] if part else value
    return json.dumps(value)


def _deliver(target: dict[str, Any], event_id: str, rule: dict[str, Any], payload: str) -> None:
    delivery = Delivery(
        arn=target["Arn"],
        payload=payload,
        role_arn=target.get("RoleArn"),
        trusting=TRUSTING,
        source_arn=rule["Arn"],
        identity=targets.new_identity(event_id),
        parameters=target,
    )
    failure = failures.attempt(partial(targets.send, delivery), target.get("RetryPolicy") or {})
    if failure is None:
        return
    print(f"rule {rule['Name']} gave up on {delivery.arn}: {failure.code}: {failure.message}", flush=True)
    if queue := (target.get("DeadLetterConfig") or {}).get("Arn"):
        attributes = failure.attributes(RULE_ARN=rule["Arn"], TARGET_ARN=delivery.arn)
        send = partial(targets.dead_letter, trusting=TRUSTING, source_arn=rule["Arn"])
        lost = failures.attempt(partial(send, queue, payload, attributes), {"MaximumRetryAttempts": 5})
        if lost:
            print(f"rule {rule['Name']} lost an event: {lost.code}: {lost.message}", flush=True)
