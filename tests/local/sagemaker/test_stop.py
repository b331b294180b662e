"""The stack stops: nothing that it has started is left."""

import os
import time
from pathlib import Path

import pytest

from local.stack import LocalStack
from tests.local.sagemaker.toys import IMAGE, ROLE, TOY, archive, packed, wait


@pytest.mark.proof
def test_no_container_outlives_the_stack(training, name):
    with LocalStack("test-sagemaker-stop") as stack:
        s3, sagemaker = stack.client("s3"), stack.client("sagemaker")
        serve(s3, sagemaker, name)
        sleep(s3, sagemaker, training, name)
        before = containers(stack.home.path)
    time.sleep(0.2)

    assert len(before) == 2
    assert containers(stack.home.path) == []


def serve(s3, sagemaker, name: str) -> None:
    s3.create_bucket(Bucket="stop")
    body = archive({"slope.json": b'{"slope": 2.0}', "code/inference.py": (TOY / "inference.py").read_bytes()})
    s3.put_object(Bucket="stop", Key="model.tar.gz", Body=body)
    container = {
        "Image": IMAGE,
        "ModelDataUrl": "s3://stop/model.tar.gz",
        "Environment": {"SAGEMAKER_PROGRAM": "inference.py"},
    }
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    variant = {"VariantName": "live", "ModelName": name, "InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    assert wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)["EndpointStatus"] == "InService"


def sleep(s3, sagemaker, training: dict, name: str) -> None:
    s3.put_object(Bucket="stop", Key="code.tar.gz", Body=packed(TOY))
    s3.put_object(Bucket="stop", Key="rows.csv", Body=b"1,2\n")
    training["HyperParameters"] |= {"act": "sleep", "sagemaker_submit_directory": "s3://stop/code.tar.gz"}
    training["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] = "s3://stop/rows.csv"
    sagemaker.create_training_job(**training)
    deadline = time.monotonic() + 10
    while sagemaker.describe_training_job(TrainingJobName=name)["SecondaryStatus"] != "Training":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.3)


def containers(home: Path) -> list[int]:
    """Processes whose working directory is below the stack's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd").startswith(str(home)):
                found.append(int(process.name))
        except OSError:
            continue
    return found
