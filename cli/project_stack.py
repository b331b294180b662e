"""What is done with project files in a stack: compare, upload and wait for the answer, list."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from rich.table import Table
from tidewheel.aws import ledger, objects
from tidewheel.aws.clients import client
from tidewheel.domain.errors import ObjectMissing, TidewheelError
from tidewheel.project.file import parse
from tidewheel.project.model import Project
from tidewheel.project.resources import diff as changes

from cli.answer import REFUSED, Answer
from cli.records import projects
from cli.stack import Stack, enter

PATIENCE = 120  # seconds for the stack to answer a project file
PAUSE = 0.3


class Unanswered(TidewheelError):
    """The stack did not answer an uploaded project file in time."""


def diff(options: argparse.Namespace) -> Answer:
    """What the upload of a file would change, against another file or against what is registered."""
    new = _read(Path(options.new))
    if options.old:
        found, against = changes(_read(Path(options.old)), new, options.stack), options.old
    else:
        found, against = changes(_registered(options, new.project), new, options.stack), f"stack {options.stack}"
    facts = {"against": against, "changes": [vars(each) for each in found]}
    return Answer(facts, "\n".join(map(str, found)) or f"Nothing differs from {against}.")


def _registered(options: argparse.Namespace, name: str) -> Project | None:
    enter(options)
    row = ledger.find(name, "project")
    return Project.model_validate(row["document"]) if row and row["status"] == "active" else None


def push(options: argparse.Namespace) -> Answer:
    """Check the files, upload them and wait for each to be registered or refused."""
    files = [Path(file) for file in options.files]
    names = [_read(file).project for file in files]
    stack = enter(options)
    versions = [_upload(stack, name, file) for name, file in zip(names, files, strict=True)]
    answers = [_answer(stack, name, version) for name, version in zip(names, versions, strict=True)]
    lines = [each["sentence"] for each in answers]
    return Answer(
        {"projects": answers}, "\n".join(lines), 0 if all(each["registered"] for each in answers) else REFUSED
    )


def listing(options: argparse.Namespace) -> Answer:
    """Every project with what it learns and how it is approved and served."""
    enter(options)
    table = Table("project", "status", "problem", "label", "approval", "rollout", box=None, padding=(0, 2, 0, 0))
    rows = projects()
    for row in rows:
        document = row["document"]
        how = (document["approval"]["mode"], document["rollout"]["kind"])
        table.add_row(row["project"], row["status"], document["problem"], document["contract"]["label"], *how)
    return Answer({"projects": rows}, table if rows else "No project is registered yet.")


def _read(file: Path) -> Project:
    return parse(file.read_text(encoding="utf-8"), str(file))


def _upload(stack: Stack, name: str, file: Path) -> str:
    answer = client("s3").put_object(
        Bucket=stack.outputs["AutomationBucket"], Key=f"projects/{name}.yaml", Body=file.read_bytes()
    )
    return str(answer["VersionId"])


def _answer(stack: Stack, name: str, version: str) -> dict[str, Any]:
    """The stack's answer to one version: the report that it writes beside the file when all is done."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        report = _report(stack, name)
        if report.get("version_id") == version:
            registered = report["status"] == "active"
            sentence = f"{name} is registered." if registered else _refusal(name, report)
            return {"project": name, "registered": registered, "report": report, "sentence": sentence}
        time.sleep(PAUSE)
    remedy = "Look at the logs of the function that registers projects"
    raise Unanswered(f"no answer within {PATIENCE} s", place=f"projects/{name}.yaml", remedy=remedy)


def _report(stack: Stack, name: str) -> dict[str, Any]:
    try:
        return dict(objects.read_json(stack.outputs["AutomationBucket"], f"projects/{name}.report.json"))
    except (ObjectMissing, json.JSONDecodeError):
        return {}


def _refusal(name: str, report: dict[str, Any]) -> str:
    lines = [
        f"line {each['line']}: {each['field']}: {each['problem']}. {each['remedy']}" for each in report["problems"]
    ]
    return "\n".join([f"{name} is refused, and nothing has changed:", *lines])
