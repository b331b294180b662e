"""`.sync` integrations: a SageMaker job that is waited for, that fails, and that is stopped with its execution."""

import json
import time
import uuid

import pytest
from botocore.exceptions import ClientError

from tests.local.states.executions import ended, run

IMAGE = "141502667606.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.2-0"
JOBS = ["sagemaker:CreateProcessingJob", "sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"]


@pytest.fixture
def evaluate(make, stack):
    """Creates a machine whose one task is a processing job that runs a line of Python; returns (machine, job name)."""

    def create(line, **more):
        name = f"job-{uuid.uuid4().hex[:8]}"
        role = f"arn:aws:iam::000000000000:role/{name}"
        trusted = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
        stack.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
        arguments = {
            "ProcessingJobName": name,
            "RoleArn": role,
            "AppSpecification": {"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "-c", line]},
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
            },
        }
        resource = "arn:aws:states:::sagemaker:createProcessingJob.sync"
        task = {"Type": "Task", "Resource": resource, "Arguments": arguments, "End": True}
        return make([*JOBS, "iam:PassRole"], Evaluate=task | more), name

    return create


def status(stack, name):
    return stack.client("sagemaker").describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"]


def until(stack, name, wanted):
    """Waits until the job has the status."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            if status(stack, name) == wanted:
                return
        except ClientError:  # it is not there yet
            pass
        time.sleep(0.05)
    raise AssertionError(f"{name} is {status(stack, name)}, not {wanted}")


def test_the_result_of_a_job_is_its_description(evaluate, states):
    machine, name = evaluate("print('done')", Output="{% $states.result.ProcessingJobName %}")

    described = run(states, machine)

    assert described.get("cause") is None
    assert json.loads(described["output"]) == name


def test_a_failed_job_is_a_states_task_failed_with_its_description_as_the_cause(evaluate, states):
    machine, name = evaluate("raise SystemExit(3)")

    described = run(states, machine)

    assert described["error"] == "States.TaskFailed"
    assert json.loads(described["cause"])["ProcessingJobName"] == name


def test_the_job_of_a_stopped_execution_is_stopped(evaluate, states, stack):
    machine, name = evaluate("import time; time.sleep(60)")
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    until(stack, name, "InProgress")

    states.stop_execution(executionArn=execution)

    until(stack, name, "Stopped")


def test_the_job_of_a_task_past_its_timeout_is_stopped(evaluate, states, stack):
    machine, name = evaluate("import time; time.sleep(60)", TimeoutSeconds=2)

    described = run(states, machine)

    assert described["error"] == "States.Timeout"
    until(stack, name, "Stopped")


def test_a_job_name_that_is_taken_is_a_resource_in_use(evaluate, states):
    machine, _ = evaluate("print('done')")
    run(states, machine)

    again = states.start_execution(stateMachineArn=machine)["executionArn"]

    assert ended(states, again)["error"] == "SageMaker.ResourceInUseException"
