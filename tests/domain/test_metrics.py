"""Metrics against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.metrics import METRICS, auc

scores = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=30)


@given(scores)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    truth, outputs = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows], float)
    pairs = [(a, b) for a in outputs[truth == 1] for b in outputs[truth == 0]]

    value = auc(truth, outputs, np.ones(len(rows)))

    right = [1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs]
    assert np.isnan(value) if not pairs else value == pytest.approx(np.mean(right))


@given(scores, st.integers(2, 4))
def test_a_weight_stands_for_so_many_rows(rows, times):
    truth, outputs = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows], float)
    weights = np.ones(len(rows))
    weights[0] = times
    repeated = np.repeat(np.arange(len(rows)), weights.astype(int))

    weighted, plain = auc(truth, outputs, weights), auc(truth[repeated], outputs[repeated], np.ones(len(repeated)))

    assert weighted == pytest.approx(plain, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "truth", "outputs", "value"),
    [
        ("logloss", [1, 0], [0.8, 0.1], -(np.log(0.8) + np.log(0.9)) / 2),
        ("logloss", [1], [0.0], -np.log(1e-7)),
        ("mlogloss", [0, 2], [[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]], -(np.log(0.5) + np.log(0.8)) / 2),
        ("accuracy", [1, 0, 1], [0.5, 0.4, 0.4], 2 / 3),
        ("accuracy", [0, 2], [[0.5, 0.3, 0.2], [0.6, 0.1, 0.3]], 0.5),
        ("rmse", [1.0, 3.0], [1.0, 5.0], np.sqrt(2)),
        ("mae", [1.0, 3.0], [0.0, 5.0], 1.5),
    ],
)
def test_a_metric_is_what_a_pencil_says(name, truth, outputs, value):
    assert METRICS[name].value(np.array(truth), np.array(outputs)) == pytest.approx(value)


@pytest.mark.parametrize("name", METRICS)
def test_improvement_is_positive_for_the_better_one(name):
    metric = METRICS[name]
    better, worse = (0.1, 0.2) if metric.lower_is_better else (0.9, 0.8)

    assert metric.improvement(better, worse) > 0
