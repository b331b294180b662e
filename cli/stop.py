"""Stop a run: its execution ends, its jobs really stop, and the project is free for the next one."""

import argparse
import time
from typing import Any

from botocore.exceptions import ClientError
from tidewheel.aws import ledger
from tidewheel.aws.clients import client
from tidewheel.aws.ledger import Row
from tidewheel.domain.errors import RowMissing

from cli import jobs
from cli.answer import REFUSED, UNCHANGED, Answer
from cli.records import projects
from cli.stack import Stack, enter

PATIENCE = 900  # seconds; SageMaker gives a job 120 s to save its work
PAUSE = 1.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tidewheel stop` takes."""
    parser.add_argument("run", help="a run's id, as `tidewheel status` shows it")


def run(options: argparse.Namespace) -> Answer:
    """Stop the run and wait until nothing of it is left."""
    stack = enter(options)
    training = _training(options.run)
    name = str(training["project"])
    facts: dict[str, Any] = {"run_id": options.run, "project": name}
    if training.get("owner") != options.run:
        ended = ledger.find(name, "run", options.run) or {}
        return Answer(facts, f"{options.run} is not under way ({ended.get('status', 'unknown')}).", UNCHANGED)

    stopped = jobs.running(f"{stack.prefix}-{options.run}-")
    _stop_execution(str(training["execution"]))
    for job in stopped:
        jobs.stop(job)
    facts |= {"execution": training["execution"], "jobs": [job.name for job in stopped]}
    return _watched(name, options.run, stack, facts)


def _training(run_id: str) -> Row:
    """The training row of the project that the run belongs to. Raises RowMissing."""
    for row in projects():
        name = str(row["project"])
        training = ledger.find(name, "training") if run_id.startswith(f"{name}-") else None
        if training and (training.get("owner") == run_id or ledger.find(name, "run", run_id)):
            return training
    raise RowMissing("there is no such run", place=run_id, remedy="See `tidewheel status` for those under way")


def _stop_execution(arn: str) -> None:
    try:
        client("stepfunctions").stop_execution(executionArn=arn, error="StoppedByOperator", cause="tidewheel stop")
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ExecutionDoesNotExist", "ValidationException"}:
            raise


def _watched(name: str, run_id: str, stack: Stack, facts: dict[str, Any]) -> Answer:
    """Wait for the last job and for the lease; a job that began meanwhile is stopped as well."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        left = jobs.running(f"{stack.prefix}-{run_id}-")
        for job in left:
            jobs.stop(job)
        if not left and (ledger.find(name, "training") or {}).get("owner") != run_id:
            return Answer(facts | {"stopped": True}, f"{run_id} has stopped, and {name} is free for the next run.")
        time.sleep(PAUSE)
    text = f"{run_id} has been told to stop, but {name} is not free yet: ask `tidewheel status` again."
    return Answer(facts | {"stopped": False}, text, REFUSED)
