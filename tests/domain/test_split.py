"""The split: by time, without shuffling, and without holding the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.errors import TrainingDataUnusable
from tidewheel.domain.snapshot import HOLDOUT, TRAIN, VALIDATION, Split, divide, newest_share, snapshot_id

DAY = 86_400_000_000
BY_SHARE = Split(None, None, None, 0.2, 0.0)
positions = st.lists(st.integers(-(10**15), 10**15), min_size=2, max_size=60)


def counts(boundaries, rows):
    return {name: int(boundaries.part(name, rows).sum()) for name in (TRAIN, VALIDATION, HOLDOUT)}


@given(positions, st.floats(0.01, 0.99))
def test_the_newest_share_is_the_smallest_tail_that_holds_it(rows, share):
    rows = np.array(rows)

    begin = newest_share(lambda: iter([rows[:7], rows[7:]]), int(rows.min()), int(rows.max()), share)

    wanted = max(1, round(len(rows) * share))
    assert (rows >= begin).sum() >= wanted
    assert (rows > begin).sum() < wanted


@given(positions)
def test_every_row_is_in_one_part_and_the_holdout_is_newest(rows):
    rows = np.array(rows)
    split = Split("ts", None, None, 0.3, 0.2)
    try:
        boundaries = divide(split, lambda: iter([rows]))
    except TrainingDataUnusable:
        return

    parts = [boundaries.part(name, rows) for name in (TRAIN, VALIDATION, HOLDOUT)]
    assert (np.sum(parts, axis=0) == 1).all()
    assert rows[parts[2]].min() > rows[~parts[2]].max()


def test_rows_without_time_are_cut_by_their_order():
    assert counts(divide(BY_SHARE, lambda: iter([np.arange(100)])), np.arange(100)) == {
        TRAIN: 80,
        VALIDATION: 0,
        HOLDOUT: 20,
    }


def test_days_are_counted_back_from_the_newest_row():
    hours = np.arange(100 * 24) * (DAY // 24)

    boundaries = divide(Split("ts", 30.0, 10.0, 0.2, 0.0), lambda: iter([hours]))

    assert counts(boundaries, hours) == {TRAIN: 20 * 24, VALIDATION: 0, HOLDOUT: 10 * 24}


@pytest.mark.parametrize("rows", [[], [5], [5, 5, 5]])
def test_a_split_that_leaves_nothing_to_train_on_is_refused(rows):
    with pytest.raises(TrainingDataUnusable):
        divide(Split("ts", None, None, 0.2, 0.0), lambda: iter([np.array(rows, dtype=np.int64)]))


def test_a_snapshots_name_changes_with_anything_that_changes_its_rows():
    columns = [("x", "number")]
    names = {
        snapshot_id(["a", "b"], BY_SHARE, "y", columns),
        snapshot_id(["b", "a"], BY_SHARE, "y", columns),
        snapshot_id(["a", "b"], Split(None, 7.0, None, 0.2, 0.0), "y", columns),
        snapshot_id(["a", "b"], BY_SHARE, "z", columns),
        snapshot_id(["a", "b"], BY_SHARE, "y", [("x", "integer")]),
    }

    assert len(names) == 5
