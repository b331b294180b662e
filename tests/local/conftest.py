"""One emulator for all tests of this folder: every test works with names of its own."""

import io
import json
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


@pytest.fixture()
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


@pytest.fixture()
def function(stack: LocalStack, name: str, role: str) -> Callable[..., str]:
    """Creates a function from the source of its module `index` and options; returns its name."""

    def create(source: str, **options: Any) -> str:
        code = zipped({"index.py": source, **options.pop("files", {})})
        defaults = {"Runtime": "python3.13", "Handler": "index.handler", "Role": role, "Timeout": 5}
        stack.client("lambda").create_function(FunctionName=name, Code={"ZipFile": code}, **(defaults | options))
        return name

    return create
