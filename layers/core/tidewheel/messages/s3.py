"""What S3 says through EventBridge."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


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
