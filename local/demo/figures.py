"""The story's numbers: read off the run's own evaluation, and counted from what the endpoint answered."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from local.demo.hours import Hour

FLOOR = 1e-7  # keeps the logarithm of a sure and wrong answer finite
Score = float  # probability that the hour is busy


@dataclass(frozen=True)
class Estimate:
    """A metric with its interval."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Contest:
    """One evaluation: every model on the same hours, and how far the challenger was ahead."""

    metric: str
    confidence: float
    rows: int
    scores: Mapping[str, Mapping[str, Estimate]]  # model -> metric -> estimate; the champion first
    lead: Estimate | None  # of the first candidate over the champion, or over the constant answer: above 0 is better


@dataclass(frozen=True)
class Month:
    """A month of answers held against what happened."""

    month: datetime
    rows: int
    busy: float  # share of busy hours
    logloss: Mapping[str, float]  # by model version
    expected: Mapping[str, float]  # mean answer: equal to `busy` for a reliable model


def contest(evaluation: Mapping[str, Any]) -> Contest:
    """The evaluation that a run wrote."""
    named = {"champion": evaluation.get("champion"), "constant": evaluation.get("constant")}
    alone = len(evaluation["candidates"]) == 1
    named |= {
        "challenger" if alone else f"challenger ({recipe})": each for recipe, each in evaluation["candidates"].items()
    }
    scores = {
        name: {metric: Estimate(**found) for metric, found in each["metrics"].items()}
        for name, each in named.items()
        if each
    }
    first = next(iter(evaluation["candidates"].values()))
    rival = "champion" if "champion" in first["improvement"] else "constant"
    lead = first["improvement"][rival].get(evaluation["primary"])
    rows, sure = int(evaluation["rows"]), float(evaluation["confidence"])
    return Contest(evaluation["primary"], sure, rows, scores, Estimate(**lead) if lead else None)


def months(hours: Sequence[Hour], answers: Mapping[str, Sequence[Score]]) -> list[Month]:
    """The answers of each model version by calendar month; `answers` are in the order of the hours."""
    numbered = list(enumerate(hours))
    return [
        _month(month, [number for number, _ in group], hours, answers)
        for month, group in groupby(numbered, key=lambda pair: pair[1].ts.replace(day=1, hour=0))
    ]


def logloss(truth: Iterable[int], scores: Iterable[Score]) -> float:
    """Mean logarithmic loss of probabilities: 0 is perfect, 0.693 is a coin."""
    costs = [-math.log(max(score if busy else 1 - score, FLOOR)) for busy, score in zip(truth, scores, strict=True)]
    return sum(costs) / len(costs)


def _month(
    month: datetime, numbers: Sequence[int], hours: Sequence[Hour], answers: Mapping[str, Sequence[Score]]
) -> Month:
    truth = [hours[number].busy for number in numbers]
    picked = {version: [scores[number] for number in numbers] for version, scores in answers.items()}
    return Month(
        month,
        len(truth),
        sum(truth) / len(truth),
        {version: logloss(truth, scores) for version, scores in picked.items()},
        {version: sum(scores) / len(scores) for version, scores in picked.items()},
    )
