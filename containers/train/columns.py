"""Columns of a Parquet folder as the matrix that a booster reads; batch by batch, so that only the matrix is whole."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from tidewheel.domain.errors import TrainingDataUnusable
from tidewheel.domain.features import CATEGORY, NUMBER, SECONDS_A_DAY, TIME, Feature
from tidewheel.domain.signature import Class

KINDS: tuple[tuple[str, tuple[Callable[[pa.DataType], bool], ...]], ...] = (
    (NUMBER, (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_decimal, pa.types.is_null)),
    (CATEGORY, (pa.types.is_string, pa.types.is_large_string, pa.types.is_dictionary)),
    (TIME, (pa.types.is_timestamp, pa.types.is_date)),
)


def open_folder(folder: str | Path) -> ds.Dataset:
    """The Parquet files of a folder as one table, in the order of their names."""
    return ds.dataset(sorted(str(path) for path in Path(folder).rglob("*.parquet")), format="parquet")


def learn(table: ds.Dataset, names: list[str]) -> tuple[Feature, ...]:
    """The features of these columns: kinds from the schema, vocabularies from the rows."""
    absent = [name for name in names if name not in table.schema.names]
    if absent:
        raise TrainingDataUnusable(
            f"the rows have no column {', '.join(absent)}",
            place="training.features",
            remedy="Name columns of the contract",
        )
    kinds = {name: _kind(name, table.schema.field(name).type) for name in names}
    words = _vocabularies(table, [name for name in names if kinds[name] == CATEGORY])
    return tuple(Feature(name, kinds[name], tuple(sorted(words.get(name, ())))) for name in names)


def classes(table: ds.Dataset, label: str) -> tuple[Class, ...]:
    """The label's values in ascending order."""
    found: set[Class] = set()
    for column in _batches(table, [label]):
        found.update(column[0].unique().to_pylist())
    return tuple(sorted(found - {None}))  # type: ignore[type-var]


def matrix(table: ds.Dataset, features: tuple[Feature, ...]) -> np.ndarray:
    """float32[rows, features], missing as NaN. A column that the table lacks is missing throughout."""
    filled = np.full((table.count_rows(), len(features)), np.nan, dtype=np.float32)
    present = [(place, feature) for place, feature in enumerate(features) if feature.name in table.schema.names]
    row = 0
    for columns in _batches(table, [feature.name for _, feature in present]):
        for (place, feature), column in zip(present, columns, strict=True):
            filled[row : row + len(column), place] = encode(feature, column)
        row += len(columns[0]) if columns else 0
    return filled


def encode(feature: Feature, column: pa.Array) -> np.ndarray:
    """`Feature.encode` for a whole Arrow column: each word is looked up once."""
    if feature.kind == CATEGORY:
        coded = column.cast(pa.string()).dictionary_encode()
        positions = np.append(feature.encode(coded.dictionary.to_pylist()), np.nan)
        return positions[coded.indices.fill_null(len(positions) - 1).to_numpy(zero_copy_only=False)]
    if feature.kind == TIME:
        return microseconds(column) / (SECONDS_A_DAY * 1e6)
    return column.cast(pa.float64()).to_numpy(zero_copy_only=False)


def microseconds(column: pa.Array) -> np.ndarray:
    """float64[n]: microseconds since 1970, exact until the year 2255; missing is NaN."""
    return (
        column.cast(pa.timestamp("us", column.type.tz if pa.types.is_timestamp(column.type) else None))
        .cast(pa.int64())
        .to_numpy(zero_copy_only=False)
        .astype(float)
    )


def label(table: ds.Dataset, name: str, known: tuple[Class, ...]) -> np.ndarray:
    """float64[rows]: the label's position among the known classes (-1 for others), or its value if none are known."""
    columns = [column[0] for column in _batches(table, [name])]
    if not known:
        return np.concatenate([column.cast(pa.float64()).to_numpy(zero_copy_only=False) for column in columns])
    place = {value: position for position, value in enumerate(known)}
    positions = [[place.get(value, -1) for value in column.to_pylist()] for column in columns]
    return np.concatenate([np.array(each, dtype=float) for each in positions])


def _kind(name: str, type_: pa.DataType) -> str:
    for kind, tests in KINDS:
        if any(test(type_) for test in tests):
            return kind
    raise TrainingDataUnusable(
        f"a column of type {type_} cannot be learnt from", place=name, remedy="Leave it out of training.features"
    )


def _vocabularies(table: ds.Dataset, names: list[str]) -> dict[str, set[str]]:
    words: dict[str, set[str]] = {name: set() for name in names}
    for columns in _batches(table, names):
        for name, column in zip(names, columns, strict=True):
            words[name].update(word.as_py() for word in pc.unique(column.cast(pa.string())) if word.is_valid)
    return words


def _batches(table: ds.Dataset, names: list[str]) -> Iterator[list[pa.Array]]:
    if names:
        yield from (list(batch.columns) for batch in table.to_batches(columns=names, batch_size=65_536))
