"""One emulated AWS for all worlds of a module: each starts it over."""

import logging
from collections.abc import Iterator

import pytest

from tests.emulated import empty_aws


@pytest.fixture(scope="module", autouse=True)
def emulated() -> Iterator[None]:
    """Clients are made once. Nobody reads what the handlers of some thousand executions log."""
    logging.disable(logging.CRITICAL)
    with empty_aws():
        yield
    logging.disable(logging.NOTSET)
