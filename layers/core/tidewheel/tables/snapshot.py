"""Snapshots as Parquet: datasets read batch by batch and divided into train, validation and holdout."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidewheel.domain.contract import Contract
from tidewheel.domain.profile import Profile
from tidewheel.domain.snapshot import HOLDOUT, TRAIN, VALIDATION, Boundaries, Positions, Split, divide
from tidewheel.tables.parts import PartWriter, batches
from tidewheel.tables.profiling import empty_profile, profiled
from tidewheel.tables.raw import Source
from tidewheel.tables.schema import schema_of

Opener = Callable[[], Source]


@dataclass(frozen=True)
class Written:
    """A snapshot on disk: the paths and rows of each part, and the profile of what is trained on."""

    boundaries: Boundaries
    paths: Mapping[str, Sequence[Path]]
    rows: Mapping[str, int]
    profile: Profile


def write_snapshot(sources: Sequence[Opener], contract: Contract, split: Split, folder: Path) -> Written:
    """Divide the labelled rows of the sources, which are Parquet files in the order of acceptance.

    Memory holds a few batches. A column that an older contract did not have is missing in its rows. Raises
    TrainingDataUnusable if a part that must have rows has none.
    """
    boundaries = divide(split, lambda: _positions(sources, contract, split))
    names = [TRAIN, HOLDOUT] + ([VALIDATION] if boundaries.validation < boundaries.holdout else [])
    writers = {name: PartWriter(_made(folder / name), schema_of(contract)) for name in names}
    rows, profile = dict.fromkeys(names, 0), empty_profile(contract)
    for batch, positions in _placed(sources, contract, split, columns=None):
        for name, writer in writers.items():
            part = batch.filter(pa.array(boundaries.part(name, positions)))
            writer.write(part)
            rows[name] += len(part)
            profile = profiled(profile, part) if name == TRAIN else profile
    return Written(boundaries, {name: writer.close() for name, writer in writers.items()}, rows, profile)


def _positions(sources: Sequence[Opener], contract: Contract, split: Split) -> Iterator[Positions]:
    needed = [contract.label] + ([split.event_time] if split.event_time else [])
    return (positions for _, positions in _placed(sources, contract, split, columns=needed))


def _placed(
    sources: Sequence[Opener], contract: Contract, split: Split, columns: list[str] | None
) -> Iterator[tuple[pa.RecordBatch, Positions]]:
    """The labelled rows of all sources with their positions."""
    seen = 0
    for open_source in sources:
        for raw in batches(open_source(), columns):
            batch = raw.filter(pc.is_valid(raw.column(contract.label)))
            if split.event_time:
                positions = np.asarray(batch.column(split.event_time).cast(pa.int64()).fill_null(np.iinfo(np.int64).min))
            else:
                positions = np.arange(seen, seen + len(batch))
            seen += len(batch)
            yield batch if columns else _conform(batch, contract), positions


def _conform(batch: pa.RecordBatch, contract: Contract) -> pa.RecordBatch:
    schema = schema_of(contract)
    arrays = [
        batch.column(field.name).cast(field.type) if field.name in batch.schema.names else pa.nulls(len(batch), field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, [field.name for field in schema])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
