"""Objects in S3: JSON and text, always by exact version where one is known."""

import json
from typing import Any

from botocore.exceptions import ClientError

from tidewheel.aws.clients import client
from tidewheel.domain.errors import ObjectMissing

MISSING = {"NoSuchKey", "NoSuchVersion", "404"}


def read(bucket: str, key: str, version_id: str | None = None) -> bytes:
    """The object's bytes. Raises ObjectMissing if the object or the version is not there."""
    where = {"Bucket": bucket, "Key": key} | ({"VersionId": version_id} if version_id else {})
    try:
        body: bytes = client("s3").get_object(**where)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] not in MISSING:
            raise
        raise ObjectMissing(
            "there is no such object", place=f"s3://{bucket}/{key}", remedy="Upload it again; nothing is done twice"
        ) from error
    return body


def read_json(bucket: str, key: str) -> Any:
    """The object parsed as JSON. Raises ObjectMissing."""
    return json.loads(read(bucket, key))


def write(bucket: str, key: str, body: bytes | str, content_type: str = "application/json") -> str:
    """Put the object and answer its `s3://` URI. Keys are made from causes, so writing twice writes the same."""
    data = body.encode() if isinstance(body, str) else body
    client("s3").put_object(Bucket=bucket, Key=key, Body=data, ContentType=content_type)
    return f"s3://{bucket}/{key}"


def write_json(bucket: str, key: str, value: object) -> str:
    """Put the value as indented JSON and answer its `s3://` URI."""
    return write(bucket, key, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False))


def locate(uri: str) -> tuple[str, str]:
    """Bucket and key of an `s3://bucket/key` URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
