"""The gate: whether a candidate has proved itself, from the numbers of the evaluation alone. Decision 0006.

Every improvement is an estimate with its paired interval, in the metric's own unit and positive where the candidate is
better. A candidate must surely be better than the constant predictor (so that noise, on which every model looks bad,
cannot promote one), and surely better than the champion by more than the margin, with no guard broken and no slice
sacrificed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["better", "first", "not_worse", "worse", "not_enough_evidence"]
CHAMPION, CONSTANT = "champion", "constant"


@dataclass(frozen=True)
class Gate:
    """What a challenger must prove: `gate` of the project file, its metric resolved."""

    metric: str
    margin: float
    confidence: float
    guards: Mapping[str, float]
    slice_margin: float
    minimum_rows: int
    slices: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Judgement:
    """What the gate says of one candidate. The verdict is about the primary metric; guards and slices may still
    keep a better one from passing.
    """

    recipe: str
    verdict: Verdict
    passed: bool
    reasons: tuple[str, ...]
    improvement: float  # over the champion, or over the constant predictor where there is none; 0 if undefined


def judge(recipe: str, candidate: Mapping[str, Any], evaluation: Mapping[str, Any], gate: Gate) -> Judgement:
    """The judgement of one candidate. `evaluation` is `evaluation.json`, `candidate` its part about this one."""
    rival = CHAMPION if CHAMPION in candidate["improvement"] else CONSTANT
    gain = candidate["improvement"][rival][gate.metric]
    verdict, reason = _verdict(candidate, evaluation["rows"], rival, gate)
    objections = [*_guards(candidate, gate), *_slices(candidate, gate)] if rival == CHAMPION else []
    passed = verdict in ("better", "first") and not objections
    return Judgement(recipe, verdict, passed, (reason, *objections), gain["value"] or 0.0)


def rank(judgements: Mapping[str, Judgement]) -> list[Judgement]:
    """Best first: those that passed, by their improvement; the first of them is the run's winner."""
    return sorted(judgements.values(), key=lambda each: (each.passed, each.improvement), reverse=True)


def _verdict(candidate: Mapping[str, Any], rows: int, rival: str, gate: Gate) -> tuple[Verdict, str]:
    floor = candidate["improvement"][CONSTANT][gate.metric]
    if rows < gate.minimum_rows:
        return "not_enough_evidence", f"The holdout has {rows} rows, and gate.minimum_rows is {gate.minimum_rows}"
    if floor["value"] is None:
        return "not_enough_evidence", f"On this holdout {gate.metric} is not defined"
    if floor["low"] <= 0:
        verdict: Verdict = "worse" if floor["high"] < 0 else "not_enough_evidence"
        return verdict, f"It does not beat a constant answer: {_said(gate.metric, floor)}"
    if rival == CONSTANT:
        return "first", f"It is the first model, and beats a constant answer: {_said(gate.metric, floor)}"
    gain = candidate["improvement"][CHAMPION][gate.metric]
    if gain["low"] > gate.margin:
        return "better", f"It beats the champion: {_said(gate.metric, gain)}"
    if gain["low"] >= -gate.margin:
        return "not_worse", f"It is as good as the champion, not better: {_said(gate.metric, gain)}"
    if gain["high"] < 0:
        return "worse", f"It is worse than the champion: {_said(gate.metric, gain)}"
    needed = f"more than {gate.margin:g} was to be shown"
    return "not_enough_evidence", f"It may be better or worse than the champion: {_said(gate.metric, gain)}; {needed}"


def _guards(candidate: Mapping[str, Any], gate: Gate) -> Iterator[str]:
    for metric, allowed in gate.guards.items():
        gain = candidate["improvement"][CHAMPION][metric]["value"]
        if gain is None:
            yield f"The guard {metric} is not defined on this holdout"
        elif gain < -allowed:
            yield f"The guard {metric} is {-gain:.4g} worse than the champion's; {allowed:g} is allowed"


def _slices(candidate: Mapping[str, Any], gate: Gate) -> Iterator[str]:
    """A slice is sacrificed if it is worse by more than the margin, and surely worse: few rows prove nothing."""
    for part in candidate["slices"]:
        gain = part.get("improvement")
        if not gain or gain["value"] is None:
            continue
        allowed = gate.slice_margin * abs(part["theirs"])
        if gain["value"] < -allowed and gain["high"] < 0:
            where = f"{part['column']} = {part['value']} ({part['rows']} rows)"
            yield f"Where {where}, {gate.metric} went from {part['theirs']:.4g} to {part['ours']:.4g}"


def _said(metric: str, gain: Mapping[str, float]) -> str:
    return f"{metric} improves by {gain['value']:.4g} (interval {gain['low']:.4g} to {gain['high']:.4g})"
