"""deploy: what wakes it, what its steps say to one another, and what it answers."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tidewheel.domain.rollout import Answer, Finding, Pointer, Wanted
from tidewheel.domain.serving import environment


class Message(BaseModel):
    """Frozen; what a newer sender adds is not ours to refuse."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Approved(Message):
    """The registry's event: somebody or something changed a package's approval status."""

    group: str = Field(alias="ModelPackageGroupName")
    package_arn: str = Field(alias="ModelPackageArn")


class RollbackRequested(Message):
    """An operator wants the last good model back."""

    project: str
    cause_id: str
    reason: str = "An operator asked for it"


class PlanInput(Message):
    """What PlanDeployment gets: the event that woke the flow, as it came."""

    event: dict[str, Any]
    execution: str
    now: datetime

    def wake(self) -> Approved | RollbackRequested:
        """The event as a value."""
        event = self._first()
        kind = RollbackRequested if event["detail-type"] == "RollbackRequested" else Approved
        return kind.model_validate(event["detail"])

    @property
    def asked_at(self) -> datetime:
        """When the event was sent, to the second."""
        return datetime.fromisoformat(self._first()["time"])

    def _first(self) -> Mapping[str, Any]:
        """The event; of an execution that was cut off, the one that had woken it."""
        event: Mapping[str, Any] = self.event
        while event["detail-type"] == "Step Functions Execution Status Change":
            event = json.loads(event["detail"]["input"])
        return event


class Standing(Message):
    """A package on a configuration: what an endpoint shall turn out to be."""

    config_name: str
    package_arn: str
    model_version: str

    @classmethod
    def live(cls, project: str, pointer: Pointer) -> "Standing":
        """What the pointer says."""
        return cls(
            config_name=pointer.endpoint_config_name,
            package_arn=pointer.live,
            model_version=f"{project}/{pointer.live_version}",
        )


class Rollout(Message):
    """A rollout that was claimed: all that the flow needs to carry it out, or to undo it."""

    pk: str
    row: str  # the sort key of its deployment row
    fence: int
    endpoint_name: str
    stands_on: str  # the configuration that the endpoint has, or is about to have; empty if there is no endpoint
    intended: Standing
    last_good: Standing | None  # of this endpoint; None if nothing that serves was verified on it
    variant: dict[str, Any]
    environment: dict[str, str]
    kind: str
    isolated: bool
    encrypted: bool
    live: str  # the package that serves now
    previous: str  # the last good package, once this rollout is verified
    left: str  # an endpoint that nothing points to any more, once this rollout is verified

    @classmethod
    def of(cls, project: str, wanted: Wanted, pointer: Pointer, *, row: str, fence: int, previous: str) -> "Rollout":
        """From what is wanted, what serves, and the claim."""
        target, serving = wanted.target, wanted.serving
        name = f"{project}/{wanted.package.version}"
        same = pointer.endpoint_name == target.endpoint_name
        return cls(
            pk=f"project#{project}",
            row=f"deployment#{row}",
            fence=fence,
            endpoint_name=target.endpoint_name,
            stands_on=wanted.endpoint.heading_for if wanted.endpoint else "",
            intended=Standing(config_name=target.name, package_arn=wanted.package.arn, model_version=name),
            last_good=Standing.live(project, pointer) if same and pointer.live else None,
            variant=dict(target.variant),
            environment=environment(name),
            kind=serving.kind,
            isolated=serving.isolated,
            encrypted=serving.encrypted,
            live=pointer.live,
            previous=previous,
            left="" if same else pointer.endpoint_name,
        )


class Planned(Message):
    """What PlanDeployment answers."""

    answer: Answer
    reason: str
    project: str = ""
    cause_id: str = ""
    package_arn: str = ""
    model_version: str = ""
    version: int = 0
    endpoint_name: str = ""
    rollout: Rollout | None = None


class VerifyInput(Message):
    """What VerifyEndpoint gets."""

    endpoint_name: str
    project: str
    goal: Standing


class Verified(Message):
    """What VerifyEndpoint answers."""

    answer: str
    reason: str
    stands_on: str

    @classmethod
    def of(cls, finding: Finding, stands_on: str) -> "Verified":
        """The domain's finding as a message."""
        return cls(answer=finding.answer, reason=finding.reason, stands_on=stands_on)
