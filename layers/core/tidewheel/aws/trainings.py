"""Trainings in the ledger: the row that holds the lease, the decisions, and the runs that they started."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from tidewheel.aws import ledger
from tidewheel.aws.ledger import Row
from tidewheel.domain.decision import Cause, Decision
from tidewheel.domain.identity import short
from tidewheel.domain.lease import Training

TIMES = ("lease_until", "wake_at", "last_started_at")
LISTS = ("dataset_ids", "pending", "last_dataset_ids")


def read(project: str) -> Training:
    """The project's training row; its beginnings if nothing was decided yet."""
    row = ledger.find(project, "training") or {}
    known = {field.name: row[field.name] for field in fields(Training) if field.name in row}
    times = {name: datetime.fromisoformat(known[name]) if known.get(name) else None for name in TIMES}
    return Training(**{**known, **times, **{name: tuple(known.get(name, ())) for name in LISTS}})


def held_by(execution: str) -> str:
    """The project whose lease the execution holds; empty if none (the index may be a second behind)."""
    return next((str(row["project"]) for row in ledger.newest("training") if row.get("execution") == execution), "")


def decision_id(cause: Cause) -> str:
    """The identity of the decision about a cause."""
    return f"dec-{short(cause.id)}"


def hours(project: str, now: datetime) -> float:
    """Billable instance hours that the project's jobs took in the calendar month of `now`."""
    month = now.strftime("%Y-%m")
    runs = [run for run in ledger.rows(project, "run") if str(run["updated_at"]).startswith(month)]
    seconds = sum(job["billable_seconds"] * job.get("count", 1) for run in runs for job in run.get("jobs", ()))
    return float(seconds) / 3600


def commit(project: str, cause: Cause, decision: Decision, seen: Training, facts: Mapping[str, Any], now: str) -> bool:
    """Write the decision and what follows from it, all or nothing; False if somebody wrote the training row since.

    A new decision writes the training row even where it changes nothing there: its revision is what keeps two
    deliveries of one cause from being answered apart.
    """
    actions = []
    if decision.training != seen or not decision.stored:
        actions.append(_training(project, decision.training, seen, now))
    if not decision.stored:
        actions.append(_decision(project, cause, decision, facts, now))
    if decision.died_run:
        actions.append(_died(project, decision.died_run, cause, now))
    if decision.answer == "started" and not decision.stored:
        actions.append(_run(project, cause, decision, now))
    return ledger.write(*actions) if actions else True


def judged(
    project: str, run_id: str, verdict: str, report_uri: str, jobs: Sequence[Mapping[str, Any]], now: str
) -> None:
    """Note on the run what the gate said and what its jobs cost."""
    expression = "SET verdict = :verdict, report_uri = :report_uri, jobs = :jobs, updated_at = :now"
    values = {":verdict": verdict, ":report_uri": report_uri, ":jobs": list(jobs), ":now": now}
    ledger.write(ledger.update(project, "run", run_id, expression, values))


def _training(project: str, training: Training, seen: Training, now: str) -> dict[str, Any]:
    values = asdict(training) | {"revision": seen.revision + 1, "updated_at": now}
    times = {name: values[name].isoformat() if values[name] else None for name in TIMES}
    action = ledger.put(project, "training", "", values | times)
    condition = {
        "ConditionExpression": "revision = :seen" if seen.revision else "attribute_not_exists(pk)",
        **({"ExpressionAttributeValues": ledger.pack({":seen": seen.revision})} if seen.revision else {}),
    }
    return {"Put": action["Put"] | condition}


def _decision(project: str, cause: Cause, decision: Decision, facts: Mapping[str, Any], now: str) -> dict[str, Any]:
    row: Row = {
        "cause_id": cause.id,
        "updated_at": now,
        "trigger": cause.trigger,
        "execution": cause.execution,
        "answer": decision.answer,
        "reasons": list(decision.reasons),
        "run_id": decision.run_id,
        "dataset_ids": list(decision.training.dataset_ids) if decision.answer == "started" else [],
        "wake_at": decision.wake_at.isoformat() if decision.wake_at else None,
        "facts": dict(facts),
    }
    return ledger.put(project, "decision", decision_id(cause), row)


def _run(project: str, cause: Cause, decision: Decision, now: str) -> dict[str, Any]:
    row = {
        "cause_id": cause.id,
        "updated_at": now,
        "started_at": now,
        "decision_id": decision_id(cause),
        "status": "running",
        "dataset_ids": list(decision.training.dataset_ids),
    }
    return ledger.put(project, "run", decision.run_id, row)


def _died(project: str, run_id: str, cause: Cause, now: str) -> dict[str, Any]:
    how = f"its execution ended as {cause.ended_as}" if cause.ended_as else "its execution had ended"
    action = ledger.update(
        project,
        "run",
        run_id,
        "SET #status = :failed, #error = :error, updated_at = :now",
        {":failed": "failed", ":error": how, ":now": now},
    )
    action["Update"]["ExpressionAttributeNames"] = {"#status": "status", "#error": "error"}
    return action
