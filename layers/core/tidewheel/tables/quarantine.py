"""Rejected rows: counted by reason, and the first of them kept with their data."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidewheel.domain.validation import EXAMPLES, Example, Reason, shortened
from tidewheel.tables.raw import RawBatch, Stray

KEPT = 100_000
Fault = tuple[str, str, NDArray[np.bool_]]  # column, rule, which rows


class Quarantine:
    """Takes rejected rows. `keep` gets the first KEPT as {"row", "reasons": [{column, rule, value}], "data"}."""

    def __init__(self, keep: Callable[[dict[str, Any]], None]) -> None:
        self._keep = keep
        self._reasons: dict[tuple[str, str], Reason] = {}
        self.rejected = 0

    def reasons(self) -> tuple[Reason, ...]:
        """Reasons by falling number of rows; a row may have several."""
        return tuple(sorted(self._reasons.values(), key=lambda it: (-it.rows, it.column, it.rule)))

    def take_stray(self, stray: Stray) -> None:
        """A row without columns."""
        self._count("", stray.rule, 1, [Example(stray.number, shortened(stray.text))])
        if self.rejected < KEPT:
            reasons = [{"column": "", "rule": stray.rule, "value": shortened(stray.text)}]
            self._keep({"row": stray.number, "reasons": reasons, "data": {}})
        self.rejected += 1

    def take(self, raw: RawBatch, faults: list[Fault], rows: NDArray[np.int64]) -> None:
        """Rows of a batch, each with at least one fault."""
        for column, rule, mask in faults:
            shown = np.flatnonzero(mask)[:EXAMPLES]
            examples = [Example(int(raw.numbers[at]), _value(raw, at, column)) for at in shown]
            self._count(column, rule, int(mask.sum()), examples)
        for at in rows[: max(0, KEPT - self.rejected)]:
            reasons = [
                {"column": name, "rule": rule, "value": _value(raw, at, name)}
                for name, rule, mask in faults
                if mask[at]
            ]
            data = {name: shortened(value) for name, value in raw.record(int(at)).items()}
            self._keep({"row": int(raw.numbers[at]), "reasons": reasons, "data": data})
        self.rejected += len(rows)

    def _count(self, column: str, rule: str, rows: int, examples: list[Example]) -> None:
        before = self._reasons.get((column, rule), Reason(column, rule, 0, ()))
        shown = (*before.examples, *examples)[:EXAMPLES]
        self._reasons[column, rule] = Reason(column, rule, before.rows + rows, shown)


def _value(raw: RawBatch, at: np.int64, column: str) -> str:
    return shortened(raw.record(int(at)).get(column))
