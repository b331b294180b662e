"""approve: what wakes it, what it asks people, and what it answers."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tidewheel.domain.approval import Candidate, Decided
from tidewheel.domain.identity import short


class Message(BaseModel):
    """Frozen; what a newer sender adds is not ours to refuse."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Registered(Message):
    """A package that training registered, and what the gate said of it."""

    arn: str
    version: int
    verdict: str
    passed: bool
    reasons: tuple[str, ...] = ()

    def candidate(self, status: str) -> Candidate:
        """As the domain sees it, with the status that it has now."""
        return Candidate(**self.model_dump(), status=status)


class ModelTrained(Message):
    """train's event. The packages come best first."""

    project: str
    cause_id: str
    run_id: str
    packages: tuple[Registered, ...]
    report_uri: str = ""


class ApprovalExpired(Message):
    """The event of a question's one-time schedule."""

    project: str
    cause_id: str
    package_arn: str


class DecideInput(Message):
    """What DecideApproval gets: the event that woke the flow, as it came."""

    class Event(Message):
        """The envelope's parts that matter."""

        detail_type: Literal["ModelTrained", "ApprovalExpired"] = Field(alias="detail-type")
        time: datetime
        detail: dict[str, Any]

    event: Event
    now: datetime
    schedule_group: str

    def wake(self) -> ModelTrained | ApprovalExpired:
        """The event's detail as a value."""
        kind = ModelTrained if self.event.detail_type == "ModelTrained" else ApprovalExpired
        return kind.model_validate(self.event.detail)


class Question(Message):
    """What people are asked, and the schedule that ends the waiting."""

    subject: str
    message: str
    schedule: str
    expires_at: str
    expired: str  # the detail of ApprovalExpired, as JSON

    @classmethod
    def about(
        cls, winner: Candidate, trained: ModelTrained, facts: Mapping[str, str], *, prefix: str, expires_at: datetime
    ) -> "Question":
        """The question with its evidence, in the shape of our events: subscriptions filter by that."""
        name = f"{trained.project}/{winner.version}"
        until = f"{expires_at:%Y-%m-%d %H:%M} UTC"
        detail = {
            "schema": 1,
            "project": trained.project,
            "cause_id": trained.cause_id,
            "question": f"May {name} serve? Without an answer it is rejected on {until}.",
            "verdict": winner.verdict,
            "reasons": list(winner.reasons),
            "report": trained.report_uri,
            "to_see_more": f"tidewheel why {name}",
            "to_approve": _commands("approve", "Approved", name, winner.arn),
            "to_reject": _commands("reject", "Rejected", name, winner.arn),
            "evidence": dict(facts),
            "model_version": name,
            "package_arn": winner.arn,
            "expires_at": expires_at.isoformat(),
        }
        event = {"source": "tidewheel.approve", "detail-type": "ApprovalRequested", "detail": detail}
        expired = {key: detail[key] for key in ("schema", "project", "cause_id", "package_arn", "expires_at")}
        return cls(
            subject=f"{name} waits for your approval"[:100],
            message=json.dumps(event, indent=2, ensure_ascii=False),
            schedule=f"{prefix}-{trained.project}-expire-{short(winner.arn, 8)}",
            expires_at=f"{expires_at:%Y-%m-%dT%H:%M:%S}",
            expired=json.dumps(expired),
        )


def _commands(verb: str, status: str, name: str, arn: str) -> list[str]:
    """What to type: with our command, or with AWS's own."""
    aws = f"aws sagemaker update-model-package --model-package-arn {arn} --model-approval-status {status}"
    return [f"tidewheel {verb} {name} --reason '...'", f"{aws} --approval-description '...'"]


class Decision(Message):
    """A new status for the registry."""

    arn: str
    status: str
    reason: str


class Decisions(Message):
    """What DecideApproval answers."""

    outcome: str
    decisions: tuple[Decision, ...] = ()
    questions: tuple[Question, ...] = ()

    @classmethod
    def of(cls, decided: Decided, questions: tuple[Question, ...] = ()) -> "Decisions":
        """The domain's decisions as a message."""
        outcome = "asked" if questions else "decided" if decided.decisions else "nothing_to_decide"
        rows = tuple(Decision(arn=each.arn, status=each.status, reason=each.reason) for each in decided.decisions)
        return cls(outcome=outcome, decisions=rows, questions=questions)
