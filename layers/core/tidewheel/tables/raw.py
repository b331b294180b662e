"""Rows as they were delivered, before anybody has judged them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tidewheel.domain.contract import Contract
from tidewheel.domain.errors import UploadRefused

BATCH_ROWS = 65_536


class Source(Protocol):
    """A file that is open for reading bytes; Parquet needs `seek`, too."""

    def read(self, size: int = -1, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


@dataclass(frozen=True)
class Stray:
    """A row that has no columns to speak of: ragged, or no JSON object."""

    number: int
    rule: str
    text: str


@dataclass(frozen=True)
class RawBatch:
    """Some rows: an array for each column of the contract that the file has, and the rows' numbers (from 1).

    `wrong` marks values whose type was wrong already in the file. `record(i)` is row i as it was delivered.
    """

    columns: dict[str, pa.Array]
    numbers: NDArray[np.int64]
    record: Callable[[int], dict[str, Any]]
    wrong: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    strays: tuple[Stray, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A file whose columns are known and whose rows can be iterated once."""

    batches: Iterator[RawBatch]
    extra: tuple[str, ...]
    absent: tuple[str, ...]


def matched(names: list[str], contract: Contract) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns that are too many and nullable ones that are missing. Raises UploadRefused for other differences."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UploadRefused(
            "DuplicateColumn", f"`{twice[0]}` is there twice", place="header", remedy="Give each column its own name"
        )
    extra = tuple(name for name in names if name not in contract.by_name)
    absent = [column for column in contract.columns if column.name not in names]
    missing = [column.name for column in absent if not column.nullable]
    if missing:
        near = [name for name in extra if _plain(name) in map(_plain, missing)]
        remedy = f"The file has `{near[0]}`: rename it" if near else f"Columns found: {', '.join(names)[:300]}"
        raise UploadRefused("MissingColumn", f"there is no `{'`, `'.join(missing)}`", place="header", remedy=remedy)
    return extra, tuple(column.name for column in absent)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
