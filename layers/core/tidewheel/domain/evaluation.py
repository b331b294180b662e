"""Evaluation: candidates and champion on the same rows, with the evidence that the gate asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tidewheel.domain.bootstrap import Resampling, estimate
from tidewheel.domain.features import FloatArray
from tidewheel.domain.metrics import METRICS, METRICS_OF, Metric, Truth
from tidewheel.domain.signature import REGRESSION, Class

CHAMPION, CONSTANT = "champion", "constant"
FEWEST_SLICE_ROWS = 30  # below it a slice is named but not judged
MOST_SLICES = 50  # values of one column, the most frequent first


@dataclass(frozen=True)
class Examination:
    """What is asked of the models: the metric that decides, how sure to be, and the columns to look at apart."""

    problem: str
    primary: str
    confidence: float
    seed: int
    slices: Mapping[str, Sequence[object]]  # column -> value of each row

    @property
    def metrics(self) -> list[Metric]:
        """The problem's metrics, the deciding one first."""
        return [METRICS[name] for name in dict.fromkeys((self.primary, *METRICS_OF[self.problem]))]


def align(outputs: FloatArray, classes: Sequence[Class], union: Sequence[Class], problem: str) -> FloatArray:
    """A model's outputs in the terms of all classes: 0 for those it never learnt.

    Binary outputs are the probability of the last class; so are the aligned ones, for the last class of the union.
    """
    if problem == REGRESSION:
        return outputs
    shares = outputs if outputs.ndim == 2 else np.column_stack([1 - outputs, outputs])
    aligned = np.zeros((len(outputs), len(union)))
    for position, each in enumerate(classes):
        aligned[:, list(union).index(each)] = shares[:, position]
    return aligned if outputs.ndim == 2 else aligned[:, -1]


def constant_outputs(constant: Mapping[str, Any], problem: str, primary: str, rows: int) -> FloatArray:
    """What the best constant predictor of the training rows says: class shares, mean, or for mae the median."""
    if problem == REGRESSION:
        return np.full(rows, constant["median" if primary == "mae" else "mean"], dtype=float)
    shares = np.asarray(constant["shares"], dtype=float)
    return np.full(rows, shares[1]) if problem == "binary" else np.tile(shares, (rows, 1))


def evaluate(
    examination: Examination, truth: Truth, answers: Mapping[str, FloatArray], resampling: Resampling
) -> dict[str, Any]:
    """Each model's metrics with intervals and its paired improvement over the champion and over the constant predictor.

    `answers` maps a model's name to its outputs; the names `champion` and `constant` are the rivals. A shuffled label
    makes every champion look bad: only the constant predictor shows that a challenger has learnt nothing either.
    Plain JSON; what is not defined is None.
    """
    rivals = [name for name in (CHAMPION, CONSTANT) if name in answers]
    drawn = {
        (name, metric.name): resampling.replicate(metric, truth, outputs)
        for name, outputs in answers.items()
        for metric in examination.metrics
    }

    def value(name: str, metric: Metric) -> dict[str, Any]:
        seen = metric.value(truth, answers[name])
        return asdict(estimate(seen, drawn[name, metric.name], examination.confidence))

    def gain(name: str, rival: str, metric: Metric) -> dict[str, Any]:
        seen = metric.improvement(metric.value(truth, answers[name]), metric.value(truth, answers[rival]))
        pairs = metric.improvement(drawn[name, metric.name], drawn[rival, metric.name])
        return asdict(estimate(seen, pairs, examination.confidence))

    return {
        name: {
            "metrics": {metric.name: value(name, metric) for metric in examination.metrics},
            "improvement": {
                rival: {metric.name: gain(name, rival, metric) for metric in examination.metrics}
                for rival in rivals
                if rival != name and name != CONSTANT
            },
            "slices": list(_slices(examination, truth, answers[name], answers[CHAMPION], resampling))
            if CHAMPION in answers and name not in rivals
            else [],
        }
        for name in answers
    }


def _slices(
    examination: Examination, truth: Truth, ours: FloatArray, theirs: FloatArray, resampling: Resampling
) -> Iterator[dict[str, Any]]:
    metric = METRICS[examination.primary]
    for column, values in examination.slices.items():
        for value, rows in _groups(values):
            row = {"column": column, "value": value, "rows": len(rows)}
            if len(rows) < FEWEST_SLICE_ROWS:
                yield row
                continue
            apart = Resampling(np.unique(resampling.blocks[rows], return_inverse=True)[1], resampling.seed)
            here, there = metric.value(truth[rows], ours[rows]), metric.value(truth[rows], theirs[rows])
            drawn = metric.improvement(
                apart.replicate(metric, truth[rows], ours[rows]), apart.replicate(metric, truth[rows], theirs[rows])
            )
            paired = estimate(metric.improvement(here, there), drawn, examination.confidence)
            yield row | {"ours": _plain(here), "theirs": _plain(there), "improvement": asdict(paired)}


def _groups(values: Sequence[object]) -> list[tuple[str, NDArray[np.int64]]]:
    words, group, counts = np.unique(
        np.array(["missing" if value is None else str(value) for value in values]),
        return_inverse=True,
        return_counts=True,
    )
    common = np.argsort(-counts, kind="stable")[:MOST_SLICES]
    return [(str(words[place]), np.flatnonzero(group == place)) for place in common]


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else value
