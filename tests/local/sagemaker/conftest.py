"""A local stack of its own, toy code for its containers, and requests that a test changes as it likes."""

import uuid
from collections.abc import Iterator

import pytest
from botocore.config import Config

from local.stack import LocalStack
from tests.local.sagemaker.toys import IMAGE, ROLE, TOY, packed


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    with LocalStack("test-sagemaker") as running:
        yield running


@pytest.fixture(scope="session")
def sagemaker(stack: LocalStack):
    """A client that asks once: what the service says is what the test sees."""
    return stack.client("sagemaker", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture(scope="session")
def runtime(stack: LocalStack):
    return stack.client("sagemaker-runtime", config=Config(retries={"total_max_attempts": 1}, read_timeout=70))


@pytest.fixture(scope="session")
def s3(stack: LocalStack):
    return stack.client("s3")


@pytest.fixture(scope="session")
def bucket(s3) -> str:
    """A bucket with the toy's source and a few training rows."""
    name = f"toys-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="code/sourcedir.tar.gz", Body=packed(TOY))
    s3.put_object(Bucket=name, Key="rows/train/part-0.csv", Body=b"1,2\n2,4\n3,6\n")
    s3.put_object(Bucket=name, Key="rows/train/deep/part-1.csv", Body=b"4,8\n")
    return name


@pytest.fixture
def name() -> str:
    return f"t{uuid.uuid4().hex[:10]}"


@pytest.fixture
def training(name: str, bucket: str) -> dict:
    """A CreateTrainingJob request for the toy."""
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/rows/train/"}
    return {
        "TrainingJobName": name,
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "HyperParameters": {
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": f"s3://{bucket}/code/sourcedir.tar.gz",
            "act": "train",
        },
        "InputDataConfig": [
            {"ChannelName": "train", "ContentType": "text/csv", "DataSource": {"S3DataSource": source}}
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/models/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
