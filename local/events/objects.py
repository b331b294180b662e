"""S3's events on EventBridge: the emulator leaves out which version of the object an event is about.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

import json
from contextvars import ContextVar
from typing import Any

from local import hooks

_version: ContextVar[str | None] = ContextVar("version of the object that an event is about", default=None)
FIRE = (
    "bucket_name, key, event_name, size, etag, deletion_type, restore_event_data, version_id, sequencer, "
    "object_extra, record_extra"
)


def install() -> None:
    """Carries the version from where S3 knows it to where the event is made."""
    fire = hooks.require("ministack.services.s3", "_fire_s3_event", FIRE)
    dispatch = hooks.require("ministack.services.eventbridge", "_dispatch_event", "event, view")

    def remember(*arguments: Any, **options: Any) -> None:
        _version.set(options.get("version_id"))  # each event has a thread and a context of its own
        fire(*arguments, **options)

    def complete(event: dict[str, Any], view: Any = None) -> None:
        version = _version.get()
        dispatch(_with_version(event, version) if version and event["Source"] == "aws.s3" else event, view)

    hooks.replace("ministack.services.s3", "_fire_s3_event", remember)
    hooks.replace("ministack.services.eventbridge", "_dispatch_event", complete)


def _with_version(event: dict[str, Any], version: str) -> dict[str, Any]:
    detail = json.loads(event["Detail"])
    detail["object"]["version-id"] = version
    if event["DetailType"] == "Object Deleted":
        detail["object"] = {name: value for name, value in detail["object"].items() if name != "size"}
    return event | {"Detail": json.dumps(detail)}
