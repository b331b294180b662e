"""What IAM looks at under `--auth`: condition keys that the emulator does not fill in, and who may take a role."""

import json
from contextlib import suppress
from typing import Any

from local import hooks

ACTIONS = "ministack.core.iam_actions"


def install() -> None:
    """Fills in `aws:SecureTransport` and `events:source`, on which our policies depend."""
    from ministack.app import AUTH

    pin = hooks.require("ministack.app", "pin_request_origin", "source_ip, secure_transport")
    context = hooks.require(ACTIONS, "request_tag_context", "service, iam_action, body, params")
    if not AUTH:
        return
    # This endpoint on the loopback interface stands for the TLS endpoints of AWS.
    hooks.replace("ministack.app", "pin_request_origin", lambda source_ip, secure_transport: pin(source_ip, True))
    hooks.replace(ACTIONS, "request_tag_context", lambda *request: context(*request) | _event_keys(*request))


def trusts(role: dict[str, Any], service: str, source_arn: str) -> bool:
    """Whether a role's trust policy lets a service, on behalf of the resource `source_arn`, take it."""
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
    from ministack.core.responses import get_account_id, get_region

    context = EvalContext(
        principal_arn=service, principal_type="Service", principal_account=get_account_id(), action="sts:AssumeRole",
        resource_arn=role["Arn"], region=get_region(), secure_transport=True,
        service_context={"aws:sourceaccount": get_account_id(), "aws:sourcearn": source_arn},
    )  # fmt: skip
    document = role.get("AssumeRolePolicyDocument") or {}
    return bool(evaluate_resource_policy(document, context, service=service).decision == "Allow")


def _event_keys(service: str, action: str, body: bytes, *_: Any) -> dict[str, str | list[str]]:
    """The keys of events:PutEvents: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html"""
    if action != "events:PutEvents":
        return {}
    with suppress(ValueError):
        entries = json.loads(body).get("Entries", [])
        return {"events:source": _one(entries, "Source"), "events:detail-type": _one(entries, "DetailType")}
    return {}


def _one(entries: list[dict[str, str]], name: str) -> str | list[str]:
    """What all entries agree on, as policies compare single values; all of them if they differ."""
    values = sorted({entry.get(name, "") for entry in entries})
    return values[0] if len(values) == 1 else values
