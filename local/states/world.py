"""What the interpreter asks of the world around it: the emulator, the test runner, the crash harness each are one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Call:
    """One call of a Task state to AWS; times are in seconds, `None` is no limit."""

    state: str
    resource: str
    arguments: Any
    timeout: float | None = None
    heartbeat: float | None = None
    token: str | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody else answers, with the task token."""
        return self.resource.endswith(".waitForTaskToken")


class World(Protocol):
    """Time, chance, AWS, and a place to write history. `Halted` may come out of any of these."""

    def call(self, call: Call) -> Any:
        """The result of a task; raises StateError under the name that Step Functions gives it."""

    def now(self) -> datetime:
        """The time, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` of the definition's time pass."""

    def chance(self) -> float:
        """A number in [0, 1), for the jitter of retries."""

    def token(self) -> str:
        """A fresh task token."""

    def limit(self, seconds: float) -> None:
        """From now on the execution has `seconds` left; then TimedOut comes out of the world."""

    def record(self, event: str, **details: Any) -> None:
        """One event of the execution's history."""

    def gather(self, jobs: Sequence[Callable[[Self], Result]], width: int) -> list[Result]:
        """The jobs' results in their order, at most `width` at a time, each in a world of its own.

        The first failure stops the others and comes out.
        """
