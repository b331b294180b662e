"""The bootstrap: how sure a difference between two models is, when both answered the same rows.

Whole blocks of rows are drawn with replacement (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters
8 and 13; blocks for dependent rows: Kuensch, Annals of Statistics 17, 1989). Hours of one day rise and fall together,
so a day is one piece of evidence, not twenty-four.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tidewheel.domain.features import FloatArray
from tidewheel.domain.metrics import Metric, Truth, auc

MICROSECONDS_A_DAY = 86_400_000_000
FEWEST_DAYS = 20  # fewer blocks than this say little about their own spread
MOST_BLOCKS = 10_000  # beyond it neighbours share a block: the interval stays, memory is bounded


@dataclass(frozen=True)
class Estimate:
    """A number and the interval in which the bootstrap saw it. All None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Resampling:
    """Draws of blocks, the same for every model that is scored under them: their differences are paired."""

    blocks: NDArray[np.int64]  # int[n]: the block of each row, 0 to k-1
    seed: int
    replicates: int = 1000

    @cached_property
    def draws(self) -> FloatArray:
        """float[replicates, blocks]: how often each block was drawn."""
        count = int(self.blocks.max()) + 1
        generator = np.random.default_rng(self.seed)
        return generator.multinomial(count, np.full(count, 1 / count), size=self.replicates).astype(float)

    def replicate(self, metric: Metric, truth: Truth, outputs: FloatArray) -> FloatArray:
        """float[replicates]: the metric under each draw; NaN where it is not defined."""
        if metric.losses is None:
            return np.array([auc(truth, outputs, draw[self.blocks]) for draw in self.draws])
        sums = np.bincount(self.blocks, metric.losses(truth, outputs))
        means: FloatArray = metric.finish(self.draws @ sums / (self.draws @ np.bincount(self.blocks)))
        return means


def time_blocks(microseconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """int[n]: a block per day, or a twentieth of the rows in order of time if they span fewer than twenty days."""
    _, days = np.unique(microseconds // MICROSECONDS_A_DAY, return_inverse=True)
    if days.max(initial=0) + 1 >= FEWEST_DAYS:
        return days.astype(np.int64)
    rank = np.empty(len(microseconds), dtype=np.int64)
    rank[np.argsort(microseconds, kind="stable")] = np.arange(len(microseconds))
    return rank * min(FEWEST_DAYS, len(rank)) // len(rank)


def row_blocks(rows: int) -> NDArray[np.int64]:
    """int[rows]: a block per row, neighbours sharing one where there would be too many."""
    return np.arange(rows) * min(MOST_BLOCKS, rows) // rows


def estimate(value: float, replicates: FloatArray, confidence: float) -> Estimate:
    """The value with the percentile interval that holds `confidence` of the replicates, half of the rest each side."""
    defined = replicates[~np.isnan(replicates)]
    if np.isnan(value) or not len(defined):
        return Estimate(None)
    low, high = np.quantile(defined, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Estimate(float(value), float(low), float(high))
