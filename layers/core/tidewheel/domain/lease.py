"""The lease: one run at a time works on a project, and what arrives meanwhile waits. Decision 0005."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LEASE = timedelta(hours=1)  # renewed for a run that works for longer, by whoever meets it


@dataclass(frozen=True)
class Training:
    """A project's training row. Whoever writes it names the revision that they saw."""

    revision: int = 0
    fence: int = 0  # grows with every holder: what an older one writes is refused
    owner: str = ""  # the run at work, or none
    execution: str = ""  # of the state machine that carries it
    lease_until: datetime | None = None
    dataset_ids: tuple[str, ...] = ()  # what the owner learns from
    recipe_digest: str = ""
    pending: tuple[str, ...] = ()  # causes that wait for the lease
    wake_at: datetime | None = None
    last_started_at: datetime | None = None
    last_dataset_ids: tuple[str, ...] = ()  # what the last run that came to a verdict learnt from
    last_recipe_digest: str = ""

    def expired(self, now: datetime) -> bool:
        """Whether the holder must be asked if it still lives."""
        return bool(self.owner) and (self.lease_until is None or self.lease_until <= now)

    def start(
        self, run_id: str, execution: str, now: datetime, dataset_ids: tuple[str, ...], recipe_digest: str
    ) -> "Training":
        """A new run holds the lease and answers everything that waited."""
        return replace(
            self._held(execution, now),
            owner=run_id,
            dataset_ids=dataset_ids,
            recipe_digest=recipe_digest,
            pending=(),
            wake_at=None,
            last_started_at=now,
        )

    def resume(self, execution: str, now: datetime) -> "Training":
        """The same run goes on in another execution; the one before it is fenced off."""
        return self._held(execution, now)

    def renew(self, now: datetime) -> "Training":
        """The holder lives: its lease is good for another hour."""
        return replace(self, lease_until=now + LEASE)

    def wait(self, causes: tuple[str, ...], wake_at: datetime | None = None) -> "Training":
        """The causes wait too, each once."""
        return replace(self, pending=tuple(dict.fromkeys((*self.pending, *causes))), wake_at=wake_at or self.wake_at)

    def free(self) -> "Training":
        """Nobody holds the lease; what waits goes on waiting."""
        return replace(self, owner="", execution="", lease_until=None, dataset_ids=(), recipe_digest="")

    def answered(self) -> "Training":
        """Nothing waits any more."""
        return replace(self, pending=(), wake_at=None)

    def finish(self) -> "Training":
        """The run came to a verdict: what it learnt from is no longer new. The flow writes this itself (FinishRun)."""
        learnt = replace(self, last_dataset_ids=self.dataset_ids, last_recipe_digest=self.recipe_digest)
        return replace(learnt.free(), revision=self.revision + 1)

    def _held(self, execution: str, now: datetime) -> "Training":
        return replace(self, fence=self.fence + 1, execution=execution, lease_until=now + LEASE)
