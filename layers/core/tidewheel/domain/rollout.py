"""Rollouts: whether a model shall serve now, and whether it does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tidewheel.domain.package import APPROVED, Package
from tidewheel.domain.serving import Serving, Target

FAILED = "Rollout failed: "  # how the flow begins the description of a package that it rejects
CHANGING = {"Creating", "Updating", "SystemUpdating", "RollingBack"}

Answer = Literal[
    "deploy",  # make it serve
    "rollback",  # make the last good one serve again
    "clear",  # a dead endpoint is in the way: delete it, then plan anew
    "go_back",  # a rollout was cut off and may not be finished: back to what was live
    "busy",  # somebody else is changing the endpoint: ask again later
    "stale",  # something newer serves
    "nothing_to_go_back_to",
    "already_live",
    "already_answered",
    "not_approved",
    "retired",
    "not_ours",
]


@dataclass(frozen=True)
class Pointer:
    """The ledger's `endpoint` row: what serves, what served before it, and who is changing that."""

    revision: int = 0
    fence: int = 0
    endpoint_name: str = ""
    endpoint_config_name: str = ""
    live: str = ""  # package ARNs
    live_version: int = 0
    previous: str = ""
    deploying: str = ""
    execution: str = ""
    lease_until: str = ""

    def leased(self, execution: str, now: datetime) -> bool:
        """Whether an execution other than this one has a claim that time has not ended."""
        others = self.execution not in ("", execution)
        return others and datetime.fromisoformat(self.lease_until) > now


@dataclass(frozen=True)
class Endpoint:
    """An endpoint as SageMaker describes it."""

    status: str
    config_name: str
    pending_config: str = ""
    failure: str = ""

    @property
    def heading_for(self) -> str:
        """The configuration that it will have when it has settled."""
        return self.pending_config or self.config_name


@dataclass(frozen=True)
class Wanted:
    """A package that is to serve, what it would serve as, and what stands in that place now."""

    package: Package
    serving: Serving
    target: Target
    endpoint: Endpoint | None


@dataclass(frozen=True)
class Served:
    """A rollout that was verified."""

    version: int
    arn: str


@dataclass(frozen=True)
class Plan:
    """An answer, and the reason that a person would want."""

    answer: Answer
    reason: str


def plan(wanted: Wanted, pointer: Pointer, *, held: bool) -> Plan:
    """Whether an approved package shall serve. `held`: another execution that still runs has claimed the endpoint."""
    package = wanted.package
    if held:
        return _busy(pointer)
    if package.status != APPROVED:
        return _not_approved(wanted, pointer)
    if package.arn == pointer.live:
        return Plan("already_live", f"Version {package.version} serves already")
    if package.version < pointer.live_version:
        return Plan("stale", f"Version {pointer.live_version} is newer and serves; to go back, ask for a rollback")
    return _in_the_way(wanted) or Plan("deploy", f"Version {package.version} is approved")


def plan_rollback(last_good: Wanted | None, pointer: Pointer, *, held: bool) -> Plan:
    """Whether the last good package shall serve again. A version that was rolled back is Rejected, so that a second
    rollback goes one further back and never to and fro.
    """
    if held:
        return _busy(pointer)
    if last_good is None:
        serves = f"version {pointer.live_version} serves, and no approved one did" if pointer.live else "nothing did"
        return Plan("nothing_to_go_back_to", f"There is nothing to go back to: {serves} before")
    return _in_the_way(last_good) or Plan("rollback", f"Version {last_good.package.version} is the last good one")


def before(version: int, history: Iterable[Served]) -> list[Served]:
    """What was verified at any time and is older than a version, the newest first."""
    older = {served.version: served for served in history if served.version < version}
    return sorted(older.values(), key=lambda served: -served.version)


def _busy(pointer: Pointer) -> Plan:
    return Plan("busy", f"Another rollout is under way: {pointer.execution}")


def _not_approved(wanted: Wanted, pointer: Pointer) -> Plan:
    if pointer.deploying != wanted.package.arn:
        return Plan("not_approved", f"The registry says {wanted.package.status}")
    if wanted.endpoint is not None and wanted.endpoint.status in CHANGING:
        return Plan("busy", f"The endpoint is {wanted.endpoint.status}")
    if wanted.package.why.startswith(FAILED):  # the one that was cut off came as far as to say so
        return Plan("go_back", wanted.package.why.removeprefix(FAILED))
    return Plan("go_back", f"The rollout was cut off, and the registry says {wanted.package.status} now")


def _in_the_way(wanted: Wanted) -> Plan | None:
    endpoint = wanted.endpoint
    if endpoint is None:
        return None
    if endpoint.status == "Failed":
        return Plan("clear", f"The endpoint is Failed, and only deletion ends that: {endpoint.failure}")
    others = endpoint.status in CHANGING and endpoint.heading_for != wanted.target.name
    if others or endpoint.status == "Deleting":
        return Plan("busy", f"The endpoint is {endpoint.status}")
    return None


@dataclass(frozen=True)
class Finding:
    """What an endpoint turned out to be."""

    answer: Literal["waiting", "verified", "failed"]
    reason: str


def settled(endpoint: Endpoint | None, config_name: str) -> Finding:
    """Whether the endpoint stands on a configuration. SageMaker may put the old one back and then say InService."""
    if endpoint is None:
        return Finding("failed", "There is no endpoint")
    if endpoint.status in CHANGING:
        return Finding("waiting", f"The endpoint is {endpoint.status}")
    why = endpoint.failure or "SageMaker gives no reason"
    if endpoint.status != "InService":
        return Finding("failed", f"The endpoint is {endpoint.status}: {why}")
    if endpoint.config_name != config_name:
        return Finding("failed", f"SageMaker went back to {endpoint.config_name}: {why}")
    return Finding("verified", f"The endpoint stands on {config_name}")
