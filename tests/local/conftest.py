"""One emulator for all tests of this folder: every test works with names of its own."""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.stack import LocalStack


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    with LocalStack("test-local") as running:
        yield running


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return f"t{uuid.uuid4().hex[:10]}"


@pytest.fixture(scope="session")
def role(stack: LocalStack) -> str:
    """The ARN of a role that services may assume. Policies matter in the stack with `auth` only."""
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    created = stack.client("iam").create_role(RoleName="test-role", AssumeRolePolicyDocument=json.dumps(trust))
    return str(created["Role"]["Arn"])


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A deployment package."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


@pytest.fixture
def function(stack: LocalStack, name: str, role: str) -> Callable[..., str]:
    """Creates a function from the source of its module `index` and options; returns its name."""

    def create(source: str, **options: Any) -> str:
        code = zipped({"index.py": source, **options.pop("files", {})})
        defaults = {"Runtime": "python3.13", "Handler": "index.handler", "Role": role, "Timeout": 5}
        stack.client("lambda").create_function(FunctionName=name, Code={"ZipFile": code}, **(defaults | options))
        return name

    return create


def eventually(look: Callable[[], Any], seconds: float = 10) -> Any:
    """The first true answer of `look`, which is asked again and again."""
    deadline = time.monotonic() + seconds
    while not (answer := look()):
        assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
        time.sleep(0.03)
    return answer


class Queue:
    """An SQS queue that tests read like a list."""

    def __init__(self, stack: LocalStack, name: str) -> None:
        self._sqs = stack.client("sqs")
        self.url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn: str = attributes["Attributes"]["QueueArn"]

    def allow(self, statement: dict[str, Any]) -> None:
        """Makes `statement` the queue's policy."""
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": policy})

    def message(self) -> Any:
        """The next message: a dict with Body and the values of its MessageAttributes."""
        options = {"QueueUrl": self.url, "MessageAttributeNames": ["All"], "MaxNumberOfMessages": 1}
        message = eventually(lambda: self._sqs.receive_message(**options).get("Messages"))[0]
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        attributes = message.get("MessageAttributes", {})
        return message | {"Attributes": {key: value["StringValue"] for key, value in attributes.items()}}

    def body(self) -> Any:
        return json.loads(self.message()["Body"])


@pytest.fixture
def queue(stack: LocalStack, name: str) -> Queue:
    return Queue(stack, f"{name}-queue")


@pytest.fixture
def dead(stack: LocalStack, name: str) -> Queue:
    return Queue(stack, f"{name}-dead")
