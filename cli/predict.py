"""Ask a project's endpoint for predictions: a CSV or JSON file, `-` for standard input, or one row."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rich.table import Table
from tidewheel.aws import ledger
from tidewheel.aws.clients import client
from tidewheel.domain.errors import TidewheelError
from tidewheel.project.model import Project

from cli.answer import Answer
from cli.records import project
from cli.stack import enter

BATCH = 500  # rows a request: an endpoint takes 6 MB at most, a serverless one 4 MB
SHOWN = 20  # rows that a person is shown; --json has them all
YES = {"true", "1", "yes"}
READ: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "boolean": lambda text: text.strip().lower() in YES,
}


class NothingServes(TidewheelError):
    """The project has no endpoint in service yet."""


class RowsUnreadable(TidewheelError):
    """The rows to predict cannot be read."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel predict` takes."""
    parser.add_argument("project")
    parser.add_argument("file", nargs="?", help="CSV with a header, a JSON list or JSON lines; - is standard input")
    parser.add_argument("--row", help="one row: hour=8,dow=0,tmin=3.5,...")


def run(options: argparse.Namespace) -> Answer:
    """Read rows, ask the endpoint, show what it answered."""
    enter(options)
    types = _types(Project.model_validate(project(options.project)["document"]))
    rows = [_typed(each, types) for each in _given(options)]
    answers = list(ask(endpoint_of(options.project), rows))
    facts = {"project": options.project, "predictions": answers}
    return Answer(facts, _table(rows, answers))


def endpoint_of(name: str) -> str:
    """The endpoint that serves a project. Raises NothingServes."""
    pointer = ledger.find(name, "endpoint")
    if not pointer or not pointer.get("live"):
        remedy = f"Submit data first: `tidewheel submit FILE --project {name} --watch`"
        raise NothingServes("no model serves yet", place=f"project {name}", remedy=remedy)
    return str(pointer["endpoint_name"])


def ask(endpoint: str, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One answer for each row: what the model predicts, and which model version said so."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        answer = client("sagemaker-runtime").invoke_endpoint(
            EndpointName=endpoint,
            ContentType="application/json",
            Accept="application/json",
            Body=json.dumps({"instances": batch}),
        )
        said = json.loads(answer["Body"].read())
        for prediction in said["predictions"]:
            yield {**prediction, "model_version": said["model_version"]}


def _given(options: argparse.Namespace) -> list[dict[str, Any]]:
    if options.row:
        return [_pairs(options.row)]
    if not options.file:
        raise RowsUnreadable("there is nothing to predict", place="predict", remedy="Give a file, - or --row")
    text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8-sig")
    rows = _json(text, options.file) if text.lstrip()[:1] in {"[", "{"} else list(csv.DictReader(text.splitlines()))
    if not rows:
        raise RowsUnreadable("there are no rows", place=options.file, remedy="A CSV needs a header and a row")
    return rows


def _json(text: str, place: str) -> list[dict[str, Any]]:
    try:
        lines = [text] if text.lstrip().startswith("[") else [line for line in text.split("\n") if line.strip()]
        read = [json.loads(line) for line in lines]
    except json.JSONDecodeError as error:
        remedy = "Give a list of objects, or one object a line"
        raise RowsUnreadable(f"this is not JSON: {error}", place=place, remedy=remedy) from error
    return [dict(each) for each in (read[0] if isinstance(read[0], list) else read)]


def _pairs(text: str) -> dict[str, Any]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    if bad := next((name for name, sign, _ in pairs if not sign), None):
        raise RowsUnreadable(f"{bad!r} has no value", place="--row", remedy="Write name=value,name=value")
    return {name.strip(): value for name, _, value in pairs}


def _types(project: Project) -> dict[str, str]:
    """Feature to type; what is no feature is not sent."""
    return {name: project.contract.columns[name].type for name in project.features()}


def _typed(row: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    """The row's features as the contract types them."""
    return {name: _value(name, row.get(name), kind) for name, kind in types.items() if name in row}


def _value(name: str, value: Any, kind: str) -> Any:
    if not isinstance(value, str) or kind not in READ:
        return value
    if not value.strip():
        return None
    try:
        return READ[kind](value)
    except ValueError as error:
        remedy = f"The contract says that {name} is of type {kind}"
        raise RowsUnreadable(f"{value!r} does not fit", place=f"column {name}", remedy=remedy) from error


def _table(rows: Sequence[dict[str, Any]], answers: Sequence[dict[str, Any]]) -> Table:
    more = len(rows) - SHOWN
    table = Table(box=None, padding=(0, 2, 0, 0), caption=f"and {more:,} more: --json has all" if more > 0 else None)
    for name in [*rows[0], *answers[0]]:
        table.add_column(name, style="bold" if name not in rows[0] else "")
    for row, answer in islice(zip(rows, answers, strict=True), SHOWN):
        table.add_row(*[_shown(value) for value in (*row.values(), *answer.values())])
    return table


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
