"""Planning a run: which recipes learn from the snapshot, and what each training job is asked."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tidewheel.domain.identity import digest
from tidewheel.domain.recipe import hyperparameters

CURRENT, CHAMPION = "current", "champion"
TAUGHT = ("problem", "label", "event_time", "features", "hyperparameters", "seed", "image")
ACCELERATED = ("ml.p", "ml.g")  # scoring boosted trees needs no GPU
SCORING_INSTANCE = "ml.m5.xlarge"
LOCAL_DISK = re.compile(r"ml\.(\w+\d[a-z]*d[a-z]*|g[5-9]\w*|gr\d\w*|p[4-9]\w*|trn\d\w*)\.")
LONGEST_WAIT = 2_419_200  # seconds: SageMaker waits 28 days for spot capacity and training together
Recipe = dict[str, Any]


@dataclass(frozen=True)
class Machine:
    """Where a training runs: the parts of `training` that do not change what is learnt."""

    instance: str
    instances: int
    volume_gb: int
    spot: bool
    max_runtime_hours: float


@dataclass(frozen=True)
class Place:
    """The names and folders of a run."""

    prefix: str
    project: str
    run_id: str
    snapshot_id: str
    models: str  # s3://bucket
    region: str

    @property
    def folder(self) -> str:
        """Where the run's evidence lies."""
        return f"{self.models}/{self.project}/{self.run_id}"


@dataclass(frozen=True)
class TrainingRequest:
    """One recipe to be learnt: all that a training job is asked, but for roles and keys."""

    recipe: str  # current | champion
    recipe_digest: str
    job_name: str
    image: str
    instance: str
    instances: int
    volume_gb: int
    local_disk: bool  # which the machine encrypts itself; SageMaker refuses a key for it
    spot: bool
    max_runtime_seconds: int
    max_wait_seconds: int
    hyperparameters: dict[str, str]
    channels: dict[str, str]  # name -> s3 prefix; the code is one
    output_uri: str
    checkpoint_uri: str
    model_url: str  # where SageMaker will have put the artifact


def recipes(own: Recipe, champions: Recipe | None, columns: Collection[str]) -> dict[str, Recipe]:
    """The project's recipe and, where it teaches otherwise than the champion's, that one too, on the same new data.

    A champion's recipe that asks for columns which the contract no longer has cannot be learnt again.
    """
    if champions is None or taught(champions) == taught(own):
        return {CURRENT: own}
    if not {champions["label"], *champions["features"]} <= set(columns) or champions["problem"] != own["problem"]:
        return {CURRENT: own}
    return {CURRENT: own, CHAMPION: champions}


def taught(recipe: Recipe) -> str:
    """The identity of what a recipe makes of given rows; which rows are taken is another matter."""
    return digest({name: recipe[name] for name in TAUGHT})


def request(
    name: str, recipe: Recipe, machine: Machine, place: Place, image: str, channels: Mapping[str, str]
) -> TrainingRequest:
    """The training job of one recipe. Its name is the run's, so that asking for it twice asks for it once."""
    seconds = int(machine.max_runtime_hours * 3600)
    job_name = f"{place.prefix}-{place.run_id}-{name}"
    output_uri = f"{place.models}/{place.project}/{place.snapshot_id}/{taught(recipe)[:16]}"
    return TrainingRequest(
        recipe=name,
        recipe_digest=taught(recipe),
        job_name=job_name,
        image=recipe["image"] or image,
        instance=machine.instance,
        instances=machine.instances,
        volume_gb=machine.volume_gb,
        local_disk=has_local_disk(machine.instance),
        spot=machine.spot,
        max_runtime_seconds=seconds,
        max_wait_seconds=min(2 * seconds, LONGEST_WAIT),
        hyperparameters=hyperparameters(recipe, place.region),
        channels=dict(channels),
        output_uri=output_uri,
        checkpoint_uri=f"{place.folder}/checkpoints/{name}",
        model_url=f"{output_uri}/{job_name}/output/model.tar.gz",
    )


def has_local_disk(instance: str) -> bool:
    """Whether the machine's volume is an NVMe disk of its own, e.g. ml.g5.xlarge, ml.m5d.large, ml.p4d.24xlarge."""
    return bool(LOCAL_DISK.match(instance))


def scoring_instance(machine: Machine) -> str:
    """The machine of the evaluation: the training's own, unless that one is there for its GPU."""
    return SCORING_INSTANCE if machine.instance.startswith(ACCELERATED) else machine.instance
