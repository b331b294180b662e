"""A stack for the command: moto's AWS, its outputs, and a project in the ledger."""

import json

import pytest
from botocore.exceptions import ClientError
from tidewheel.aws.clients import client

from cli import executions
from cli.main import main
from tests.cli.world import OUTPUTS, register

MISSING = {"Error": {"Code": "ValidationError", "Message": "Stack with id nowhere does not exist"}}
ROLE = "arn:aws:iam::123456789012:role/flow"
FLOW = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})


def _describe_stacks(params, **_):
    """CloudFormation's answer; moto's own needs packages that are not locked."""
    if params["body"]["StackName"] != "tidewheel":
        raise ClientError(MISSING, "DescribeStacks")
    outputs = [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()]
    return type("Http", (), {"status_code": 200}), {"Stacks": [{"Outputs": outputs}]}


@pytest.fixture
def stack(aws, monkeypatch):
    """The stack `tidewheel` with one project, bikeshare. Answers nothing: the ledger and boto3 are the way in."""
    monkeypatch.delenv("TIDEWHEEL_STACK", raising=False)
    monkeypatch.setenv("COLUMNS", "240")
    for module in ("cli.stop", "cli.rollback", "cli.project_stack"):
        monkeypatch.setattr(f"{module}.PAUSE", 0.01)
    executions._input.cache_clear()
    client("cloudformation").meta.events.register("before-call.cloudformation.DescribeStacks", _describe_stacks)
    client("events").create_event_bus(Name="tidewheel")
    client("scheduler").create_schedule_group(Name="tw")
    for stage in ("data", "train", "approve", "deploy"):
        client("stepfunctions").create_state_machine(name=stage, definition=FLOW, roleArn=ROLE)
    register("bikeshare")
    return aws


@pytest.fixture
def tidewheel(stack, capsys):
    """Run the command; answers its code, what it printed and what it complained of."""

    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def facts(tidewheel):
    """Run the command with --json; answers its facts."""

    def run(*words):
        return json.loads(tidewheel(*words, "--json")[1])

    return run
