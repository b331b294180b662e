"""How training jobs end when they do not complete, and spot instances that go away."""

import time

import pytest

from tests.local.sagemaker.toys import members, wait


@pytest.fixture
def run(sagemaker, training):
    """Run the job to its end, with changes of the request and an act of the toy."""

    def to_the_end(act: str = "train", fault: str | None = None, **changes) -> dict:
        training["HyperParameters"]["act"] = act
        tags = [{"Key": "test:fault", "Value": fault}] if fault else []
        sagemaker.create_training_job(**training | changes, Tags=tags)
        return wait(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName=training["TrainingJobName"])

    return to_the_end


def test_an_exception_of_the_script_is_the_reason(run):
    done = run("raise")

    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Failed", "Failed")
    assert done["FailureReason"] == "AlgorithmError: ValueError: the label is constant, exit code: 1"


def test_the_failure_file_goes_before_the_last_line(run):
    assert run("explain")["FailureReason"] == "AlgorithmError: column 'hour' is missing, exit code: 3"


def test_no_data_is_the_callers_error(run, training, bucket):
    uri = f"s3://{bucket}/nothing/here/"
    training["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] = uri

    assert run()["FailureReason"] == (
        f"ClientError: Data download failed: No S3 objects found under S3 URL {uri} given in input data source."
    )


def test_an_unknown_image_is_the_callers_error(run, training):
    training["AlgorithmSpecification"]["TrainingImage"] = "000000000000.dkr.ecr.us-east-1.amazonaws.com/own:1"

    assert run()["FailureReason"].startswith("ClientError: Cannot pull image 000000000000.dkr")


def test_a_script_in_s3_cannot_be_reached_under_network_isolation(run):
    assert "Network isolation" in run(EnableNetworkIsolation=True)["FailureReason"]


def test_an_output_bucket_that_does_not_exist_is_the_callers_error(run):
    done = run(OutputDataConfig={"S3OutputPath": "s3://no-such-bucket-here/models"})

    assert done["FailureReason"].startswith("ClientError: Artifact upload failed")


def test_a_stopped_job_goes_through_stopping_and_keeps_what_it_has(sagemaker, training, s3, bucket, name):
    training["HyperParameters"]["act"] = "sleep"
    sagemaker.create_training_job(**training)
    until(sagemaker, name, "Training")
    time.sleep(0.5)

    sagemaker.stop_training_job(TrainingJobName=name)

    assert sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"] == "Stopping"
    done = wait(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName=name)
    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Stopped", "Stopped")
    archive = s3.get_object(Bucket=bucket, Key=f"models/{name}/output/model.tar.gz")["Body"].read()
    assert members(archive)["half"] == b"half a model"
    with pytest.raises(sagemaker.exceptions.ClientError, match=r"ValidationException.*in status Stopped"):
        sagemaker.stop_training_job(TrainingJobName=name)


def test_a_job_that_takes_too_long_is_stopped(run):
    done = run("sleep", StoppingCondition={"MaxRuntimeInSeconds": 1})

    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


@pytest.mark.proof
def test_a_spot_job_goes_on_from_its_checkpoints(run, s3, bucket, name):
    done = run(
        "checkpoints",
        "interrupt=1",
        EnableManagedSpotTraining=True,
        CheckpointConfig={"S3Uri": f"s3://{bucket}/checkpoints/{name}"},
        StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 120},
    )

    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    stages = [step["Status"] for step in done["SecondaryStatusTransitions"]]
    assert stages == [
        "Starting", "Downloading", "Training", "Interrupted",
        "Starting", "Downloading", "Training", "Uploading", "Completed",
    ]  # fmt: skip
    archive = s3.get_object(Bucket=bucket, Key=f"models/{name}/output/model.tar.gz")["Body"].read()
    assert members(archive)["started_at"] == b"1"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("capacity", "CapacityError: Unable to provision"),
        ("internal", "InternalServerError: We encountered"),
        ("fail=the disk is full", "AlgorithmError: the disk is full, exit code: 1"),
    ],
)
def test_a_fault_on_request_is_the_reason(run, fault, reason):
    assert run(fault=fault)["FailureReason"].startswith(reason)


@pytest.mark.proof
def test_a_hanging_job_can_be_stopped(sagemaker, training, name):
    sagemaker.create_training_job(**training, Tags=[{"Key": "test:fault", "Value": "hang"}])
    until(sagemaker, name, "Training")

    sagemaker.stop_training_job(TrainingJobName=name)

    done = wait(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName=name)
    assert done["TrainingJobStatus"] == "Stopped"


def until(sagemaker, name: str, stage: str) -> None:
    deadline = time.monotonic() + 10
    while sagemaker.describe_training_job(TrainingJobName=name)["SecondaryStatus"] != stage:
        assert time.monotonic() < deadline
        time.sleep(0.02)
