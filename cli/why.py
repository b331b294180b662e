"""Why something is as it is: from a prediction's model back to run, decision, snapshot, datasets and uploads."""

import argparse
from dataclasses import asdict
from typing import Any

from rich.console import Group
from rich.markup import escape
from rich.table import Table

from cli.answer import Answer
from cli.chain import causes, find
from cli.executions import timeline
from cli.links import Link, links
from cli.stack import enter


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel why` takes."""
    parser.add_argument("thing", help="bikeshare/2, ds-..., dec-..., s3://bucket/key, a run's id or a project")
    parser.add_argument("--steps", action="store_true", help="also each step of its executions, with its time")


def run(options: argparse.Namespace) -> Answer:
    """Gather the chain and show it from the model down to the upload."""
    stack = enter(options)
    chain = find(stack, options.thing)
    found = links(chain)
    facts: dict[str, Any] = {"project": chain.project, "chain": [asdict(link) for link in found]}
    if not options.steps:
        return Answer(facts, _table(found))
    told = timeline(stack, causes(chain))
    return Answer(facts | {"steps": told}, Group(_table(found), "", _steps(told)))


def _steps(told: list[dict[str, Any]]) -> Table:
    table = Table("stage", "step", "began", "took", box=None, padding=(0, 2, 0, 0))
    for step in told:
        took = f"{(step['ended'] - step['started']).total_seconds():.2f} s" if step["ended"] else "under way"
        table.add_row(step["stage"], step["name"], f"{step['started']:%H:%M:%S}", took)
    return table


def _table(found: list[Link]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for link in found:
        first, *rest = link.says or ("",)
        when = f" [dim]{link.at[:19].replace('T', ' ')}[/]" if link.at else ""
        table.add_row(link.what, escape(link.id) + when)
        for line in (first, *rest):
            if line:
                table.add_row("", escape(line))
    return table
