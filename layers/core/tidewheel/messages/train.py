"""train: what wakes it, what its steps say to one another, and what it answers."""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tidewheel.domain.decision import Cause
from tidewheel.domain.identity import digest
from tidewheel.domain.planning import CURRENT, TrainingRequest

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
        """The project; of an execution that ended, the one of the event that had woken it, if that was small enough."""
        return str(self.first().detail.get("project", ""))

    def first(self) -> "Wake":
        """The event that woke the first of a chain of executions that died."""
        told = self.detail.get("input")
        return Wake.model_validate_json(told).first() if told else self

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


class ChampionFacts(Message):
    """The champion as the run met it."""

    arn: str
    version: int
    model_url: str
    recipe_digest: str = ""


class Plan(Message):
    """What PlanTraining answers, and stores as the run's `request.json`: a run that is resumed does the same."""

    project: str
    run_id: str
    decision_id: str
    cause_id: str
    snapshot_id: str
    requests: tuple[TrainingRequest, ...]
    recipes: dict[str, dict[str, Any]]
    recipe_digest: str  # the project's, of the recipe `current`
    gate: dict[str, Any]
    evaluation: dict[str, Any]  # the question to the evaluation job
    evaluation_job: str
    evaluation_image: str
    evaluation_instance: str
    evaluation_local_disk: bool
    code_digest: str
    folder: str  # of the run's evidence: s3://bucket/project/run
    evaluation_inputs: dict[str, str]  # input name -> s3 URI
    profile_uri: str
    champion: ChampionFacts | None = None

    def told(self, recipe: str) -> dict[str, Any]:
        """What a model that this run made tells of its making."""
        made = next(request for request in self.requests if request.recipe == recipe)
        again = recipe != CURRENT and self.champion
        return {
            "project": self.project,
            "run_id": self.run_id,
            "decision_id": self.decision_id,
            "cause_id": self.cause_id,
            "snapshot_id": self.snapshot_id,
            "champion": f"{self.project}/{self.champion.version}" if self.champion else "",
            "recipe_digest": self.champion.recipe_digest if self.champion and again else self.recipe_digest,
            "hyperparameters_digest": digest(self.recipes[recipe]["hyperparameters"])[:16],
            "code_digest": self.code_digest,
            "image": made.image,
            "instance": made.instance,
            "training_job": made.job_name,
            "evaluation_job": self.evaluation_job,
            "request_uri": f"{self.folder}/request.json",
            "evaluation_uri": f"{self.folder}/evaluation/evaluation.json",
            "verdict_uri": f"{self.folder}/verdict.json",
            "report_uri": f"{self.folder}/report.html",
            "golden_uri": f"{self.folder}/golden.jsonl",
            "profile_uri": self.profile_uri,
        }


class JudgeInput(Message):
    """What JudgeCandidates gets."""

    plan: Plan
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
    report_uri: str
    evaluation: dict[str, str]  # uri, digest
    profile: dict[str, str]  # uri, digest


def wake_detail(project: str, name: str, at: str) -> str:
    """The detail of the event that wakes a parked project, as JSON."""
    cause = f"schedule:{name}@{at}"
    return json.dumps({"schema": 1, "project": project, "cause_id": cause, "trigger": "wake"})
