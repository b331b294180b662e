"""Identities: every effect is named after its cause, so that doing it twice is doing it once."""

import hashlib
import json
from collections.abc import Mapping, Sequence


def canonical(value: Mapping[str, object] | Sequence[object]) -> bytes:
    """JSON with one spelling: sorted keys, no spaces, UTF-8. Equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: Mapping[str, object] | Sequence[object] | str | bytes) -> str:
    """SHA-256 in hex: of bytes as they are, of text in UTF-8, of anything else in its canonical form."""
    if isinstance(value, str):
        value = value.encode()
    return hashlib.sha256(value if isinstance(value, bytes) else canonical(value)).hexdigest()


def short(text: str, length: int = 16) -> str:
    """The first `length` hex digits of the text's digest."""
    return digest(text)[:length]


def upload_cause(bucket: str, key: str, version_id: str) -> str:
    """The cause that an upload is: one object version."""
    return f"s3://{bucket}/{key}?versionId={version_id}"
