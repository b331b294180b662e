"""Metrics that a training job prints: each definition's expression on every line, its first group is the value."""

import contextlib
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any


class Metrics:
    """The last value of each metric."""

    def __init__(self, definitions: Sequence[Mapping[str, str]]) -> None:
        self._patterns = [(entry["Name"], re.compile(entry["Regex"])) for entry in definitions]
        self._last: dict[str, dict[str, Any]] = {}

    def search(self, line: str) -> None:
        """Look for every metric in a line; what is no number is no value."""
        for name, pattern in self._patterns:
            found = pattern.search(line)
            if found and found.groups():
                with contextlib.suppress(TypeError, ValueError):
                    self._last[name] = {"MetricName": name, "Value": float(found.group(1)), "Timestamp": time.time()}

    def final(self) -> list[dict[str, Any]]:
        """FinalMetricDataList."""
        return list(self._last.values())
