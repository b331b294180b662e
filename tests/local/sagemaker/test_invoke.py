"""InvokeEndpoint: what goes to the container, what comes back, and its errors."""

import contextlib
import json
import subprocess
import time

import pytest

from local import ROOT
from tests.local.sagemaker.toys import archive, wait


def test_custom_attributes_and_content_types_pass_through(runtime, endpoint):
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body="3")

    assert answer["ContentType"] == "application/json"
    assert json.loads(answer["Body"].read())["predictions"] == [6.0]


def test_an_exception_of_the_script_is_a_bare_500_with_its_words_in_the_log_alone(runtime, stack, endpoint):
    with pytest.raises(runtime.exceptions.ModelError) as caught:
        runtime.invoke_endpoint(EndpointName=endpoint, ContentType="image/png", Body=b"\x89PNG")

    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["OriginalStatusCode"] == 500
    assert "Internal Server Error" in response["OriginalMessage"]
    assert f"/aws/sagemaker/Endpoints/{endpoint}" in response["LogStreamArn"]
    logs = stack.client("logs").filter_log_events(logGroupName=f"/aws/sagemaker/Endpoints/{endpoint}")
    assert any("415 Unsupported Media Type: not a CSV" in event["message"] for event in logs["events"])


def test_a_response_of_the_script_keeps_its_status(runtime, endpoint):
    with pytest.raises(runtime.exceptions.ModelError) as caught:
        runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body="\n")

    assert caught.value.response["OriginalStatusCode"] == 422
    assert caught.value.response["OriginalMessage"] == "there are no numbers"


def test_an_unknown_endpoint_is_a_validation_error(runtime):
    with pytest.raises(runtime.exceptions.ValidationError, match=r"Endpoint nobody of account 000000000000 not found"):
        runtime.invoke_endpoint(EndpointName="nobody", Body=b"1")


def test_an_endpoint_that_is_being_created_does_not_answer(sagemaker, runtime, name, make_config):
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=make_config(name))

    with pytest.raises(runtime.exceptions.ValidationError, match="status Creating"):
        runtime.invoke_endpoint(EndpointName=name, Body=b"1")
    wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)
    sagemaker.delete_endpoint(EndpointName=name)


def test_a_request_of_more_than_six_megabytes_is_refused(runtime, endpoint):
    with pytest.raises(runtime.exceptions.ValidationError, match="6291456"):
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"1" * 6291457)


def test_a_container_that_dies_is_started_again(runtime, endpoint):
    with pytest.raises(runtime.exceptions.ModelError, match="Did not receive an inference response"):
        runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body="die")

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(runtime.exceptions.ModelError):
            answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body="3")
            assert json.loads(answer["Body"].read())["predictions"] == [6.0]
            return
        time.sleep(0.1)
    raise AssertionError("it did not come back")


def test_a_plain_xgboost_model_is_served_by_the_image_itself(
    sagemaker, runtime, s3, bucket, name, make_config, booster
):
    s3.put_object(Bucket=bucket, Key="artifacts/booster.tar.gz", Body=archive({"xgboost-model": booster}))
    config = make_config(name, ModelDataUrl=f"s3://{bucket}/artifacts/booster.tar.gz", Environment={})
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)

    lines = runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Body="0\n1\n")["Body"].read()
    scores = [float(line) for line in lines.decode().split()]
    assert scores[0] < 0.5 < scores[1]
    answer = runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Accept="application/json", Body="1")
    assert json.loads(answer["Body"].read())["predictions"][0]["score"] == pytest.approx(scores[1], abs=1e-6)
    with pytest.raises(runtime.exceptions.ModelError, match="415"):
        runtime.invoke_endpoint(EndpointName=name, ContentType="application/json", Body="{}")
    sagemaker.delete_endpoint(EndpointName=name)


@pytest.fixture(scope="session")
def booster(tmp_path_factory) -> bytes:
    """A model that the image's XGBoost has trained: is x above a half?"""
    file = tmp_path_factory.mktemp("booster") / "xgboost-model"
    train = (
        "import sys, numpy, xgboost; x = numpy.arange(100).reshape(-1, 1) / 99; y = (x[:, 0] > .5).astype(int);"
        "xgboost.train({'objective': 'binary:logistic'}, xgboost.DMatrix(x, y), 3).save_model(sys.argv[1])"
    )
    subprocess.run([ROOT / ".tidewheel/env/image/bin/python", "-c", train, file], check=True)
    return file.read_bytes()
