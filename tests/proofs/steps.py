"""What scenarios are made of: how a world is prepared, and what happens in it."""

from collections.abc import Callable
from typing import Any

from tests.proofs.sagemaker_models import Endpoint
from tests.proofs.world import World, rows

Step = Callable[[World], Any]


def upload(name: str, n: int) -> Step:
    """A file is delivered."""
    return lambda world: world.upload(f"trips/{name}", rows(n))


def while_training(step: Step) -> Step:
    """Something happens half a minute after what went before, while the first job is at work."""

    def later(world: World) -> None:
        upload("a.csv", 1)(world)
        world.loop.skip(seconds=30)
        step(world)

    return later


def with_fault(version: int, fault: str) -> Step:
    """A project whose model of this version does not start, or answers wrongly."""

    def prepare(world: World) -> None:
        world.project("trips")
        world.sagemaker.faults[version] = fault

    return prepare


def with_broken_job(world: World) -> None:
    world.project("trips")
    world.sagemaker.broken["-current"] = "out of memory"


def with_dead_endpoint(world: World) -> None:
    world.project("trips")
    world.sagemaker.endpoints["tw-trips"] = Endpoint("gone", "Failed", failure="left by an earlier rollout")


def with_ill_function(world: World) -> None:
    """ValidateUpload dies until somebody mends it: see `mended`."""
    world.project("trips")
    well = world.functions.handlers["ValidateUploadFunction"]
    world.functions.handlers |= {"ValidateUploadFunction": _ill, "well": well}


def _ill(event: dict[str, Any], context: Any) -> Any:
    raise RuntimeError("out of memory")


def mended(world: World) -> None:
    """The function is well again, and the event is replayed."""
    world.functions.handlers["ValidateUploadFunction"] = world.functions.handlers["well"]
    world.start(*world.causes[0])


def overwritten(world: World) -> None:
    """A second version is there before the first was looked at."""
    upload("a.csv", 1)(world)
    upload("a.csv", 4)(world)


def rollback(world: World) -> None:
    world.say("RollbackRequested", "trips", "request:1", reason="it looks odd")
