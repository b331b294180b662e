"""What the default bus hears: rules of ours match these events, so their spelling is the contract."""

import json
import time

import pytest

from tests.local.sagemaker.toys import IMAGE, wait


@pytest.fixture
def hear(stack, name):
    """A queue behind a rule; gives the events that it has got so far, by detail type."""
    queue = stack.client("sqs")
    url = queue.create_queue(QueueName=name)["QueueUrl"]
    arn = queue.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus = stack.client("events")

    def listen(detail_type: str, **detail):
        pattern = {"source": ["aws.sagemaker"], "detail-type": [detail_type]} | ({"detail": detail} if detail else {})
        bus.put_rule(Name=name, EventPattern=json.dumps(pattern))
        bus.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

        def received(count: int) -> list[dict]:
            events, deadline = [], time.monotonic() + 10
            while len(events) < count and time.monotonic() < deadline:
                got = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
                for message in got.get("Messages", []):
                    queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                    events.append(json.loads(message["Body"]))
            return sorted(events, key=lambda event: event["detail"].get("LastModifiedTime", 0))

        return received

    yield listen
    bus.remove_targets(Rule=name, Ids=["queue"])
    bus.delete_rule(Name=name)


def test_a_training_job_tells_every_stage_in_milliseconds(sagemaker, training, name, hear):
    received = hear("SageMaker Training Job State Change", TrainingJobName=[name])
    sagemaker.create_training_job(**training, Tags=[{"Key": "project", "Value": "bikes"}])
    wait(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName=name)

    events = received(5)

    details = [event["detail"] for event in events]
    assert [detail["SecondaryStatus"] for detail in details] == [
        "Starting", "Downloading", "Training", "Uploading", "Completed",
    ]  # fmt: skip
    last = details[-1]
    assert last["TrainingJobStatus"] == "Completed"
    assert isinstance(last["TrainingEndTime"], int)
    assert last["TrainingEndTime"] > 1e12
    assert last["ModelArtifacts"]["S3ModelArtifacts"].endswith("model.tar.gz")
    assert last["Tags"] == {"project": "bikes"}
    assert events[-1]["resources"] == [last["TrainingJobArn"]]


def test_an_approval_is_told_from_a_change_of_metadata(sagemaker, name, hear):
    received = hear(
        "SageMaker Model Package State Change",
        ModelApprovalStatus=["Approved"], UpdatedModelPackageFields=["ModelApprovalStatus"],
        ModelPackageGroupName=[{"prefix": name}],
    )  # fmt: skip
    sagemaker.create_model_package_group(ModelPackageGroupName=name)
    containers = {"Containers": [{"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}]}
    request = {"ModelPackageGroupName": name, "InferenceSpecification": containers}
    sagemaker.create_model_package(**request, ModelApprovalStatus="Approved")
    arn = sagemaker.create_model_package(**request)["ModelPackageArn"]
    last = sagemaker.create_model_package(**request)["ModelPackageArn"]

    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved", ApprovalDescription="won")
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    sagemaker.update_model_package(ModelPackageArn=arn, CustomerMetadataProperties={"note": "edited"})
    sagemaker.update_model_package(ModelPackageArn=last, ModelApprovalStatus="Approved")

    events = received(2)
    assert [event["detail"]["ModelPackageArn"] for event in events] == [arn, last]
    detail = events[0]["detail"]
    assert (detail["ModelPackageArn"], detail["ModelPackageVersion"]) == (arn, 2)
    assert detail["UpdatedModelPackageFields"] == ["ModelApprovalStatus", "ApprovalDescription"]
    assert detail["ModelPackageStatus"] == "Completed"
    assert detail["CreationTime"].endswith("Z")


def test_an_endpoint_shouts_its_status(sagemaker, name, make_config, hear):
    received = hear("SageMaker Endpoint State Change", EndpointName=[name])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=make_config(name))
    wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)
    sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=make_config(f"{name}-2"))
    wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)
    sagemaker.delete_endpoint(EndpointName=name)

    statuses = [event["detail"]["EndpointStatus"] for event in received(5)]
    assert statuses == ["CREATING", "IN_SERVICE", "UPDATING", "IN_SERVICE", "DELETING"]


def test_a_deployment_tells_how_far_it_is(sagemaker, endpoint, make_config, hear):
    received = hear("SageMaker Endpoint Deployment State Change", EndpointName=[endpoint])
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=make_config(f"{endpoint}-2"))

    details = [event["detail"] for event in received(3)]
    summaries = [detail["PendingDeploymentSummary"]["ProductionVariants"][0] for detail in details]
    steps = [summary["VariantStatus"][0]["Status"] for summary in summaries]
    assert steps == ["Creating", "ActivatingTraffic", "Deleting"]
    assert {detail["EndpointStatus"] for detail in details} == {"UPDATING"}


def test_models_and_configs_are_announced(make_config, name, hear):
    received = hear("SageMaker Endpoint Config State Change", EndpointConfigName=[name])

    make_config(name)

    [event] = received(1)
    assert event["detail"]["ProductionVariants"][0]["ModelName"] == name
