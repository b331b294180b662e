"""What can be seen of a world in the end, in a form that two runs of the same inputs have in common.

Only what is listed here is left out or made alike: all else must come out the same, however often something died.
"""

import json
import re
from typing import Any

from tidewheel.aws import ledger
from tidewheel.aws.clients import client

from tests.proofs.world import World

HISTORY = {  # attributes that say when, by whom and how often, not what
    "updated_at", "started_at", "ended_at", "last_started_at", "lease_until", "wake_at",
    "execution", "revision", "fence",
}  # fmt: skip
RUN = re.compile(r"\b([a-z]+)-\d{5}-([0-9a-f]{6})\b")  # a run's id says how many leases there were before it
RESUMED = "its execution had ended before it came to a verdict"  # a decision says so of a run that was taken up again
BUCKETS = ("datasets", "models")


def end(world: World) -> dict[str, Any]:
    """Ledger, objects, registry, endpoints, jobs, schedules; news and mail as sets, as they may come twice."""
    state = {
        "ledger": _ledger(),
        "objects": sorted(f"{bucket}/{key}" for bucket in BUCKETS for key in _keys(bucket)),
        "registry": {arn: _package(each) for arn, each in world.sagemaker.packages.items()},
        "endpoints": {name: _endpoint(world, name) for name in world.sagemaker.endpoints},
        "made": sorted(world.sagemaker.made),
        "jobs": {name: world.sagemaker.status(name) for name in sorted(world.sagemaker.asked)},
        "schedules": sorted(set(world.scheduler.made)),
        "waiting": sorted(world.scheduler.waiting),
        "mail": sorted(set(world.mail.sent)),
        "news": sorted(news(world)),
    }
    alike: dict[str, Any] = json.loads(RUN.sub(r"\1-run-\2", json.dumps(state, default=str)))
    return alike


def news(world: World) -> set[str]:
    """Each thing that was said on the stack's bus, once. That a cause waits, and that somebody asks for it, is no news
    any more when it has its run: see `model.broken` for that.
    """
    ours = [each for each in world.bus.said if each["source"].startswith("tidewheel.")]
    ours = [each for each in ours if each["detail-type"] != "RetrainingDue"]
    ours = [each for each in ours if each["detail"].get("answer") not in ("coalesced", "parked")]
    return {f"{each['detail-type']} {json.dumps(each['detail'], sort_keys=True)}" for each in ours}


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two ends differ, a sentence each."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            line
            for key in sorted({*one, *other})
            for line in differences(one.get(key), other.get(key), f"{path}/{key}")
        ]
    if isinstance(one, list) and isinstance(other, list):
        gone, new = [each for each in one if each not in other], [each for each in other if each not in one]
        return [f"{path}: lost {each}" for each in gone] + [f"{path}: new {each}" for each in new]
    return [] if one == other else [f"{path}: {one} became {other}"]


def _ledger() -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for page in client("dynamodb").get_paginator("scan").paginate(TableName="ledger", ConsistentRead=True):
        for item in map(ledger.unpack, page["Items"]):
            key, row = f"{item['pk']} {item['sk']}", {name: item[name] for name in item if name not in HISTORY}
            if row["kind"] == "decision":
                row["reasons"] = [reason for reason in row["reasons"] if reason != RESUMED]
                row.pop("facts")  # as they were when the run was last taken up
            if row["kind"] == "deployment":  # a row for each attempt: what came of the last one is what holds
                key = row["sk"] = re.sub(r"#\d{5}", "", key)
            rows[key] = row  # the scan of a project's rows is in the order of their keys
    return rows


def _keys(bucket: str) -> list[str]:
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [each["Key"] for page in pages for each in page.get("Contents", ())]


def _package(package: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in package.items() if name not in ("ModelMetrics",)}


def _endpoint(world: World, name: str) -> dict[str, Any]:
    endpoint = world.sagemaker.describe_endpoint(name)
    return {"status": endpoint["EndpointStatus"], "config": endpoint["EndpointConfigName"]}
