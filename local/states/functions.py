"""The JSONata functions that Step Functions adds, and the two that it makes stricter than the library."""

import hashlib
import json
import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from math import floor
from typing import Any

from jsonata.functions import Functions
from jsonata.utils import Utils

ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def binding(value: Any) -> Any:
    """A JSON value as the library wants it: its own null, for None means undefined there."""
    return Utils.NULL_VALUE if value is None else value


def partition(array: list[Any], size: float) -> list[list[Any]]:
    """`$partition([1,2,3], 2)` is `[[1,2],[3]]`."""
    width = floor(size)
    if width < 1:
        raise ValueError("$partition: the chunk size must be positive")
    return [array[start : start + width] for start in range(0, len(array), width)]


def numbers(first: float, last: float, delta: float) -> list[int]:
    """`$range(1, 9, 2)` is `[1,3,5,7,9]`: the end is included, and there are at most 1000 numbers."""
    start, end, step = floor(first), floor(last), floor(delta)
    if step == 0:
        raise ValueError("$range: the step must not be zero")
    values = range(start, end + (1 if step > 0 else -1), step)
    if len(values) > 1000:
        raise ValueError("$range: more than 1000 numbers")
    return list(values)


def digest(text: str, algorithm: str) -> str:
    """`$hash('a', 'SHA-256')`, in lower-case hex."""
    if algorithm not in ALGORITHMS:
        raise ValueError(f"$hash: the algorithm must be one of {', '.join(ALGORITHMS)}")
    return hashlib.new(ALGORITHMS[algorithm], text.encode()).hexdigest()


def chance(seed: float | None = None) -> float:
    """`$random()`: 0 <= n < 1; the same number for the same seed."""
    return random.Random(seed).random()  # noqa: S311 (no secret is made of it)


def now(picture: str | None = None, timezone: str | None = None) -> str:
    """`$now()`; the library's own would give the time at which the expression was compiled."""
    return str(Functions.datetime_from_millis(millis(), picture, timezone))


def millis() -> int:
    """`$millis()`."""
    return round(datetime.now(UTC).timestamp() * 1000)


def refuse_eval(*_: Any) -> None:
    """Step Functions has no `$eval`."""
    raise ValueError("$eval is not supported; use $parse")


def to_millis(timestamp: str | None = None, picture: str | None = None) -> Any:
    """`$toMillis`; without a picture only ISO 8601 with its `T`, where the library also takes a blank."""
    if timestamp is not None and picture is None and len(timestamp) > 10 and "T" not in timestamp:
        raise ValueError(f'D3110: "{timestamp}" is not an ISO 8601 timestamp')
    return Functions.datetime_to_millis(timestamp, picture)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "partition": partition,
    "range": numbers,
    "hash": digest,
    "random": chance,
    "uuid": lambda: str(uuid.uuid4()),
    "parse": lambda text: binding(json.loads(text)),
    "now": now,
    "millis": millis,
    "eval": refuse_eval,
    "toMillis": to_millis,
}
