"""Execution roles: may SageMaker assume them, may the caller hand them over, and sessions under them."""

import json
import time
from contextvars import ContextVar
from typing import Any

import boto3
from botocore.config import Config
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam, sts

from local.sagemaker.errors import AccessDeniedException, ValidationException
from local.sagemaker.place import endpoint_url

PRINCIPAL = "sagemaker.amazonaws.com"
SESSION_SECONDS = 12 * 3600
CLIENT = Config(retries={"mode": "standard", "max_attempts": 3}, s3={"addressing_style": "path"}, read_timeout=60)

caller_key: ContextVar[str] = ContextVar("caller_key", default="")  # access key of the request under way


def require(role_arn: str) -> None:
    """Under AUTH: the role exists and trusts SageMaker, and the caller may pass it. Without AUTH nothing is checked."""
    from ministack.app import AUTH

    if not AUTH:
        return
    _require_pass_role(role_arn)
    role = iam._roles.get(role_arn.rsplit("/", 1)[-1])
    if role is None or not _trusts_us(role):
        raise ValidationException(
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            f"'{PRINCIPAL}' to assume the role."
        )


def session(role_arn: str, name: str) -> dict[str, str]:
    """Credentials of a new session of a role, as a client's keyword arguments."""
    keys = {
        "aws_access_key_id": iam._gen_session_access_key(),
        "aws_secret_access_key": iam._gen_secret(),
        "aws_session_token": iam._gen_session_token(),
    }
    role = role_arn.rsplit("/", 1)[-1]
    sts.register_session(
        keys["aws_access_key_id"],
        {
            "Arn": f"arn:aws:sts::{role_arn.split(':')[4]}:assumed-role/{role}/SageMaker",
            "UserId": f"{sts._role_id(role_arn)}:SageMaker",
            "SecretAccessKey": keys["aws_secret_access_key"],
            "SessionToken": keys["aws_session_token"],
            "Expiration": time.time() + SESSION_SECONDS,
            "AccountId": role_arn.split(":")[4],
            "PrincipalType": "AssumedRole",
            "SessionTags": [],
            "SessionPolicies": None,
        },
    )
    return keys


def s3(role_arn: str, name: str) -> Any:
    """An S3 client of the emulator under a role."""
    keys = session(role_arn, name)
    return boto3.client("s3", endpoint_url=endpoint_url(), region_name=get_region(), config=CLIENT, **keys)


def environment(role_arn: str, name: str) -> dict[str, str]:
    """What a container needs to reach the emulator under a role."""
    return {
        **{variable.upper(): value for variable, value in session(role_arn, name).items()},
        "AWS_ENDPOINT_URL": endpoint_url(),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _require_pass_role(role_arn: str) -> None:
    from ministack.core.iam_evaluator import AuthError, enforce

    context = {"iam:PassedToService": [PRINCIPAL]}
    denied = enforce(caller_key.get(), "iam:PassRole", "iam", get_region(), role_arn, context)
    if denied and not isinstance(denied, AuthError):
        raise AccessDeniedException(
            f"User: {denied.principal_arn} is not authorized to perform: iam:PassRole on resource: {role_arn} "
            "because no identity-based policy allows the iam:PassRole action"
        )


def _trusts_us(role: dict[str, Any]) -> bool:
    from ministack.core.iam_evaluator import EvalContext, evaluate_trust_policy

    document = role.get("AssumeRolePolicyDocument") or "{}"
    document = json.loads(document) if isinstance(document, str) else document
    statements = document.get("Statement", [])
    statements = [statements] if isinstance(statements, dict) else statements
    # The emulator's evaluator knows no service principals: a statement that names us stands for everybody, others fall.
    ours = [{**statement, "Principal": "*"} for statement in statements if _names_us(statement.get("Principal"))]
    context = EvalContext(
        principal_arn=PRINCIPAL, principal_type="Service", principal_account=get_account_id(),
        action="sts:AssumeRole", resource_arn=role["Arn"], region=get_region(),
        service_context={"aws:SourceAccount": get_account_id()},
    )  # fmt: skip
    return evaluate_trust_policy({"Statement": ours}, PRINCIPAL, context)


def _names_us(principal: Any) -> bool:
    if not isinstance(principal, dict):
        return principal == "*"
    services = principal.get("Service", [])
    return PRINCIPAL in ([services] if isinstance(services, str) else services)
