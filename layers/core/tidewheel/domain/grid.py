"""A histogram that finds its own cells: a function of the numbers alone, not of their order or of how they were parted.

The bits of a double, read as an integer and mirrored for negative numbers, are in the order of the numbers. Shifting
them right by s puts neighbours into one cell. s is the smallest shift that leaves at most CELLS cells occupied; a part
never needs a larger one than the whole, so that grids add up exactly. With s = 0 each distinct number has its cell.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CELLS = 2048
MIRROR = np.int64(0x7FFF_FFFF_FFFF_FFFF)
DENSE = 8  # a window of this many slots per value is counted faster than it is sorted

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]


def keys_of(values: Floats) -> Int64s:
    """Integers in the order of the numbers; 0.0 and -0.0 are one."""
    bits = (values + 0.0).view(np.int64)
    return bits ^ ((bits >> 63) & MIRROR)


def values_of(keys: Int64s) -> Floats:
    """The numbers that have these keys."""
    return (keys ^ ((keys >> 63) & MIRROR)).view(np.float64)


@dataclass(frozen=True)
class Grid:
    """Occupied cells in ascending order and the count of each, as little-endian 64-bit integers."""

    shift: int = 0
    cells: bytes = b""
    counts: bytes = b""

    @classmethod
    def of(cls, keys: Int64s, shift: int = 0) -> "Grid":
        """The grid of numbers given by their keys, no finer than `shift`."""
        cells, counts = _counted(keys >> shift)
        return cls._fitting(shift, cells, counts)

    def __add__(self, other: "Grid") -> "Grid":
        shift = max(self.shift, other.shift)
        cells = np.concatenate([grid.arrays()[0] >> (shift - grid.shift) for grid in (self, other)])
        counts = np.concatenate([self.arrays()[1], other.arrays()[1]])
        order = np.argsort(cells, kind="stable")
        return self._fitting(shift, cells[order], counts[order])

    def arrays(self) -> tuple[Int64s, Int64s]:
        """Cells and counts."""
        return np.frombuffer(self.cells, dtype="<i8"), np.frombuffer(self.counts, dtype="<i8")

    def bounds(self) -> tuple[Floats, Floats]:
        """The smallest and the largest number that each occupied cell can hold."""
        cells = self.arrays()[0]
        return values_of(cells << self.shift), values_of((cells << self.shift) | ((1 << self.shift) - 1))

    def error(self) -> float:
        """Upper bound of the error in any rank, as a share: the largest cell's, or 0 where cells are exact."""
        counts = self.arrays()[1]
        return 0.0 if self.shift == 0 or not len(counts) else float(counts.max() / counts.sum())

    def quantile(self, share: float) -> float:
        """The number below which `share` of the rows lie: the middle of the cell in which that rank falls."""
        counts = self.arrays()[1]
        at = int(np.searchsorted(np.cumsum(counts), share * counts.sum(), side="left"))
        low, high = self.bounds()
        at = min(at, len(counts) - 1)
        return float(low[at] / 2 + high[at] / 2)

    def histogram(self, edges: Floats) -> Int64s:
        """Rows between neighbouring edges (the last one included), each cell counted where its middle lies."""
        low, high = self.bounds()
        return np.histogram(low / 2 + high / 2, bins=edges, weights=self.arrays()[1])[0].astype(np.int64)

    @classmethod
    def _fitting(cls, shift: int, cells: Int64s, counts: Int64s) -> "Grid":
        """The grid at the smallest shift that fits; `cells` ascend and may repeat."""
        coarser = 0 if _distinct(cells) <= CELLS else _smallest_shift(cells)
        cells = cells >> coarser
        starts = np.flatnonzero(np.diff(cells, prepend=cells[:1] - 1))
        totals = np.add.reduceat(counts, starts) if len(cells) else counts
        return cls(shift + coarser, cells[starts].astype("<i8").tobytes(), totals.astype("<i8").tobytes())


def _counted(cells: Int64s) -> tuple[Int64s, Int64s]:
    """Distinct cells in ascending order and how often each comes."""
    if not len(cells):
        return cells, cells
    lowest, highest = int(cells.min()), int(cells.max())
    if highest - lowest > DENSE * len(cells):
        return np.unique(cells, return_counts=True)
    slots = np.bincount(cells - lowest)
    occupied = np.flatnonzero(slots)
    return occupied + lowest, slots[occupied]


def _distinct(cells: Int64s) -> int:
    return int(np.count_nonzero(np.diff(cells))) + (len(cells) > 0)


def _smallest_shift(cells: Int64s) -> int:
    """By bisection: with more shift there are never more cells."""
    low, high = 0, 63
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _distinct(cells >> middle) <= CELLS else (middle, high)
    return high
