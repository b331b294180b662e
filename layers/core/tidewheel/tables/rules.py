"""The rules of a contract, each a mask of the rows that break it."""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tidewheel.domain.contract import Column
from tidewheel.domain.profile_number import LARGEST

Mask = NDArray[np.bool_]
LONGEST = 65_536  # bytes of one text


def broken(array: pa.Array, column: Column) -> Iterator[tuple[str, Mask]]:
    """Each rule that some rows break, and which rows. `array` is as `convert.converted` makes it."""
    if not column.nullable and array.null_count:
        yield "null", _true(pc.is_null(array))
    if isinstance(array, pa.DictionaryArray):
        values = array.dictionary
        found = ((rule, _of_rows(mask, array)) for rule, mask in _on_values(values, column))
    else:
        found = ((rule, mask) for rule, mask in _on_values(array, column))
    yield from ((rule, mask) for rule, mask in found if mask.any())


def _on_values(values: pa.Array, column: Column) -> Iterator[tuple[str, Mask]]:
    for rule in RULES:
        mask = rule(values, column)
        if mask is not None:
            yield rule.__name__.strip("_"), _true(mask)


def _finite(values: pa.Array, column: Column) -> pa.Array | None:
    return pc.greater(pc.abs(values), LARGEST) if column.type == "number" else None


def _min(values: pa.Array, column: Column) -> pa.Array | None:
    return None if column.min is None else pc.less(values, column.min)


def _max(values: pa.Array, column: Column) -> pa.Array | None:
    return None if column.max is None else pc.greater(values, column.max)


def _allowed(values: pa.Array, column: Column) -> pa.Array | None:
    if column.allowed is None:
        return None
    return pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, value_set=pa.array(column.allowed, values.type))))


def _pattern(values: pa.Array, column: Column) -> pa.Array | None:
    whole = f"^(?:{column.pattern})$"
    return None if column.pattern is None else pc.invert(pc.match_substring_regex(values, whole))


def _length(values: pa.Array, column: Column) -> pa.Array | None:
    return pc.greater(pc.binary_length(values), LONGEST) if column.type == "string" else None


def _nul(values: pa.Array, column: Column) -> pa.Array | None:
    return pc.match_substring(values, "\0") if column.type == "string" else None


RULES: tuple[Callable[[pa.Array, Column], pa.Array | None], ...] = (
    _finite,
    _min,
    _max,
    _allowed,
    _pattern,
    _length,
    _nul,
)


def _of_rows(of_values: Mask, array: pa.DictionaryArray) -> Mask:
    """A mask of dictionary values as a mask of rows; null rows break nothing here."""
    if not of_values.any():
        return np.zeros(len(array), dtype=np.bool_)
    codes = np.asarray(pc.fill_null(array.indices, -1))
    return np.take(np.append(of_values, np.False_), codes)


def _true(mask: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(mask, False))
