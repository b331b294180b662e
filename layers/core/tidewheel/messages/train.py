"""train: what wakes it, what its steps say to one another, and what it answers."""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tidewheel.domain.decision import Cause

TRIGGERS = {"DatasetReady": "upload", "RetrainingRequested": "request"}


class Message(BaseModel):
    """Frozen; what a newer sender adds is not ours to refuse."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Wake(Message):
    """The event that woke the flow. RetrainingDue names its trigger itself: schedule, wake or follow_up."""

    detail_type: str = Field(alias="detail-type")
    detail: dict[str, Any]

    @property
    def died(self) -> str:
        """The execution whose end this event tells, or nothing."""
        return str(self.detail["executionArn"]) if "executionArn" in self.detail else ""

    @property
    def project(self) -> str:
        """The project; nothing where an execution's end woke us: that names none."""
        return str(self.detail.get("project", ""))

    def cause(self, execution: str) -> Cause:
        """What the decision is about."""
        if self.died:
            return Cause(f"execution:{self.died}", "died", execution, self.died, str(self.detail["status"]))
        if self.detail_type == "DatasetReady":
            return Cause(f"dataset:{self.project}/{self.detail['dataset_id']}", "upload", execution)
        trigger = TRIGGERS.get(self.detail_type) or str(self.detail["trigger"])
        return Cause(str(self.detail["cause_id"]), trigger, execution)


class DecideInput(Message):
    """What DecideTraining gets."""

    event: Wake
    execution: str
    now: datetime


class Decided(Message):
    """What DecideTraining answers. `fence` and `run_id` are of the run that holds the lease now."""

    answer: str
    reasons: tuple[str, ...] = ()
    project: str = ""
    cause_id: str = ""
    decision_id: str = ""
    run_id: str = ""
    fence: int = 0
    wake: dict[str, str] | None = None  # the one-time schedule of a parked decision: name, at, detail


class PlanInput(Message):
    """What PlanTraining gets: what was decided."""

    decided: Decided
    now: datetime


class TrainingRequest(Message):
    """One recipe to be learnt: all that a training job is asked, but for roles and keys."""

    recipe: str  # current | champion
    recipe_digest: str
    job_name: str
    image: str
    instance: str
    instances: int
    volume_gb: int
    max_runtime_seconds: int
    spot: bool
    hyperparameters: dict[str, str]
    channels: dict[str, str]  # name -> s3 prefix
    output_uri: str
    checkpoint_uri: str


class Plan(Message):
    """What PlanTraining answers, and stores as the run's `request.json`: a run that is resumed does the same."""

    project: str
    run_id: str
    decision_id: str
    cause_id: str
    snapshot_id: str
    requests: tuple[TrainingRequest, ...]
    evaluation: dict[str, Any]  # the evaluation job's question
    recipes: dict[str, dict[str, Any]]  # recipe name -> recipe
    image: str
    instance: str
    code_digest: str
    code_uri: str
    request_uri: str
    evaluation_uri: str
    holdout_uri: str
    profile_uri: str
    champion: dict[str, str] | None = None  # arn, version, model_url


class Trained(Message):
    """A training job that came to its end."""

    recipe: str
    job_name: str
    model_url: str
    billable_seconds: int = 0


class JudgeInput(Message):
    """What JudgeCandidates gets."""

    plan: Plan
    trained: tuple[Trained, ...]
    evaluation_job: str
    now: datetime


class Candidate(Message):
    """A candidate with its verdict, as RegisterCandidates needs it."""

    recipe: str
    verdict: str
    passed: bool
    reasons: tuple[str, ...]
    image: str
    model_url: str
    facts: dict[str, str]  # CustomerMetadataProperties: at most 50, of at most 256 characters
    token: str  # ClientToken: the same package is registered once


class Judged(Message):
    """What JudgeCandidates answers; the candidates come best first."""

    candidates: tuple[Candidate, ...]
    verdict: str  # of the best
    jobs: tuple[dict[str, Any], ...]
    report_uri: str
    evaluation: dict[str, str]  # uri, digest
    profile: dict[str, str]  # uri, digest


def wake_detail(project: str, name: str, at: str) -> str:
    """The detail of the event that wakes a parked project, as JSON."""
    cause = f"schedule:{name}@{at}"
    return json.dumps({"schema": 1, "project": project, "cause_id": cause, "trigger": "wake"})
