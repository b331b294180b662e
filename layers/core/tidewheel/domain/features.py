"""Features: how a column becomes the numbers that a model reads, the same in training, evaluation and serving."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from tidewheel.domain.errors import InstanceUnreadable

FloatArray = NDArray[np.float64]
NUMBER, CATEGORY, TIME = "number", "category", "time"
SECONDS_A_DAY = 86_400
WORDS = {"true": 1.0, "false": 0.0, "": float("nan")}  # how CSV spells booleans, and nothing


@dataclass(frozen=True)
class Feature:
    """One column that a model reads. A category is its position in `vocabulary`, as learnt from the training rows."""

    name: str
    kind: str  # number | category | time
    vocabulary: tuple[str, ...] = ()

    def encode(self, values: Sequence[object]) -> FloatArray:
        """The values as float64[n]; missing is NaN, and so is a category that training never saw.

        Times become days since 1970, UTC. Raises InstanceUnreadable, which names row and column.
        """
        read = self._positions() if self.kind == CATEGORY else READERS[self.kind]
        return np.array([self._read(read, row, value) for row, value in enumerate(values)], dtype=float)

    def _positions(self) -> Callable[[object], float]:
        position = {word: float(index) for index, word in enumerate(self.vocabulary)}
        return lambda value: position.get(str(value), np.nan)

    def _read(self, read: Callable[[object], float], row: int, value: object) -> float:
        if value is None:
            return np.nan
        try:
            return read(value)
        except (TypeError, ValueError) as error:
            raise InstanceUnreadable(
                f"{value!r} is not a {self.kind}",
                place=f"row {row + 1}, column {self.name}",
                remedy=f"Send a {self.kind}, or null where it is missing",
            ) from error


def number(value: object) -> float:
    """A JSON or CSV value as a float: booleans are 0 and 1, an empty cell is missing. Raises ValueError, TypeError."""
    if isinstance(value, str):
        word = value.strip().lower()
        return WORDS[word] if word in WORDS else float(word)
    return float(value)  # type: ignore[arg-type]


def days(value: object) -> float:
    """An ISO 8601 time as days since 1970; without an offset it is UTC. Raises ValueError, TypeError."""
    if value == "":
        return np.nan
    moment = datetime.fromisoformat(value)  # type: ignore[arg-type]
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() / SECONDS_A_DAY


READERS: dict[str, Callable[[object], float]] = {NUMBER: number, TIME: days}
