"""The story as one HTML page: what happened, in charts, with every figure from the run itself."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from local.demo import svg
from local.demo.figures import Contest
from local.demo.story import Story, Turn
from local.demo.style import STYLE
from local.demo.summary import rows


def page(story: Story) -> str:
    """The whole page: one file, nothing loaded from anywhere."""
    body = "".join(
        [
            f"<header><h1>{escape(_headline(story))}</h1><p class=lead>{escape(_lead(story))}</p></header>",
            _section("The contest", _contest_words(story.turns[-1]), _contest(story.turns[-1].contest)),
            _section("The year that neither had seen", _later_words(story), _later(story)),
            _section("Is a probability what it says?", RELIABILITY, _reliability(story)),
            _section("A morning in January", "What the endpoint answered, before and after.", _morning(story)),
            *(_section(f"The wheel, {turn.name}", _pace(turn), _timeline(turn)) for turn in story.turns if turn.steps),
            _section("In figures", "Each is read from the run's own evaluation, ledger or registry.", _figures(story)),
            _section("Why", "The chain behind the second model, as `tidewheel why` tells it.", _chain(story.turns[-1])),
        ]
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{_headline(story)}</title>'
    return (
        f"<!doctype html><html lang=en><head>{head}<style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


RELIABILITY = (
    "Dots are the share of busy hours in each month, lines the mean probability that a model gave. A reliable model "
    "runs through the dots; one that the world has left behind runs beside them."
)


def _headline(story: Story) -> str:
    return f"{story.champion} serves" if story.champion.endswith("/2") else f"{story.champion} still serves"


def _lead(story: Story) -> str:
    first, second = (turn.contest for turn in story.turns)
    return (
        f"Capital Bikeshare, Washington DC: will the coming hour need the extra crew? A first model was judged on "
        f"{first.rows:,} hours, its challenger on {second.rows:,} that neither had seen. "
        f"All of it took {story.seconds:.0f} seconds on this machine."
    )


def _section(title: str, words: str, inner: str) -> str:
    return f"<section><h2>{escape(title)}</h2><p>{escape(words)}</p>{inner}</section>"


def _contest_words(turn: Turn) -> str:
    says = [str(line) for line in turn.link("verdict").get("says", ())]
    return " ".join(says) or str(turn.link("model").get("says", [""])[0])


def _contest(found: Contest) -> str:
    scores = [(name, each[found.metric]) for name, each in found.scores.items() if name != "constant"]
    drawn = [(name, each.value, each.low, each.high) for name, each in scores]
    label = f"{found.metric} on {found.rows:,} rows with {found.confidence:.0%} intervals, lower is better"
    return svg.intervals(drawn, label) + _caption(label)


def _later_words(story: Story) -> str:
    year = f"{story.months[0].month:%Y}"
    return f"Every hour of {year} was put to the endpoint, before and after the second upload: logloss by month."


def _later(story: Story) -> str:
    ticks = [f"{month.month:%b}" for month in story.months]
    named = {version: [month.logloss[version] for month in story.months] for version in story.answers}
    return svg.legend(named) + svg.lines(named, ticks, "logloss by month, lower is better")


def _reliability(story: Story) -> str:
    ticks = [f"{month.month:%b}" for month in story.months]
    named = {version: [month.expected[version] for month in story.months] for version in story.answers}
    dots = [month.busy for month in story.months]
    return svg.legend(named) + svg.lines(named, ticks, "mean probability and share of busy hours by month", dots)


def _morning(story: Story) -> str:
    head = ["hour", *story.answers, "what happened"]
    cells = [
        [
            f"{row['ts']:%a %H:00}",
            *(f"{row[version]:.3f}" for version in story.answers),
            "busy" if row["busy"] else "calm",
        ]
        for row in story.morning
    ]
    return _table(head, cells)


def _pace(turn: Turn) -> str:
    return f"{len(turn.steps)} steps of the state machines, {turn.seconds:.1f} seconds from the upload to the end."


def _timeline(turn: Turn) -> str:
    began = datetime.fromisoformat(turn.steps[0]["started"])
    drawn = [
        (
            step["stage"],
            step["name"],
            (datetime.fromisoformat(step["started"]) - began).total_seconds(),
            _seconds(step["started"], step["ended"]),
        )
        for step in turn.steps
    ]
    return svg.legend(dict.fromkeys(stage for stage, *_ in drawn)) + svg.spans(drawn, "steps in seconds")


def _seconds(started: str, ended: str | None) -> float:
    if not ended:
        return 0.0
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds()


def _figures(story: Story) -> str:
    return _table(["", *(turn.name for turn in story.turns)], [[label, *cells] for label, cells in rows(story).items()])


def _chain(turn: Turn) -> str:
    parts = (
        f"<dt>{escape(link['what'])}</dt><dd><code>{escape(link['id'])}</code>"
        f"{''.join(f'<br>{escape(str(line))}' for line in link['says'])}</dd>"
        for link in turn.chain
    )
    return f"<dl>{''.join(parts)}</dl>"


def _caption(words: str) -> str:
    return f"<p class=caption>{escape(words)}</p>"


def _table(head: Iterable[str], cells: Iterable[Iterable[str]]) -> str:
    first = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    rest = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in cells)
    return f"<div class=wide><table><tr>{first}</tr>{rest}</table></div>"
