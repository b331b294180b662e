"""Laws of the lease, over all orders of events that hypothesis can think of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tidewheel.domain.decision import Cause, Facts, Policy, decide, must_ask
from tidewheel.domain.lease import Training

START = datetime(2026, 3, 10, 12, tzinfo=UTC)
POLICY = Policy(("upload",), 1, 0, 0.2, timedelta(minutes=30), None)

acts = st.one_of(
    st.tuples(st.just("upload"), st.integers(0, 5)),  # a dataset, or the same event again
    st.tuples(st.just("finish"), st.just(0)),
    st.tuples(st.just("die"), st.booleans()),  # does the event of its end arrive?
    st.tuples(st.just("pass"), st.integers(1, 180)),  # minutes
    st.tuples(st.just("zombie"), st.just(0)),  # an execution that was fenced off wants to finish
)


class World:
    """A project's ledger, the executions that live, and what each cause was told."""

    def __init__(self):
        self.now, self.training = START, Training()
        self.datasets, self.told, self.alive, self.fences = {}, {}, set(), {}
        self.finished = []

    def deliver(self, cause):
        before = self.told.get(cause.id)
        runs = must_ask(self.training, cause, before.run_id if before else "", self.now)
        facts = Facts(
            self.training,
            dict(self.datasets),
            "recipe",
            answered=before.answer if before else None,
            answered_run=before.run_id if before else "",
            holder_runs=self.training.execution in self.alive if runs else True,
        )
        decision = decide("bikes", cause, facts, POLICY, self.now)
        assert decision.training.fence >= self.training.fence
        self.training = replace(decision.training, revision=self.training.revision + 1)
        if not decision.stored:
            self.told[cause.id] = decision
        if decision.answer == "started":
            self.alive.add(cause.execution)
            self.fences[cause.execution] = self.training.fence
        return decision

    def news(self):
        """Whether there are rows that the last run to finish did not learn from."""
        return bool(set(self.datasets) - set(self.training.last_dataset_ids))

    def finish(self, execution):
        """FinishRun: the write holds only under the fence that the execution began with."""
        self.alive.discard(execution)
        if (self.training.execution, self.training.fence) != (execution, self.fences[execution]):
            return
        self.finished.append(self.training.owner)
        self.training = self.training.finish()
        if self.training.pending:
            self.deliver(Cause(f"follow-up:{execution}", "follow_up", f"after-{execution}"))


def play(script):
    world = World()
    for number, (act, detail) in enumerate(script):
        execution = world.training.execution
        if act == "upload":
            world.datasets[f"ds-{detail}"] = 100
            world.deliver(Cause(f"dataset:ds-{detail}", "upload", f"execution-{number}"))
        elif act == "finish" and execution in world.alive:
            world.finish(execution)
        elif act == "die" and execution in world.alive:
            world.alive.discard(execution)
            if detail:
                world.deliver(Cause(f"execution:{execution}", "died", f"execution-{number}", execution, "FAILED"))
        elif act == "pass":
            world.now += timedelta(minutes=detail)
        elif act == "zombie" and (others := set(world.fences) - world.alive - {execution}):
            world.finish(min(others))
        yield world


@settings(max_examples=300, deadline=None)
@given(st.lists(acts, max_size=40))
def test_one_living_run_at_most_holds_the_lease(script):
    for world in play(script):
        assert world.alive <= {world.training.execution}


@settings(max_examples=300, deadline=None)
@given(st.lists(acts, max_size=40))
def test_no_cause_is_lost(script):
    """Whatever was told to wait still waits, or a run began since that learns from its data."""
    started = set()
    for world in play(script):
        if world.training.owner:
            started |= set(world.training.dataset_ids)
        for cause, decision in world.told.items():
            if cause.startswith("dataset:") and decision.answer in ("coalesced", "parked"):
                assert cause in world.training.pending or cause.removeprefix("dataset:") in started


@settings(max_examples=300, deadline=None)
@given(st.lists(acts, max_size=40))
def test_no_run_comes_to_its_end_twice(script):
    for world in play(script):
        assert len(set(world.finished)) == len(world.finished)


@settings(max_examples=300, deadline=None)
@given(st.lists(acts, max_size=40))
def test_what_waits_is_started_once_the_way_is_free(script):
    world = World()
    for world in play(script):  # noqa: B007 (the last one is what we want)
        pass
    world.alive.clear()
    world.now += timedelta(days=1)
    if not world.training.pending:
        return

    decision = world.deliver(Cause("wake", "wake", "last"))

    assert decision.training.pending == ()
    assert decision.answer == ("started" if world.news() else "skipped")
