"""Faults on request: the tag `test:fault` on a job or an endpoint. AWS ignores the tag.

capacity | internal | fail=<message> | hang | slow=<seconds> | interrupt=<seconds> (managed spot) | ping (serving)"""

import os
from dataclasses import dataclass

TAG = "test:fault"


@dataclass(frozen=True)
class Fault:
    """A named fault with its argument; the empty name is no fault."""

    name: str = ""
    argument: str = ""

    @property
    def seconds(self) -> float:
        """The argument as a time."""
        return float(self.argument or 1)


NO_FAULT = Fault()


def of(tags: dict[str, str]) -> Fault:
    """The fault that a resource's tags ask for."""
    name, _, argument = tags.get(TAG, "").partition("=")
    return Fault(name, argument)


def duplicates_events() -> bool:
    """Whether every event is sent twice: TIDEWHEEL_SAGEMAKER_DUPLICATE_EVENTS=1."""
    return os.environ.get("TIDEWHEEL_SAGEMAKER_DUPLICATE_EVENTS") == "1"
