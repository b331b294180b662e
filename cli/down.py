"""Remove what was made at run time, with its price per hour; data, ledger and registry stay. Asks first."""

import argparse
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.answer import UNCHANGED, Answer
from cli.inventory import Thing, inventory
from cli.prices import AS_OF, spoken
from cli.stack import enter


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel down` takes."""
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--registry", action="store_true", help="also the model versions and their groups")


def run(options: argparse.Namespace) -> Answer:
    """Show, ask, remove."""
    stack = enter(options)
    found = inventory(stack, options.registry)
    facts = {"stack": stack.name, "things": [_facts(thing) for thing in found], "prices_as_of": AS_OF}
    if not found:
        return Answer(facts | {"removed": 0}, f"Nothing that was made at run time is left of {stack.name}.")
    if not options.yes:
        Console(stderr=True, highlight=False).print(_table(found))
        if not _agreed(f"Remove these {len(found)} of {stack.name}? [y/N] "):
            return Answer(facts | {"removed": 0}, "Nothing was removed.", UNCHANGED)

    for thing in found:
        thing.remove()
    text = f"Removed {len(found)}: {_sum(found)} less. Buckets, ledger and what the template made stay: `sam delete`."
    return Answer(facts | {"removed": len(found)}, text)


def _facts(thing: Thing) -> dict[str, Any]:
    return {"kind": thing.kind, "name": thing.name, "usd_per_hour": thing.per_hour}


def _table(found: list[Thing]) -> Table:
    table = Table("what", "name", "per hour", box=None, padding=(0, 2, 0, 0))
    table.caption = f"on-demand list prices of us-east-1, {AS_OF}; together {_sum(found)}"
    table.caption_justify = "left"
    for thing in found:
        table.add_row(thing.kind, thing.name, "" if thing.per_hour == 0 else spoken(thing.per_hour))
    return table


def _sum(found: list[Thing]) -> str:
    known = sum(thing.per_hour for thing in found if thing.per_hour is not None)
    unknown = sum(thing.per_hour is None for thing in found)
    return f"{spoken(known)} an hour" + (f" and {unknown} of unknown price" if unknown else "")


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(question).strip().lower() in {"y", "yes"}
