"""Large objects: read in ranges, whatever their size, and written from disk."""

from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from tidewheel.aws.clients import client
from tidewheel.domain.errors import UploadRefused, UploadSuperseded

RANGE = 4 << 20
GONE = {"NoSuchKey", "NoSuchVersion", "404", "MethodNotAllowed"}  # the last one is S3's answer for a delete marker
# What S3 answers however often it is asked: the object is archived, or its key is not ours to use (or SSE-C).
UNREADABLE = {"InvalidObjectState", "AccessDenied", "InvalidRequest", "KMS.DisabledException", "403"}


class ReadInterrupted(Exception):
    """The connection was lost; the same read will do. Not an OSError, which readers of files take for a broken file."""


class ObjectFile:
    """One version of an object as a file open for reading. Seeking costs nothing; a lost connection costs one range."""

    closed = False

    def __init__(self, bucket: str, key: str, version_id: str, size: int) -> None:
        self._where = {"Bucket": bucket, "Key": key} | ({} if version_id == "null" else {"VersionId": version_id})
        self._size = size
        self._at = 0
        self._start, self._ahead = 0, b""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; none at the end. All that is left if `size` is negative.

        Raises UploadSuperseded if the version is gone, and UploadRefused (Unreadable).
        """
        left = max(0, self._size - self._at)
        size = left if size < 0 else min(size, left)
        within = self._at - self._start
        if size and not 0 <= within <= len(self._ahead) - size:
            self._start, self._ahead, within = self._at, self._fetch(max(size, RANGE)), 0
        self._at += size
        return self._ahead[within : within + size]

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a byte: from the start, from here (1) or from the end (2)."""
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        """The byte that is read next."""
        return self._at

    def readable(self) -> bool:
        """As files answer."""
        return True

    def seekable(self) -> bool:
        """As files answer."""
        return True

    def writable(self) -> bool:
        """As files answer."""
        return False

    def close(self) -> None:
        """Nothing is held."""

    def _fetch(self, size: int) -> bytes:
        last = min(self._at + size, self._size) - 1
        try:
            body: bytes = client("s3").get_object(**self._where, Range=f"bytes={self._at}-{last}")["Body"].read()
        except ClientError as error:
            raise _named(error, self._where["Key"]) from error
        except BotoCoreError as error:
            raise ReadInterrupted(str(error)) from error
        return body


def upload(path: Path, bucket: str, key: str) -> str:
    """Put a file of at most 5 GB and answer its `s3://` URI."""
    with path.open("rb") as body:
        client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return f"s3://{bucket}/{key}"


def _named(error: ClientError, key: str) -> Exception:
    """The error that a flow knows, or the same one where trying again may help."""
    code = error.response["Error"]["Code"]
    named: Exception = error
    if code in GONE:
        remedy = "A newer version has its own event; else upload it again"
        named = UploadSuperseded("this version is gone", place=key, remedy=remedy)
    if code in UNREADABLE:
        remedy = "Upload it in an instant storage class, under the bucket's own key and not one of the request (SSE-C)"
        named = UploadRefused("Unreadable", f"S3 does not let us read it ({code})", place="file", remedy=remedy)
    return named
