"""The way of one upload around the wheel, read off the rows that it left behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.records import packages_of, version

WAITING, RUNNING, DONE, REFUSED, FAILED, UNCHANGED = "waiting", "running", "done", "refused", "failed", "unchanged"
NOT_SERVING = {"failed", "stale", "rolled_back", "retired"}
FINAL = {REFUSED, FAILED, UNCHANGED}
STAGES = ("data", "train", "approve", "deploy")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What is known so far: ledger rows, and the registry's view of the run's packages."""

    project: Row
    request: str | None = None  # why an operator asked, where no upload began the journey
    upload: Row | None = None
    dataset: Row | None = None
    decision: Row | None = None
    run: Row | None = None
    packages: Sequence[Row] = ()
    deployments: Sequence[Row] = ()
    endpoint: Row | None = None


@dataclass(frozen=True)
class Stage:
    """One stage's part of the way."""

    name: str
    state: str = WAITING
    said: str = ""


@dataclass(frozen=True)
class Journey:
    """The four stages in order, and how it ended; `outcome` is None while something is still to come."""

    stages: tuple[Stage, ...]
    outcome: str | None = None
    sentence: str = ""
    ids: dict[str, Any] = field(default_factory=dict)


def journey(evidence: Evidence) -> Journey:
    """Read the stages in the order of the wheel; the first that has not ended well ends the way, or holds it."""
    stages = []
    for name, read in READERS.items():
        stage = Stage(name, *read(evidence))
        stages.append(stage)
        if stage.state != DONE:
            break
    last = stages[-1]
    rest = [Stage(name) for name in STAGES[len(stages) :]]
    over = last.state in FINAL or (last.name == STAGES[-1] and last.state == DONE)
    return Journey((*stages, *rest), last.state if over else None, last.said if over else "", identities(evidence))


def identities(evidence: Evidence) -> dict[str, Any]:
    """The ids met on the way, for `why` and for machines."""
    project = str(evidence.project["project"])
    arns = packages_of(dict(evidence.run)) if evidence.run else []
    return {
        "project": project,
        "dataset_id": _end(evidence.dataset),
        "decision_id": _end(evidence.decision),
        "run_id": _end(evidence.run),
        "model_versions": [f"{project}/{version(arn)}" for arn in arns],
        "report_uri": (evidence.upload or {}).get("report_uri"),
    }


def _end(row: Row | None) -> str | None:
    return str(row["sk"]).partition("#")[2] if row else None


def _data(evidence: Evidence) -> tuple[str, str]:
    upload, dataset = evidence.upload, evidence.dataset
    if evidence.request is not None:
        return DONE, f"asked for: {evidence.request}"
    if upload is None:
        return WAITING, "the upload has not been seen yet"
    if upload["status"] != "done":
        return RUNNING, "checking every row against the contract"
    if upload["outcome"] == "accepted":
        rows, bad = (dataset or {}).get("rows", 0), (dataset or {}).get("rejected_rows", 0)
        return DONE, f"{rows:,} rows accepted, {bad:,} in quarantine"
    reason = reason_of(upload)
    if upload["outcome"] == "rejected":
        return REFUSED, f"the file was refused: {reason}"
    if upload["outcome"] == "failed":
        return FAILED, f"validation failed: {reason}"
    return UNCHANGED, f"nothing new ({upload['outcome']}): {reason}"


def reason_of(upload: Row) -> str:
    """What the team was told of its upload."""
    told = (upload.get("answer") or {}).get("detail", {})
    return str(told.get("message") or upload.get("reason") or "no reason was recorded")


def _train(evidence: Evidence) -> tuple[str, str]:
    decision, run = evidence.decision, evidence.run
    if run is not None:
        return _running(run)
    if decision is None:
        return RUNNING, "deciding whether to train"
    why = "; ".join(map(str, decision.get("reasons") or [])) or "no reason was recorded"
    if decision["answer"] == "coalesced":
        return RUNNING, f"waits for the run under way: {why}"
    if decision["answer"] == "started":
        return RUNNING, f"started: {why}"
    until = f" until {decision['wake_at']}" if decision.get("wake_at") else ""
    return UNCHANGED, f"not trained, {decision['answer']}{until}: {why}"


def _running(run: Row) -> tuple[str, str]:
    if run["status"] == "failed":
        return FAILED, f"training failed: {run.get('error') or 'no reason was recorded'}"
    if run["status"] == "trained":
        return DONE, f"judged: {verdict(run)}"
    return RUNNING, "training and judging"


def verdict(run: Row) -> str:
    """The gate's word on a run: `better`, `worse`, `not enough evidence`, ..."""
    said = run.get("verdict")
    word = said.get("verdict") or said.get("answer") if isinstance(said, Mapping) else said
    return str(word or "no verdict").replace("_", " ")


def approved(packages: Sequence[Row]) -> list[str]:
    """The ARNs of the packages that may serve."""
    return [str(each["ModelPackageArn"]) for each in packages if each["ModelApprovalStatus"] == "Approved"]


def _approve(evidence: Evidence) -> tuple[str, str]:
    name = evidence.project["project"]
    status = {f"{name}/{version(str(each['ModelPackageArn']))}": each for each in evidence.packages}
    asked = [key for key, each in status.items() if each["ModelApprovalStatus"] == "PendingManualApproval"]
    if chosen := approved(evidence.packages):
        return DONE, f"{name}/{version(chosen[-1])} approved"
    if not status:
        return RUNNING, "waiting for the registry"
    if not asked:
        reasons = "; ".join(f"{key}: {each.get('ApprovalDescription') or 'rejected'}" for key, each in status.items())
        return REFUSED, f"the champion stays: {reasons}"
    by_people = (evidence.project.get("document") or {}).get("approval", {}).get("mode") == "manual"
    if by_people and (len(asked) < len(status) or len(status) == 1):
        return UNCHANGED, f"waits for people: `tidewheel approve {asked[-1]} --reason ...`"
    return RUNNING, "weighing the evidence"


def _deploy(evidence: Evidence) -> tuple[str, str]:
    name = evidence.project["project"]
    arn = approved(evidence.packages)[-1]
    model = f"{name}/{version(arn)}"
    last = evidence.deployments[-1] if evidence.deployments else {}
    if last.get("status") in NOT_SERVING:
        return FAILED, f"{model} does not serve ({last['status']}): {last.get('reason') or 'no reason was recorded'}"
    if last.get("status") == "done" or (evidence.endpoint or {}).get("live") == arn:
        return DONE, f"{model} serves"
    return RUNNING, f"bringing {model} into service"


READERS = {"data": _data, "train": _train, "approve": _approve, "deploy": _deploy}
