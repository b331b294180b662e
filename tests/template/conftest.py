"""The translated template, once for all tests here."""

from typing import Any

import pytest

from tests.template.translation import translated


@pytest.fixture(scope="session")
def resources() -> dict[str, Any]:
    """The resources that CloudFormation receives, by logical id."""
    found: dict[str, Any] = translated()["Resources"]
    return found


@pytest.fixture(scope="session")
def of_type(resources):
    """A function: the resources of one type, by logical id."""
    return lambda kind: {name: each for name, each in resources.items() if each["Type"] == kind}
