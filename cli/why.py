"""Why something is as it is: from a prediction's model back to run, decision, snapshot, datasets and uploads."""

import argparse
from dataclasses import asdict

from rich.markup import escape
from rich.table import Table

from cli.answer import Answer
from cli.chain import find
from cli.links import Link, links
from cli.stack import enter


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel why` takes."""
    parser.add_argument("thing", help="bikeshare/2, ds-..., dec-..., s3://bucket/key, a run's id or a project")


def run(options: argparse.Namespace) -> Answer:
    """Gather the chain and show it from the model down to the upload."""
    stack = enter(options)
    chain = find(stack, options.thing)
    found = links(chain)
    return Answer({"project": chain.project, "chain": [asdict(link) for link in found]}, _table(found))


def _table(found: list[Link]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    for link in found:
        first, *rest = link.says or ("",)
        when = f" [dim]{link.at[:19].replace('T', ' ')}[/]" if link.at else ""
        table.add_row(link.what, escape(link.id) + when)
        for line in (first, *rest):
            if line:
                table.add_row("", escape(line))
    return table
