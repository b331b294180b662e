"""Virtual time, and strands of work that take turns: one at a time, in an order that a seed decides.

Nothing here waits. A strand that sleeps hands over; when nobody can go on, the clock jumps to the next who can. So a
day of waiting costs nothing, and equal seeds give equal histories.
"""

import heapq
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
TICK = timedelta(milliseconds=20)  # how long a call takes
MOST_TURNS = 20_000  # of one world; a flow that goes round for ever is found out by it


class Killed(BaseException):
    """The strand is dead: no `except Exception` sees it."""


class Strand:
    """Work in a thread of its own, which runs only between `go` and its next `hand_over`."""

    def __init__(self, work: Callable[[], None], at: datetime) -> None:
        self.wake_at = at
        self.done = self.unwanted = False
        self.error: BaseException | None = None
        self._ours, self._theirs = threading.Lock(), threading.Lock()
        self._ours.acquire()
        self._theirs.acquire()
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work: Callable[[], None]) -> None:
        self._ours.acquire()
        try:
            if not self.unwanted:
                work()
        except Killed:
            pass
        except BaseException as error:  # it belongs to whoever runs the loop
            self.error = error
        self.done = True
        self._theirs.release()

    def go(self) -> None:
        """Let it run, and come back when it hands over or has ended."""
        self._ours.release()
        self._theirs.acquire()

    def hand_over(self) -> None:
        """Called inside: let others run. Raises Killed if nobody wants this strand any more."""
        self._theirs.release()
        self._ours.acquire()
        if self.unwanted:
            raise Killed


class Loop:
    """The clock, the strands, and what is to happen at a time."""

    def __init__(self, chance: Random, mixed: bool = False) -> None:
        self.now = START
        self.chance = chance
        self.mixed = mixed  # whether strands give way to one another at every call, or only where they sleep
        self.current: Strand | None = None
        self._strands: list[Strand] = []
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._turns = self._number = 0

    def at(self, when: datetime, work: Callable[[], None]) -> None:
        """`work` happens at a time."""
        self._number += 1
        heapq.heappush(self._due, (max(when, self.now), self._number, work))

    def start(self, work: Callable[[], None]) -> None:
        """A new strand."""
        self._strands.append(Strand(work, self.now))

    def tick(self) -> None:
        """A call begins. In a mixed world, whoever is ready may be first."""
        self.now += TICK
        if self.mixed and self.current and (len(self._ready()) > 1 or self._is_due()):
            self.current.hand_over()

    def sleep(self, seconds: float) -> None:
        """The current strand has nothing to do for a while."""
        assert self.current
        self.current.wake_at = self.now + timedelta(seconds=seconds)
        self.current.hand_over()

    def run(self, until: datetime | None = None) -> None:
        """Until nobody has anything to do, or until a time."""
        while self._turn(until):
            self._turns += 1
            assert self._turns < MOST_TURNS, "it goes round for ever"

    def skip(self, **span: float) -> None:
        """Let a span of time pass, and all that belongs to it happen."""
        self.run(self.now + timedelta(**span))

    def close(self) -> None:
        """End what is left: nobody waits for it."""
        for strand in self._strands:
            strand.unwanted = True
            while not strand.done:
                self.current = strand
                strand.go()
        self._strands.clear()

    def _turn(self, until: datetime | None) -> bool:
        ready = self._ready()
        if ready and not (self._is_due() and self.chance.random() < 0.5):
            self._let(self.chance.choice(ready) if self.mixed else ready[0])
        elif self._is_due():
            heapq.heappop(self._due)[2]()
        else:
            return self._jump(until)
        return True

    def _let(self, strand: Strand) -> None:
        self.current = strand
        strand.go()
        self.current = None
        if strand.done:
            self._strands.remove(strand)
        if strand.error:
            raise strand.error

    def _jump(self, until: datetime | None) -> bool:
        times = [strand.wake_at for strand in self._strands] + [at for at, _, _ in self._due[:1]]
        following = min(times, default=None)
        if until and (following is None or following > until):
            self.now = max(self.now, until)
            return False
        if following is None:
            return False
        self.now = max(self.now, following)
        return True

    def _ready(self) -> list[Strand]:
        return [strand for strand in self._strands if strand.wake_at <= self.now]

    def _is_due(self) -> bool:
        return bool(self._due) and self._due[0][0] <= self.now
