"""An emulated AWS with the stack's buckets and ledger, empty at the start and whenever a test asks again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws
from moto.moto_api._internal import moto_api_backends
from tidewheel.aws import clients
from tidewheel.settings import settings

# A new boto3 session would read the services' models anew: half a second a test.
KEEP_SESSION = {"core": {"reset_boto3_session": False}}
BUCKETS = ("inbox", "datasets", "models", "automation")


@contextmanager
def empty_aws() -> Iterator[Any]:
    """AWS for the length of a block; clients are made anew."""
    with mock_aws(config=KEEP_SESSION):
        forget()
        lay_out()
        yield boto3
    forget()


def start_over() -> None:
    """Empty the AWS of the block that we are in, and keep the clients: a tenth of the time of a new one."""
    moto_api_backends["global"].reset()
    lay_out()


def forget() -> None:
    """What a process that ends forgets."""
    clients.client.cache_clear()
    settings.cache_clear()


def lay_out() -> None:
    """The four buckets, the ledger and the bus."""
    s3 = clients.client("s3")
    for bucket in BUCKETS:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    names = ("pk", "sk", "kind", "updated_at")
    clients.client("dynamodb").create_table(
        TableName="ledger",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_keys("pk", "sk"),
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        GlobalSecondaryIndexes=[
            {"IndexName": "kind", "KeySchema": _keys("kind", "updated_at"), "Projection": {"ProjectionType": "ALL"}}
        ],
    )


def _keys(partition: str, order: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": order, "KeyType": "RANGE"}]
