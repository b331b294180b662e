"""What the operator says on the stack's bus."""

import json

from tidewheel.aws.clients import client
from tidewheel.domain.errors import TidewheelError
from tidewheel.settings import settings


class NotHeard(TidewheelError):
    """The bus did not take an event."""


def publish(kind: str, project: str, cause_id: str, reason: str) -> None:
    """Publish `RetrainingRequested` or `RollbackRequested`, saying who asked. Raises NotHeard."""
    asked_by = client("sts").get_caller_identity()["Arn"]
    detail = {"schema": 1, "project": project, "cause_id": cause_id, "reason": reason, "requested_by": asked_by}
    entry = {
        "EventBusName": settings().bus_name,
        "Source": "tidewheel.operator",
        "DetailType": kind,
        "Detail": json.dumps(detail),
    }
    answer = client("events").put_events(Entries=[entry])
    if answer.get("FailedEntryCount"):
        said = answer["Entries"][0]
        raise NotHeard(str(said.get("ErrorMessage")), place=settings().bus_name, remedy="Ask again: nothing was done")
