"""The one decision whether to train, where uploads, schedules, operators and the end of other runs meet.

Each cause ends as `started` (by the run that it started or that a later cause did), as `skipped`, or it waits
(`coalesced` behind the run at work, `parked` until a time) and is in the training row's `pending`. Decision 0005.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from tidewheel.domain.identity import short
from tidewheel.domain.lease import Training

Answer = Literal["started", "skipped", "coalesced", "parked", "ignored"]
ASK_FOR_OTHERS = frozenset({"wake", "follow_up", "died"})  # triggers that want nothing themselves


@dataclass(frozen=True)
class Cause:
    """What woke the flow, and the execution that carries it."""

    id: str
    trigger: str  # upload | schedule | request | wake | follow_up | died
    execution: str
    died: str = ""  # the execution that ended, for the trigger `died`
    ended_as: str = ""  # FAILED, TIMED_OUT or ABORTED


@dataclass(frozen=True)
class Policy:
    """When a project wants to be trained: `retrain` of the project file, and what the gate needs at least."""

    on: tuple[str, ...]
    minimum_new_rows: int
    minimum_rows: int  # that must remain for the gate
    holdout_share: float  # of the rows that the gate gets; 1 where it gets days
    cooldown: timedelta
    monthly_hours: float | None
    freeze: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Facts:
    """What the ledger says. `holder_runs` is asked only where `must_ask` says so."""

    training: Training
    datasets: Mapping[str, int]  # id -> rows, in the order of their acceptance
    recipe_digest: str
    hours: float = 0.0  # billable instance hours of this calendar month
    active: bool = True  # the project is registered and not retired
    answered: Answer | None = None  # what this cause was told before
    answered_run: str = ""
    answered_reasons: tuple[str, ...] = ()
    holder_runs: bool = True

    @property
    def new_rows(self) -> int:
        """Rows of datasets that the last run did not learn from."""
        return sum(rows for name, rows in self.datasets.items() if name not in self.training.last_dataset_ids)

    @property
    def new_recipe(self) -> bool:
        """Whether the recipe is another than the last run's."""
        return self.recipe_digest != self.training.last_recipe_digest


@dataclass(frozen=True)
class Decision:
    """The answer with its reasons in sentences, and the training row as it is to be from now on."""

    answer: Answer
    reasons: tuple[str, ...]
    training: Training
    run_id: str = ""
    wake_at: datetime | None = None
    died_run: str = ""  # a run whose execution turned out to have ended
    stored: bool = field(default=False, kw_only=True)  # the cause had this answer already


def must_ask(training: Training, cause: Cause, answered_run: str, now: datetime) -> bool:
    """Whether the answer depends on the holder's life: its lease is over, or its own cause came again."""
    own = bool(training.owner) and training.owner == answered_run
    return training.execution != cause.execution and (own or training.expired(now))


def decide(project: str, cause: Cause, facts: Facts, policy: Policy, now: datetime) -> Decision:
    """What to do about a cause. Pure: the caller writes the training row if its revision is still the one seen."""
    training = facts.training
    if facts.answered == "started":
        return _again(cause, facts, now)
    if facts.answered == "skipped" or (facts.answered and cause.id not in training.pending):
        answer = facts.answered if facts.answered == "skipped" else "ignored"
        return Decision(answer, facts.answered_reasons, training, stored=True)
    if cause.died not in ("", training.execution) and (training.owner or not training.pending):
        return Decision("ignored", ("no run died",), training, stored=True)
    if training.owner and not _is_dead(cause, facts, now):
        return _meet(cause, facts, now)
    freed = replace(facts, training=training.free())
    return replace(_judge(project, cause, freed, policy, now), died_run=training.owner)


def next_cause(cause: Cause, decision: Decision) -> Cause | None:
    """The cause to decide next: an ended run's own cause came again, and finds what waited for that run forgotten."""
    training = decision.training
    forgotten = bool(training.pending) and not training.owner and not training.wake_at
    taken_up = training.execution == cause.execution  # by this execution, when it was asked before
    if decision.answer != "ignored" or not decision.run_id or not (forgotten or taken_up):
        return None
    return Cause(f"follow-up:{decision.run_id}", "follow_up", cause.execution)


def _again(cause: Cause, facts: Facts, now: datetime) -> Decision:
    """The cause of a run has come again: go on with the run if its execution is dead, else leave it alone."""
    training, run = facts.training, facts.answered_run
    if training.owner != run:
        return Decision("ignored", (f"{run} has ended",), training, run, stored=True)
    if training.execution == cause.execution:
        return Decision("started", facts.answered_reasons, training, run, stored=True)
    if facts.holder_runs:
        return Decision("ignored", (f"{run} is at work",), training.renew(now), run, stored=True)
    reasons = (*facts.answered_reasons, "its execution had ended before it came to a verdict")
    return Decision("started", reasons, training.resume(cause.execution, now), run)


def _is_dead(cause: Cause, facts: Facts, now: datetime) -> bool:
    told = cause.trigger == "died" and cause.died == facts.training.execution
    return told or (facts.training.expired(now) and not facts.holder_runs)


def _meet(cause: Cause, facts: Facts, now: datetime) -> Decision:
    """A run is at work: the cause waits for it, unless it only came to see what waits."""
    training = facts.training.renew(now) if facts.training.expired(now) else facts.training
    if cause.trigger in ASK_FOR_OTHERS:
        return Decision("skipped", (f"{training.owner} is at work and sees itself what waits when it ends",), training)
    return Decision("coalesced", (f"{training.owner} is at work: one more run follows it",), training.wait((cause.id,)))


def _judge(project: str, cause: Cause, facts: Facts, policy: Policy, now: datetime) -> Decision:
    """The lease is free: is there a reason to train, and is there one not to train now?"""
    training = facts.training
    if reason := _no_need(cause, facts, policy):
        return Decision("skipped", (reason,), training.answered())
    own = () if cause.trigger in ASK_FOR_OTHERS else (cause.id,)
    obstacles = list(_obstacles(facts, policy, now))
    if obstacles:
        wake_at = max(until for until, _ in obstacles)
        reasons = tuple(reason for _, reason in obstacles)
        return Decision("parked", reasons, training.wait(own, wake_at), wake_at=wake_at)
    run_id = f"{project}-{training.fence + 1:05}-{short(cause.id, 6)}"
    held = training.start(run_id, cause.execution, now, tuple(facts.datasets), facts.recipe_digest)
    return Decision("started", (_need(facts),), held, run_id)


def _no_need(cause: Cause, facts: Facts, policy: Policy) -> str:
    """Why there is no reason to train, or nothing."""
    waiting, rows = facts.training.pending, sum(facts.datasets.values())
    if not facts.active:
        return "the project is not registered, or retired"
    if cause.trigger in ASK_FOR_OTHERS and not waiting:
        return f"nothing waits{f' after an execution {cause.ended_as}' if cause.ended_as else ''}"
    if not waiting and cause.trigger not in policy.on:
        return f"retrain.on does not list {cause.trigger}"
    if not facts.datasets:
        return "no dataset was accepted yet"
    if not facts.new_rows and not facts.new_recipe:
        return "the last run learnt from the same data by the same recipe"
    if facts.new_rows < policy.minimum_new_rows and not facts.new_recipe:
        return f"there are {facts.new_rows} new rows, and retrain.minimum_new_rows is {policy.minimum_new_rows}"
    if rows * policy.holdout_share < policy.minimum_rows:
        return f"{rows} rows leave the gate fewer than gate.minimum_rows, {policy.minimum_rows}"
    return ""


def _need(facts: Facts) -> str:
    """Why there is a reason to train."""
    recipe = " and a new recipe" if facts.new_recipe and facts.training.last_recipe_digest else ""
    return f"there are {facts.new_rows} new rows{recipe}"


def _obstacles(facts: Facts, policy: Policy, now: datetime) -> list[tuple[datetime, str]]:
    """What forbids a training now, and until when."""
    found = [(end, f"frozen until {end.isoformat()}") for start, end in policy.freeze if start <= now < end]
    started = facts.training.last_started_at
    if started and now < started + policy.cooldown:
        until = started + policy.cooldown
        found.append((until, f"cooling down until {until.isoformat()}, after the run of {started.isoformat()}"))
    if policy.monthly_hours is not None and facts.hours >= policy.monthly_hours:
        until = (now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)
        found.append((until, f"{facts.hours:.2f} of {policy.monthly_hours:g} instance hours are used this month"))
    return found
