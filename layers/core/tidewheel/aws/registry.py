"""The Model Registry, read. Events may be late, twice or forged: what it says now is what holds."""

from typing import Any

from botocore.exceptions import ClientError

from tidewheel.aws.clients import client
from tidewheel.domain.package import Package

ABSENT = {"ValidationException", "ResourceNotFound"}  # the service says either of a package that is not there


def find(arn: str) -> Package | None:
    """The package as the registry describes it, or None if it was deleted."""
    try:
        found = client("sagemaker").describe_model_package(ModelPackageName=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ABSENT:
            raise
        return None
    return _package(found)


def _package(found: dict[str, Any]) -> Package:
    return Package(
        arn=found["ModelPackageArn"],
        group=found["ModelPackageGroupName"],
        version=found["ModelPackageVersion"],
        status=found["ModelApprovalStatus"],
        facts=found.get("CustomerMetadataProperties", {}),
        why=found.get("ApprovalDescription", ""),
    )
