"""Batch transform: one `.out` per object, in the order of the input."""

import json

import pytest

from tests.local.sagemaker.toys import wait

pytestmark = pytest.mark.proof


@pytest.fixture
def transform(sagemaker, s3, bucket, name, make_model):
    s3.put_object(Bucket=bucket, Key=f"batch/{name}/a.csv", Body=b"1\n2\n3\n")
    s3.put_object(Bucket=bucket, Key=f"batch/{name}/b.csv", Body=b"4\n")
    make_model(name)

    def run(**changes) -> dict:
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/batch/{name}/"}}
        request = {
            "TransformJobName": name,
            "ModelName": name,
            "TransformInput": {"DataSource": source, "ContentType": "text/csv", "SplitType": "Line"},
            "TransformOutput": {"S3OutputPath": f"s3://{bucket}/scores/{name}", "AssembleWith": "Line"},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        }
        sagemaker.create_transform_job(**request | changes)
        return wait(sagemaker.describe_transform_job, "TransformJobStatus", TransformJobName=name)

    return run


def test_every_object_is_scored_in_order(transform, s3, bucket, name):
    done = transform(BatchStrategy="SingleRecord")

    assert done["TransformJobStatus"] == "Completed", done.get("FailureReason")
    assert predictions(s3, bucket, name, "a.csv.out") == [[2.0], [4.0], [6.0]]
    assert predictions(s3, bucket, name, "b.csv.out") == [[8.0]]
    assert done["TransformStartTime"] < done["TransformEndTime"]


def test_records_are_sent_together_by_default(transform, s3, bucket, name):
    transform()

    assert predictions(s3, bucket, name, "a.csv.out") == [[2.0, 4.0, 6.0]]


def test_an_error_of_the_model_fails_the_job(transform, s3, bucket, name):
    s3.put_object(Bucket=bucket, Key=f"batch/{name}/c.csv", Body=b"word\n")

    done = transform()

    assert done["TransformJobStatus"] == "Failed"
    assert done["FailureReason"] == "AlgorithmError: See job logs for more information"


def predictions(s3, bucket: str, name: str, file: str) -> list:
    body = s3.get_object(Bucket=bucket, Key=f"scores/{name}/{file}")["Body"].read().decode()
    return [json.loads(line)["predictions"] for line in body.splitlines()]
