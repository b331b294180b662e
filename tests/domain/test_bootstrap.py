"""The bootstrap: seeded, paired, by blocks, and right about as often as it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.bootstrap import Resampling, estimate, row_blocks, time_blocks
from tidewheel.domain.metrics import METRICS

HOUR = 3_600_000_000
MAE, AUC, RMSE = METRICS["mae"], METRICS["auc"], METRICS["rmse"]


def test_the_same_seed_draws_the_same_and_another_seed_does_not():
    blocks, truth, outputs = row_blocks(50), np.zeros(50), np.arange(50.0)

    first, again, other = (Resampling(blocks, seed).replicate(MAE, truth, outputs) for seed in (1, 1, 2))

    assert (first == again).all()
    assert (first != other).any()


def test_a_model_against_itself_has_no_difference_in_any_draw():
    draw, truth = Resampling(row_blocks(60), 7), np.tile([0, 1], 30)
    outputs = np.random.default_rng(1).random(60)

    difference = draw.replicate(AUC, truth, outputs) - draw.replicate(AUC, truth, outputs)

    assert (difference == 0).all()


def test_a_day_is_one_block_where_there_are_days_enough():
    days = time_blocks(np.arange(28 * 24) * HOUR)

    assert days.max() + 1 == 28
    assert (np.bincount(days) == 24).all()


def test_few_days_are_cut_into_twenty_runs_in_order_of_time():
    times = np.random.default_rng(1).permutation(np.arange(100) * HOUR)

    blocks = time_blocks(times)

    assert blocks.max() + 1 == 20
    assert (np.diff(blocks[np.argsort(times)]) >= 0).all()


@given(st.integers(1, 60_000))
def test_rows_have_a_block_each_until_there_are_ten_thousand(rows):
    blocks = row_blocks(rows)

    assert set(blocks.tolist()) == set(range(min(rows, 10_000)))


def test_additive_metrics_come_out_as_if_rows_were_repeated():
    """The shortcut over block sums against the plain way."""
    generator = np.random.default_rng(3)
    truth, outputs, blocks = generator.random(40), generator.random(40), np.arange(40) // 4
    draw = Resampling(blocks, 5, replicates=20)

    for counts, value in zip(draw.draws, draw.replicate(RMSE, truth, outputs), strict=True):
        rows = np.repeat(np.arange(40), counts[blocks].astype(int))
        assert value == pytest.approx(np.sqrt(np.mean((truth[rows] - outputs[rows]) ** 2)))


def test_rows_that_move_together_make_the_interval_wider():
    generator = np.random.default_rng(4)
    days = np.repeat(np.arange(30), 24)
    errors = np.abs(generator.normal(size=30))[days]

    by_day = Resampling(days, 7).replicate(MAE, np.zeros(720), errors)
    by_row = Resampling(row_blocks(720), 7).replicate(MAE, np.zeros(720), errors)

    assert by_day.std() > 3 * by_row.std()


def test_an_interval_of_ninety_percent_holds_the_truth_about_so_often():
    generator, held = np.random.default_rng(5), 0
    for trial in range(200):
        sample = generator.exponential(size=100)
        drawn = Resampling(row_blocks(100), trial, replicates=300).replicate(MAE, np.zeros(100), sample)
        seen = estimate(sample.mean(), drawn, 0.9)
        held += seen.low <= 1 <= seen.high

    assert 0.80 <= held / 200 <= 0.96


def test_what_is_not_defined_has_no_interval():
    drawn = Resampling(row_blocks(10), 1).replicate(AUC, np.ones(10), np.arange(10.0))

    assert estimate(np.nan, drawn, 0.95).value is None
