"""deploy against the local SageMaker: real endpoints, registry and ledger; the flow is played, without its waits."""

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from deploy import plan_deployment, verify_endpoint
from tidewheel.aws import clients, ledger
from tidewheel.domain.errors import TidewheelError
from tidewheel.settings import settings

from local.stack import LocalStack
from local.states.resources import Resource, parse
from tests.emulated import lay_out
from tests.flows.rollouts.toy import Registry
from tests.functions.deploy.world import Context
from tests.statemachines.runner import Error, Played, load, play

TOKENS = {"Ledger": "ledger", "Bus": "tidewheel", "Prefix": "tw", "Key": ""}
HANDLERS = {"PlanDeployment": plan_deployment.handler, "VerifyEndpoint": verify_endpoint.handler}


@pytest.fixture(scope="module")
def registry() -> Iterator[Registry]:
    """A local stack that our clients talk to, with a project and an empty registry."""
    before = dict(os.environ)
    with LocalStack("test-rollouts") as stack:
        os.environ |= stack.environment({})
        clients.client.cache_clear()
        lay_out()
        clients.client("events").create_event_bus(Name="tidewheel")
        yield Registry.of("bikeshare")
    os.environ.clear()
    os.environ.update(before)
    clients.client.cache_clear()
    settings.cache_clear()


@pytest.fixture
def turn(registry: Registry) -> Callable[[dict[str, Any]], Played]:
    """Wakes the flow with an event, and lets it call the local AWS."""
    tokens = TOKENS | {"ServingRole": registry.role}
    states = load("deploy", tokens)["States"]
    answers = {name: _call(name, parse(each["Resource"])) for name, each in states.items() if each["Type"] == "Task"}
    return lambda event: play("deploy", event, answers, tokens, name=str(uuid4()))


def _call(state: str, resource: Resource) -> Callable[[dict[str, Any]], Any]:
    if state in HANDLERS:
        return lambda arguments: _settled(HANDLERS[state], arguments["Payload"])
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in resource.action)

    def call(arguments: dict[str, Any]) -> Any:
        try:
            answer = getattr(clients.client(resource.client), name)(**_texts(arguments))
        except ClientError as error:
            said = error.response["Error"]
            raise Error(resource.error(said["Code"]), said["Message"]) from error
        return json.loads(json.dumps(answer, default=str))

    return call


def _settled(handler: Callable[..., Any], payload: dict[str, Any]) -> Any:
    """What the handler says once the endpoint stands still: the played flow does not wait."""
    try:
        while (found := handler(payload, Context()))["answer"] == "waiting":
            time.sleep(0.1)
    except TidewheelError as error:
        time.sleep(0.1)
        raise Error(type(error).__name__, str(error)) from error
    return found


def _texts(arguments: dict[str, Any]) -> dict[str, Any]:
    """Step Functions sends an event's detail as JSON text."""
    for entry in arguments.get("Entries", []):
        entry["Detail"] = json.dumps(entry["Detail"])
    return arguments


@pytest.fixture
def champion() -> Callable[[], int]:
    """The version that the pointer names; 0 for none."""
    return lambda: ledger.get("bikeshare", "endpoint")["live_version"]
