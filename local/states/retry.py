"""Retry and Catch: the laws of waiting, and who picks up what is left."""

from collections.abc import Callable
from typing import Any

from local.states.errors import StateError
from local.states.visit import Left, Visit
from local.states.world import World

FOREVER = 99_999_999  # seconds: the longest that MaxDelaySeconds could say, and more


def delay(retrier: dict[str, Any], attempt: int) -> float:
    """Seconds before the retry number `attempt` (from 1) of a retrier, before any jitter.

    interval * rate ** (attempt - 1), at most MaxDelaySeconds.
    """
    interval = retrier.get("IntervalSeconds", 1)
    grown = interval * retrier.get("BackoffRate", 2.0) ** (attempt - 1)
    return float(min(grown, retrier.get("MaxDelaySeconds", FOREVER)))


class Retries:
    """The retriers of one state; each counts its own attempts."""

    def __init__(self, retriers: list[dict[str, Any]]) -> None:
        self.retriers = retriers
        self.attempts = [0] * len(retriers)

    def next(self, error: StateError, world: World) -> float | None:
        """Seconds to wait before trying again; None when nobody tries again."""
        for index, retrier in enumerate(self.retriers):
            if error.matches(retrier["ErrorEquals"]):
                self.attempts[index] += 1
                if self.attempts[index] > retrier.get("MaxAttempts", 3):
                    return None
                full = retrier.get("JitterStrategy") == "FULL"
                return delay(retrier, self.attempts[index]) * (world.chance() if full else 1)
        return None


def guarded(visit: Visit, attempt: Callable[[Visit], Left]) -> Left:
    """Leave a state by `attempt(visit)`, retried and caught as the state says."""
    retries = Retries(visit.state.get("Retry", []))
    while True:
        try:
            return attempt(visit)
        except StateError as failed:
            seconds = retries.next(failed, visit.world)
            if seconds is None:
                return caught(visit, failed)
        visit.world.sleep(seconds)
        visit.extra["State"]["RetryCount"] += 1


def caught(visit: Visit, failed: StateError) -> Left:
    """Leave by the first catcher that knows the error; none of them: the error goes on."""
    for catcher in visit.state.get("Catch", []):
        if failed.matches(catcher["ErrorEquals"]):
            return visit.leave(catcher, failed.output(), errorOutput=failed.output())
    raise failed
