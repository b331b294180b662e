"""A chain put into words, one link for each thing in it: its id, its time, its numbers and reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.chain import Chain
from cli.journey import reason_of
from cli.journey import verdict as word
from cli.records import identity, version

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """One thing of the chain: what it is, its id, when (ISO), what to know of it, and all facts for machines."""

    what: str
    id: str
    at: str = ""
    says: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict)


def links(chain: Chain) -> list[Link]:
    """From what serves down to what was uploaded."""
    parts = (_models, _deployments, _verdicts, _runs, _decisions, _snapshots, _datasets, _uploads)
    return [link for part in parts for link in part(chain)]


def _models(chain: Chain) -> Iterator[Link]:
    for package in chain.packages:
        arn = str(package["ModelPackageArn"])
        live = (chain.endpoint or {}).get("live") == arn
        status = f"{package['ModelApprovalStatus']}{', serves' if live else ''}"
        says = [f"{status}: {package.get('ApprovalDescription') or 'nobody has said why'}"]
        made_by = package.get("CustomerMetadataProperties") or {}
        code = [f"{name} {made_by[name]}" for name in sorted(made_by) if name.startswith(("code", "image", "recipe"))]
        facts = {"arn": arn, "status": package["ModelApprovalStatus"], "serves": live, "noted": dict(made_by)}
        says += [f"made by {', '.join(code)}"] if code else []
        made = str(package.get("CreationTime", "")).replace(" ", "T")
        yield Link("model", f"{chain.project}/{version(arn)}", made, tuple(says), facts)


def _deployments(chain: Chain) -> Iterator[Link]:
    for row in chain.deployments:
        says = f"{row['status']}{': ' + str(row['reason']) if row.get('reason') else ''}"
        number = int(identity(row).partition("#")[0])
        yield Link("rollout", f"{chain.project}/{number}", str(row.get("ended_at") or row["updated_at"]), (says,), row)


def _verdicts(chain: Chain) -> Iterator[Link]:
    if chain.run and chain.verdict:
        yield Link(
            "verdict", word(chain.run), str(chain.run["updated_at"]), tuple(spoken(chain.verdict)), chain.verdict
        )


def spoken(verdict: Facts) -> Iterator[str]:
    """The reasons of the gate for each candidate, as it wrote them."""
    for candidate in verdict.get("candidates", ()):
        reasons = "; ".join(map(str, candidate.get("reasons", ())))
        yield f"{candidate.get('recipe', 'candidate')}: {str(candidate.get('verdict')).replace('_', ' ')}. {reasons}"


def _runs(chain: Chain) -> Iterator[Link]:
    if run := chain.run:
        jobs = [
            f"{job['name']} on {job.get('instance')}, {job.get('billable_seconds', '?')} s billed"
            for job in run.get("jobs") or ()
        ]
        failed = [f"failed: {run['error']}"] if run.get("error") else []
        yield Link("run", identity(run), str(run["updated_at"]), (str(run["status"]), *failed, *jobs), run)


def _decisions(chain: Chain) -> Iterator[Link]:
    if decision := chain.decision:
        reasons = "; ".join(map(str, decision.get("reasons") or ("no reason was recorded",)))
        trigger = f"woken by {decision.get('trigger', 'unknown')}: {decision.get('cause_id', '')}"
        says = (f"{decision['answer']}: {reasons}", trigger)
        yield Link("decision", identity(decision), str(decision["updated_at"]), says, decision)


def _snapshots(chain: Chain) -> Iterator[Link]:
    if snapshot := chain.snapshot:
        rows = ", ".join(f"{count:,} to {part}" for part, count in snapshot["rows"].items())
        newest = snapshot["dataset_ids"][-1] if snapshot["dataset_ids"] else "none"
        says = (f"rows {rows}", f"of {len(snapshot['dataset_ids'])} datasets, the newest {newest}")
        yield Link("snapshot", identity(snapshot), str(snapshot["updated_at"]), says, snapshot)


def _datasets(chain: Chain) -> Iterator[Link]:
    for row in chain.datasets:
        span = f", {row['event_time_min']} to {row['event_time_max']}" if row.get("event_time_min") else ""
        says = (f"{row.get('rows', 0):,} rows, {row.get('rejected_rows', 0):,} in quarantine{span}",)
        report = (f"report {row['report_uri']}",) if row.get("report_uri") else ()
        yield Link("dataset", identity(row), str(row["updated_at"]), says + report, row)


def _uploads(chain: Chain) -> Iterator[Link]:
    for row in chain.uploads:
        outcome = str(row.get("outcome") or row.get("status"))
        reason = f"{outcome}: {reason_of(row)}" if outcome != "accepted" else outcome
        report = (f"report {row['report_uri']}",) if row.get("report_uri") and outcome == "rejected" else ()
        uri = f"s3://{row['bucket']}/{row['key']}?versionId={row['version_id']}"
        yield Link("upload", uri, str(row["updated_at"]), (f"{reason}, {row.get('size', '?')} bytes", *report), row)
