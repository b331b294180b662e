"""The world of an execution in the emulator: real time, threads, calls over HTTP, a history."""

import contextvars
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from local.states.errors import RUNTIME, TIMEOUT, Aborted, StateError, TimedOut
from local.states.history import History
from local.states.stop import Stop
from local.states.world import Call

Perform = Callable[[Call, Stop], Any]  # makes a call; the signal says that nobody waits for it any more


@dataclass
class Live:
    """See World. Each branch has its own, with a signal and a place in the history of its own."""

    perform: Perform
    history: History
    stop: Stop
    scale: float = 1.0  # seconds of this machine for a second that the definition waits
    deadline: float | None = None  # monotonic

    def call(self, call: Call) -> Any:
        """The task in a thread of its own, so that a timeout or an abort need not wait for it."""
        done, unwanted = self.stop.inner(), self.stop.inner()
        answer: list[Any] = []

        def errand() -> None:
            answer.append(_outcome(partial(self.perform, call, unwanted)))
            done.set()

        _thread(errand)
        try:
            done.wait(self._patience(call.timeout))
            self.check()
            if not answer:
                raise StateError(TIMEOUT, f"{call.state} took longer than {call.timeout} seconds")
        finally:
            unwanted.set()
            done.set()
        return _value(answer[0])

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        self.stop.wait(self._patience(seconds * self.scale))
        self.check()

    def chance(self) -> float:
        return random.random()  # noqa: S311 (jitter is no secret)

    def token(self) -> str:
        return str(uuid.uuid4())

    def limit(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    def record(self, event: str, **details: Any) -> None:
        self.check()
        self.history.add(event, **details)

    def gather(self, jobs: Sequence[Callable[["Live"], Any]], width: int) -> list[Any]:
        """The jobs in at most `width` threads; one alone needs none."""
        group = self.stop.inner()
        outcomes: list[Any] = [None] * len(jobs)
        waiting = enumerate(jobs)  # shared: taking the next one is atomic in CPython
        threads = min(width, len(jobs))
        if threads <= 1:
            self._work(waiting, outcomes, group)
        else:
            for thread in [_thread(lambda: self._work(waiting, outcomes, group)) for _ in range(threads)]:
                thread.join()
        group.set()
        self.check()
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        for failed in sorted(failures, key=lambda failed: isinstance(failed, Aborted)):
            raise failed
        return [value for (value,) in outcomes]

    def _work(self, waiting: Iterator[tuple[int, Callable[["Live"], Any]]], outcomes: list[Any], group: Stop) -> None:
        for index, job in waiting:
            world = replace(self, stop=group.inner(), history=self.history.branch())
            outcomes[index] = _outcome(partial(job, world))
            if isinstance(outcomes[index], BaseException):
                group.set()

    def check(self) -> None:
        """Raise what has ended this world."""
        if self.deadline is not None and time.monotonic() >= self.deadline:
            self.stop.set()
            raise TimedOut
        if self.stop.is_set():
            raise Aborted

    def _patience(self, seconds: float | None) -> float | None:
        """Seconds that a wait may take, the execution's own deadline considered."""
        if self.deadline is None:
            return seconds
        left = max(0.0, self.deadline - time.monotonic()) + 0.001  # so that afterwards it has surely passed
        return left if seconds is None else min(seconds, left)


def _outcome(work: Callable[[], Any]) -> tuple[Any] | BaseException:
    """What came of it: the value in a tuple, or the error."""
    try:
        return (work(),)
    except BaseException as failed:  # whatever it is, it must reach the thread that waits
        return failed


def _value(outcome: tuple[Any] | BaseException) -> Any:
    if isinstance(outcome, StateError | Aborted | TimedOut):
        raise outcome
    if isinstance(outcome, BaseException):
        raise StateError(RUNTIME, f"{type(outcome).__name__}: {outcome}") from outcome
    return outcome[0]


def _thread(work: Callable[[], None]) -> threading.Thread:
    """A started thread that sees the account and the Region of its maker."""
    thread = threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True)
    thread.start()
    return thread
