"""The story as one HTML page: what happened, in charts, with every figure from the run itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tidewheel.reports.page import Html, figures, html, table
from tidewheel.reports.page import page as whole

from local.demo import svg
from local.demo.figures import Contest
from local.demo.story import Story, Turn
from local.demo.summary import rows

RELIABILITY = (
    "Dots are the share of busy hours in each month, lines the mean probability that a model gave. A reliable model "
    "runs through the dots; one that the world has left behind runs beside them."
)
LEARNT = "2012, and a challenger learnt that"


def page(story: Story) -> str:
    """The whole page: one file, nothing loaded from anywhere."""
    return whole(
        _headline(story),
        html("<h1>{}</h1><p class='soft'>{}</p>", _headline(story), _lead(story)),
        figures(_large(story)),
        _section("The contest", _reasons(story.turns[-1]), _contest(story.turns[-1].contest)),
        _section("The year that neither had seen", _about(story), _later(story)),
        _section("Is a probability what it says?", RELIABILITY, _reliability(story)),
        _section("A morning in January", "What the endpoint answered, before and after.", _morning(story)),
        *(_section(f"The wheel, {turn.name}", _pace(turn), _timeline(turn)) for turn in story.turns if turn.steps),
        _section("In figures", "Each is read from the run's own evaluation, ledger or registry.", _figures(story)),
        _section("Why", "The chain behind the second model, as `tidewheel why` tells it.", _chain(story.turns[-1])),
        footer="Capital Bikeshare, Washington DC; trip counts by the operator, weather by the US weather service",
    )


def _headline(story: Story) -> str:
    return f"{story.champion} serves" if story.champion.endswith("/2") else f"{story.champion} still serves"


def _lead(story: Story) -> str:
    second = "2012 with its labels shuffled, and a challenger found nothing to learn" if story.shuffled else LEARNT
    return (
        "Will the coming hour need the extra crew? A model learnt the first year of a city's bicycles; then came "
        f"{second}. Both were asked about the same hours, which neither had seen."
    )


def _large(story: Story) -> list[tuple[str, str]]:
    last = story.turns[-1].contest
    told = [(f"{last.metric}, {name}", f"{scores[last.metric].value:.3f}") for name, scores in last.scores.items()]
    return [*told, ("hours judged on", f"{last.rows:,}"), ("the whole story", f"{story.seconds:.0f} s")]


def _section(title: str, words: str, inner: Html) -> Html:
    return html("<h2>{}</h2><p class='soft'>{}</p>{}", title, words, inner)


def _reasons(turn: Turn) -> str:
    says = [str(line) for line in turn.link("verdict").get("says", ())]
    return " ".join(says) or str(turn.link("model").get("says", [""])[0])


def _contest(found: Contest) -> Html:
    scores = [(name, each[found.metric]) for name, each in found.scores.items() if name != "constant"]
    drawn = [(name, each.value, each.low, each.high) for name, each in scores]
    label = f"{found.metric} on {found.rows:,} rows with {found.confidence:.0%} intervals; lower is better"
    return svg.intervals(drawn, label)


def _about(story: Story) -> str:
    return f"Every hour of {story.months[0].month:%Y} was put to the endpoint, before and after the second upload."


def _later(story: Story) -> Html:
    named = {version: [month.logloss[version] for month in story.months] for version in story.answers}
    return svg.curves(named, _ticks(story), "logloss by month; lower is better")


def _reliability(story: Story) -> Html:
    named = {version: [month.expected[version] for month in story.months] for version in story.answers}
    dots = [month.busy for month in story.months]
    return svg.curves(named, _ticks(story), "mean probability, and share of busy hours, by month", dots)


def _ticks(story: Story) -> list[str]:
    return [f"{month.month:%b}" for month in story.months]


def _morning(story: Story) -> Html:
    cells = [
        [f"{row['ts']:%a %H:00}", *(row[version] for version in story.answers), "busy" if row["busy"] else "calm"]
        for row in story.morning
    ]
    return table(["hour", *story.answers, "what happened"], cells)


def _pace(turn: Turn) -> str:
    return f"{len(turn.steps)} steps of the state machines, {turn.seconds:.1f} seconds from the upload to the end."


def _timeline(turn: Turn) -> Html:
    began = datetime.fromisoformat(turn.steps[0]["started"])
    drawn = []
    for step in turn.steps:
        started = datetime.fromisoformat(step["started"])
        took = (datetime.fromisoformat(step["ended"] or step["started"]) - started).total_seconds()
        drawn.append((step["stage"], step["name"], (started - began).total_seconds(), took))
    return svg.spans(drawn, "each step in seconds")


def _figures(story: Story) -> Html:
    return table(["", *(turn.name for turn in story.turns)], [[label, *cells] for label, cells in rows(story).items()])


def _chain(turn: Turn) -> Html:
    lines = [[link["what"], _link(link)] for link in turn.chain]
    return table(["", ""], lines)


def _link(link: Mapping[str, Any]) -> Html:
    says = [html("<br><small>{}</small>", line) for line in link["says"]]
    return html("<code>{}</code>{}", link["id"], says)
