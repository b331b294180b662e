"""Ending things: `stop` one run, `down` with everything that was made at run time."""

import pytest
from tidewheel.aws.clients import client

from tests.cli.world import RUN, endpoint, packaged, register, save, serving, trained

ROLE = "arn:aws:iam::123456789012:role/x"
HTTP = type("Http", (), {"status_code": 200})  # of an answer that moto does not have
TRAIN = "arn:aws:states:eu-west-1:123456789012:stateMachine:train"


def training_job(name):
    client("sagemaker").create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": "x", "TrainingInputMode": "File"},
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": "s3://models/x"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    )


@pytest.fixture
def under_way(stack, monkeypatch):
    """A run that holds the lease; the stack frees it when the execution is stopped, as its own rule does."""
    states = client("stepfunctions")
    execution = states.start_execution(stateMachineArn=TRAIN, name="run")["executionArn"]
    save("bikeshare", "training", "", {"owner": RUN, "execution": execution})
    freed = lambda **_: save("bikeshare", "training", "", {"revision": 2})  # noqa: E731 - boto3's hook
    states.meta.events.register("after-call.stepfunctions.StopExecution", freed)
    return execution


def test_a_stopped_run_has_no_execution_and_leaves_the_project_free(under_way, tidewheel):
    code, out, _ = tidewheel("stop", RUN)

    assert (code, out) == (0, f"{RUN} has stopped, and bikeshare is free for the next run.\n")
    assert client("stepfunctions").describe_execution(executionArn=under_way)["status"] == "ABORTED"


def test_its_jobs_are_stopped_and_nobody_elses(under_way, facts, monkeypatch):
    stopped = []

    def stop(params, **_):
        stopped.append(params["body"])
        return HTTP, {}

    jobs = client("sagemaker")
    jobs.meta.events.register("before-call.sagemaker.StopTrainingJob", stop)
    listed = [
        {"TrainingJobName": f"tw-{RUN}-current", "TrainingJobStatus": "InProgress"},
        {"TrainingJobName": f"other-tw-{RUN}-current", "TrainingJobStatus": "InProgress"},
        {"TrainingJobName": f"tw-{RUN}-champion", "TrainingJobStatus": "Completed"},
    ]
    for job in listed:
        training_job(job["TrainingJobName"])
    answers = iter([listed])
    jobs.meta.events.register(
        "before-call.sagemaker.ListTrainingJobs", lambda **_: (HTTP, {"TrainingJobSummaries": next(answers, [])})
    )

    told = facts("stop", RUN)

    assert told["jobs"] == [f"tw-{RUN}-current"]
    assert len(stopped) == 1


def test_a_run_that_has_ended_is_not_stopped_again(stack, tidewheel):
    trained(1)
    save("bikeshare", "training", "", {"revision": 3})

    code, out, _ = tidewheel("stop", RUN)

    assert (code, out) == (3, f"{RUN} is not under way (trained).\n")


def test_an_unknown_run_is_one_sentence(stack, tidewheel):
    assert tidewheel("stop", "bikeshare-00009-ffffff")[0] == 2


def names(facts_):
    return [(thing["kind"], thing["name"]) for thing in facts_["things"]]


def test_down_names_what_runs_with_its_price_and_asks_first(stack, tidewheel, monkeypatch):
    endpoint()
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr("builtins.input", lambda question: "n")

    code, out, shown = tidewheel("down")

    assert (code, out) == (3, "Nothing was removed.\n")
    assert "$0.230" in shown
    assert "tw-bikeshare-2-abcdef" in shown
    assert client("sagemaker").list_endpoints()["Endpoints"]


def test_without_a_terminal_and_without_yes_nothing_is_removed(stack, tidewheel):
    endpoint()

    assert tidewheel("down")[0] == 3
    assert client("sagemaker").list_endpoints()["Endpoints"]


def test_down_removes_what_was_made_at_run_time_and_no_other_stacks(stack, facts):
    endpoint()
    endpoint("tw-bikeshare-north", "tw-bikeshare-north-1-abcdef")
    client("stepfunctions").start_execution(stateMachineArn=TRAIN, name="running")
    client("scheduler").create_schedule(
        Name="tw-bikeshare",
        GroupName="tw",
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:events:eu-west-1:123456789012:event-bus/tidewheel", "RoleArn": ROLE},
    )

    told = facts("down", "--yes")

    assert names(told) == [
        ("train execution", "running"),
        ("schedule", "tw-bikeshare"),
        ("endpoint", "tw-bikeshare"),
        ("endpoint config", "tw-bikeshare-2-abcdef"),
        ("model", "tw-bikeshare-2-abcdef"),
    ]
    assert [each["EndpointName"] for each in client("sagemaker").list_endpoints()["Endpoints"]] == [
        "tw-bikeshare-north"
    ]
    assert facts("down", "--yes")["removed"] == 0


def test_an_unknown_price_is_said_to_be_unknown(stack, tidewheel):
    endpoint(instance="ml.c5.18xlarge")

    assert "1 of unknown price" in tidewheel("down", "--yes")[1]


def test_the_registry_goes_only_when_asked(stack, facts):
    for operation in ("DeleteModelPackage", "DeleteModelPackageGroup"):
        client("sagemaker").meta.events.register(f"before-call.sagemaker.{operation}", lambda **_: (HTTP, {}))
    packaged("Approved")
    serving(1)
    register("taxis")

    assert names(facts("down", "--yes")) == []
    assert names(facts("down", "--yes", "--registry")) == [
        ("model version", "tw-bikeshare/1"),
        ("model group", "tw-bikeshare"),
    ]
