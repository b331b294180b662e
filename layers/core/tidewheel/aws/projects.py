"""Project files as they lie in the automation bucket, their rows, and the groups that their models go into."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tidewheel.aws import ledger
from tidewheel.aws.clients import client
from tidewheel.aws.objects import MISSING
from tidewheel.settings import settings

LONGEST = 65_537  # bytes read; a project file that is longer is refused for its length
SEQUENCER = 32  # hex digits; S3 compares sequencers of unequal length as if zeros followed


@dataclass(frozen=True)
class ProjectFile:
    """What is in the bucket now."""

    text: bytes
    version_id: str


def current(key: str) -> ProjectFile | None:
    """The file as it is now, whatever an event said; None if there is none."""
    try:
        found = client("s3").get_object(Bucket=settings().automation_bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in MISSING:
            raise
        return None
    return ProjectFile(found["Body"].read(LONGEST), found.get("VersionId", "null"))


def record(name: str, row: Mapping[str, Any], sequencer: str) -> bool:
    """Write the project's row, unless a later event has; answer whether it was written."""
    order = sequencer.upper().ljust(SEQUENCER, "0")
    action = ledger.put(name, "project", "", {**row, "name": name, "sequencer": order})
    action["Put"] |= {
        "ConditionExpression": "attribute_not_exists(pk) OR sequencer <= :sequencer",
        "ExpressionAttributeValues": ledger.pack({":sequencer": order}),
    }
    return ledger.write(action)


def ensure_group(name: str, project: str) -> None:
    """Make the model package group exist."""
    tags = {"tidewheel:stack": settings().prefix, "tidewheel:project": project}
    try:
        client("sagemaker").create_model_package_group(
            ModelPackageGroupName=name, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
        )
    except ClientError as error:
        if "already exist" not in error.response["Error"]["Message"].lower():
            raise
