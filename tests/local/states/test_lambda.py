"""`lambda:invoke` through the local stack: payloads in and out, and errors under the names of their exceptions."""

import io
import json
import zipfile

import pytest

from tests.local.states.executions import run

CODE = """
class DatasetInvalid(Exception):
    pass

def handler(event, context):
    if event.get("bad"):
        raise DatasetInvalid("no rows")
    return {"got": event}
"""


@pytest.fixture(scope="session")
def function(stack):
    """The ARN of a published version."""
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = stack.client("iam").create_role(
        RoleName="echo", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    )["Role"]["Arn"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("echo.py", CODE)
    made = stack.client("lambda").create_function(
        FunctionName="echo",
        Runtime="python3.13",
        Handler="echo.handler",
        Role=role,
        Code={"ZipFile": packed.getvalue()},
        Publish=True,
    )
    return f"{made['FunctionArn'].removesuffix(':1')}:1"


@pytest.fixture
def invoke(make, function):
    """Creates a machine that invokes the function with its input."""

    def create(**more):
        arguments = {"FunctionName": function, "Payload": "{% $states.input %}"}
        task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": arguments, "End": True}
        return make(["lambda:InvokeFunction"], Echo=task | more)

    return create


def test_a_version_gets_the_payload_as_its_event_and_its_answer_is_the_payload(invoke, states):
    described = run(states, invoke(Output="{% $states.result.Payload %}"), {"n": [1, None]})

    assert json.loads(described["output"]) == {"got": {"n": [1, None]}}


def test_an_exception_is_an_error_of_its_name_and_its_document_is_the_cause(invoke, states):
    described = run(states, invoke(), {"bad": True})

    assert described["error"] == "DatasetInvalid"
    assert json.loads(described["cause"])["errorMessage"] == "no rows"
