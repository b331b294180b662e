"""Ask for a training; cooldown, budget and freeze still decide. With --watch, follow it to the endpoint."""

import argparse
import time
import uuid

from cli import trace
from cli.answer import Answer
from cli.events import publish
from cli.records import project
from cli.stack import enter
from cli.submit import ending
from cli.watch import Follower, follow


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel retrain` takes."""
    parser.add_argument("project")
    parser.add_argument("--reason", required=True, help="why; it is kept with the decision")
    parser.add_argument("--watch", action="store_true", help="follow it to the endpoint")


def run(options: argparse.Namespace) -> Answer:
    """Publish the request; its decision has an id before it is taken."""
    stack = enter(options)
    name = project(options.project)["project"]
    cause = f"request:{uuid.uuid4()}"
    publish("RetrainingRequested", name, cause, options.reason)
    decision = trace.decision_id(cause)
    facts = {"project": name, "cause_id": cause, "decision_id": decision}
    if not options.watch:
        return Answer(facts, f"Asked. The decision will be {decision}: `tidewheel why {decision}`.")

    began = time.monotonic()
    follower = Follower(stack, lambda: trace.of_request(stack, name, cause, options.reason), cause)
    ended = follow(follower, f"retraining {name}", quiet=options.json)
    return ending(ended, facts, time.monotonic() - began, follower)
