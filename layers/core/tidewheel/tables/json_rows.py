"""JSON lines: one object a line. The standard parser is used: it stops at one bad line, and the line is the row."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tidewheel.domain.contract import Column, Contract
from tidewheel.domain.errors import UploadRefused
from tidewheel.tables.raw import BATCH_ROWS, RawBatch, Reading, Stray, matched
from tidewheel.tables.schema import TYPES
from tidewheel.tables.text import CHUNK, Text

LONGEST = 1 << 20  # bytes of a line
INT64 = range(-(2**63), 2**63)
Mask = NDArray[np.bool_]
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
        value = DECODER.decode(line.decode())
    except (ValueError, RecursionError) as error:
        return str(error)[:80] or "nested too deeply"
    if not isinstance(value, dict):
        return "not an object"
    return "half a character" if b"\\ud" in line.lower() and not _is_text(value) else value


def _is_text(row: dict[str, Any]) -> bool:
    """Whether its texts can be written: JSON can escape one half of a surrogate pair."""
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a name stands twice")
    return row


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


DECODER = json.JSONDecoder(object_pairs_hook=_without_twins, parse_constant=_refuse_constant)


def _raw(rows: Rows, strays: list[Stray], contract: Contract) -> RawBatch:
    columns, wrong = {}, {}
    for column in contract.columns:
        columns[column.name], wrong[column.name] = _array([row.get(column.name) for _, row in rows], column)
    numbers = np.array([number for number, _ in rows], dtype=np.int64)
    return RawBatch(columns, numbers, lambda at: rows[at][1], wrong, tuple(strays))


def _array(values: list[Any], column: Column) -> tuple[pa.Array, Mask]:
    """The values that are of the column's type (times are text), null for others, and which those are."""
    kind = pa.string() if column.type == "timestamp" else TYPES[column.type]
    right = {*RIGHT[column.type], type(None)}
    if set(map(type, values)) <= right:
        with suppress(OverflowError, pa.ArrowInvalid):
            return pa.array(values, kind), np.zeros(len(values), np.bool_)
    wrong = np.array([type(value) not in right or _beyond(value) for value in values], dtype=np.bool_)
    plain = float if column.type == "number" else lambda value: value
    kept = [None if bad or value is None else plain(value) for value, bad in zip(values, wrong, strict=True)]
    return pa.array(kept, kind), wrong


def _beyond(value: object) -> bool:
    return type(value) is int and value not in INT64


RIGHT: dict[str, set[type]] = {
    "integer": {int},
    "number": {int, float},
    "string": {str},
    "boolean": {bool},
    "timestamp": {str},
}
