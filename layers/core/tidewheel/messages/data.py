"""What the steps of data say to one another."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tidewheel.domain.dataset import Upload


class Message(BaseModel):
    """A frozen message; fields that AWS adds are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Bucket(Message):
    """The bucket of an S3 event."""

    name: str


class S3Object(Message):
    """The object of an S3 event: EventBridge gives its key as it is, not URL-encoded."""

    key: str
    size: int = 0
    version_id: str = Field("null", alias="version-id")
    sequencer: str = "0"


class S3Detail(Message):
    """The detail of an S3 event."""

    bucket: Bucket
    object: S3Object


class S3Event(Message):
    """`Object Created` or `Object Deleted`, as EventBridge delivers it."""

    detail_type: str = Field("Object Created", alias="detail-type")
    time: datetime
    detail: S3Detail


class ValidateUploadInput(Message):
    """The upload, who asks, and when."""

    event: S3Event
    execution: str
    now: datetime

    def upload(self) -> Upload:
        """The object version that the event is about."""
        it = self.event.detail.object
        when = self.event.time.isoformat()
        return Upload(self.event.detail.bucket.name, it.key, it.version_id, it.size, when, it.sequencer)


class Answer(Message):
    """The event that tells the team."""

    detail_type: Literal["DatasetReady", "DatasetRejected", "DatasetDuplicate"]
    detail: dict[str, Any]


class ValidateUploadOutput(Message):
    """What follows: rows to commit in one transaction, and the answer. Nothing is committed yet."""

    outcome: Literal["accepted", "rejected", "duplicate"]
    transaction: list[dict[str, Any]]
    answer: Answer
