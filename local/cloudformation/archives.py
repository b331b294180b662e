"""AWS::Events::Archive: the emulator keeps archives but has no resource type for them."""

import json
from typing import Any

from local import calls
from local.cloudformation import resources


def install() -> None:
    """Adds the resource type."""
    resources.register("AWS::Events::Archive", _create, _delete)


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name = properties.get("ArchiveName") or f"{stack_name}-{logical_id}"[:48]
    pattern = properties.get("EventPattern")
    options = {
        "Description": properties.get("Description", ""),
        "RetentionDays": int(properties.get("RetentionDays", 0)),
    }
    if pattern:
        options["EventPattern"] = pattern if isinstance(pattern, str) else json.dumps(pattern)
    events, source = calls.client("events"), properties["SourceArn"]
    if any(found["ArchiveName"] == name for found in events.list_archives(NamePrefix=name)["Archives"]):
        answer = events.update_archive(ArchiveName=name, **options)  # a changed resource keeps its name and its events
    else:
        answer = events.create_archive(ArchiveName=name, EventSourceArn=source, **options)
    return name, {"Arn": answer["ArchiveArn"], "ArchiveName": name}


def _delete(name: str, properties: dict[str, Any]) -> None:
    calls.client("events").delete_archive(ArchiveName=name)
