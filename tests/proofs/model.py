"""What must hold of a world that has come to rest, worked out from its inputs and from the promises, not from the code.

`broken(world)` answers the promises that do not hold, a sentence each.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tidewheel.aws import ledger

from tests.proofs.sagemaker_jobs import worth
from tests.proofs.world import World

HEADER = b"hour,busy"  # of a file that keeps the contract


def broken(world: World) -> list[str]:
    """All that is wrong."""
    sentences = [f"{each.flow} is still {each.status}" for each in world.executions if each.status == "RUNNING"]
    for project in sorted({key.partition("/")[0] for key, _, _ in world.uploads}):
        for law in (_answers, _datasets, _leases, _trainings, _learnt, _verdicts, _champion, _told):
            sentences += [f"{project}: {sentence}" for sentence in law(world, project)]
    return sentences


def dataset_of(body: bytes) -> str:
    """The identity of a file's bytes."""
    return f"ds-{hashlib.sha256(body).hexdigest()[:16]}"


def accepted(world: World, project: str) -> set[str]:
    """The dataset versions that the uploads make."""
    return {dataset_of(body) for key, _, body in _uploads(world, project) if _outcome(world, key, body) == "accepted"}


def rows(project: str, kind: str) -> dict[str, dict[str, Any]]:
    """The ledger's rows of a kind by identity."""
    return {str(row["sk"]).partition("#")[2]: row for row in ledger.rows(project, kind)}


def _uploads(world: World, project: str) -> list[tuple[str, str, bytes]]:
    return [each for each in world.uploads if each[0].startswith(f"{project}/")]


def _outcome(world: World, key: str, body: bytes) -> str:
    if key.endswith("_SUCCESS"):
        return "ignored"
    return "accepted" if body.startswith(HEADER) and key.partition("/")[0] in world.projects else "rejected"


def _answers(world: World, project: str) -> Iterator[str]:
    """No upload without its answer; the same bytes are one dataset, whoever was first."""
    found, firsts = rows(project, "upload"), Counter[str]()
    for key, version, body in _uploads(world, project):
        row = found.pop(f"{key}@{version}", {})
        outcome, wanted = row.get("outcome"), _outcome(world, key, body)
        if row.get("status") != "done":
            yield f"the upload {key} has no answer: it is {row.get('status')}"
        firsts[dataset_of(body)] += outcome == "accepted"
        if outcome != wanted and (outcome, wanted) != ("duplicate", "accepted"):
            yield f"the upload {key} is {outcome}, not {wanted}"
        if wanted != "ignored" and (times := len(_answer(world, key, version))) != 1:
            yield f"the upload {key} has {times} different answers"
    yield from (f"the ledger has an upload that never was: {name}" for name in found)
    yield from (f"{name} was accepted {times} times" for name, times in firsts.items() if times > 1)


def _answer(world: World, key: str, version: str) -> set[str]:
    said = [each for each in world.bus.said if each["source"] == "tidewheel.data"]
    upload = {"key": key, "version_id": version}
    return {f"{e['detail-type']} {e['detail']}" for e in said if upload.items() <= e["detail"]["upload"].items()}


def _datasets(world: World, project: str) -> Iterator[str]:
    wanted, found = accepted(world, project), set(rows(project, "dataset"))
    yield from (f"the dataset {name} was lost" for name in sorted(wanted - found))
    yield from (f"the dataset {name} was never uploaded" for name in sorted(found - wanted))


def _leases(world: World, project: str) -> Iterator[str]:
    """Nobody is at work, so nobody holds anything, and nothing waits."""
    training, endpoint = (ledger.find(project, kind) or {} for kind in ("training", "endpoint"))
    if training.get("owner"):
        yield f"the lease of training is held by {training['owner']}, which is dead"
    if training.get("pending"):
        yield f"nobody cares for {training['pending']}"
    if endpoint.get("execution"):
        yield f"the endpoint is held by {endpoint['execution']}, which is dead"


def _trainings(world: World, project: str) -> Iterator[str]:
    """One decision for each cause, one run for each decision, one job for each purpose of a run."""
    decisions, runs = rows(project, "decision"), rows(project, "run")
    causes = Counter(decision["cause_id"] for decision in decisions.values())
    yield from (f"{cause} was decided {times} times" for cause, times in causes.items() if times > 1)
    for name in accepted(world, project):
        if f"dataset:{project}/{name}" not in causes:
            yield f"nothing was decided about {name}"
    started = Counter(run["decision_id"] for run in runs.values())
    yield from (f"{name} started {times} runs" for name, times in started.items() if times > 1)
    yield from (f"{name} is still running" for name, run in runs.items() if run["status"] == "running")
    known = {f"tw-{run}-{purpose}" for run in runs for purpose in ("current", "champion", "evaluate")}
    ours = [job for job in world.sagemaker.asked if job.startswith(f"tw-{project}-")]
    yield from (f"nobody knows of the job {job}" for job in ours if job not in known)
    yield from (f"the job {job} is still at work" for job in world.sagemaker.at_work() if job in ours)


def _learnt(world: World, project: str) -> Iterator[str]:
    """What was accepted is in the last snapshot, and no run learnt what the one before it knew."""
    runs = sorted(rows(project, "run").items())
    trained = [run for _, run in runs if run["status"] == "trained"]
    last = set(trained[-1]["dataset_ids"]) if trained else set()
    missing = accepted(world, project) - last
    if missing and (not runs or runs[-1][1]["status"] == "trained"):
        yield f"the last snapshot lacks {sorted(missing)}"
    for before, after in pairwise(trained):
        if before["dataset_ids"] == after["dataset_ids"]:
            yield f"a run learnt nothing new: {after['cause_id']}"


def _verdicts(world: World, project: str) -> Iterator[str]:
    """A candidate of each run is registered once, and is approved only if it is better than the champion it met."""
    packages = _packages(world, project)
    made = Counter(
        (p["CustomerMetadataProperties"]["run_id"], p["CustomerMetadataProperties"]["recipe"]) for p in packages
    )
    yield from (f"{run} registered {recipe} {times} times" for (run, recipe), times in made.items() if times > 1)
    runs, quality = rows(project, "run"), {"": 0}
    trained = {name for name, run in runs.items() if run["status"] == "trained"}
    yield from (f"the model of {name} was lost" for name in sorted(trained - {run for run, _ in made}))
    for package in packages:
        facts, name = package["CustomerMetadataProperties"], f"{project}/{package['ModelPackageVersion']}"
        quality[name] = sum(map(worth, runs[facts["run_id"]]["dataset_ids"]))
        better = quality[name] > max(0, quality[facts.get("champion", "")])
        if package["ModelApprovalStatus"] == "PendingManualApproval" and facts["run_id"] in trained:
            yield f"nobody decided about {name}"
        if package["ModelApprovalStatus"] == "Approved" and not better:
            yield f"{name} is approved and no better than {facts.get('champion')}"


def _champion(world: World, project: str) -> Iterator[str]:
    """The pointer, the registry and the endpoint name one model: the newest that is approved."""
    pointer, name = ledger.find(project, "endpoint") or {}, f"tw-{project}"
    approved = [p for p in _packages(world, project) if p["ModelApprovalStatus"] == "Approved"]
    newest = max((p["ModelPackageVersion"] for p in approved), default=0)
    if pointer.get("live_version", 0) != newest:
        yield f"the pointer names {pointer.get('live_version', 0)}, and {newest} is the newest approved"
    if not newest:
        if name in world.sagemaker.endpoints:
            yield "there is an endpoint, and nothing is approved"
        return
    package, environment = world.sagemaker.serving(name)
    if package["ModelPackageArn"] != pointer.get("live"):
        yield f"the endpoint serves {package['ModelPackageVersion']}, and the pointer names {pointer.get('live')}"
    if environment["TIDEWHEEL_MODEL_VERSION"] != f"{project}/{newest}":
        yield f"the endpoint says that it is {environment['TIDEWHEEL_MODEL_VERSION']}"


def _told(world: World, project: str) -> Iterator[str]:
    """What became so was said."""
    ours = [each for each in world.bus.said if each["detail"].get("project") == project]
    trained = {each["detail"]["run_id"] for each in ours if each["detail-type"] == "ModelTrained"}
    for name, run in rows(project, "run").items():
        if run["status"] == "trained" and name not in trained:
            yield f"nobody was told of {name}"
    moved = {"EndpointUpdated", "RolledBack"}
    serving = {each["detail"]["package_arn"] for each in ours if each["detail-type"] in moved}
    for row in rows(project, "deployment").values():
        if row["status"] == "done" and row["package_arn"] not in serving:
            yield f"nobody was told that version {row['version']} serves"


def _packages(world: World, project: str) -> list[dict[str, Any]]:
    return [each for each in world.sagemaker.packages.values() if each["ModelPackageGroupName"] == f"tw-{project}"]
