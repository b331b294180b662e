"""Snapshots as Parquet: datasets read batch by batch and divided into train, validation and holdout."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidewheel.domain.contract import Contract
from tidewheel.domain.errors import TrainingDataUnusable
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
    writers = {name: PartWriter(_made(folder / name), _schema(contract)) for name in names}
    rows, profile = dict.fromkeys(names, 0), empty_profile(contract)
    for batch, positions in _placed(sources, contract, split, None):
        for name, writer in writers.items():
            part = _conform(batch.filter(pa.array(boundaries.part(name, positions))), contract)
            writer.write(part)
            rows[name] += len(part)
            profile = profiled(profile, part) if name == TRAIN else profile
    paths = {name: writer.close() for name, writer in writers.items()}
    if not rows[TRAIN]:
        raise TrainingDataUnusable(
            "window, validation and holdout leave no rows to train on",
            place="training",
            remedy="Widen training.window_days, or keep less for validation and holdout",
        )
    return Written(boundaries, paths, rows, profile)


def _positions(sources: Sequence[Opener], contract: Contract, split: Split) -> Iterator[Positions]:
    needed = [contract.label] + ([split.event_time] if split.event_time else [])
    return (positions for _, positions in _placed(sources, contract, split, columns=needed))


def _placed(
    sources: Sequence[Opener], contract: Contract, split: Split, columns: list[str] | None
) -> Iterator[tuple[pa.RecordBatch, Positions]]:
    """The labelled rows of all sources with their positions. A row without event time has no place and is left out."""
    seen = 0
    for open_source in sources:
        for batch in batches(open_source(), columns):
            usable = pc.is_valid(batch.column(contract.label))
            if split.event_time:
                usable = pc.and_(usable, pc.is_valid(batch.column(split.event_time)))
            rows = batch.filter(usable)
            if split.event_time:
                positions = np.asarray(rows.column(split.event_time).cast(pa.int64()))
            else:
                positions = np.arange(seen, seen + len(rows))
            seen += len(rows)
            yield rows, positions


def _conform(batch: pa.RecordBatch, contract: Contract) -> pa.RecordBatch:
    """The batch with the columns and types of the contract; what it lacks is missing."""
    schema, held = _schema(contract), set(batch.schema.names)
    arrays = [
        batch.column(field.name).cast(field.type) if field.name in held else pa.nulls(len(batch), field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _schema(contract: Contract) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in schema_of(contract)])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
