"""Go back to the last good model; the rollout is verified like any other."""

import argparse
import time
import uuid
from typing import Any

from tidewheel.aws import ledger

from cli.answer import REFUSED, UNCHANGED, Answer
from cli.events import publish
from cli.records import deployments_of, last_good, project, version
from cli.stack import enter

PATIENCE = 3600  # seconds to watch: SageMaker gives an endpoint update less
PAUSE = 1.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel rollback` takes."""
    parser.add_argument("project")
    parser.add_argument("--reason", required=True, help="why; it is kept with the deployment")
    parser.add_argument("--watch", action="store_true", help="wait until it serves, verified")


def run(options: argparse.Namespace) -> Answer:
    """Ask for the model before this one; say so if there is none."""
    enter(options)
    name = project(options.project)["project"]
    pointer = ledger.find(name, "endpoint") or {}
    live = pointer.get("live")
    previous = last_good(name, pointer) if live else None
    facts: dict[str, Any] = {"project": name, "live": live, "previous": previous}
    if not previous:
        text = f"There is nothing to go back to: {name} has no earlier model that served and is still approved."
        return Answer(facts, text, UNCHANGED)

    known = [row["sk"] for row in deployments_of(name, version(previous))]
    cause = f"request:{uuid.uuid4()}"
    publish("RollbackRequested", name, cause, options.reason)
    target = f"{name}/{version(previous)}"
    facts |= {"cause_id": cause, "target": target}
    if not options.watch:
        return Answer(facts, f"Asked for {target}. See it serve with `tidewheel status`.")
    return _watched(name, previous, target, facts, pointer, known)


def _watched(
    name: str, previous: str, target: str, facts: dict[str, Any], before: ledger.Row, known: list[str]
) -> Answer:
    revision = int(before.get("revision") or 0)
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        pointer = ledger.get(name, "endpoint")
        if pointer.get("live") == previous and int(pointer.get("revision") or 0) > revision:
            return Answer(facts | {"outcome": "done"}, f"{target} serves again, verified.")
        tried = [row for row in deployments_of(name, version(previous)) if row["sk"] not in known]
        if tried and tried[-1]["status"] in {"failed", "stale"}:
            text = f"{target} does not serve: {tried[-1].get('reason') or tried[-1]['status']}"
            return Answer(facts | {"outcome": "failed"}, text, REFUSED)
        time.sleep(PAUSE)
    return Answer(facts | {"outcome": "unknown"}, f"{target} has not come into service within an hour.", REFUSED)
