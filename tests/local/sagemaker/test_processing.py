"""Processing jobs that end otherwise than completed, and what they refuse."""

import time

import pytest

from tests.local.sagemaker.toys import IMAGE, ROLE, wait


@pytest.fixture
def processing(name, bucket) -> dict:
    """A CreateProcessingJob request whose command a test gives."""
    output = {"S3Uri": f"s3://{bucket}/processed/{name}", "LocalPath": "/opt/ml/processing/out"}
    return {
        "ProcessingJobName": name,
        "RoleArn": ROLE,
        "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["/bin/sh", "-c"]},
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}
        },
        "ProcessingOutputConfig": {
            "Outputs": [{"OutputName": "out", "S3Output": {**output, "S3UploadMode": "EndOfJob"}}]
        },
    }


@pytest.fixture
def run(sagemaker, processing):
    def command(words: str, **changes) -> dict:
        processing["AppSpecification"]["ContainerArguments"] = [words]
        sagemaker.create_processing_job(**processing | changes)
        name = processing["ProcessingJobName"]
        return wait(sagemaker.describe_processing_job, "ProcessingJobStatus", ProcessingJobName=name)

    return command


def test_the_container_finds_its_own_request(run, s3, bucket, name):
    done = run("cp /opt/ml/config/*.json /opt/ml/processing/out/ && mkdir deep && touch deep/file")

    assert done["ProcessingJobStatus"] == "Completed", done.get("FailureReason")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix=f"processed/{name}/")["Contents"]]
    assert keys == [f"processed/{name}/processingjobconfig.json", f"processed/{name}/resourceconfig.json"]
    config = s3.get_object(Bucket=bucket, Key=keys[0])["Body"].read().decode()
    assert f'"ProcessingJobName": "{name}"' in config


def test_a_failure_has_the_last_line_as_its_reason_and_puts_nothing(run, s3, bucket, name):
    done = run("touch /opt/ml/processing/out/half; echo 'no rows are left' >&2; exit 2")

    assert (done["ProcessingJobStatus"], done["FailureReason"]) == (
        "Failed", "AlgorithmError: no rows are left, exit code: 2",
    )  # fmt: skip
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix=f"processed/{name}/")


@pytest.mark.proof
def test_a_job_can_be_stopped_even_if_it_ignores_the_first_signal(sagemaker, processing, name):
    processing["AppSpecification"]["ContainerArguments"] = ["trap '' TERM; while true; do sleep 0.1; done"]
    sagemaker.create_processing_job(**processing)
    time.sleep(1)

    sagemaker.stop_processing_job(ProcessingJobName=name)

    done = wait(sagemaker.describe_processing_job, "ProcessingJobStatus", ProcessingJobName=name)
    assert done["ProcessingJobStatus"] == "Stopped"


def test_a_time_limit_stops_the_job(run):
    assert run("sleep 60", StoppingCondition={"MaxRuntimeInSeconds": 1})["ProcessingJobStatus"] == "Stopped"


def test_paths_outside_the_processing_folder_are_refused(sagemaker, processing):
    processing["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["LocalPath"] = "/opt/ml/processing/../../etc"

    with pytest.raises(sagemaker.exceptions.ClientError, match="LocalPath must start with /opt/ml/processing"):
        sagemaker.create_processing_job(**processing)


def test_jobs_are_listed_newest_first_by_name_and_status(sagemaker, run, name):
    run("true")

    listed = sagemaker.list_processing_jobs(NameContains=name, StatusEquals="Completed")["ProcessingJobSummaries"]
    assert [job["ProcessingJobName"] for job in listed] == [name]
    assert sagemaker.list_processing_jobs(NameContains=name, StatusEquals="Failed")["ProcessingJobSummaries"] == []
