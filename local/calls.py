"""Calls that services make to one another: over HTTP, under the role that the resource names, so that IAM sees them."""

import hashlib
import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam, sts

from local.permissions import invites, trusts

CONFIG = Config(retries={"mode": "standard", "max_attempts": 1}, connect_timeout=3, read_timeout=30)


class NotPermitted(Exception):
    """A role does not trust the service that wants to take it, or a target does not take what the service sends."""


def client(service: str, role_arn: str | None = None, *, trusting: str = "", source_arn: str = "") -> Any:
    """A client under a role, or without one as the account, for targets that a policy of their own guards.

    `trusting` is the service that takes the role, e.g. events.amazonaws.com, on behalf of the resource `source_arn`.
    Raises NotPermitted if the role does not exist or does not trust the service.
    """
    if role_arn is None:
        return _client(service, get_region(), get_account_id(), "test", None)
    _require_trust(role_arn, trusting, source_arn)
    return _client(service, get_region(), *_session(role_arn, trusting))


def require_invitation(arn: str, service: str, source_arn: str) -> None:
    """Raises NotPermitted unless the policy of the target `arn` lets a service send to it without a role."""
    from ministack.app import AUTH

    if AUTH and not invites(arn, service, source_arn):
        raise NotPermitted(f"the policy of {arn} does not allow {service} for {source_arn}")


@cache
def _client(service: str, region: str, key: str, secret: str, token: str | None) -> Any:
    return boto3.Session(key, secret, token, region).client(
        service, endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=CONFIG
    )  # type: ignore[call-overload]


def _session(role_arn: str, name: str) -> tuple[str, str, str]:
    """The keys of a session of a role, the same for every call of a service."""
    digest = hashlib.sha256(f"{role_arn} {name}".encode()).hexdigest()
    keys = (f"ASIA{digest[:16].upper()}", digest[16:56], digest[24:])
    role = role_arn.rsplit("/", 1)[-1]
    session = {
        "Arn": f"arn:aws:sts::{role_arn.split(':')[4]}:assumed-role/{role}/{name}",
        "UserId": f"{role}:{name}",
        "SecretAccessKey": keys[1],
        "SessionToken": keys[2],
    }
    sts.register_session(keys[0], session)
    return keys


def _require_trust(role_arn: str, service: str, source_arn: str) -> None:
    from ministack.app import AUTH

    role = iam._roles.get(role_arn.rsplit("/", 1)[-1])
    if role is None:
        raise NotPermitted(f"the role {role_arn} does not exist")
    if AUTH and not trusts(role, service, source_arn):
        raise NotPermitted(f"the role {role_arn} does not trust {service} for {source_arn}")
