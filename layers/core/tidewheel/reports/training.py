"""The evidence of a run: the verdict with its reasons, and the numbers that it stands on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tidewheel.domain.gate import CHAMPION, CONSTANT, Gate, Judgement
from tidewheel.reports.page import Html, Tone, figures, html, mark, number, page, table

WIDTH, LANE = 640, 34  # of the chart of intervals, in its own units
BAR = '<rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="1.5"/>'
NAMES = {"current": "the project's recipe", "champion": "the champion's recipe, learnt again"}
RIVALS = {CHAMPION: "the champion", CONSTANT: "a constant answer"}
Evidence = Mapping[str, Any]


def training_page(about: Evidence, evaluation: Evidence, judgements: Sequence[Judgement], gate: Gate) -> str:
    """The page of a run. `about` has project, run_id and what else is to be told of its making, in order."""
    best = judgements[0]
    parts = [
        html("<p>{} {}</p><h1>{}</h1>", _mark(best), about["project"], _headline(best)),
        [html("<p>{}</p>", reason) for reason in best.reasons],
        _figures(evaluation),
        _intervals(evaluation, judgements, gate),
        _origins(evaluation, gate.metric),
        _metrics(evaluation),
        *[_slices(judgement, evaluation) for judgement in judgements],
        html("<h2>How it was made</h2>{}", table(["", ""], [(key.replace("_", " "), about[key]) for key in about])),
    ]
    return page(f"{about['project']}: {_headline(best)}", *[html("{}", part) for part in parts], footer=about["run_id"])


def _headline(best: Judgement) -> str:
    if best.passed:
        return "The first model is good enough" if best.verdict == "first" else "The challenger is better"
    if best.verdict in ("better", "first"):
        return "The challenger is better, and refused"
    return f"The candidate is refused: {best.verdict.replace('_', ' ')}"


def _mark(judgement: Judgement) -> Html:
    tone: Tone = "good" if judgement.passed else "bad"
    return mark("passed" if judgement.passed else "refused", tone)


def _figures(evaluation: Evidence) -> Html:
    return figures(
        [
            ("rows that none has seen", number(evaluation["rows"])),
            ("independent blocks", number(evaluation["blocks"])),
            ("confidence", f"{evaluation['confidence']:.0%}"),
            ("decided by", evaluation["primary"]),
        ]
    )


def _intervals(evaluation: Evidence, judgements: Sequence[Judgement], gate: Gate) -> Html:
    """Each improvement as a line from its lower to its upper bound: the gate asks that all of it lies at the right."""
    lanes = [
        (f"{NAMES.get(each.recipe, each.recipe)} against {RIVALS[rival]}", gains[gate.metric], rival)
        for each in judgements
        for rival, gains in evaluation["candidates"][each.recipe]["improvement"].items()
        if gains[gate.metric]["value"] is not None
    ]
    if not lanes:
        return Html("")
    ends = [gain[end] for _, gain, _ in lanes for end in ("low", "high")] + [0.0, gate.margin]
    low, high = min(ends), max(ends)
    pad = (high - low) * 0.05 or 1.0

    def x(value: float) -> float:
        return float(round((value - low + pad) / (high - low + 2 * pad) * WIDTH, 1))

    drawn = [_lane(place, name, gain, x) for place, (name, gain, _) in enumerate(lanes)]
    height = len(lanes) * LANE + 6
    zero = html('<line class="axis" x1="{0}" x2="{0}" y1="0" y2="{1}"/>', x(0), height)
    says = f"Improvement of {gate.metric}, with its interval. The line is no difference; the margin is {gate.margin:g}."
    chart = html('<svg viewBox="0 0 {} {}" role="img">{}{}</svg>', WIDTH, height, zero, drawn)
    return html("<h2>What was proved</h2><figure>{}<figcaption>{}</figcaption></figure>", chart, says)


def _lane(place: int, name: str, gain: Evidence, x: Callable[[float], float]) -> Html:
    top = place * LANE + 14
    line = html(BAR, x(gain["low"]), top + 8, max(round(x(gain["high"]) - x(gain["low"]), 1), 1), 3)
    point = html(BAR, x(gain["value"]) - 2, top + 4, 4, 11)
    words = f"{name}: {number(gain['value'])} ({number(gain['low'])} to {number(gain['high'])})"
    return html('<text x="0" y="{}">{}</text>{}{}', top, words, line, point)


def _origins(evaluation: Evidence, metric: str) -> Html:
    """What the new data gave and what the new recipe gave: told by the champion's recipe learnt on the new data."""
    effects = origins(evaluation, metric)
    if effects is None:
        return Html("")
    data, recipe = effects
    return html(
        "<h2>Where the difference comes from</h2><p>The new data changed {} by {}, the new recipe by {} "
        "(positive is better).</p>",
        metric,
        number(data),
        number(recipe),
    )


def origins(evaluation: Evidence, metric: str) -> tuple[float, float] | None:
    """Improvement that the data gave and that the recipe gave, or None if only one recipe was learnt."""
    gains = {
        name: candidate["improvement"].get(CHAMPION, {}).get(metric, {}).get("value")
        for name, candidate in evaluation["candidates"].items()
    }
    current, again = gains.get("current"), gains.get("champion")
    return None if current is None or again is None else (again, current - again)


def _metrics(evaluation: Evidence) -> Html:
    models = {NAMES.get(name, name): each for name, each in evaluation["candidates"].items()}
    models |= {"the champion": evaluation["champion"]} if evaluation["champion"] else {}
    models |= {"a constant answer": evaluation[CONSTANT]}
    names = list(evaluation[CONSTANT]["metrics"])
    rows = [(model, *[_estimate(each["metrics"][name]) for name in names]) for model, each in models.items()]
    return html("<h2>Metrics on the same rows</h2>{}", table(["model", *names], rows))


def _slices(judgement: Judgement, evaluation: Evidence) -> Html:
    parts = evaluation["candidates"][judgement.recipe]["slices"]
    if not parts:
        return Html("")
    rows = [
        (part["column"], part["value"], part["rows"], part.get("ours", "too few rows"), part.get("theirs", ""))
        for part in parts
    ]
    heads = ["column", "value", "rows", f"challenger's {evaluation['primary']}", "champion's"]
    return html("<h2>Slices: {}</h2>{}", NAMES.get(judgement.recipe, judgement.recipe), table(heads, rows))


def _estimate(value: Evidence) -> str:
    if value["value"] is None:
        return "not defined"
    return f"{number(value['value'])} ({number(value['low'])} to {number(value['high'])})"
