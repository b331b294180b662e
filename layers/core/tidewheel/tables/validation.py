"""Holding a file against its contract, in one pass and bounded memory."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from tidewheel.domain.contract import Contract
from tidewheel.domain.profile import Profile
from tidewheel.domain.upload import Format, Limits, too_large
from tidewheel.domain.validation import Validation
from tidewheel.tables.convert import converted
from tidewheel.tables.csv_rows import read_csv
from tidewheel.tables.json_rows import read_json_lines
from tidewheel.tables.parquet_rows import read_parquet
from tidewheel.tables.profiling import empty_profile, profiled
from tidewheel.tables.quarantine import Fault, Quarantine
from tidewheel.tables.raw import RawBatch, Reading, Source
from tidewheel.tables.rules import broken
from tidewheel.tables.schema import TYPES
from tidewheel.tables.text import Text
from tidewheel.tables.unique import Seen

Sink = Callable[[pa.RecordBatch], None]


def read_table(source: Source, form: Format, gzipped: bool, contract: Contract, limits: Limits) -> Reading:
    """The rows of a file in one of the three formats. Raises UploadRefused."""
    if form == "parquet":
        return read_parquet(source, contract, limits)
    reader = read_csv if form == "csv" else read_json_lines
    return reader(Text(source, gzipped, limits), contract)


def validate(
    reading: Reading, contract: Contract, limits: Limits, accept: Sink, keep: Callable[[dict[str, Any]], None]
) -> Validation:
    """Judge all rows: `accept` gets those that fit, batch by batch, `keep` the others (see Quarantine).

    Raises UploadRefused if the file turns out to be unreadable or too large.
    """
    seen = {column.name: Seen() for column in contract.columns if column.unique}
    quarantine, profile = Quarantine(keep), empty_profile(contract)
    for raw in reading.batches:
        good = _judged(raw, contract, seen, quarantine)
        accept(good)
        profile = profiled(profile, good)
        if profile.rows + quarantine.rejected > limits.rows:
            raise too_large("the file has more rows", f"{limits.rows:,} rows")
    return _validation(reading, quarantine, profile)


def _validation(reading: Reading, quarantine: Quarantine, profile: Profile) -> Validation:
    found = (quarantine.reasons(), reading.extra, reading.absent, profile)
    return Validation(profile.rows, quarantine.rejected, *found)


def _judged(raw: RawBatch, contract: Contract, seen: dict[str, Seen], quarantine: Quarantine) -> pa.RecordBatch:
    """The rows of the batch that keep the contract."""
    for stray in raw.strays:
        quarantine.take_stray(stray)
    arrays, faults = _columns(raw, contract)
    bad = np.zeros(len(raw.numbers), dtype=np.bool_)
    for _, _, mask in faults:
        bad |= mask
    for name, values in seen.items():  # last: a row that is refused anyway does not use its value up
        repeated = values.repeated(arrays[name], ~bad)
        faults.append((name, "unique", repeated))
        bad |= repeated
    batch = pa.record_batch(list(arrays.values()), names=list(arrays))
    if not bad.any():
        return batch
    quarantine.take(raw, [fault for fault in faults if fault[2].any()], np.flatnonzero(bad))
    return batch.filter(pa.array(~bad))


def _columns(raw: RawBatch, contract: Contract) -> tuple[dict[str, pa.Array], list[Fault]]:
    """The contract's columns in their types, and what is wrong with their rows."""
    arrays: dict[str, pa.Array] = {}
    faults: list[Fault] = []
    for column in contract.columns:
        delivered = raw.columns.get(column.name)
        delivered = pa.nulls(len(raw.numbers), TYPES[column.type]) if delivered is None else delivered
        arrays[column.name], failed = converted(delivered, column.type)
        failed = failed | raw.wrong.get(column.name, np.False_)
        rules = [(rule, mask & ~failed) for rule, mask in broken(arrays[column.name], column)]
        faults += [(column.name, rule, mask) for rule, mask in [("type", failed), *rules] if mask.any()]
    return arrays, faults
