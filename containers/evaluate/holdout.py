"""The holdout: rows that no candidate has seen, as truth, blocks and slices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from columns import classes, label, microseconds, open_folder
from tidewheel.domain.bootstrap import Resampling, row_blocks, time_blocks
from tidewheel.domain.errors import TrainingDataUnusable
from tidewheel.domain.signature import BINARY, Class, Signature


@dataclass(frozen=True)
class Holdout:
    """The labelled rows, their truth and the classes that truth and aligned outputs are in terms of."""

    rows: pa.Table
    classes: tuple[Class, ...]
    truth: np.ndarray  # position among the classes; for binary 1 where the last class happened; or the value

    @property
    def dataset(self) -> ds.Dataset:
        """The rows, as the reading functions want them."""
        return ds.dataset(self.rows)


def read(folder: Path, target: str, signatures: Sequence[Signature]) -> Holdout:
    """The holdout of the folder. Its classes are all that a model knows or a row has, the first model's foremost."""
    rows = open_folder(folder).to_table()
    rows = rows.filter(pc.is_valid(rows[target]))
    if not rows.num_rows:
        raise TrainingDataUnusable(
            "no holdout row has a label", place=target, remedy="Upload labelled rows or lengthen training.holdout_days"
        )
    first = signatures[0]
    if not first.classes:
        return Holdout(rows, (), label(ds.dataset(rows), target, ()))
    known = {each for signature in signatures for each in signature.classes} | set(classes(ds.dataset(rows), target))
    others = tuple(sorted(known - set(first.classes), key=str))
    union = others + tuple(first.classes)  # the last class of a binary model stays the last
    truth = label(ds.dataset(rows), target, union)
    return Holdout(rows, union, (truth == len(union) - 1 if first.problem == BINARY else truth).astype(np.int64))


def resampling(holdout: Holdout, event_time: str | None, seed: int) -> Resampling:
    """Blocks of a day where rows have a time, else of a row."""
    if not event_time:
        return Resampling(row_blocks(holdout.rows.num_rows), seed)
    times = microseconds(holdout.rows[event_time].combine_chunks())
    return Resampling(time_blocks(times.astype(np.int64)), seed)


def instances(holdout: Holdout, names: Sequence[str], count: int) -> list[dict[str, Any]]:
    """Rows spread evenly over the holdout, as a client would send them."""
    spread = np.unique(np.linspace(0, holdout.rows.num_rows - 1, count).astype(int))
    present = [name for name in names if name in holdout.rows.column_names]
    picked = holdout.rows.select(present).take(spread).to_pylist()
    return [{name: plain(row.get(name)) for name in names} for row in picked]


def slices(holdout: Holdout, columns: Sequence[str]) -> Mapping[str, list[Any]]:
    """The value of each row in the columns that are judged apart."""
    return {name: [plain(value) for value in holdout.rows[name].to_pylist()] for name in columns}


def plain(value: Any) -> Any:
    """A cell as JSON knows it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return None if isinstance(value, float) and np.isnan(value) else value
