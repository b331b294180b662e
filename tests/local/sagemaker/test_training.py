"""Training jobs: what the container finds, the statuses that a watcher sees, what is kept."""

import json
import time

import pytest

from tests.local.sagemaker.toys import members, wait

CLASSIC = {  # what a run of the classic training toolkit sets
    "SM_MODEL_DIR", "SM_OUTPUT_DIR", "SM_OUTPUT_DATA_DIR", "SM_OUTPUT_INTERMEDIATE_DIR", "SM_INPUT_DIR",
    "SM_INPUT_CONFIG_DIR", "SM_INPUT_DATA_CONFIG", "SM_CHANNELS", "SM_CHANNEL_TRAIN", "SM_HPS", "SM_HP_ACT", "SM_HOSTS",
    "SM_CURRENT_HOST", "SM_CURRENT_INSTANCE_TYPE", "SM_CURRENT_INSTANCE_GROUP", "SM_CURRENT_INSTANCE_GROUP_HOSTS",
    "SM_INSTANCE_GROUPS", "SM_INSTANCE_GROUPS_DICT", "SM_DISTRIBUTION_INSTANCE_GROUPS", "SM_IS_HETERO",
    "SM_NETWORK_INTERFACE_NAME", "SM_NUM_CPUS", "SM_NUM_GPUS", "SM_NUM_NEURONS", "SM_RESOURCE_CONFIG", "SM_LOG_LEVEL",
    "SM_USER_ENTRY_POINT", "SM_USER_ARGS", "SM_MODULE_NAME", "SM_MODULE_DIR", "SM_FRAMEWORK_MODULE",
    "SM_FRAMEWORK_PARAMS", "SM_TRAINING_ENV",
}  # fmt: skip


@pytest.fixture
def run(sagemaker, training):
    """Run the job to its end."""

    def to_the_end(**changes) -> dict:
        sagemaker.create_training_job(**training | changes)
        return wait(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName=training["TrainingJobName"])

    return to_the_end


@pytest.fixture
def seen(s3, bucket, name):
    """What the toy's container saw."""

    def look() -> dict:
        body = s3.get_object(Bucket=bucket, Key=f"models/{name}/output/output.tar.gz")["Body"].read()
        return json.loads(members(body)["seen.json"])

    return look


def test_the_container_finds_the_variables_of_script_mode(run, training, seen, name):
    training["HyperParameters"] |= {"max_depth": "6", "eta": "0.1", "n": "3", "monotone": "true"}
    training["Environment"] = {"NOTE": "/opt/ml/input/data/train", "OMP_NUM_THREADS": "2"}

    done = run()

    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    environment = seen()["environment"]
    assert environment.keys() >= CLASSIC
    assert json.loads(environment["SM_HPS"]) == {"act": "train", "eta": 0.1, "max_depth": 6, "monotone": True, "n": 3}
    assert environment["SM_HP_MAX_DEPTH"] == "6"
    assert environment["TRAINING_JOB_NAME"] == name
    assert environment["NOTE"] == environment["SM_CHANNEL_TRAIN"]
    assert (environment["OMP_NUM_THREADS"], environment["OMP_WAIT_POLICY"]) == ("2", "PASSIVE")
    assert not {"PYTHONPATH", "VIRTUAL_ENV", "GATEWAY_PORT", "STATE_DIR"} & environment.keys()


def test_hyperparameters_are_sorted_command_line_arguments(run, training, seen):
    training["HyperParameters"] |= {"max_depth": "6", "eta": '"0.1"', "n": "3", "monotone": "true"}

    run()

    assert seen()["arguments"] == [
        "--act",
        "train",
        "--eta",
        "0.1",
        "--max_depth",
        "6",
        "--monotone",
        "True",
        "-n",
        "3",
    ]
    assert seen()["cwd"].endswith("/opt/ml/code")


def test_a_completed_job_tells_its_stages_its_metrics_and_what_it_costs(run, training):
    definition = {"Name": "validation:loss", "Regex": r"validation-loss:([0-9.]+)"}
    training["AlgorithmSpecification"]["MetricDefinitions"] = [definition]

    done = run()

    stages = [step["Status"] for step in done["SecondaryStatusTransitions"]]
    assert stages == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert all("EndTime" in step for step in done["SecondaryStatusTransitions"][:-1])
    [metric] = done["FinalMetricDataList"]
    assert (metric["MetricName"], metric["Value"]) == ("validation:loss", pytest.approx(1 / 3))
    assert done["BillableTimeInSeconds"] == done["TrainingTimeInSeconds"] >= 1
    assert done["CreationTime"] < done["TrainingStartTime"] < done["TrainingEndTime"]
    assert done["EnableNetworkIsolation"] is False


def test_every_stage_can_be_seen_by_polling(sagemaker, training, name):
    sagemaker.create_training_job(**training)

    stages = []
    while (job := sagemaker.describe_training_job(TrainingJobName=name))["TrainingJobStatus"] == "InProgress":
        stages.append(job["SecondaryStatus"])
        time.sleep(0.02)

    assert list(dict.fromkeys(stages)) == ["Starting", "Downloading", "Training", "Uploading"]


def test_the_waiter_is_satisfied(sagemaker, training, name):
    sagemaker.create_training_job(**training)

    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def test_logs_reach_cloudwatch_with_tabs_as_sagemaker_writes_them(run, stack, name):
    run()

    logs = stack.client("logs")
    streams = logs.describe_log_streams(logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=f"{name}/")
    [stream] = streams["logStreams"]
    assert stream["logStreamName"].startswith(f"{name}/algo-1-")
    events = logs.get_log_events(logGroupName="/aws/sagemaker/TrainingJobs", logStreamName=stream["logStreamName"])
    assert "[0]#011validation-loss:1.0" in [event["message"] for event in events["events"]]


def test_a_request_may_bring_its_own_entry_point(run, training, s3, bucket, name):
    del training["HyperParameters"]
    training["AlgorithmSpecification"] |= {
        "ContainerEntrypoint": ["/bin/bash"],
        "ContainerArguments": ["-c", "cp /opt/ml/input/data/train/part-0.csv /opt/ml/model/ && python -V"],
    }

    done = run()

    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    archive = s3.get_object(Bucket=bucket, Key=f"models/{name}/output/model.tar.gz")["Body"].read()
    assert members(archive) == {"part-0.csv": b"1,2\n2,4\n3,6\n"}


def test_the_source_may_come_as_a_channel_under_network_isolation(run, training, bucket, seen):
    code = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/code/sourcedir.tar.gz"}
    training["InputDataConfig"].append({"ChannelName": "code", "DataSource": {"S3DataSource": code}})
    training["HyperParameters"]["sagemaker_submit_directory"] = "/opt/ml/input/data/code/sourcedir.tar.gz"

    done = run(EnableNetworkIsolation=True)

    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    assert not [name for name in seen()["environment"] if name.startswith(("AWS_ACCESS", "AWS_ENDPOINT"))]


def test_a_model_may_be_left_uncompressed(run, training, s3, bucket, name):
    training["OutputDataConfig"]["CompressionType"] = "NONE"

    run()

    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix=f"models/{name}/output/m")["Contents"]]
    assert f"models/{name}/output/model/slope.json" in keys
