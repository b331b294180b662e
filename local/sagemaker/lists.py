"""List operations: the filters, orders and pages that all kinds share."""

from collections.abc import Callable
from typing import Any

from local.sagemaker.errors import ValidationException
from local.sagemaker.kinds import Kind
from local.sagemaker.shapes import operation, project
from local.sagemaker.store import Record

PAGE = 10  # what a page holds unless MaxResults says otherwise; 100 on most of AWS's operations
BOUNDS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "CreationTimeAfter": ("CreationTime", lambda time, bound: time > bound),
    "CreationTimeBefore": ("CreationTime", lambda time, bound: time < bound),
    "LastModifiedTimeAfter": ("LastModifiedTime", lambda time, bound: time > bound),
    "LastModifiedTimeBefore": ("LastModifiedTime", lambda time, bound: time < bound),
}


def page(name: str, kind: Kind, records: list[Record], request: Record) -> dict[str, Any]:
    """The answer of a List operation over some records."""
    chosen = [record for record in records if _matches(record, kind, request)]
    chosen.sort(key=_order(kind, request.get("SortBy", "CreationTime")))
    if request.get("SortOrder", _default_order(name)) == "Descending":
        chosen.reverse()
    start, size = _start(request), request.get("MaxResults", PAGE)
    shape = operation(name).output_shape
    member = next(member for member in shape.members if member != "NextToken")
    answer = {member: project(shape.members[member], chosen[start : start + size])}
    return answer | ({"NextToken": str(start + size)} if start + size < len(chosen) else {})


def _default_order(name: str) -> str:
    shape = operation(name).input_shape.members.get("SortOrder")
    ascending = name in ("ListModelPackages", "ListModelPackageGroups", "ListTrainingJobs", "ListTransformJobs")
    return "Ascending" if shape is not None and ascending else "Descending"


def _matches(record: Record, kind: Kind, request: Record) -> bool:
    name = record.get(kind.name_field) or record["ModelPackageGroupName"]  # a versioned package has its group's
    if request.get("NameContains", "").lower() not in name.lower():
        return False
    if "StatusEquals" in request and record.get(kind.status) != request["StatusEquals"]:
        return False
    return all(holds(record[member], request[bound]) for bound, (member, holds) in BOUNDS.items() if bound in request)


def _order(kind: Kind, by: str) -> Callable[[Record], Any]:
    member = {"Name": kind.name_field, "Status": kind.status}.get(by, by)
    return lambda record: str(record.get(member, "")) if member != "CreationTime" else record[member]


def _start(request: Record) -> int:
    token = request.get("NextToken", "0")
    if not token.isdigit():
        raise ValidationException("Invalid NextToken.")
    return int(token)
