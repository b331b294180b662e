"""Metrics: how far a model's answers are from what happened.

An additive metric is the mean of one loss per row (then a root, for rmse), so that sums over blocks of rows are all
that a bootstrap needs. The area under the ROC curve is not additive and is counted from weighted ranks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tidewheel.domain.features import FloatArray
from tidewheel.domain.signature import BINARY, MULTICLASS, REGRESSION

Truth = NDArray[np.float64] | NDArray[np.int64]
Score = TypeVar("Score", float, FloatArray)
EPSILON = 1e-7  # boosters answer in single precision: a probability of exactly 0 or 1 is only a rounded one


@dataclass(frozen=True)
class Metric:
    """A named way to score. `losses` maps truth and outputs to float[n]; without it the metric is the AUC."""

    name: str
    lower_is_better: bool
    losses: Callable[[Truth, FloatArray], FloatArray] | None = None
    finish: Callable[[Any], Any] = lambda mean: mean

    def value(self, truth: Truth, outputs: FloatArray) -> float:
        """The metric over all rows; NaN where it is not defined, e.g. an AUC over a single class."""
        if self.losses is None:
            return auc(truth, outputs, np.ones(len(truth)))
        return float(self.finish(np.mean(self.losses(truth, outputs))))

    def improvement(self, ours: Score, theirs: Score) -> Score:
        """How much better `ours` is, in the metric's own unit: positive is better, whichever way the metric points."""
        return theirs - ours if self.lower_is_better else ours - theirs


def logloss(truth: Truth, outputs: FloatArray) -> FloatArray:
    """-log of the probability given to what happened. Truth is 0 or 1, outputs the probability of 1."""
    given = np.where(truth == 1, outputs, 1 - outputs)
    return np.asarray(-np.log(np.clip(given, EPSILON, 1)), dtype=float)


def multiclass_logloss(truth: Truth, outputs: FloatArray) -> FloatArray:
    """-log of the probability given to what happened. Truth is a class's position, outputs float[n, classes]."""
    given = outputs[np.arange(len(truth)), truth.astype(int)]
    return np.asarray(-np.log(np.clip(given, EPSILON, 1)), dtype=float)


def correct(truth: Truth, outputs: FloatArray) -> FloatArray:
    """1 where the likeliest class happened, else 0; a binary score of exactly one half says 1."""
    said = outputs.argmax(axis=1) if outputs.ndim == 2 else (outputs >= 0.5)
    return np.asarray(said == truth, dtype=float)


def squared_error(truth: Truth, outputs: FloatArray) -> FloatArray:
    """(output - truth) squared."""
    return np.square(outputs - truth)


def absolute_error(truth: Truth, outputs: FloatArray) -> FloatArray:
    """|output - truth|."""
    return np.abs(outputs - truth)


def auc(truth: Truth, outputs: FloatArray, weights: FloatArray) -> float:
    """The chance that a row of class 1 scores above a row of class 0, ties counting half; NaN if a class is absent.

    The Mann-Whitney form with weights (Hanley and McNeil, Radiology 143, 1982): O(n log n).
    """
    _, group = np.unique(outputs, return_inverse=True)
    ones = np.bincount(group, weights * (truth == 1))
    zeros = np.bincount(group, weights * (truth != 1))
    pairs = ones.sum() * zeros.sum()
    return float(ones @ (zeros.cumsum() - zeros / 2) / pairs) if pairs else np.nan


METRICS = {
    metric.name: metric
    for metric in (
        Metric("logloss", True, logloss),
        Metric("mlogloss", True, multiclass_logloss),
        Metric("rmse", True, squared_error, np.sqrt),
        Metric("mae", True, absolute_error),
        Metric("accuracy", False, correct),
        Metric("auc", False),
    )
}
METRICS_OF = {
    BINARY: ("logloss", "auc", "accuracy"),
    MULTICLASS: ("mlogloss", "accuracy"),
    REGRESSION: ("rmse", "mae"),
}
PRIMARY_OF = {problem: names[0] for problem, names in METRICS_OF.items()}
