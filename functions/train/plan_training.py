"""PlanTraining: freeze what a run learns from, and write down all that its jobs will be asked."""

import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from tidewheel.aws import champions, ledger, objects, snapshots, source
from tidewheel.aws.clients import client
from tidewheel.aws.snapshots import Manifest
from tidewheel.domain.errors import ObjectMissing
from tidewheel.domain.images import xgboost_image
from tidewheel.domain.metrics import PRIMARY_OF
from tidewheel.domain.planning import Machine, Place, has_local_disk, recipes, request, scoring_instance
from tidewheel.domain.recipe import CODE
from tidewheel.domain.snapshot import HOLDOUT, TRAIN, VALIDATION, Split, snapshot_id
from tidewheel.messages.train import ChampionFacts, Decided, Plan, PlanInput
from tidewheel.project.model import Project
from tidewheel.settings import settings
from tidewheel.tables.snapshot import write_snapshot

logger = Logger()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """From the decision to the plan. A run that is resumed goes on by the plan that it has."""
    given = PlanInput.model_validate(event)

    plan = _stored(given.decided) or _made(given.decided, given.now)

    logger.info("training planned", extra={"run_id": plan.run_id, "snapshot_id": plan.snapshot_id})
    return plan.model_dump(mode="json")


def _stored(decided: Decided) -> Plan | None:
    try:
        return Plan.model_validate(objects.read_json(settings().models_bucket, _key(decided)))
    except ObjectMissing:
        return None


def _made(decided: Decided, now: datetime) -> Plan:
    project = Project.model_validate(ledger.get(decided.project, "project")["document"])
    dataset_ids = ledger.get(decided.project, "decision", decided.decision_id)["dataset_ids"]
    manifest = _snapshot(project, dataset_ids)
    snapshots.record(manifest, decided.cause_id, now.isoformat())
    plan = _planned(decided, project, manifest)
    objects.write_json(settings().models_bucket, _key(decided), plan.model_dump(mode="json"))
    return plan


def _planned(decided: Decided, project: Project, manifest: Manifest) -> Plan:
    region = client("s3").meta.region_name
    place = Place(
        settings().prefix,
        decided.project,
        decided.run_id,
        manifest["snapshot_id"],
        f"s3://{settings().models_bucket}",
        region,
    )
    machine = Machine(**project.training.model_dump(include=set(Machine.__dataclass_fields__)))
    image = project.training.image or xgboost_image(region)
    code, champion = source.publish(settings().models_bucket), champions.find(decided.project)
    known = recipes(project.recipe(), champion.recipe if champion else None, project.contract.columns)
    channels = {part: f"{manifest['uri']}{part}/" for part in (TRAIN, VALIDATION) if part in manifest["rows"]}
    channels[CODE] = code.training_uri
    requests = tuple(request(name, each, machine, place, image, channels) for name, each in known.items())
    gate = project.gate.model_dump(mode="json") | {"metric": project.gate.metric or PRIMARY_OF[project.problem]}
    return Plan(
        **decided.model_dump(include={"project", "run_id", "decision_id", "cause_id"}),
        snapshot_id=place.snapshot_id,
        requests=requests,
        recipes=known,
        recipe_digest=project.recipe_digest,
        gate=gate,
        evaluation={
            "problem": project.problem,
            "label": project.contract.label,
            "event_time": project.contract.event_time,
            "primary": gate["metric"],
            "confidence": gate["confidence"],
            "slices": gate["slices"],
            "seed": project.training.seed,
            "candidates": list(known),
            "champion": champion is not None,
        },
        evaluation_job=f"{place.prefix}-{place.run_id}-evaluate",
        evaluation_image=image,
        evaluation_instance=scoring_instance(machine),
        evaluation_local_disk=has_local_disk(scoring_instance(machine)),
        code_digest=code.digest,
        folder=place.folder,
        evaluation_inputs={
            "code": code.evaluation_uri,
            "request": f"{place.folder}/request.json",
            "holdout": f"{manifest['uri']}{HOLDOUT}/",
            **{f"candidate-{each.recipe}": each.model_url for each in requests},
            **({"champion": champion.model_url} if champion else {}),
        },
        profile_uri=manifest["profile_uri"],
        champion=ChampionFacts(**asdict(champion)) if champion else None,
    )


def _snapshot(project: Project, dataset_ids: list[str]) -> Manifest:
    """The snapshot of these datasets as the project divides them; made unless it is there."""
    contract = project.data_contract()
    parts = {"window_days", "holdout_days", "holdout_share", "validation_share"}
    split = Split(event_time=contract.event_time, **project.training.model_dump(include=parts))
    columns = [(column.name, column.type) for column in contract.columns]
    name = snapshot_id(dataset_ids, split, contract.label, columns)
    if found := snapshots.find(project.project, name):
        return found
    with tempfile.TemporaryDirectory() as folder:
        opened = snapshots.sources(project.project, dataset_ids)
        written = write_snapshot(opened, contract, split, Path(folder))
        about = {
            "dataset_ids": dataset_ids,
            "rows": dict(written.rows),
            "boundaries": asdict(written.boundaries) if contract.event_time else {},
        }
        return snapshots.store(project.project, name, about, written.paths, written.profile.to_dict())


def _key(decided: Decided) -> str:
    return f"{decided.project}/{decided.run_id}/request.json"
