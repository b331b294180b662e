"""Gathers the evidence of a journey from the ledger and the registry."""

from collections.abc import Mapping
from typing import Any

from tidewheel.aws import ledger
from tidewheel.aws.ledger import Row
from tidewheel.domain.identity import short
from tidewheel.domain.upload import upload_identity

from cli.journey import Evidence, approved
from cli.records import deployments_of, package, packages_of, project, runs_with, version
from cli.stack import Stack


def of_upload(stack: Stack, name: str, key: str, version_id: str) -> Evidence:
    """What one object version in the inbox has caused so far."""
    upload = ledger.find(name, "upload", upload_identity(key, version_id))
    dataset_id = str((upload or {}).get("dataset_id") or "")
    if not dataset_id or upload is None or upload.get("outcome") != "accepted":
        return Evidence(project(name), upload=upload)
    return of_dataset(stack, name, dataset_id, upload)


def of_dataset(stack: Stack, name: str, dataset_id: str, upload: Row | None = None) -> Evidence:
    """What one dataset version has caused so far."""
    decision = ledger.find(name, "decision", decision_id(f"dataset:{name}/{dataset_id}"))
    run = run_of_decision(name, decision) or _followed_up(name, dataset_id, decision)
    known = {"upload": upload, "dataset": ledger.find(name, "dataset", dataset_id), "decision": decision}
    return _evidence(stack, name, run, known)


def of_request(stack: Stack, name: str, cause_id: str, reason: str) -> Evidence:
    """What an operator's request has caused so far."""
    decision = ledger.find(name, "decision", decision_id(cause_id))
    return _evidence(stack, name, run_of_decision(name, decision), {"decision": decision, "request": reason})


def decision_id(cause_id: str) -> str:
    """The id of the decision that a cause is answered with."""
    return f"dec-{short(cause_id)}"


def run_of_decision(name: str, decision: Row | None) -> Row | None:
    """The run that a decision started, once it has a row."""
    if not decision or decision.get("answer") != "started" or not decision.get("run_id"):
        return None
    return ledger.find(name, "run", str(decision["run_id"]))


def _followed_up(name: str, dataset_id: str, decision: Row | None) -> Row | None:
    """A dataset that met a run under way is learnt by the run that follows it."""
    if not decision or decision["answer"] not in {"coalesced", "parked"}:
        return None
    return next(iter(reversed(runs_with(name, dataset_id))), None)


def _evidence(stack: Stack, name: str, run: Row | None, known: Mapping[str, Any]) -> Evidence:
    numbers = [version(arn) for arn in packages_of(run)]
    described = [package(stack, name, number) for number in numbers]
    chosen = approved(described)
    tried = deployments_of(name, version(chosen[-1])) if chosen else []
    return Evidence(
        project(name), run=run, packages=described, deployments=tried, endpoint=ledger.find(name, "endpoint"), **known
    )
