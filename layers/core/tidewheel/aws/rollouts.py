"""Rollouts in the ledger: the pointer to what serves, the claims on it, and what became of every attempt."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from tidewheel.aws import ledger
from tidewheel.aws.ledger import Row
from tidewheel.domain.errors import RolloutUnderWay
from tidewheel.domain.identity import short
from tidewheel.domain.package import Package, version_of
from tidewheel.domain.rollout import Pointer, Served

LEASE = timedelta(hours=8)  # longer than the flow's own limit: after it, nobody asks whether the holder still runs


@dataclass(frozen=True)
class Attempt:
    """Who wants to change what serves, and why."""

    project: str
    cause_id: str
    execution: str
    now: datetime
    reason: str

    def row(self, status: str, **more: Any) -> Row:
        """A deployment row of this attempt."""
        at = self.now.isoformat()
        about = {"cause_id": self.cause_id, "execution": self.execution, "reason": self.reason}
        return {"status": status, **about, "started_at": at, "updated_at": at, **more}


def pointer(project: str) -> Pointer:
    """The project's pointer; all empty if nothing was ever rolled out."""
    row = ledger.find(project, "endpoint") or {}
    return Pointer(**{field.name: row[field.name] for field in fields(Pointer) if field.name in row})


def served(rows: Iterable[Row]) -> list[Served]:
    """The rollouts that were verified and not taken back."""
    return [Served(row["version"], row["package_arn"]) for row in rows if row["status"] == "done"]


def was_live(project: str, package: Package, since: datetime) -> bool:
    """Whether a package was rolled out at that time or later, and verified."""
    rows = (row for row in ledger.rows(project, "deployment") if row["package_arn"] == package.arn)
    ended = ("done", "rolled_back")
    return any(row["status"] in ended and datetime.fromisoformat(row["started_at"]) >= since for row in rows)


def identity(version: int, fence: int) -> str:
    """The identity of a deployment row."""
    return f"{version:06d}#{fence:05d}"


def claim(attempt: Attempt, known: Pointer, package: Package, *, taken_back: Iterable[Row] = ()) -> int:
    """Claim the endpoint for a package and answer the claim's fencing number; the same one if it is ours already.
    `taken_back`: rows of the version that a rollback judges. Raises RolloutUnderWay if somebody else was faster.
    """
    if (known.execution, known.deploying) == (attempt.execution, package.arn):
        return known.fence
    fence = known.fence + 1
    row = attempt.row("running", version=package.version, package_arn=package.arn)
    closed = [_close(attempt, str(row["sk"]).partition("#")[2], "rolled_back", attempt.reason) for row in taken_back]
    if known.deploying:
        dead = identity(version_of(known.deploying), known.fence)
        closed.append(_close(attempt, dead, "failed", "Its execution was cut off"))
    if not ledger.write(
        _point(attempt, known, fence, package.arn),
        ledger.put(attempt.project, "deployment", identity(package.version, fence), row),
        *closed,
    ):
        raise RolloutUnderWay("another rollout is under way", place=f"project {attempt.project}", remedy="Wait for it")
    return fence


def record(attempt: Attempt, answer: str, arn: str, version: int) -> str:
    """Record an attempt that claims nothing, unless that is done for the same cause; answer the execution that did."""
    name = f"{identity(version, 0)}-{short(attempt.cause_id, 6)}"
    row = attempt.row(answer, version=version, package_arn=arn, ended_at=attempt.now.isoformat())
    if ledger.write(ledger.put(attempt.project, "deployment", name, row, only_new=True)):
        return attempt.execution
    return str(ledger.get(attempt.project, "deployment", name)["execution"])


def _point(attempt: Attempt, known: Pointer, fence: int, arn: str) -> dict[str, Any]:
    row = {field.name: getattr(known, field.name) for field in fields(Pointer)} | {
        "revision": known.revision + 1,
        "fence": fence,
        "deploying": arn,
        "execution": attempt.execution,
        "lease_until": (attempt.now + LEASE).isoformat(),
        "updated_at": attempt.now.isoformat(),
        "cause_id": attempt.cause_id,
    }
    action = ledger.put(attempt.project, "endpoint", "", row, only_new=known.revision == 0)
    if known.revision:
        unchanged = {"ConditionExpression": "revision = :known"}
        action["Put"] |= unchanged | {"ExpressionAttributeValues": ledger.pack({":known": known.revision})}
    return action


def _close(attempt: Attempt, name: str, status: str, reason: str) -> dict[str, Any]:
    expression = "SET #status = :status, reason = :reason, ended_at = :now, updated_at = :now"
    values = {":status": status, ":reason": reason, ":now": attempt.now.isoformat()}
    action = ledger.update(attempt.project, "deployment", name, expression, values)
    action["Update"]["ExpressionAttributeNames"] = {"#status": "status"}
    return action
