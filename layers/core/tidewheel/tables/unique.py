"""Whether a value came before: hashes in sorted runs, eight bytes a row, so that memory has a bound.

Each batch is one run; runs are merged when the newer has grown as large as the older, so there are never more than
log2(rows) of them and each value is moved as often. With at most 20 million rows (upload.Limits) that is 160 MB.
Numbers and times have hashes of their own; among n texts two share one with a chance of n**2 / 2**65: 1 in 90,000.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tidewheel.tables.arrays import hashes

Mask = NDArray[np.bool_]


class Seen:
    """The values of one column so far."""

    def __init__(self) -> None:
        self._runs: list[NDArray[np.uint64]] = []

    def repeated(self, array: pa.Array, able: Mask) -> Mask:
        """The rows among `able` whose value came before, in this batch or an earlier one. Nulls never repeat."""
        rows = np.flatnonzero(able & np.asarray(pc.is_valid(array)))
        keys, first, which = np.unique(hashes(array.take(pa.array(rows))), return_index=True, return_inverse=True)
        known = np.zeros(len(keys), dtype=np.bool_)
        for run in self._runs:
            known |= _within(keys, run)
        self._keep(keys[~known])
        again = known[which]
        again[np.setdiff1d(np.arange(len(rows)), first, assume_unique=True)] = True
        mask = np.zeros(len(array), dtype=np.bool_)
        mask[rows[again]] = True
        return mask

    def _keep(self, run: NDArray[np.uint64]) -> None:
        while self._runs and len(self._runs[-1]) <= len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]))
        self._runs.append(run)


def _within(keys: NDArray[np.uint64], run: NDArray[np.uint64]) -> Mask:
    if not len(run):
        return np.zeros(len(keys), dtype=np.bool_)
    at = np.minimum(np.searchsorted(run, keys), len(run) - 1)
    return np.asarray(run[at] == keys)
