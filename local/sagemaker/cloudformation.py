"""AWS::SageMaker::ModelPackageGroup for the emulator's CloudFormation: Ref is the ARN, as on AWS."""

from typing import Any

from local.sagemaker import registry, store
from local.sagemaker.errors import ServiceError
from local.sagemaker.kinds import GROUP
from local.sagemaker.operations import answer

MEMBERS = ("ModelPackageGroupName", "ModelPackageGroupDescription", "Tags")


def _create(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
    request = {name: properties[name] for name in MEMBERS if name in properties}
    arn = answer("CreateModelPackageGroup", request)["ModelPackageGroupArn"]
    return arn, _attributes(arn)


def _update(arn: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
    if old.get("ModelPackageGroupName") != new.get("ModelPackageGroupName"):
        raise ServiceError("ModelPackageGroupName is create-only: give the resource another logical id.")
    for tag in set(store.tags_of(arn)) - {tag["Key"] for tag in new.get("Tags", [])}:
        answer("DeleteTags", {"ResourceArn": arn, "TagKeys": [tag]})
    if new.get("Tags"):
        answer("AddTags", {"ResourceArn": arn, "Tags": new["Tags"]})
    return arn, _attributes(arn)


def _delete(arn: str, properties: dict[str, Any]) -> None:
    if store.find(GROUP, arn.rsplit("/", 1)[-1]) is not None:
        answer("DeleteModelPackageGroup", {"ModelPackageGroupName": arn})


def _attributes(arn: str) -> dict[str, Any]:
    record = registry.describe_group({"ModelPackageGroupName": arn})
    return {
        "ModelPackageGroupArn": arn,
        "CreationTime": str(record["CreationTime"]),
        "ModelPackageGroupStatus": record["ModelPackageGroupStatus"],
    }


GROUP_HANDLERS = {"create": _create, "update": _update, "delete": _delete}
