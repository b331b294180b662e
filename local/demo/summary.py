"""The demo's last words in the terminal: a table of what was measured, and how to go on."""

import sys
from collections.abc import Mapping

from rich.table import Table

from local.demo.figures import Estimate
from local.demo.story import Story


def summary(story: Story) -> Table:
    """Each turn of the wheel in one column; every figure is the run's own."""
    table = Table("", *(turn.name for turn in story.turns), box=None, padding=(0, 3, 0, 0))
    for label, cells in rows(story).items():
        table.add_row(label, *cells)
    return table


def rows(story: Story) -> dict[str, list[str]]:
    """Label to one cell for each turn."""
    contests = [turn.contest for turn in story.turns]
    told = {
        "model": [_status(turn.link("model")) for turn in story.turns],
        "rows judged on": [f"{each.rows:,}" for each in contests],
    }
    metrics = dict.fromkeys(metric for each in contests for scores in each.scores.values() for metric in scores)
    models = dict.fromkeys(model for each in contests for model in each.scores)
    for metric in metrics:
        for model in models:
            told[f"{metric}, {model}"] = [spoken(each.scores.get(model, {}).get(metric)) for each in contests]
    told["challenger's lead"] = [spoken(each.lead) for each in contests]
    told["upload to end"] = [f"{turn.seconds:.1f} s in {len(turn.steps)} steps" for turn in story.turns]
    hours = sum(month.rows for month in story.months)
    told[f"logloss in {story.months[0].month:%Y}"] = [
        f"{version}: {sum(month.logloss[version] * month.rows for month in story.months) / hours:.3f}"
        for version in story.answers
    ]
    return told


def spoken(estimate: Estimate | None) -> str:
    """A figure with its interval."""
    if estimate is None or estimate.value is None:
        return "–"
    interval = "" if estimate.low is None or estimate.high is None else f" ({estimate.low:.3f} to {estimate.high:.3f})"
    return f"{estimate.value:.3f}{interval}"


def commands(*, kept: bool) -> str:
    """The three commands that try it with one's own CSV; a stack that was kept is the demo's own."""
    up = "" if kept else "make up                                   # and in another terminal:\n  "
    name = " --name demo" if kept else ""
    return (
        "\nYour own data:\n"
        f'  {up}eval "$({sys.executable} -m local env{name})"\n'
        "  tidewheel project init mine --csv YOUR.csv && tidewheel project push projects/mine.yaml\n"
        "  tidewheel submit YOUR.csv --project mine --watch"
    )


def _status(model: Mapping[str, object]) -> str:
    facts = model.get("facts")
    status = str(facts["status"]) if isinstance(facts, Mapping) else "unknown"
    return f"{model.get('id')} {status}"
