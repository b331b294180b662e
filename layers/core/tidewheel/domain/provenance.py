"""Provenance: what a model package tells of its making, within what the registry takes."""

import re
from collections.abc import Mapping
from typing import Any

from tidewheel.domain.gate import Judgement
from tidewheel.domain.identity import short

LONGEST = 256  # characters of a value
FOREIGN = re.compile(r"[^\w\s.:/=+\-@]")  # what the registry's pattern for values leaves out


def facts(about: Mapping[str, object], judgement: Judgement, metrics: Mapping[str, Any]) -> dict[str, str]:
    """The package's metadata: what is told of the run, the verdict, and each metric with its interval."""
    told = dict(about) | {"recipe": judgement.recipe, "verdict": judgement.verdict, "passed": judgement.passed}
    for name, estimate in metrics.items():
        ends = {"": "value", "_low": "low", "_high": "high"}
        told |= {f"{name}{end}": f"{estimate[key]:.6g}" for end, key in ends.items() if estimate[key] is not None}
    return {name: plain(value) for name, value in told.items() if value not in ("", None)}


def plain(value: object) -> str:
    """The value in the characters and the length that the registry takes."""
    return FOREIGN.sub(" ", str(value).lower() if isinstance(value, bool) else str(value))[:LONGEST]


def token(run_id: str, recipe: str) -> str:
    """The token under which a package is registered once, however often it is asked for."""
    return short(f"{run_id}/{recipe}", 32)
