"""What can be done with project files without a stack: begin one, and check it."""

import argparse
import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from tidewheel.domain.errors import ProjectInvalid, TidewheelError
from tidewheel.project.file import ProjectFileInvalid, parse

from cli.answer import REFUSED, Answer

LOOKED_AT = 1000  # rows of --csv whose values tell the types
HEADER = "# yaml-language-server: $schema=project.schema.json\n"
EXAMPLE = {"size": "number", "colour": "string", "answer": "integer"}


class FileThere(TidewheelError):
    """A file that would be written exists."""


def init(options: argparse.Namespace) -> Answer:
    """Write `projects/<name>.yaml`, with the columns of a CSV if one is given; never over a file that is there."""
    columns = _columns(Path(options.csv)) if options.csv else EXAMPLE
    label = options.label or list(columns)[-1]
    text = _smallest(options.name, options.problem, label, columns)
    parse(text, f"projects/{options.name}.yaml")
    target = Path("projects") / f"{options.name}.yaml"
    if target.exists():
        raise FileThere("this file is there already", place=str(target), remedy="Choose another name, or edit it")
    target.parent.mkdir(exist_ok=True)
    target.write_text(text)
    return Answer({"file": str(target)}, f"{target} is written. Look at it, then `tidewheel project push {target}`.")


def check(options: argparse.Namespace) -> Answer:
    """Every file's problems; the code is 1 if there is one."""
    reports = {file: problems(Path(file)) for file in options.files}
    lines = [
        f"{file}: well" if not found else "\n".join(f"{file}: {each}" for each in found)
        for file, found in reports.items()
    ]
    facts = {"files": {file: [vars(each) for each in found] for file, found in reports.items()}}
    return Answer(facts, "\n".join(lines), REFUSED if any(reports.values()) else 0)


def problems(file: Path) -> Sequence[object]:
    """What is wrong with a file, in the order of its lines; nothing if it is well."""
    try:
        parse(file.read_text(encoding="utf-8"), str(file))
    except ProjectFileInvalid as invalid:
        return invalid.problems
    return ()


def _smallest(name: str, problem: str, label: str, columns: dict[str, str]) -> str:
    time = next((column for column, kind in columns.items() if kind == "timestamp"), None)
    lines = [f"project: {name}", f"problem: {problem}", "contract:", f"  label: {label}"]
    lines += [f"  event_time: {time}"] if time else []
    lines += ["  columns:", *(f"    {column}: {kind}" for column, kind in columns.items())]
    return HEADER + "\n".join(lines) + "\n"


def _columns(file: Path) -> dict[str, str]:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        reader = csv.DictReader(lines)
        rows = list(islice(reader, LOOKED_AT))
    if not rows or not reader.fieldnames:
        raise ProjectInvalid("there are no rows", place=str(file), remedy="A CSV needs a header and a row")
    return {name: _type(row[name] for row in rows if row[name]) for name in reader.fieldnames}


def _type(values: Iterable[str]) -> str:
    """The narrowest type that all values fit."""
    seen = list(values)
    fits = (kind for kind, read in READERS.items() if seen and all(_reads(read, value) for value in seen))
    return next(fits, "string")


READERS = {"integer": int, "number": float, "timestamp": datetime.fromisoformat}


def _reads(read: object, value: str) -> bool:
    try:
        read(value)  # type: ignore[operator]
    except ValueError:
        return False
    return True
