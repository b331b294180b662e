"""Golden rows: what the judged model answered, to be answered alike by the one that serves."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

TOLERANCE = 1e-6  # between a stored and a served score: the same booster, on another machine


def score_of(prediction: Mapping[str, Any]) -> Any:
    """The booster's own output in an endpoint's prediction: a number, or one for each class."""
    if "probabilities" in prediction:
        return list(prediction["probabilities"].values())
    return prediction.get("score", prediction.get("value"))


def difference(stored: Sequence[Any], served: Sequence[Any]) -> str:
    """How the served scores differ from the stored ones; empty if they do not."""
    if not stored or len(stored) != len(served):
        return f"{len(stored)} golden rows were asked, {len(served)} were answered"
    for row, (expected, found) in enumerate(zip(stored, served, strict=True), start=1):
        if not _close(expected, found):
            return f"golden row {row} is answered {found}, not {expected}"
    return ""


def _close(expected: Any, found: Any) -> bool:
    if isinstance(expected, list):
        return isinstance(found, list) and len(expected) == len(found) and all(map(_close, expected, found))
    if isinstance(found, bool) or not isinstance(found, int | float):
        return False
    return math.isclose(expected, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
