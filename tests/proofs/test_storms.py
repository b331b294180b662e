"""One upload told of twenty times, and fifty uploads at once."""

from collections import Counter
from random import Random

from tidewheel.aws import ledger

from tests.proofs.model import broken, dataset_of, rows
from tests.proofs.world import World
from tests.proofs.world import rows as sample


def runs_of(world: World) -> list[dict]:
    """The runs in the order of their leases."""
    return list(ledger.rows("trips", "run"))


def test_one_upload_told_of_twenty_times_is_one_dataset_and_one_training():
    world = World(Random(20), mixed=True)  # noqa: S311
    with world.opened():
        world.project("trips")
        told = world.upload("trips/a.csv", sample(1))
        for number in range(19):
            world.loop.at(world.loop.now, lambda: world.start("data", told))
            world.loop.skip(seconds=number)
        world.loop.run()

        assert broken(world) == []
        assert list(rows("trips", "dataset")) == [dataset_of(sample(1))]
        assert world.sagemaker.asked == ["tw-trips-00001-be65ad-current", "tw-trips-00001-be65ad-evaluate"]
        assert Counter(each.flow for each in world.executions)["data"] == 20


def test_fifty_files_at_once_are_fifty_datasets_and_two_trainings_at_most():
    world = World(Random(50), mixed=True)  # noqa: S311
    with world.opened():
        world.project("trips")
        for number in range(50):
            world.upload(f"trips/{number:02}.csv", sample(number, count=3))
        world.loop.run()

        runs, known = runs_of(world), {dataset_of(sample(number, count=3)) for number in range(50)}
        assert broken(world) == []
        assert set(rows("trips", "dataset")) == known
        assert len(runs) <= 2
        assert set(runs[-1]["dataset_ids"]) == known
        answers = Counter(row["answer"] for row in rows("trips", "decision").values() if row["trigger"] == "upload")
        assert answers == {"started": 1, "coalesced": 49}
