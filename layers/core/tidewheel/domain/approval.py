"""Approval: what becomes of the packages that a run registered. Only what nobody has decided yet is decided here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tidewheel.domain.package import APPROVED, PENDING, REJECTED, description


@dataclass(frozen=True)
class Candidate:
    """A registered challenger: what the gate said of it, and its status in the registry now."""

    arn: str
    version: int
    verdict: str
    passed: bool
    reasons: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class Decision:
    """A new status for a package, and why, in the registry's own words."""

    arn: str
    status: str
    reason: str


@dataclass(frozen=True)
class Decided:
    """All that follows from a run: new statuses, and the candidate that people are to be asked about."""

    decisions: tuple[Decision, ...] = ()
    ask: Candidate | None = None


def decide(
    mode: Literal["auto", "manual"], candidates: Sequence[Candidate], *, expires_at: datetime, now: datetime
) -> Decided:
    """What the evidence decides. The gate's refusals hold in both modes, and a run has at most one winner: the
    first candidate that passed. In `manual` mode people decide about the winner, until `expires_at`.
    """
    winner = next((candidate for candidate in candidates if candidate.passed), None)
    losers = [candidate for candidate in candidates if candidate is not winner]
    decisions = [_reject(loser, _why_lost(loser, winner)) for loser in losers if loser.status == PENDING]
    if winner is None or winner.status != PENDING:
        return Decided(tuple(decisions))
    if mode == "manual" and now < expires_at:
        return Decided(tuple(decisions), ask=winner)
    verdict = _approve(winner) if mode == "auto" else _reject(winner, silence(expires_at))
    return Decided((verdict, *decisions))


def expire(arn: str, status: str, *, expires_at: datetime) -> Decided:
    """What an expiry decides: silence rejects; a package that somebody decided about stays as it is."""
    if status != PENDING:
        return Decided()
    return Decided((Decision(arn, REJECTED, silence(expires_at)),))


def silence(expires_at: datetime) -> str:
    """The reason of a rejection that nobody spoke."""
    return f"Nobody answered until {expires_at:%Y-%m-%d %H:%M} UTC"


def _approve(winner: Candidate) -> Decision:
    return Decision(winner.arn, APPROVED, description(f"{winner.verdict}: {'; '.join(winner.reasons)}"))


def _reject(candidate: Candidate, reason: str) -> Decision:
    return Decision(candidate.arn, REJECTED, description(reason))


def _why_lost(loser: Candidate, winner: Candidate | None) -> str:
    if loser.passed and winner is not None:
        return f"Version {winner.version} of the same run was preferred"
    return f"{loser.verdict}: {'; '.join(loser.reasons)}"
