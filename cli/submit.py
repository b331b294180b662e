"""Upload a file to the inbox and, with --watch, follow it until a model serves or it is clear why not."""

import argparse
import time
from pathlib import Path
from typing import Any

from tidewheel.aws.clients import client
from tidewheel.domain.errors import TidewheelError

from cli import trace
from cli.answer import DONE, REFUSED, UNASKED, UNCHANGED, Answer
from cli.journey import Journey
from cli.records import project, projects
from cli.stack import enter
from cli.watch import Follower, follow

CODES = {"done": DONE, "refused": REFUSED, "failed": REFUSED, "unchanged": UNCHANGED}


class ProjectUnclear(TidewheelError):
    """It is not said for which project a file is meant."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel submit` takes."""
    parser.add_argument("file", type=Path, help="CSV, JSON lines or Parquet")
    parser.add_argument("--project", help="not needed where there is only one")
    parser.add_argument("--as", dest="key", help="the name below <project>/ in the inbox; default the file's name")
    parser.add_argument("--watch", action="store_true", help="follow it to the endpoint")


def run(options: argparse.Namespace) -> Answer:
    """Upload, then watch if asked to."""
    stack = enter(options)
    name = project(options.project)["project"] if options.project else _only_project()
    key = f"{name}/{options.key or options.file.name}"
    uri, version_id = upload(stack.outputs["InboxBucket"], key, options.file)
    facts = {"project": name, "upload": uri, "version_id": version_id}
    if not options.watch:
        return Answer(facts, f"Uploaded to {uri}. Ask how it fares with `tidewheel why {uri}`.")

    began = time.monotonic()
    follower = Follower(stack, lambda: trace.of_upload(stack, name, key, version_id), version_id)
    ended = follow(follower, f"{options.file.name} → {name}", quiet=options.json)
    return ending(ended, facts, time.monotonic() - began, follower)


def upload(bucket: str, key: str, file: Path) -> tuple[str, str]:
    """Put the file and answer its URI and version, as data teams do."""
    with file.open("rb") as body:
        answer = client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return f"s3://{bucket}/{key}", str(answer["VersionId"])


def ending(ended: Journey, facts: dict[str, Any], seconds: float, follower: Follower) -> Answer:
    """The answer that a watched journey ends with."""
    stages = [
        {"stage": stage.name, "state": stage.state, "said": stage.said, "seconds": follower.seconds(stage.name)}
        for stage in ended.stages
    ]
    facts = facts | ended.ids | {"outcome": ended.outcome, "sentence": ended.sentence, "seconds": round(seconds, 2)}
    facts |= {"stages": stages}
    code = CODES.get(str(ended.outcome), UNASKED)
    return Answer(facts, f"{ended.sentence} ({seconds:.1f} s)", code)


def _only_project() -> str:
    names = [str(row["project"]) for row in projects() if row.get("status") != "retired"]
    if len(names) == 1:
        return names[0]
    remedy = f"Add --project with one of: {', '.join(names)}" if names else "Register one with `tidewheel project push`"
    raise ProjectUnclear("the project is not clear", place="submit", remedy=remedy)
