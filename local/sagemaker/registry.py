"""The Model Registry: groups and versioned packages. A version number is never given twice."""

from typing import Any

from ministack.core.responses import get_account_id

from local.sagemaker import events, store
from local.sagemaker.errors import ConflictException, ValidationException
from local.sagemaker.kinds import GROUP, PACKAGE
from local.sagemaker.rights import caller_key
from local.sagemaker.store import Record

UPDATABLE = (
    "ModelApprovalStatus", "ApprovalDescription", "ModelPackageRegistrationType", "InferenceSpecification",
    "ModelCard", "ModelLifeCycle", "CustomerMetadataProperties",
)  # fmt: skip
EVENT_NAMES = {"SourceUri": "sourceUri"}  # the event spells this one with a small letter
DONE = {"ModelPackageStatus": "Completed", "ModelPackageStatusDetails": {"ValidationStatuses": []}}


def create_group(request: Record) -> Record:
    """CreateModelPackageGroup."""
    record = store.add(
        GROUP, request, ModelPackageGroupStatus="Completed", CreatedBy=_caller(), last_version=0, tokens={}
    )
    return {"ModelPackageGroupArn": record["ModelPackageGroupArn"]}


def delete_group(request: Record) -> Record:
    """DeleteModelPackageGroup: only an empty one."""
    group = _group(request["ModelPackageGroupName"])
    with store.LOCK:
        if any(package.get("ModelPackageGroupName") == group["ModelPackageGroupName"] for package in _packages()):
            raise ConflictException(
                f"Cannot delete Model Package Group {group['ModelPackageGroupArn']} because it still contains "
                "Model Packages."
            )
        store.remove(GROUP, group["ModelPackageGroupName"])
    return {}


def create_package(request: Record) -> Record:
    """CreateModelPackage: versioned in a group, or by name. A repeated ClientToken answers with the first ARN."""
    if ("ModelPackageName" in request) == ("ModelPackageGroupName" in request):
        raise ValidationException("Exactly one of ModelPackageName and ModelPackageGroupName must be specified.")
    _require_inference(request)
    with store.LOCK:
        if "ModelPackageName" in request:
            record = store.add(PACKAGE, _members(request), CertifyForMarketplace=False, CreatedBy=_caller(), **DONE)
        else:
            group = _group(request["ModelPackageGroupName"])
            token = request.get("ClientToken")
            if token in group["tokens"]:
                return {"ModelPackageArn": group["tokens"][token]}
            record = _next_version(group, request)
            if token:
                group["tokens"][token] = record["ModelPackageArn"]
    events.package(record, [])
    return {"ModelPackageArn": record["ModelPackageArn"]}


def describe_package(request: Record) -> Record:
    """DescribeModelPackage."""
    return package(request["ModelPackageName"])


def update_package(request: Record) -> Record:
    """UpdateModelPackage: any member but the identity; the event names what changed."""
    record = package(request["ModelPackageArn"])
    changes = {name: request[name] for name in (*UPDATABLE, "SourceUri") if name in request}
    with store.LOCK:
        properties = record.get("CustomerMetadataProperties", {}) | changes.get("CustomerMetadataProperties", {})
        for name in request.get("CustomerMetadataPropertiesToRemove", []):
            properties.pop(name, None)
        if properties != record.get("CustomerMetadataProperties", {}):
            changes["CustomerMetadataProperties"] = properties
        else:
            changes.pop("CustomerMetadataProperties", None)
        changes = {name: value for name, value in changes.items() if record.get(name) != value}
        store.change(record, **changes, LastModifiedBy=_caller())
    if changes:  # an update that changes nothing tells nobody
        events.package(record, [EVENT_NAMES.get(name, name) for name in changes])
    return {"ModelPackageArn": record["ModelPackageArn"]}


def delete_package(request: Record) -> Record:
    """DeleteModelPackage; its version number stays taken."""
    record = package(request["ModelPackageName"])
    store.remove(PACKAGE, _key(record["ModelPackageArn"]))
    return {}


def list_packages(request: Record) -> list[Record]:
    """What ListModelPackages chooses from: the packages of a group, else those that ModelPackageType says."""
    if "ModelPackageGroupName" in request:
        group = _group(request["ModelPackageGroupName"])["ModelPackageGroupName"]
        found = [record for record in _packages() if record.get("ModelPackageGroupName") == group]
    else:
        wanted = request.get("ModelPackageType", "Unversioned")
        kinds = {"Versioned": (True,), "Unversioned": (False,), "Both": (True, False)}[wanted]
        found = [record for record in _packages() if ("ModelPackageGroupName" in record) in kinds]
    status = request.get("ModelApprovalStatus")
    return [record for record in found if status in (None, record.get("ModelApprovalStatus"))]


def package(name_or_arn: str) -> Record:
    """A package by ARN, by `group/version` or by name."""
    return store.get(PACKAGE, _key(name_or_arn))


def _next_version(group: Record, request: Record) -> Record:
    group["last_version"] += 1
    name, version = group["ModelPackageGroupName"], group["last_version"]
    computed = {
        "ModelPackageName": f"{name}/{version}",
        "ModelPackageVersion": version,
        "ModelApprovalStatus": request.get("ModelApprovalStatus", "PendingManualApproval"),
        "CertifyForMarketplace": False,
        "CreatedBy": _caller(),
    }
    record = store.add(PACKAGE, _members(request) | computed, ModelPackageGroupName=name, **DONE)
    del record["ModelPackageName"]  # was the key of the store; AWS gives a versioned package no name
    return record


def _members(request: Record) -> Record:
    if "Tags" in request and "ModelPackageGroupName" in request:
        raise ValidationException("Tags are not supported for versioned Model Packages; tag their group.")
    return {name: value for name, value in request.items() if name != "ClientToken"}


def _require_inference(request: Record) -> None:
    if not {"InferenceSpecification", "SourceAlgorithmSpecification", "SourceUri"} & request.keys():
        raise ValidationException(
            "One of InferenceSpecification, SourceAlgorithmSpecification or SourceUri must be specified."
        )


def describe_group(request: Record) -> Record:
    """DescribeModelPackageGroup."""
    return _group(request["ModelPackageGroupName"])


def _group(name_or_arn: str) -> Record:
    return store.get(GROUP, _key(name_or_arn))


def _packages() -> list[Record]:
    return store.every(PACKAGE)


def _key(name_or_arn: str) -> str:
    return name_or_arn.split("/", 1)[1] if name_or_arn.startswith("arn:") else name_or_arn


def _caller() -> dict[str, Any]:
    from ministack.core.iam_evaluator import resolve_caller_identity

    identity = resolve_caller_identity(caller_key.get()) or {}
    root = f"arn:aws:iam::{get_account_id()}:root"
    principal = {"Arn": identity.get("userArn", root), "PrincipalId": identity.get("userId", get_account_id())}
    return {"IamIdentity": principal}
