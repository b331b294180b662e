"""The service's records by account and Region, its tags, and the ARNs of everything."""

import threading
import time
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

from local.sagemaker.errors import ServiceError, ValidationException
from local.sagemaker.kinds import Kind

Record = dict[str, Any]

LOCK = threading.RLock()
RECORDS: AccountRegionScopedDict = AccountRegionScopedDict()  # (segment, name) -> record
TAGS: AccountRegionScopedDict = AccountRegionScopedDict()  # arn -> {key: value}
MAX_TAGS = 50


def arn(segment: str, name: str) -> str:
    """The ARN of a thing, e.g. arn("endpoint", "bikes")."""
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{segment}/{name}"


def add(kind: Kind, request: Record, **computed: Any) -> Record:
    """Store a new record made of its request and what the service adds; or the kind's error for a duplicate."""
    name = request[kind.name_field]
    now = time.time()
    record = {key: value for key, value in request.items() if key != "Tags"}
    record |= {kind.arn_field: arn(kind.segment, name), "CreationTime": now, "LastModifiedTime": now, **computed}
    with LOCK:
        if (kind.segment, name) in RECORDS:
            raise kind.duplicate_error(kind.duplicate.format(name=name, arn=record[kind.arn_field]))
        RECORDS[kind.segment, name] = record
        tag(record[kind.arn_field], request.get("Tags", []))
    return record


def find(kind: Kind, name: str) -> Record | None:
    """A record, or None."""
    return RECORDS.get((kind.segment, name))


def get(kind: Kind, name: str) -> Record:
    """A record, or the kind's error for a missing one."""
    record = find(kind, name)
    if record is None:
        raise missing(kind, name)
    return record


def missing(kind: Kind, name: str) -> ServiceError:
    """The kind's error for a name that it does not know."""
    return kind.missing_error(kind.missing.format(name=name, arn=arn(kind.segment, name)))


def remove(kind: Kind, name: str) -> Record:
    """Take a record and its tags out of the store."""
    with LOCK:
        record = get(kind, name)
        del RECORDS[kind.segment, name]
        TAGS.pop(record[kind.arn_field], None)
    return record


def change(record: Record, **members: Any) -> None:
    """Set members of a record; None takes a member away."""
    with LOCK:
        record |= {"LastModifiedTime": time.time()} | members
        for name in [name for name, value in members.items() if value is None]:
            del record[name]


def every(kind: Kind) -> list[Record]:
    """All records of a kind in the caller's account and Region."""
    return [record for (segment, _), record in RECORDS.items() if segment == kind.segment]


def tag(resource: str, tags: list[dict[str, str]]) -> dict[str, str]:
    """Add tags to an ARN and give all that it has now."""
    merged = TAGS.get(resource, {}) | {tag["Key"]: tag["Value"] for tag in tags}
    if len(merged) > MAX_TAGS:
        raise ValidationException(f"The maximum number of tags for a resource is {MAX_TAGS}.")
    if merged:
        TAGS[resource] = merged
    return merged


def tags_of(resource: str) -> dict[str, str]:
    """The tags of an ARN."""
    return dict(TAGS.get(resource, {}))


def clear() -> None:
    """Forget everything."""
    with LOCK:
        RECORDS.clear()
        TAGS.clear()
