"""Execution roles: may SageMaker assume them, and sessions under them."""

import time
from typing import Any

import boto3
from botocore.config import Config
from ministack.core.responses import get_region
from ministack.services import iam, sts

from local.permissions import trusts
from local.sagemaker import rights
from local.sagemaker.errors import ValidationException
from local.sagemaker.place import endpoint_url

PRINCIPAL = "sagemaker.amazonaws.com"
SESSION_SECONDS = 12 * 3600
CLIENT = Config(retries={"mode": "standard", "max_attempts": 3}, s3={"addressing_style": "path"}, read_timeout=60)


def require(role_arn: str, source_arn: str) -> None:
    """Under AUTH: the caller may pass the role, which exists and trusts SageMaker for the resource `source_arn`."""
    if not rights.enforced():
        return
    rights.require("iam:PassRole", role_arn, {"iam:passedtoservice": PRINCIPAL})
    role = iam._roles.get(role_arn.rsplit("/", 1)[-1])
    if role is None or not trusts(role, PRINCIPAL, source_arn):
        raise ValidationException(
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal "
            f"'{PRINCIPAL}' to assume the role."
        )


def session(role_arn: str) -> dict[str, str]:
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


def s3(role_arn: str) -> Any:
    """An S3 client of the emulator under a role."""
    keys = session(role_arn)
    session_of_thread = boto3.Session(region_name=get_region(), **keys)  # boto3's own is not safe among threads
    return session_of_thread.client("s3", endpoint_url=endpoint_url(), config=CLIENT)


def environment(role_arn: str) -> dict[str, str]:
    """What a container needs to reach the emulator under a role."""
    return {
        **{variable.upper(): value for variable, value in session(role_arn).items()},
        "AWS_ENDPOINT_URL": endpoint_url(),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
