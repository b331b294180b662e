"""All projects, worst first: the champion and its age, the last decision, the work under way."""

import argparse
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from botocore.exceptions import ClientError
from rich.table import Table
from tidewheel.aws import ledger
from tidewheel.aws.clients import client
from tidewheel.aws.ledger import Row

from cli.answer import Answer
from cli.records import identity, projects
from cli.stack import enter

HEALTH = ("no endpoint", "endpoint failing", "last run failed", "no model yet", "working", "well", "retired")
HOUSEKEEPING = {"died"}  # decisions that only clear up after another one
COLOURS = dict(zip(HEALTH, ("red", "red", "yellow", "yellow", "cyan", "green", "dim"), strict=True))


@dataclass(frozen=True)
class Line:
    """One project, as far as an operator must know it at a glance."""

    project: str
    health: str
    champion: str | None
    age_seconds: float | None
    decision: str | None
    decided_at: str | None
    reasons: tuple[str, ...]
    running: tuple[str, ...]


def arguments(parser: argparse.ArgumentParser) -> None:
    """`tidewheel status` takes nothing of its own."""


def run(options: argparse.Namespace) -> Answer:
    """Read every project's few rows and sort them by what needs a person most."""
    enter(options)
    now, known = datetime.now(UTC), projects()
    names = [str(row["project"]) for row in known]
    decisions, runs = latest("decision", names), latest("run", names)
    uploads = open_uploads()
    lines = [
        line(row, decisions.get(str(row["project"])), runs.get(str(row["project"])), uploads, now) for row in known
    ]
    lines.sort(key=lambda each: (HEALTH.index(each.health), each.project))
    text = _table(lines, now) if lines else "No project is registered yet: `tidewheel project push FILE`."
    return Answer({"projects": [asdict(each) for each in lines]}, text)


def latest(kind: str, names: Iterable[str]) -> dict[str, Row]:
    """The newest row of a kind for each project; reads no further than the last project found."""
    wanted, found = set(names), dict[str, Row]()
    for row in ledger.newest(kind):
        if wanted <= found.keys():
            break
        if row.get("trigger") not in HOUSEKEEPING:
            found.setdefault(str(row["project"]), row)
    return found


def open_uploads(most: int = 200) -> list[Row]:
    """Uploads that are being validated, among the latest."""
    return [row for row, _ in zip(ledger.newest("upload"), range(most), strict=False) if row.get("status") == "claimed"]


def line(project: Row, decision: Row | None, last_run: Row | None, uploads: list[Row], now: datetime) -> Line:
    """One project's line; asks the ledger for its pointer and lease, and SageMaker whether the endpoint is there."""
    name = str(project["project"])
    pointer, training = ledger.find(name, "endpoint") or {}, ledger.find(name, "training") or {}
    running = [f"validates {row['key']}" for row in uploads if row["project"] == name]
    running += [f"trains {training['owner']}"] if training.get("owner") else []
    running += [f"rolls out {pointer['deploying'].rpartition('/')[2]}"] if pointer.get("deploying") else []
    return Line(
        project=name,
        health=_health(project, pointer, last_run, running),
        champion=f"{name}/{pointer['live_version']}" if pointer.get("live") else None,
        age_seconds=_age(name, pointer, now),
        decision=f"{identity(decision)} {decision['answer']}" if decision else None,
        decided_at=decision["updated_at"] if decision else None,
        reasons=tuple(map(str, decision.get("reasons") or ())) if decision else (),
        running=tuple(running),
    )


def _health(project: Row, pointer: Row, last_run: Row | None, running: list[str]) -> str:
    if project.get("status") == "retired":
        return "retired"
    if pointer.get("live"):
        there = _endpoint_status(str(pointer["endpoint_name"]))
        if there != "InService":
            return "no endpoint" if there is None else "working" if there == "Updating" else "endpoint failing"
    if last_run and last_run.get("status") == "failed":
        return "last run failed"
    if running:
        return "working"
    return "well" if pointer.get("live") else "no model yet"


def _endpoint_status(name: str) -> str | None:
    try:
        return str(client("sagemaker").describe_endpoint(EndpointName=name)["EndpointStatus"])
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ValidationException", "ResourceNotFound"}:
            raise
        return None


def _age(name: str, pointer: Row, now: datetime) -> float | None:
    """Seconds since the champion came into service."""
    if not pointer.get("live"):
        return None
    wanted = f"deployment#{int(pointer['live_version']):06d}#"
    began = [
        str(row.get("ended_at") or row["updated_at"])
        for row in ledger.rows(name, "deployment")
        if str(row["sk"]).startswith(wanted) and row["status"] == "done"
    ]
    return (now - datetime.fromisoformat(began[-1])).total_seconds() if began else None


def _table(lines: list[Line], now: datetime) -> Table:
    table = Table("project", "health", "champion", "for", "last decision", "under way", box=None, padding=(0, 2, 0, 0))
    for each in lines:
        decided = ""
        if each.decision and each.decided_at:
            ago = spoken((now - datetime.fromisoformat(each.decided_at)).total_seconds())
            decided = f"{each.decision.split()[-1]} {ago} ago: {'; '.join(each.reasons)}"
        health = f"[{COLOURS[each.health]}]{each.health}[/]"
        age = spoken(each.age_seconds) if each.age_seconds is not None else ""
        table.add_row(each.project, health, each.champion or "–", age, decided, ", ".join(each.running) or "–")
    return table


def spoken(seconds: float) -> str:
    """An age as people say it: 40 s, 3 min, 5 h, 12 d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
