"""What the steps of data say to one another."""

from datetime import datetime
from typing import Any, Literal

from tidewheel.domain.dataset import Upload
from tidewheel.messages.s3 import Message, S3Event


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
