"""Fixtures for all tests: an emulated AWS that starts empty. Domain tests never ask for it."""

import os

import boto3
import pytest
from moto import mock_aws
from tidewheel.aws import clients
from tidewheel.settings import settings

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


@pytest.fixture()
def aws():
    """An empty AWS with the stack's buckets and ledger; clients are made anew."""
    with mock_aws():
        clients.client.cache_clear()
        settings.cache_clear()
        s3 = boto3.client("s3")
        for bucket in ("inbox", "datasets", "models", "automation"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        boto3.client("dynamodb").create_table(
            TableName="ledger",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "kind", "updated_at")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "kind",
                    "KeySchema": [
                        {"AttributeName": "kind", "KeyType": "HASH"},
                        {"AttributeName": "updated_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield boto3
    clients.client.cache_clear()
    settings.cache_clear()
