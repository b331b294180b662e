"""Tags of anything that has an ARN."""

from local.sagemaker import store
from local.sagemaker.errors import ValidationException
from local.sagemaker.kinds import KINDS
from local.sagemaker.store import Record


def add(request: Record) -> Record:
    """AddTags."""
    _require(request["ResourceArn"])
    return {"Tags": _listed(store.tag(request["ResourceArn"], request["Tags"]))}


def show(request: Record) -> Record:
    """ListTags."""
    _require(request["ResourceArn"])
    return {"Tags": _listed(store.tags_of(request["ResourceArn"]))}


def remove(request: Record) -> Record:
    """DeleteTags."""
    _require(request["ResourceArn"])
    left = {key: value for key, value in store.tags_of(request["ResourceArn"]).items() if key not in request["TagKeys"]}
    store.TAGS[request["ResourceArn"]] = left
    return {}


def _require(arn: str) -> None:
    segment, _, name = arn.split(":", 5)[-1].partition("/")
    kind = next((kind for kind in KINDS if kind.segment == segment), None)
    if kind is None or store.find(kind, name) is None:
        raise ValidationException(f"Could not find resource {arn}.")


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
