"""CSV: every field is read as text, so that one bad value costs one row and not the file."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from tidewheel.domain.contract import Contract
from tidewheel.domain.errors import UploadRefused
from tidewheel.tables.raw import RawBatch, Reading, Stray, matched
from tidewheel.tables.text import CHUNK, Text

BLOCK = 1 << 20  # bytes parsed at once: the longest row, too
OTHERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_csv(text: Text, contract: Contract) -> Reading:
    """The rows of a file with a header, separated by commas. Raises UploadRefused."""
    names = _header(text)
    extra, absent = matched(names, contract)
    return Reading(_batches(text, [name for name in names if name in contract.by_name]), extra, absent)


def _header(text: Text) -> list[str]:
    start = text.peek().decode(errors="ignore")
    line = next(csv.reader(io.StringIO(start, newline="")), [])
    others = [name for sign, name in OTHERS.items() if len(line) == 1 and sign in line[0]]
    if others:
        raise UploadRefused(
            "WrongSeparator", f"fields are separated by {others[0]}", place="header", remedy="Separate them by commas"
        )
    return line


def _batches(text: Text, names: list[str]) -> Iterator[RawBatch]:
    ragged: list[Stray] = []  # Arrow reads ahead: some of them may lie behind the batch that it hands out

    def skip(row: arrow_csv.InvalidRow) -> str:
        ragged.append(Stray(row.number - 1, "ragged", f"{row.actual_columns} fields: {row.text}"))
        return "skip"

    last = 0
    for batch in _opened(text, names, skip):
        numbers = _numbers(last, len(batch), [stray.number for stray in ragged])
        last = int(numbers[-1]) if len(numbers) else last
        passed = [stray for stray in ragged if stray.number < last]
        del ragged[: len(passed)]
        yield _raw(batch, numbers, passed)
    yield _raw(pa.record_batch([pa.array([], pa.string())] * len(names), names=names), _numbers(last, 0, []), ragged)


def _raw(batch: pa.RecordBatch, numbers: NDArray[np.int64], strays: list[Stray]) -> RawBatch:
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    return RawBatch(columns, numbers, lambda at: batch.slice(at, 1).to_pylist()[0], strays=tuple(strays))


def _opened(text: Text, names: list[str], skip: object) -> Iterator[pa.RecordBatch]:
    if not any(sign in text.peek() for sign in (b"\n", b"\r")) and len(text.peek()) < CHUNK:
        return  # a header and nothing else: Arrow would call it broken
    try:
        yield from arrow_csv.open_csv(
            text,
            arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK),
            arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
            arrow_csv.ConvertOptions(
                check_utf8=False,  # Text has checked
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=names,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise _unreadable(str(error)) from error


def _unreadable(message: str) -> UploadRefused:
    if "straddling" in message:
        problem, remedy = f"a row is longer than {BLOCK:,} bytes", "Look for a quotation mark that is never closed"
        return UploadRefused("BrokenFile", problem, place="rows", remedy=remedy)
    return UploadRefused("BrokenFile", f"it cannot be parsed: {message[:200]}", place="rows", remedy="Check the file")


def _numbers(last: int, length: int, skipped: list[int]) -> NDArray[np.int64]:
    """The numbers of the next `length` rows after row `last`, around the skipped ones."""
    numbers = np.arange(last + 1, last + length + len(skipped) + 1)
    return np.setdiff1d(numbers, np.array(skipped, dtype=np.int64), assume_unique=True)[:length]
