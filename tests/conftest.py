"""Fixtures for all tests: an emulated AWS that starts empty. Domain tests never ask for it."""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

ENVIRONMENT = {
    "PREFIX": "tw",
    "LEDGER_TABLE": "ledger",
    "INBOX_BUCKET": "inbox",
    "DATASETS_BUCKET": "datasets",
    "MODELS_BUCKET": "models",
    "AUTOMATION_BUCKET": "automation",
    "BUS_NAME": "tidewheel",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "POWERTOOLS_SERVICE_NAME": "tidewheel",
    "POWERTOOLS_METRICS_NAMESPACE": "tidewheel",
}
for variable in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[variable]
os.environ |= ENVIRONMENT  # before handlers are imported: Powertools reads it then

from tests.emulated import empty_aws  # noqa: E402 (boto3 and Powertools read the environment first)


@pytest.fixture
def aws():
    """An empty AWS with the stack's buckets and ledger; clients are made anew."""
    with empty_aws() as boto3:
        yield boto3


class Folders(LoadScopeScheduling):
    """The tests of a folder run in one process, one after the other: some folders share a local stack."""

    def _split_scope(self, nodeid):
        return nodeid.partition("::")[0].rpartition("/")[0]


def pytest_xdist_make_scheduler(config, log):
    """Whatever the number of processes, a folder is not split."""
    return Folders(config, log)
