"""The profile of a column of numbers (timestamps are microseconds since 1970)."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tidewheel.domain.exact import ExactSum
from tidewheel.domain.grid import Floats, Grid, keys_of
from tidewheel.domain.texts import mix

LARGEST = 1e150  # magnitude beyond which squares overflow: no measurement is there
HASHES = 1024  # smallest hashes kept: distinct counts to 3 %
NumberKind = Literal["integer", "number", "timestamp"]
NO_SUM, NO_GRID = ExactSum(), Grid()


@dataclass(frozen=True)
class NumberProfile:
    """What can be known of the numbers of a column without keeping them. Profiles of parts add up exactly."""

    kind: NumberKind
    count: int = 0
    nulls: int = 0
    min: float | None = None
    max: float | None = None
    total: ExactSum = NO_SUM
    squares: ExactSum = NO_SUM
    grid: Grid = NO_GRID
    hashes: bytes = b""  # the HASHES smallest hashes of distinct numbers, ascending

    def add(self, values: Floats, nulls: int = 0) -> "NumberProfile":
        """With these numbers too: all finite and at most LARGEST in magnitude, and so many nulls.

        The same as adding their profile, and faster: what is known already tells how coarse the grid must be at least.
        """
        if not len(values):
            return self + NumberProfile(self.kind, nulls=nulls)
        keys = keys_of(values)
        hashes = mix(keys.view(np.uint64))
        return self + NumberProfile(
            self.kind,
            len(values),
            nulls,
            float(values.min() + 0.0),
            float(values.max() + 0.0),
            ExactSum.of(values),
            ExactSum.of_squares(values),
            Grid.of(keys, self.grid.shift),
            _smallest(hashes[hashes <= self._last_hash()]),
        )

    def __add__(self, other: "NumberProfile") -> "NumberProfile":
        if self.kind != other.kind:
            raise ValueError(f"a {self.kind} and a {other.kind} do not add up")
        return NumberProfile(
            self.kind,
            self.count + other.count,
            self.nulls + other.nulls,
            min((side.min for side in (self, other) if side.min is not None), default=None),
            max((side.max for side in (self, other) if side.max is not None), default=None),
            self.total + other.total,
            self.squares + other.squares,
            self.grid + other.grid,
            _smallest(np.frombuffer(self.hashes + other.hashes, dtype="<u8")),
        )

    @property
    def mean(self) -> float | None:
        """The mean, rounded once."""
        return float(self.total.fraction() / self.count) if self.count else None

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the rows (divisor n)."""
        if not self.count:
            return None
        mean = self.total.fraction() / self.count
        return sqrt(max(0.0, float(self.squares.fraction() / self.count - mean * mean)))

    @property
    def distinct(self) -> int:
        """How many different numbers: exact up to HASHES, else estimated from the density of the smallest hashes."""
        kept = len(self.hashes) // 8
        return kept if kept < HASHES else min(self.count, round((HASHES - 1) * 2.0**64 / (self._last_hash() + 1.0)))

    def to_dict(self) -> dict[str, Any]:
        """Plain values; cells as differences, which are short."""
        cells, counts = self.grid.arrays()
        return {
            "kind": self.kind,
            "count": self.count,
            "nulls": self.nulls,
            "min": self.min,
            "max": self.max,
            "total": [hex(self.total.mantissa), self.total.exponent],
            "squares": [hex(self.squares.mantissa), self.squares.exponent],
            "shift": self.grid.shift,
            "cells": np.diff(cells, prepend=0).tolist(),
            "counts": counts.tolist(),
            "hashes": b64encode(self.hashes).decode(),
        }

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> "NumberProfile":
        """The profile that `to_dict` wrote."""
        cells = np.cumsum(np.array(value["cells"], dtype="<i8"))  # wraps around, as the differences did
        grid = Grid(value["shift"], cells.tobytes(), np.array(value["counts"], dtype="<i8").tobytes())
        total, squares = (ExactSum(int(value[name][0], 16), value[name][1]) for name in ("total", "squares"))
        low, high = (None if value[name] is None else float(value[name]) for name in ("min", "max"))
        head = (value["kind"], value["count"], value["nulls"], low, high)
        return cls(*head, total, squares, grid, b64decode(value["hashes"]))

    def _last_hash(self) -> int:
        """The largest hash that may still matter."""
        return int.from_bytes(self.hashes[-8:], "little") if len(self.hashes) == 8 * HASHES else 2**64 - 1


def _smallest(hashes: NDArray[np.uint64]) -> bytes:
    return np.unique(hashes)[:HASHES].astype("<u8").tobytes()
