"""Follows a journey until it ends: a live table on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from cli.executions import Step, caused_by, steps
from cli.journey import DONE, FAILED, REFUSED, RUNNING, UNCHANGED, Evidence, Journey, Stage, approved, journey
from cli.records import packages_of
from cli.stack import Stack

SIGNS = {DONE: "[green]✓[/]", RUNNING: "[cyan]…[/]", REFUSED: "[yellow]✗[/]", FAILED: "[red]✗[/]", UNCHANGED: "–"}
FIRST_PAUSE, LAST_PAUSE = 0.3, 5.0  # seconds between looks: quick for a short turn, sparing for a long one


@dataclass
class Follower:
    """Looks again and again, and remembers which execution does which stage."""

    stack: Stack
    look: Callable[[], Evidence]
    cause: str  # what the first stage's execution was woken by: an object version, or a request's id
    executions: dict[str, str] = field(default_factory=dict)
    pace: dict[str, list[Step]] = field(default_factory=dict)

    def journeys(self) -> Iterator[Journey]:
        """The journey at every look, the last one ended."""
        pause = FIRST_PAUSE
        while True:
            evidence = self.look()
            seen = journey(evidence)
            for stage in seen.stages:
                self._time(stage, evidence)
            yield seen
            if seen.outcome is not None:
                return
            time.sleep(pause)
            pause = min(pause * 1.05, LAST_PAUSE)

    def seconds(self, stage: str) -> float | None:
        """How long the stage's execution has taken so far."""
        taken = self.pace.get(stage)
        if not taken:
            return None
        ends = [step.ended or datetime.now(UTC) for step in taken]
        return (max(ends) - taken[0].started).total_seconds()

    def step(self, stage: str) -> str:
        """The state that the stage is in."""
        open_steps = [step.name for step in self.pace.get(stage, []) if step.ended is None]
        return open_steps[-1] if open_steps else ""

    def _time(self, stage: Stage, evidence: Evidence) -> None:
        cause = _causes(self.cause, evidence)[stage.name]
        if stage.state == "waiting" or not cause or self._finished(stage):
            return
        if stage.name not in self.executions and (found := caused_by(self.stack.machine(stage.name), cause)):
            self.executions[stage.name] = found["executionArn"]
        if arn := self.executions.get(stage.name):
            self.pace[stage.name] = steps(arn)

    def _finished(self, stage: Stage) -> bool:
        known = self.pace.get(stage.name, [])
        return bool(known) and stage.state != RUNNING and all(step.ended for step in known)


def _causes(first: str, evidence: Evidence) -> dict[str, str]:
    dataset = str((evidence.dataset or {}).get("sk", "")).partition("#")[2]
    run = str((evidence.run or {}).get("sk", "")).partition("#")[2]
    asked = evidence.request is not None
    arns = packages_of(dict(evidence.run)) if evidence.run else []
    chosen = approved(evidence.packages) or arns[-1:]
    return {
        "data": "" if asked else first,
        "train": first if asked else dataset,
        "approve": run,
        "deploy": chosen[-1] if chosen else "",
    }


def follow(follower: Follower, title: str, quiet: bool = False) -> Journey:
    """Show the journey while it goes on and answer how it ended. Quiet shows nothing."""
    console = Console(highlight=False, quiet=quiet)
    seen = None
    live = console.is_terminal and not quiet
    with Live(console=console, refresh_per_second=8) if live else nullcontext() as screen:
        for now in follower.journeys():
            if screen:
                screen.update(_table(title, now, follower))
            elif not quiet:
                _lines(console, seen, now, follower)
            seen = now
    assert seen is not None  # noqa: S101 - a journey has at least one look
    return seen


def _table(title: str, now: Journey, follower: Follower) -> Table:
    table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 2, 0, 0))
    for stage in now.stages:
        step = f" [dim]{follower.step(stage.name)}[/]" if stage.state == RUNNING else ""
        clock = _clock(follower.seconds(stage.name))
        table.add_row(SIGNS.get(stage.state, " "), stage.name, clock, escape(stage.said) + step)
    return table


def _lines(console: Console, before: Journey | None, now: Journey, follower: Follower) -> None:
    earlier = before.stages if before else tuple(replace(stage, state="waiting", said="") for stage in now.stages)
    for old, new in zip(earlier, now.stages, strict=True):
        if old != new and new.state != "waiting":
            clock = _clock(follower.seconds(new.name)).rjust(8)
            console.print(f"{new.name:<8}{new.state:<10}{clock}  {new.said}", markup=False, soft_wrap=True)


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
