"""A local stack of its own, toy code for its containers, and requests that a test changes as it likes."""

import uuid
from collections.abc import Iterator

import pytest
from botocore.config import Config

from local.stack import LocalStack
from tests.local.sagemaker.toys import IMAGE, ROLE, TOY, archive, checked, packed, wait


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    with LocalStack("test-sagemaker") as running:
        yield running


@pytest.fixture(scope="session")
def sagemaker(stack: LocalStack):
    """A client that asks once, and holds every answer against the model's output shape."""
    return checked(stack.client("sagemaker", config=Config(retries={"total_max_attempts": 1})))


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


@pytest.fixture(scope="session")
def artifact(sagemaker, s3, bucket) -> str:
    """The URI of a model archive that serves y = 2x."""
    body = archive({"slope.json": b'{"slope": 2.0}', "code/inference.py": (TOY / "inference.py").read_bytes()})
    s3.put_object(Bucket=bucket, Key="artifacts/double.tar.gz", Body=body)
    return f"s3://{bucket}/artifacts/double.tar.gz"


@pytest.fixture
def make_model(sagemaker, artifact):
    """Create a model of the toy that says which version it is."""

    def make(name: str, version: str = "1", **changes) -> str:
        environment = {"VERSION": version, "SAGEMAKER_PROGRAM": "inference.py",
                       "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}  # fmt: skip
        container = {"Image": IMAGE, "ModelDataUrl": artifact, "Environment": environment} | changes
        sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
        return name

    return make


@pytest.fixture
def make_config(sagemaker, make_model):
    """Create an endpoint configuration with a fresh model behind the variant `live`."""

    def make(name: str, version: str = "1", serverless: bool = False, **changes) -> str:
        make_model(name, version, **changes)
        size = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 2}}
        size = size if serverless else {"InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}
        variant = {"VariantName": "live", "ModelName": name, **size}
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
        return name

    return make


@pytest.fixture
def endpoint(sagemaker, name, make_config):
    """An endpoint in service, which is deleted after the test."""
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=make_config(name))
    assert wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)["EndpointStatus"] == "InService"
    yield name
    wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)
    sagemaker.delete_endpoint(EndpointName=name)
