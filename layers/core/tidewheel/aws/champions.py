"""The champion: the model that serves, or will as soon as its rollout is through; and the recipe that made it."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from tidewheel.aws import ledger, objects, registry
from tidewheel.aws.clients import client
from tidewheel.domain.errors import ObjectMissing
from tidewheel.domain.package import APPROVED, version_of
from tidewheel.settings import settings


@dataclass(frozen=True)
class Champion:
    """Whom a challenger meets. `recipe` is None where nothing tells it any more."""

    arn: str
    version: int
    model_url: str
    recipe_digest: str
    recipe: dict[str, Any] | None


def find(project: str) -> Champion | None:
    """The project's champion, or None before the first: what serves, or what is approved to take its place."""
    live = (ledger.find(project, "endpoint") or {}).get("live")
    known = [arn for arn in (live, _newest_approved(project)) if arn]
    package = registry.find(max(known, key=version_of)) if known else None
    if package is None:
        return None
    described = client("sagemaker").describe_model_package(ModelPackageName=package.arn)
    return Champion(
        package.arn,
        package.version,
        described["InferenceSpecification"]["Containers"][0]["ModelDataUrl"],
        package.facts.get("recipe_digest", ""),
        _recipe(package.facts),
    )


def _recipe(facts: Any) -> dict[str, Any] | None:
    """The recipe as the run that made the model stored it."""
    if "request_uri" not in facts:
        return None
    try:
        recipes: dict[str, Any] = objects.read_json(*objects.locate(facts["request_uri"]))["recipes"]
    except ObjectMissing:
        return None
    return recipes.get(facts["recipe"])


def _newest_approved(project: str) -> str:
    """What was approved last: its rollout may not be through yet."""
    try:
        listed = client("sagemaker").list_model_packages(
            ModelPackageGroupName=f"{settings().prefix}-{project}",
            ModelApprovalStatus=APPROVED,
            SortBy="CreationTime",
            SortOrder="Descending",
            MaxResults=1,
        )["ModelPackageSummaryList"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in registry.ABSENT:
            raise
        return ""
    return str(listed[0]["ModelPackageArn"]) if listed else ""
