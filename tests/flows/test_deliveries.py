"""The small projects: files that are well, and data that fit them."""

from hashlib import sha256
from pathlib import Path

import pytest
from tidewheel.project.file import parse

from tests.flows.deliveries import flowers, rents, shuffled

FOLDER = Path(__file__).parent / "projects"
MAKERS = {"flowers": flowers, "rents": rents}


@pytest.mark.parametrize("name", MAKERS)
def test_the_project_file_is_well_and_its_columns_are_delivered(name):
    file = FOLDER / f"{name}.yaml"

    project = parse(file.read_text(), str(file))

    assert list(project.contract.columns) == MAKERS[name](1, 1).splitlines()[0].split(",")


@pytest.mark.parametrize("make", MAKERS.values())
def test_a_delivery_is_the_same_bytes_every_time_and_another_seed_another_delivery(make):
    digests = [sha256(make(50, seed).encode()).hexdigest() for seed in (1, 1, 2)]

    assert digests[0] == digests[1] != digests[2]


def test_shuffling_keeps_rows_features_and_labels_and_only_deals_anew():
    before, after = flowers(200, 1), shuffled(flowers(200, 1), 7)

    pairs = [[line.rsplit(",", 1) for line in text.splitlines()] for text in (before, after)]
    assert [pair[0] for pair in pairs[0]] == [pair[0] for pair in pairs[1]]
    assert sorted(pair[1] for pair in pairs[0]) == sorted(pair[1] for pair in pairs[1])
    assert before != after
