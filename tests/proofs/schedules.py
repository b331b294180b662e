"""Seeded schedules: what may happen to a stack in two days, in an order and with accidents that a number decides.

`play(seed)` answers what is broken in the end: uploads of several teams (spoilt ones, refused ones, the same bytes
again), schedules, requests and rollbacks; models that do not start or answer wrongly, jobs that fail; events that come
twice, late and out of order; executions cut off before, during and after a call, of which some are told and of others
the cause comes again; people who stop an execution. All strands may be interrupted by one another at every call.
"""

from datetime import timedelta
from random import Random
from typing import Any

from tests.proofs.bus import Event
from tests.proofs.crashes import change
from tests.proofs.flow import Execution
from tests.proofs.model import broken
from tests.proofs.world import World, rows

PROJECTS = ("trips", "rides")
FILES = 10  # different ones, so that the same bytes come again
CALLS = ("before", "after", "during")
JOBS = ("TrainCandidate", "EvaluateCandidates")  # Step Functions waits for their end, and not for an answer


class Schedule:
    """A world and its accidents. `calm` after the accidents: then everything that was lost comes again."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 (a seed must replay)
        self.world = World(self.chance, mixed=self.chance.random() < 0.7)
        self.world.delays, self.world.cut = self._delays, self._cut
        self.accidents = self.chance.choice((0.0, 0.02, 0.06))  # a call's chance to be its execution's last
        self.late = self.chance.choice((0.0, 0.1, 0.3))  # an event's chance to be late, or to come twice
        self.cuts = 0
        self.calm = False
        self.again: list[Execution] = []

    def run(self, instead: dict[str, Any] | None = None) -> list[str]:
        """The broken promises."""
        with self.world.opened():
            change(self.world, instead or {})
            self._projects()
            for _ in range(self.chance.randint(3, 7)):
                self._happen()
                self.world.loop.skip(seconds=self.chance.choice((0, 1, 30, 90, 400, 4000)))
            self._calm_down()
            return broken(self.world)

    def _projects(self) -> None:
        for project in PROJECTS[: self.chance.randint(1, 2)]:
            self.world.project(project, cooldown=self.chance.choice((0, 0, 3)))
        if self.chance.random() < 0.2:
            self.world.sagemaker.faults[self.chance.randint(1, 3)] = self.chance.choice(("dead", "wrong"))
        if self.chance.random() < 0.1:
            self.world.sagemaker.broken[f"-{self.chance.randint(1, 3):05}-"] = "out of memory"

    def _happen(self) -> None:
        project = self.chance.choice(PROJECTS)
        number = len(self.world.causes)
        match self.chance.choice(("file",) * 6 + ("schedule", "request", "rollback", "stop")):
            case "file":
                self._upload(project)
            case "schedule":
                cause = f"schedule:tw-{project}@{number}"
                self.world.say("RetrainingDue", project, cause, "tidewheel.schedule", trigger="schedule")
            case "request":
                self.world.say("RetrainingRequested", project, f"request:{number}")
            case "rollback":
                self.world.say("RollbackRequested", project, f"request:{number}", reason="it looks odd")
            case "stop":
                self._stop()

    def _upload(self, project: str) -> None:
        body = self.chance.choice([rows(self.chance.randrange(FILES))] * 9 + [b"a,b\n1,2\n"])
        name = self.chance.choice(("a.csv", "b.csv", "new/a.csv", "c d+e.csv", "_SUCCESS"))
        self.world.upload(f"{project}/{name}", b"" if name == "_SUCCESS" else body)

    def _stop(self) -> None:
        """Somebody stops an execution of train or deploy; it hears of it when it next sleeps."""
        alive = [
            each for each in self.world.executions if each.status == "RUNNING" and each.flow in ("train", "deploy")
        ]
        if alive:
            self.chance.choice(alive).stopped = True

    def _delays(self, flow: str, event: Event) -> list[float]:
        if self.calm or self.chance.random() >= self.late:
            return [0.0]
        late = self.chance.choice((0.5, 5.0, 100.0, 4000.0))
        return self.chance.choice(([late], [0.0, late], [0.0, 0.0, late], [late, late]))

    def _cut(self, execution: Execution, state: str) -> str:
        if self.calm or self.chance.random() >= self.accidents:
            return ""
        self.cuts += 1
        if state not in JOBS and self.chance.random() < 0.4:
            return "lost"  # the call was made, its answer never came: the flow tries again
        told = execution.flow in ("train", "deploy") and self.chance.random() < 0.5
        self.world.tells = told or execution.flow not in ("train", "deploy")
        if not told:
            self.again.append(execution)
        return self.chance.choice(CALLS)

    def _calm_down(self) -> None:
        """No more accidents. The causes of what was cut off come again, in any order, when leases are over."""
        self.calm = True
        self.world.loop.skip(hours=2)
        self.chance.shuffle(self.again)
        for execution in self.again:
            at = self.world.loop.now + timedelta(seconds=self.chance.choice((0, 10, 1000)))
            self.world.loop.at(at, lambda lost=execution: self.world.start(lost.flow, lost.event))
        self.world.loop.run()
        for project in PROJECTS:  # what failed runs left is still new to whoever asks next
            self.world.say("RetrainingRequested", project, f"request:last-{project}")
        self.world.loop.run()


def play(seed: int, instead: dict[str, Any] | None = None) -> list[str]:
    """What is broken at the end of a schedule."""
    return Schedule(seed).run(instead)
