"""The resource that a request is authorized on, for the emulator's IAM."""

import json
from collections.abc import Mapping

from ministack.core.responses import get_account_id, get_region

from local.sagemaker import runtime
from local.sagemaker.kinds import GROUP, KINDS, PACKAGE


def resource_arn(path: str, headers: Mapping[str, str], body: bytes) -> str:
    """The ARN that IAM policies name for a request, or `*` for operations without one."""
    if runtime.serves(path):
        return _arn("endpoint", path.split("/")[2])
    verb_and_noun = headers.get("x-amz-target", "").partition(".")[2]
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return "*"
    if not isinstance(request, dict):
        return "*"
    if isinstance(request.get("ResourceArn"), str):
        return request["ResourceArn"]
    if verb_and_noun.startswith("List") and verb_and_noun != "ListModelPackages":
        return "*"
    return _named(verb_and_noun, request)


def _named(verb_and_noun: str, request: Mapping[str, object]) -> str:
    if verb_and_noun == "CreateModelPackage" and "ModelPackageGroupName" in request:
        return _arn(PACKAGE.segment, f"{_last(request['ModelPackageGroupName'])}/*")
    if verb_and_noun == "ListModelPackages":
        return _arn(GROUP.segment, _last(request["ModelPackageGroupName"])) if GROUP.name_field in request else "*"
    for kind in sorted(KINDS, key=lambda kind: -len(kind.noun)):
        if kind.noun in verb_and_noun:
            value = request.get(kind.name_field) or request.get(kind.arn_field)
            return value if str(value).startswith("arn:") else _arn(kind.segment, str(value)) if value else "*"
    return "*"


def _last(name_or_arn: object) -> str:
    return str(name_or_arn).rsplit("/", 1)[-1]


def _arn(segment: str, name: str) -> str:
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{segment}/{name}"
