"""A snapshot: which rows of which datasets are learnt from, checked on, and kept for the gate.

Every row has a position: its event time in microseconds, or its place in the order of acceptance. What is newest is
kept for the gate, what is next to newest may stop the training early, and nothing is ever shuffled: a model is judged
on what came after all that it saw.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from tidewheel.domain.errors import TrainingDataUnusable
from tidewheel.domain.identity import digest

MICROSECONDS_A_DAY = 86_400_000_000
BINS = 65_536
TRAIN, VALIDATION, HOLDOUT = "train", "validation", "holdout"
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """How a project wants its rows divided: the parts of `training` that say so."""

    event_time: str | None
    window_days: float | None
    holdout_days: float | None  # in force if given, else the share
    holdout_share: float
    validation_share: float  # of what the holdout leaves


@dataclass(frozen=True)
class Boundaries:
    """The first position of each part; the holdout goes on to the newest row."""

    train: int
    validation: int
    holdout: int

    def part(self, name: str, positions: Positions) -> NDArray[np.bool_]:
        """Which of the positions belong to a part."""
        first = {TRAIN: self.train, VALIDATION: self.validation, HOLDOUT: self.holdout}[name]
        end = {TRAIN: self.validation, VALIDATION: self.holdout, HOLDOUT: np.iinfo(np.int64).max}[name]
        return (positions >= first) & (positions < end)


def snapshot_id(dataset_ids: Iterable[str], split: Split, label: str, columns: Iterable[tuple[str, str]]) -> str:
    """The identity of a snapshot: the ordered datasets, the division, and the columns with their types."""
    made_of = {"datasets": list(dataset_ids), "label": label, "columns": [list(each) for each in columns]}
    return f"snap-{digest(made_of | asdict(split))[:16]}"


def divide(split: Split, positions: Callable[[], Iterable[Positions]]) -> Boundaries:
    """Where the parts begin. `positions` opens the stream of all positions anew each time; memory stays bounded.

    Raises TrainingDataUnusable if nothing is left to train on.
    """
    oldest, newest = _ends(positions())
    window = newest - _days(split.window_days) + 1 if split.window_days else oldest
    first = max(oldest, window)
    if split.holdout_days and split.event_time:
        holdout = newest - _days(split.holdout_days) + 1
    else:
        holdout = newest_share(positions, first, newest, split.holdout_share)
    if holdout <= first:
        raise TrainingDataUnusable(
            "the holdout leaves no rows to train on",
            place="training.holdout_days" if split.holdout_days else "training.holdout_share",
            remedy="Keep less for the holdout, or upload more",
        )
    share = split.validation_share
    validation = newest_share(positions, first, holdout - 1, share) if share else holdout
    return Boundaries(first, validation, holdout)


def newest_share(positions: Callable[[], Iterable[Positions]], low: int, high: int, share: float) -> int:
    """The largest position such that at least this share of the rows between low and high lies at or above it.

    Counts rows in ever narrower bins, so that a pass over the positions needs no more memory than the bins.
    """
    counted = sum(int(np.count_nonzero((each >= low) & (each <= high))) for each in positions())
    wanted = max(1, round(counted * share))
    start, end, above = low, high + 1, 0  # `above` rows lie at or above `end`
    while end - start > 1:
        width = -(-(end - start) // BINS)
        counts = np.zeros(BINS, dtype=np.int64)
        for each in positions():
            within = each[(each >= start) & (each < end)]
            counts += np.bincount((within - start) // width, minlength=BINS)
        at_or_above = above + counts[::-1].cumsum()[::-1]
        place = int(np.flatnonzero(at_or_above >= wanted)[-1])
        above = int(at_or_above[place] - counts[place])
        start, end = start + place * width, min(end, start + (place + 1) * width)
    return start


def _ends(positions: Iterable[Positions]) -> tuple[int, int]:
    ends = [(int(each.min()), int(each.max())) for each in positions if len(each)]
    if not ends:
        raise TrainingDataUnusable("there are no labelled rows", place="datasets", remedy="Upload labelled rows")
    return min(low for low, _ in ends), max(high for _, high in ends)


def _days(days: float) -> int:
    return int(days * MICROSECONDS_A_DAY)
