"""What IAM looks at under `--auth`: condition keys that the emulator does not fill in, and who may take a role."""

import json
from contextlib import suppress
from typing import Any

from local import hooks

ACTIONS = "ministack.core.iam_actions"
EVALUATOR = "ministack.core.iam_evaluator"
SENDING = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish"}


def install() -> None:
    """Fills in `aws:SecureTransport`, `aws:PrincipalArn` and `events:source`, on which our policies depend."""
    from ministack.app import AUTH

    pin = hooks.require("ministack.app", "pin_request_origin", "source_ip, secure_transport")
    context = hooks.require(ACTIONS, "request_tag_context", "service, iam_action, body, params")
    hooks.require(EVALUATOR, "_resource_policy", "service, resource_arn")
    hooks.require(EVALUATOR, "evaluate_resource_policy", "doc, ctx, service, named_only, direct_only")
    resolve = hooks.require(EVALUATOR, "_resolve_condition_key", "key, ctx")
    if not AUTH:
        return
    # This endpoint on the loopback interface stands for the TLS endpoints of AWS.
    hooks.replace("ministack.app", "pin_request_origin", lambda source_ip, secure_transport: pin(source_ip, True))
    hooks.replace(EVALUATOR, "_resolve_condition_key", lambda key, ctx: _principal(key, resolve(key, ctx)))
    hooks.replace(ACTIONS, "request_tag_context", lambda *request: context(*request) | _event_keys(*request))
    arn = hooks.require(ACTIONS, "extract_resource_arn")
    hooks.replace(ACTIONS, "extract_resource_arn", lambda *request: _in_group(arn(*request), *request))


def trusts(role: dict[str, Any], service: str, source_arn: str) -> bool:
    """Whether a role's trust policy lets a service, on behalf of the resource `source_arn`, take it."""
    return _allows(role.get("AssumeRolePolicyDocument") or {}, "sts:AssumeRole", role["Arn"], service, source_arn)


def invites(arn: str, service: str, source_arn: str) -> bool:
    """Whether a queue, topic or function takes what a service sends without a role. One that is not there does."""
    from ministack.core.iam_evaluator import _resource_policy

    kind = arn.split(":")[2]
    found = _resource_policy(kind, arn)
    return found is None or _allows(found[0], SENDING[kind], arn, service, source_arn)


def _allows(policy: dict[str, Any] | str, action: str, resource: str, service: str, source_arn: str) -> bool:
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
    from ministack.core.responses import get_account_id, get_region

    context = EvalContext(
        principal_arn=service, principal_type="Service", principal_account=get_account_id(), action=action,
        resource_arn=resource, region=get_region(), secure_transport=True,
        service_context={"aws:sourceaccount": get_account_id(), "aws:sourcearn": source_arn},
    )  # fmt: skip
    return bool(evaluate_resource_policy(policy, context, service=service).decision == "Allow")


def _principal(key: str, value: Any) -> Any:
    """`aws:PrincipalArn` is the role, not its session.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    """
    if key.lower() != "aws:principalarn" or ":assumed-role/" not in str(value):
        return value
    from ministack.services import iam

    role = iam._roles.get(value.split("/")[1])
    return role["Arn"] if role else value


def _event_keys(service: str, action: str, body: bytes, *_: Any) -> dict[str, str | list[str]]:
    """The keys of events:PutEvents: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html"""
    if action != "events:PutEvents":
        return {}
    with suppress(ValueError):
        entries = json.loads(body).get("Entries", [])
        return {"events:source": _one(entries, "Source"), "events:detail-type": _one(entries, "DetailType")}
    return {}


def _in_group(arn: str, service: str, method: str, path: str, headers: Any, body: bytes, query: Any, *_: str) -> str:
    """A schedule's ARN names its group, which the emulator takes for `default`."""
    if service != "scheduler" or ":schedule/default/" not in arn:
        return arn
    asked = query.get("groupName") or (json.loads(body).get("GroupName") if body else None) or "default"
    return arn.replace(":schedule/default/", f":schedule/{asked[0] if isinstance(asked, list) else asked}/")


def _one(entries: list[dict[str, str]], name: str) -> str | list[str]:
    """What all entries agree on, as policies compare single values; all of them if they differ."""
    values = sorted({entry.get(name, "") for entry in entries})
    return values[0] if len(values) == 1 else values
