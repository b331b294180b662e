"""An execution of one of the four flows, by the project's own interpreter, in virtual time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from local.states.errors import Aborted, StateError, TimedOut
from local.states.integrations import Caller
from local.states.machine import run
from local.states.patterns import perform
from local.states.visit import stamp
from local.states.world import Call
from tests.proofs.bus import ACCOUNT, REGION, Event, machine_arn
from tests.proofs.loop import Killed

if TYPE_CHECKING:
    from tests.proofs.world import World

MOST_CALLS = 400  # of one execution: more is a loop without a counter
POLL_SECONDS = 20.0


@dataclass
class Execution:
    """What woke it, what it did, and what became of it."""

    flow: str
    event: Event
    number: int
    world: World = field(repr=False)
    status: str = "RUNNING"
    path: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    error: str = ""
    stopped: bool = False

    @property
    def arn(self) -> str:
        return f"arn:aws:states:{REGION}:{ACCOUNT}:execution:tw-{self.flow}:{self.number:04}"

    def run(self) -> None:
        """To its end, of which the default bus hears."""
        began = self.world.loop.now
        try:
            run(self.world.definition(self.flow), self.event, self._context(), Steps(self))
            self.status = "SUCCEEDED"
        except StateError as failed:
            self.status, self.error = "FAILED", str(failed)
        except TimedOut:
            self.status = "TIMED_OUT"
        except (Killed, Aborted):
            self.status = "ABORTED"
        if self.status != "ABORTED" or self.world.tells:
            self._tell(began)

    def _tell(self, began: datetime) -> None:
        detail = {
            "executionArn": self.arn,
            "stateMachineArn": machine_arn(self.flow),
            "name": f"{self.number:04}",
            "status": self.status,
            "startDate": int(began.timestamp() * 1000),
            "stopDate": int(self.world.loop.now.timestamp() * 1000),
            "input": json.dumps(self.event),
        }
        self.world.bus.emit("aws.states", "Step Functions Execution Status Change", detail)

    def _context(self) -> dict[str, Any]:
        execution = {
            "Id": self.arn,
            "Name": f"{self.number:04}",
            "Input": self.event,
            "StartTime": stamp(self.world.loop.now),
            "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/tw-{self.flow}",
            "RedriveCount": 0,
        }
        return {"Execution": execution, "StateMachine": {"Id": machine_arn(self.flow), "Name": f"tw-{self.flow}"}}


@dataclass
class Steps:
    """The interpreter's World (see local.states.world): time and turns are the loop's, calls go to the stand-ins."""

    execution: Execution
    deadline: datetime | None = None

    def call(self, call: Call) -> Any:
        execution, world = self.execution, self.execution.world
        execution.calls.append(call.state)
        assert len(execution.calls) < MOST_CALLS, f"{execution.flow} goes round for ever: {execution.calls[-6:]}"
        world.loop.tick()
        when = world.cut(execution, call.state)
        if when == "before":
            raise Killed
        caller = Caller("role", REGION, execution.arn, machine_arn(execution.flow))
        result = perform(call, caller, Patience(self, dies=when == "during"))
        if when == "after":
            raise Killed
        if when == "lost":
            raise StateError("States.Timeout", "the answer was lost")
        return result

    def now(self) -> datetime:
        return self.execution.world.loop.now

    def sleep(self, seconds: float) -> None:
        self.execution.world.loop.sleep(seconds)
        if self.execution.stopped:
            raise Aborted
        if self.deadline and self.now() >= self.deadline:
            raise TimedOut

    def chance(self) -> float:
        return self.execution.world.loop.chance.random()

    def token(self) -> str:
        raise AssertionError("no flow waits for a token")

    def limit(self, seconds: float) -> None:
        self.deadline = self.now() + timedelta(seconds=seconds)

    def record(self, event: str, **details: Any) -> None:
        if event.endswith("StateEntered"):
            self.execution.path.append(details["name"])

    def gather(self, jobs: Sequence[Callable[[Steps], Any]], width: int) -> list[Any]:
        return [job(self) for job in jobs]


@dataclass
class Patience:
    """How `.sync` waits for a job: in virtual time, until it ends or the execution does."""

    steps: Steps
    dies: bool = False  # while the job is at work, which goes on

    def wait(self, seconds: float) -> bool:
        """Whether nobody waits any more: then the job is stopped."""
        if self.dies:
            raise Killed
        try:
            self.steps.sleep(POLL_SECONDS)
        except Aborted:
            return True
        return False
