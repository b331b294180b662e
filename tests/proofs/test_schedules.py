"""Whatever happens, late, twice, cut off or mixed up: in the end the promises hold. See schedules.py.

A seed that is found replays alone: SEED=<number> python -m pytest tests/proofs/test_schedules.py -k alone
"""

import os

import pytest

from tests.proofs.schedules import play

FAST, ALL, BLOCK = 100, 10_000, 150


def violations(seeds: range) -> dict[int, list[str]]:
    """The seeds that break a promise, with the promises."""
    return {seed: wrong for seed in seeds if (wrong := play(seed))}


@pytest.mark.parametrize("first", range(0, FAST, 20))
def test_no_schedule_breaks_a_promise(first):
    assert violations(range(first, first + 20)) == {}


@pytest.mark.proof
@pytest.mark.parametrize("first", range(FAST, ALL, BLOCK))
def test_none_of_ten_thousand_schedules_breaks_a_promise(first):
    assert violations(range(first, min(first + BLOCK, ALL))) == {}


def test_a_seed_replays_alone():
    seed = int(os.environ.get("SEED", "7"))

    assert play(seed) == play(seed) == []
