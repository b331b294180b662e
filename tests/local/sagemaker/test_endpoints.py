"""Endpoints: statuses, blue/green updates, silent rollbacks, and what they refuse."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.local.sagemaker.toys import archive, wait


@pytest.fixture
def settled(sagemaker):
    def wait_for(name: str) -> dict:
        return wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)

    return wait_for


@pytest.fixture
def ask(runtime):
    """The version that answers."""

    def version(name: str) -> str:
        answer = runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Body="1")
        return json.loads(answer["Body"].read())["version"]

    return version


def test_an_endpoint_is_created_and_then_in_service(sagemaker, name, make_config, settled):
    arn = sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=make_config(name))["EndpointArn"]

    assert sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"] == "Creating"
    described = settled(name)
    assert (described["EndpointStatus"], described["EndpointArn"]) == ("InService", arn)
    [variant] = described["ProductionVariants"]
    assert (variant["VariantName"], variant["CurrentWeight"], variant["CurrentInstanceCount"]) == ("live", 1.0, 1)
    sagemaker.delete_endpoint(EndpointName=name)


def test_an_update_fails_no_request(sagemaker, endpoint, make_config, settled, ask):
    stop = threading.Event()

    def ask_until_stopped() -> list[str]:
        versions = []
        while not stop.is_set():
            versions.append(ask(endpoint))
        return versions

    with ThreadPoolExecutor() as pool:
        asking = [pool.submit(ask_until_stopped) for _ in range(3)]
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=make_config(f"{endpoint}-2", "2"))
        described = settled(endpoint)
        time.sleep(0.1)
        stop.set()
        answers = [future.result() for future in asking]

    assert described["EndpointConfigName"] == f"{endpoint}-2"
    assert "PendingDeploymentSummary" not in described
    for versions in answers:
        switch = versions.index("2")
        assert versions == ["1"] * switch + ["2"] * (len(versions) - switch)


def test_while_an_update_runs_it_can_be_seen_and_not_disturbed(sagemaker, endpoint, make_config, settled, ask):
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=make_config(f"{endpoint}-2", "2"))

    described = sagemaker.describe_endpoint(EndpointName=endpoint)
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("Updating", endpoint)
    assert described["PendingDeploymentSummary"]["EndpointConfigName"] == f"{endpoint}-2"
    assert ask(endpoint) == "1"
    for forbidden in (
        lambda: sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=endpoint),
        lambda: sagemaker.delete_endpoint(EndpointName=endpoint),
    ):
        with pytest.raises(sagemaker.exceptions.ClientError, match=r"Cannot \w+ in-progress endpoint"):
            forbidden()
    settled(endpoint)


@pytest.mark.parametrize("break_it", ["container", "fault", "model data"])
def test_a_failed_update_is_in_service_again_on_the_old_config(
    sagemaker, s3, bucket, endpoint, make_config, settled, ask, break_it
):
    bad = {}
    if break_it == "container":
        s3.put_object(Bucket=bucket, Key="artifacts/bad.tar.gz", Body=archive({"code/inference.py": b"boom"}))
        bad = {"ModelDataUrl": f"s3://{bucket}/artifacts/bad.tar.gz"}
    elif break_it == "fault":
        arn = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointArn"]
        sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "test:fault", "Value": "ping"}])
    config = make_config(f"{endpoint}-2", "2", **bad)
    if break_it == "model data":
        config = make_config(f"{endpoint}-3", "3", ModelDataUrl=gone(s3, bucket))
        s3.delete_object(Bucket=bucket, Key="artifacts/gone.tar.gz")

    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)

    described = settled(endpoint)
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", endpoint)
    assert ask(endpoint) == "1"


def test_an_endpoint_that_never_was_healthy_has_failed(sagemaker, name, make_config, settled, ask):
    sagemaker.create_endpoint(
        EndpointName=name, EndpointConfigName=make_config(name), Tags=[{"Key": "test:fault", "Value": "ping"}]
    )

    described = settled(name)
    assert described["EndpointStatus"] == "Failed"
    assert "did not pass the ping health check" in described["FailureReason"]
    with pytest.raises(sagemaker.exceptions.ClientError, match="status Failed"):
        ask(name)
    sagemaker.delete_endpoint(EndpointName=name)


def test_a_serverless_endpoint_serves_and_throttles(sagemaker, runtime, name, make_config, settled, ask):
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=make_config(name, serverless=True))
    [variant] = settled(name)["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 2}
    assert ask(name) == "1"

    slow = {"EndpointName": name, "ContentType": "text/csv", "Body": "sleep 1"}
    busy = [threading.Thread(target=lambda: runtime.invoke_endpoint(**slow)) for _ in range(2)]
    for thread in busy:
        thread.start()
    time.sleep(0.4)
    with pytest.raises(runtime.exceptions.ClientError) as throttled:
        ask(name)
    for thread in busy:
        thread.join()

    assert throttled.value.response["Error"]["Code"] == "ThrottlingException"
    sagemaker.delete_endpoint(EndpointName=name)


def test_a_real_time_endpoint_does_not_become_serverless(sagemaker, endpoint, make_config):
    with pytest.raises(sagemaker.exceptions.ClientError, match="real-time endpoint to a serverless"):
        sagemaker.update_endpoint(
            EndpointName=endpoint, EndpointConfigName=make_config(f"{endpoint}-2", serverless=True)
        )


def test_traffic_follows_weights_and_targets(sagemaker, runtime, name, make_model, settled):
    size = {"InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}
    variants = [
        {"VariantName": variant, "ModelName": make_model(f"{name}-{variant}", variant), **size} for variant in "ab"
    ]
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    settled(name)

    def invoke(**target) -> str:
        sent = {"EndpointName": name, "ContentType": "text/csv", "Body": "1"}
        return runtime.invoke_endpoint(**sent, **target)["InvokedProductionVariant"]

    assert {invoke() for _ in range(20)} == {"a", "b"}
    assert {invoke(TargetVariant="b") for _ in range(5)} == {"b"}
    weights = [{"VariantName": "a", "DesiredWeight": 0.0}]
    sagemaker.update_endpoint_weights_and_capacities(EndpointName=name, DesiredWeightsAndCapacities=weights)
    settled(name)
    assert {invoke() for _ in range(10)} == {"b"}
    with pytest.raises(runtime.exceptions.ClientError, match=r"ValidationError.*Variant c not found"):
        invoke(TargetVariant="c")
    sagemaker.delete_endpoint(EndpointName=name)


def gone(s3, bucket: str) -> str:
    s3.put_object(Bucket=bucket, Key="artifacts/gone.tar.gz", Body=b"")
    return f"s3://{bucket}/artifacts/gone.tar.gz"
