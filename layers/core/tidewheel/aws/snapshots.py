"""Snapshots in S3 and in the ledger. The manifest is written last: a snapshot that has one is whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tidewheel.aws import files, ledger, objects
from tidewheel.aws.clients import client
from tidewheel.aws.files import ObjectFile
from tidewheel.domain.errors import ObjectMissing
from tidewheel.settings import settings

Manifest = dict[str, Any]


def sources(project: str, dataset_ids: Sequence[str]) -> list[Callable[[], ObjectFile]]:
    """The Parquet parts of the datasets in their order, each to be opened when it is needed."""
    return [each for dataset_id in dataset_ids for each in _parts(f"{project}/{dataset_id}/part-")]


def find(project: str, snapshot_id: str) -> Manifest | None:
    """The manifest of a snapshot that is there already."""
    try:
        manifest: Manifest = objects.read_json(
            settings().datasets_bucket, f"{_folder(project, snapshot_id)}/manifest.json"
        )
    except ObjectMissing:
        return None
    return manifest


def store(
    project: str, snapshot_id: str, about: Mapping[str, Any], paths: Mapping[str, Sequence[Path]], profile: object
) -> Manifest:
    """Upload the parts and the profile of the rows that are trained on, then the manifest."""
    bucket, folder = settings().datasets_bucket, _folder(project, snapshot_id)
    for part, written in paths.items():
        for path in written:
            files.upload(path, bucket, f"{folder}/{part}/{path.name}")
    manifest = {
        "schema": 1,
        "project": project,
        "snapshot_id": snapshot_id,
        "uri": f"s3://{bucket}/{folder}/",
        "profile_uri": objects.write_json(bucket, f"{folder}/profile.json", profile),
        **about,
    }
    objects.write_json(bucket, f"{folder}/manifest.json", manifest)
    return manifest


def record(manifest: Manifest, cause_id: str, now: str) -> None:
    """The snapshot's row in the ledger."""
    about = {name: value for name, value in manifest.items() if name not in ("schema", "project", "snapshot_id")}
    row = about | {"cause_id": cause_id, "updated_at": now}
    ledger.write(ledger.put(manifest["project"], "snapshot", manifest["snapshot_id"], row))


def _folder(project: str, snapshot_id: str) -> str:
    return f"{project}/snapshots/{snapshot_id}"


def _parts(prefix: str) -> Iterator[Callable[[], ObjectFile]]:
    bucket = settings().datasets_bucket
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for found in sorted((each for page in pages for each in page.get("Contents", ())), key=lambda each: each["Key"]):
        yield _opener(bucket, found["Key"], found["Size"])


def _opener(bucket: str, key: str, size: int) -> Callable[[], ObjectFile]:
    return lambda: ObjectFile(bucket, key, "null", size)
