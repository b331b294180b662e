"""Gathers the chain behind anything that has an id: model, run, decision, snapshot, datasets, uploads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidewheel.aws import ledger, objects
from tidewheel.aws.ledger import Row
from tidewheel.domain.errors import ObjectMissing, RowMissing
from tidewheel.settings import settings

from cli.records import (
    deployments_of,
    identity,
    package,
    packages_of,
    projects,
    run_of,
    runs_with,
    split_version,
    version,
)
from cli.stack import Stack
from cli.trace import decision_id, run_of_decision


@dataclass(frozen=True)
class Chain:
    """What led to a model, and what became of it. Parts that do not exist (yet) are None or empty."""

    project: str
    packages: Sequence[Mapping[str, Any]] = ()
    deployments: Sequence[Row] = ()
    endpoint: Row | None = None
    run: Row | None = None
    verdict: Mapping[str, Any] | None = None
    decision: Row | None = None
    snapshot: Row | None = None
    datasets: Sequence[Row] = ()
    uploads: Sequence[Row] = ()


def find(stack: Stack, asked: str) -> Chain:
    """The chain of a model version, dataset, decision, run, upload or (its champion's) project. Raises RowMissing."""
    for known, gather in GATHERERS.items():
        if asked.startswith(known):
            return gather(stack, asked)
    if "/" in asked:
        number = asked.rpartition("/")[2]
        return _model(stack, asked) if number.isdigit() else _upload(stack, f"s3:///{asked}")
    return _run_or_project(stack, asked)


def causes(chain: Chain) -> dict[str, str]:
    """What the input of each stage's execution mentions: an object version, dataset, run and package."""
    arns = [str(package["ModelPackageArn"]) for package in chain.packages]
    return {
        "data": str(chain.uploads[-1]["version_id"]) if chain.uploads else "",
        "train": identity(chain.datasets[-1]) if chain.datasets else "",
        "approve": identity(chain.run) if chain.run else "",
        "deploy": arns[-1] if arns else "",
    }


def _model(stack: Stack, asked: str) -> Chain:
    name, number = split_version(asked)
    described = package(stack, name, number)
    return _of_run(stack, name, run_of(name, number), [described])


def _run_or_project(stack: Stack, asked: str) -> Chain:
    pointer = ledger.find(asked, "endpoint")
    if pointer and pointer.get("live"):
        return _model(stack, f"{asked}/{pointer['live_version']}")
    for name in _names():
        if asked.startswith(f"{name}-") and (run := ledger.find(name, "run", asked)):
            return _of_run(stack, name, run)
    remedy = "Give bikeshare/2, ds-..., dec-..., s3://..., a run's id, or a project with a model that serves"
    raise RowMissing("nothing goes by this name", place=asked, remedy=remedy)


def _decision(stack: Stack, asked: str) -> Chain:
    name, row = _somewhere("decision", asked)
    run = run_of_decision(name, row)
    if run:
        return _of_run(stack, name, run)
    ids = row.get("dataset_ids") or [str(row.get("cause_id")).rpartition("/")[2]]
    return _of_datasets(name, ids, decision=row)


def _dataset(stack: Stack, asked: str) -> Chain:
    name, _ = _somewhere("dataset", asked)
    runs = runs_with(name, asked)
    if runs:
        return _of_run(stack, name, runs[0])
    decided = ledger.find(name, "decision", decision_id(f"dataset:{name}/{asked}"))
    return _of_datasets(name, [asked], decision=decided)


def _upload(stack: Stack, asked: str) -> Chain:
    plain, _, wanted = asked.partition("?versionId=")
    key = objects.locate(plain)[1]
    name = key.partition("/")[0]
    rows = [row for row in ledger.rows(name, "upload") if row.get("key") == key]
    rows = [row for row in rows if not wanted or row["version_id"] == wanted]
    if not rows:
        raise RowMissing("this upload has not been seen", place=asked, remedy="Give its key: <project>/<file>")
    last = max(rows, key=lambda row: str(row["updated_at"]))
    if last.get("dataset_id") and ledger.find(name, "dataset", str(last["dataset_id"])):
        return _dataset(stack, str(last["dataset_id"]))
    return Chain(name, uploads=[last])


GATHERERS: dict[str, Callable[[Stack, str], Chain]] = {"s3://": _upload, "ds-": _dataset, "dec-": _decision}


def _of_run(stack: Stack, name: str, run: Row | None, described: Sequence[Mapping[str, Any]] = ()) -> Chain:
    if run is None:
        return Chain(name, packages=described, endpoint=ledger.find(name, "endpoint"))
    numbers = [version(arn) for arn in packages_of(run)]
    packages = described or [package(stack, name, number) for number in numbers]
    shown = [version(str(each["ModelPackageArn"])) for each in packages]
    snapshot = ledger.find(name, "snapshot", str(run.get("snapshot_id") or ""))
    before = _of_datasets(name, (snapshot or run).get("dataset_ids") or [])
    return Chain(
        name,
        packages=packages,
        deployments=[row for number in shown for row in deployments_of(name, number)],
        endpoint=ledger.find(name, "endpoint"),
        run=run,
        verdict=_verdict(name, identity(run)),
        decision=ledger.find(name, "decision", str(run.get("decision_id") or "")),
        snapshot=snapshot,
        datasets=before.datasets,
        uploads=before.uploads,
    )


def _of_datasets(name: str, ids: Sequence[str], decision: Row | None = None) -> Chain:
    datasets = [row for each in ids if (row := ledger.find(name, "dataset", each))]
    causes = {str(row.get("upload_cause")) for row in datasets}
    uploads = [row for row in ledger.rows(name, "upload") if row.get("cause_id") in causes] if causes else []
    return Chain(name, decision=decision, datasets=datasets, uploads=uploads)


def _verdict(name: str, run_id: str) -> Mapping[str, Any] | None:
    """The gate's stored evidence, where the run came so far."""
    try:
        return dict(objects.read_json(settings().models_bucket, f"{name}/{run_id}/verdict.json"))
    except ObjectMissing:
        return None


def _somewhere(kind: str, asked: str) -> tuple[str, Row]:
    """The project that has such a row, and the row."""
    for name in _names():
        if row := ledger.find(name, kind, asked):
            return name, row
    raise RowMissing(f"no project has this {kind}", place=asked, remedy="See `tidewheel status`")


def _names() -> list[str]:
    return [str(row["project"]) for row in projects()]
