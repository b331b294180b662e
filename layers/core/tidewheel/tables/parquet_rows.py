"""Parquet: row groups in batches, strings as dictionaries, so that a small file cannot unfold into a large memory."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tidewheel.domain.contract import ColumnType, Contract
from tidewheel.domain.errors import UploadRefused
from tidewheel.domain.upload import Limits, too_large
from tidewheel.tables.raw import BATCH_ROWS, RawBatch, Reading, Source, matched

BUFFER = 1 << 20
UNREADABLE = (pa.ArrowException, OSError, UnicodeDecodeError)
UNFOLDED = 1 << 28  # bytes that one batch may have when its dictionaries are written out
FITTING = {
    "integer": pa.types.is_integer,
    "number": lambda kind: pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind),
    "string": lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind),
    "boolean": pa.types.is_boolean,
    "timestamp": lambda kind: pa.types.is_timestamp(kind) or pa.types.is_date(kind),
}


def read_parquet(source: Source, contract: Contract, limits: Limits) -> Reading:
    """The rows of the file. Its types must fit those of the contract. Raises UploadRefused."""
    file = _opened(source, [column.name for column in contract.columns if column.type == "string"])
    if file.metadata.num_rows > limits.rows:
        raise too_large(f"the file has {file.metadata.num_rows:,} rows", f"{limits.rows:,} rows")
    schema = file.schema_arrow
    extra, absent = matched(schema.names, contract)
    names = [name for name in schema.names if name in contract.by_name]
    for name in names:
        _check_type(name, schema.field(name).type, contract.by_name[name].type)
    return Reading(_batches(file, names, limits), extra, absent)


def _opened(source: Source, strings: list[str]) -> pq.ParquetFile:
    try:
        footer = pq.read_metadata(source)
        paths = {footer.schema.column(at).path for at in range(footer.num_columns)}
        wanted = [name for name in strings if name in paths]
        return pq.ParquetFile(source, metadata=footer, read_dictionary=wanted, buffer_size=BUFFER, pre_buffer=False)
    except UNREADABLE as error:
        raise _broken(error) from error


def _broken(error: Exception) -> UploadRefused:
    problem = f"it is no whole Parquet file: {str(error)[:200]}"
    return UploadRefused("BrokenFile", problem, place="file", remedy="Write and upload it again")


def _check_type(name: str, kind: pa.DataType, wanted: ColumnType) -> None:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    if not FITTING[wanted](plain):
        problem = f"the file's type is {plain}, the contract's {wanted}"
        raise UploadRefused("WrongType", problem, place=f"column {name}", remedy="Write the column with that type")


def _batches(file: pq.ParquetFile, names: list[str], limits: Limits) -> Iterator[RawBatch]:
    done = decoded = 0
    try:
        for batch in file.iter_batches(BATCH_ROWS, columns=names, use_threads=False):
            batch.validate(full=True)  # Arrow reads texts that are not UTF-8 without a word
            size = sum(_unfolded(column) for column in batch.columns)
            decoded += size
            if size > UNFOLDED or decoded > limits.decoded_bytes:
                raise too_large("unpacked it is larger", f"{limits.decoded_bytes:,} bytes, {UNFOLDED:,} in a batch")
            yield _raw(batch, done)
            done += len(batch)
    except UNREADABLE as error:
        raise _broken(error) from error


def _unfolded(column: pa.Array) -> int:
    """Bytes of the column when each row has its own copy of its text."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary).take(column.indices)
    return int(pc.sum(lengths).as_py() or 0) + 4 * len(column)


def _raw(batch: pa.RecordBatch, done: int) -> RawBatch:
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    numbers = np.arange(done + 1, done + len(batch) + 1)
    return RawBatch(columns, numbers, lambda at: batch.slice(at, 1).to_pylist()[0])
