"""The whole stack in one process: four flows, their handlers, the template's rules, DynamoDB and S3 by moto, and
stand-ins for the rest. Time is virtual and chance is seeded, so a turn from upload to endpoint takes a blink.

    with World().opened() as world:
        world.project("trips")
        world.upload("trips/a.csv", body)
        world.loop.run()
        assert world.serves("trips") == 1
"""

import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from moto.moto_api._internal import mock_random
from tidewheel.aws import ledger, source
from tidewheel.aws.clients import client
from tidewheel.project.file import parse

from local.states import sessions
from tests.emulated import start_over
from tests.functions.context import Context
from tests.proofs.answers import Functions, answering
from tests.proofs.bus import FLOWS, Bus, Event, template
from tests.proofs.flow import Execution
from tests.proofs.loop import Loop
from tests.proofs.others import Executions, Mail, Scheduler
from tests.proofs.sagemaker_models import SageMaker
from tests.proofs.tables import Tables
from tests.statemachines.runner import load

TOKENS = {"Ledger": "ledger", "Bus": "tidewheel", "BusArn": "bus", "Prefix": "tw", "Key": "", "Topic": "topic"}
TOKENS |= {"ScheduleGroup": "tw", "SchedulerRole": "role", "ScheduleDeadLetters": "queue"}
TOKENS |= dict.fromkeys(("TrainingRole", "EvaluationRole", "ServingRole"), "arn:aws:iam::123456789012:role/job")
FILE = """
project: {name}
problem: binary
contract: {{label: busy, columns: {{hour: integer, busy: integer}}}}
gate: {{minimum_rows: 1}}
approval: {{mode: {mode}}}
retrain: {{cooldown_hours: {cooldown}}}
"""
Delays = Callable[[str, Event], list[float]]


class World:
    """See above. `delays` says after how many seconds, and how often, a flow hears of an event; `tells`, whether the
    end of an execution that was aborted is told; `cut(execution, state)` where one is: before, during or after a call.
    """

    def __init__(self, chance: Random | None = None, mixed: bool = False) -> None:
        self.loop = Loop(chance or Random(0), mixed)  # noqa: S311 (no secret)
        self.bus = Bus(lambda: self.loop.now, self._deliver)
        self.sagemaker = SageMaker(lambda: self.loop.now, self.bus)
        self.scheduler = Scheduler(self.loop, self.bus)
        self.mail = Mail()
        self.functions = Functions(handlers(), Context())
        self.executions: list[Execution] = []
        self.projects: set[str] = set()
        self.uploads: list[tuple[str, str, bytes]] = []  # key, version, body
        self.causes: list[tuple[str, Event]] = []  # all that was to be delivered, once each
        self.instead: dict[str, dict[str, Any]] = {}  # other definitions
        self.tells = True
        self.delays: Delays = lambda flow, event: [0.0]
        self.cut: Callable[[Execution, str], str] = lambda execution, state: ""

    @contextmanager
    def opened(self) -> Iterator["World"]:
        """Start from an empty AWS; all calls of the process go into this world."""
        start_over()
        services = {
            "sagemaker": self.sagemaker, "sagemaker-runtime": self.sagemaker, "lambda": self.functions,
            "events": self.bus, "scheduler": self.scheduler, "sns": self.mail,
            "stepfunctions": Executions(self.executions), "dynamodb": Tables(),
        }  # fmt: skip
        ours = patch.object(sessions, "client", lambda service, role, region: client(service))
        packed = patch.multiple(source, collect=lambda: CODE, tarball=lambda code: b"tar", executable=lambda code: b"")
        with answering(services, self._before), ours, packed:
            try:
                yield self
            finally:
                self.loop.close()

    def project(self, name: str, mode: str = "auto", cooldown: float = 0) -> None:
        """Register a project, as ApplyProject does."""
        self.projects.add(name)
        project = parse(FILE.format(name=name, mode=mode, cooldown=cooldown))
        row = {"name": name, "status": "active", "document": project.model_dump(mode="json")}
        row |= {"recipe_digest": project.recipe_digest, "contract_digest": project.contract_digest}
        ledger.write(ledger.put(name, "project", "", row))

    def upload(self, key: str, body: bytes) -> Event:
        """Put a file into the inbox, of which S3 tells."""
        mock_random.seed(len(self.uploads))  # so that the version's name is the same in every run
        version = client("s3").put_object(Bucket="inbox", Key=key, Body=body)["VersionId"]
        self.uploads.append((key, version, body))
        about = {"key": key, "size": len(body), "version-id": version, "sequencer": f"{len(self.uploads):018}"}
        return self.bus.emit("aws.s3", "Object Created", {"bucket": {"name": "inbox"}, "object": about})

    def say(
        self, detail_type: str, project: str, cause_id: str, source: str = "tidewheel.operator", **more: Any
    ) -> Event:
        """An operator or a schedule says something on the stack's bus."""
        return self.bus.emit(
            source, detail_type, {"schema": 1, "project": project, "cause_id": cause_id, **more}, "tidewheel"
        )

    def start(self, flow: str, event: Event) -> Execution:
        """An execution of a flow; it begins when it is its turn."""
        execution = Execution(flow, event, len(self.executions), self)
        self.executions.append(execution)
        self.loop.start(execution.run)
        return execution

    def definition(self, flow: str) -> dict[str, Any]:
        """The flow's definition as it is deployed."""
        return self.instead.get(flow) or DEFINITIONS[flow]

    def _deliver(self, flow: str, event: Event) -> None:
        self.causes.append((flow, event))
        for seconds in self.delays(flow, event):
            self.loop.at(self.loop.now + timedelta(seconds=seconds), lambda: self.start(flow, event))

    def _before(self) -> None:
        """Each call of a handler, too, is a moment at which others may be first."""
        self.loop.tick()


def handlers() -> Mapping[str, Callable[[dict[str, Any], Any], Any]]:
    """Every function that a flow calls, by its logical id."""
    found = {}
    for name, resource in template()["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            module, _, function = resource["Properties"]["Handler"].rpartition(".")
            if module.split(".")[0] in FLOWS:
                found[name] = getattr(importlib.import_module(module), function)
    return found


DEFINITIONS = {flow: load(flow, TOKENS | {name: name for name in handlers()}) for flow in FLOWS}
CODE: dict[str, bytes] = {}  # what jobs run is not what is proved here


def rows(n: int, count: int = 12) -> bytes:
    """A file of a few rows, other bytes for each n."""
    return b"hour,busy\n" + b"".join(b"%d,%d\n" % (n * 100 + at, at % 2) for at in range(count))


def said(event: Event) -> str:
    """An event in one line, for messages."""
    return f"{event['source']} {event['detail-type']} {json.dumps(event['detail'])[:120]}"
