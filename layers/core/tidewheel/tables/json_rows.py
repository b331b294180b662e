"""JSON lines: one object a line. The standard parser is used: it stops at one bad line, and the line is the row."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from tidewheel.domain.contract import Column, Contract
from tidewheel.domain.errors import UploadRefused
from tidewheel.tables.raw import BATCH_ROWS, RawBatch, Reading, Stray, matched
from tidewheel.tables.schema import TYPES
from tidewheel.tables.text import CHUNK, Text

LONGEST = 1 << 20  # bytes of a line
INT64 = range(-(2**63), 2**63)
Rows = list[tuple[int, dict[str, Any]]]


def read_json_lines(text: Text, contract: Contract) -> Reading:
    """The rows of the file. Which columns it has is told by its first object; later ones may leave out nulls."""
    first = next((row for row in map(_object, text.peek().split(b"\n")) if isinstance(row, dict)), None)
    if first is None:
        raise UploadRefused("BrokenFile", "its start holds no JSON object", place="rows", remedy="One object a line")
    extra, absent = matched([*first, *(name for name in _nullable(contract) if name not in first)], contract)
    return Reading(_batches(text, contract), extra, absent)


def _nullable(contract: Contract) -> list[str]:
    return [column.name for column in contract.columns if column.nullable]


def _batches(text: Text, contract: Contract) -> Iterator[RawBatch]:
    rows: Rows = []
    strays: list[Stray] = []
    for number, line in enumerate(_lines(text), 1):
        row = _object(line)
        if isinstance(row, dict):
            rows.append((number, row))
        else:
            strays.append(Stray(number, "json", f"{row}: {line[:200].decode(errors='replace')}"))
        if len(rows) + len(strays) == BATCH_ROWS:
            yield _raw(rows, strays, contract)
            rows, strays = [], []
    yield _raw(rows, strays, contract)


def _lines(text: Text) -> Iterator[bytes]:
    """Lines that are not blank."""
    rest = b""
    while chunk := text.read(CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())
        if len(rest) > LONGEST:
            problem = f"a row is longer than {LONGEST:,} bytes"
            raise UploadRefused("BrokenFile", problem, place="rows", remedy="Write one object a line")
    if rest.strip():
        yield rest


def _object(line: bytes) -> dict[str, Any] | str:
    """The object, or what is wrong."""
    try:
        value = json.loads(line, object_pairs_hook=_without_twins, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return str(error)[:80] or "nested too deeply"
    return value if isinstance(value, dict) else "not an object"


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a name stands twice")
    return row


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _raw(rows: Rows, strays: list[Stray], contract: Contract) -> RawBatch:
    columns, wrong = {}, {}
    for column in contract.columns:
        columns[column.name], wrong[column.name] = _array([row.get(column.name) for _, row in rows], column)
    numbers = np.array([number for number, _ in rows], dtype=np.int64)
    return RawBatch(columns, numbers, lambda at: rows[at][1], wrong, tuple(strays))


def _array(values: list[Any], column: Column) -> tuple[pa.Array, np.ndarray[Any, np.dtype[np.bool_]]]:
    """The values that are of the column's type (times are text), null for others, and which those are."""
    fits = FITS[column.type]
    wrong = np.fromiter((value is not None and not fits(value) for value in values), np.bool_, len(values))
    kept = [None if bad else value for value, bad in zip(values, wrong, strict=True)] if wrong.any() else values
    return pa.array(kept, pa.string() if column.type == "timestamp" else TYPES[column.type]), wrong


def _whole(value: Any) -> bool:
    return type(value) is int and value in INT64


FITS: dict[str, Callable[[Any], bool]] = {
    "integer": _whole,
    "number": lambda value: type(value) is float or _whole(value),
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "timestamp": lambda value: type(value) is str,
}
