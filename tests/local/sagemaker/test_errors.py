"""The errors that clients and state machines branch on, with AWS's codes and words."""

import re

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.local.sagemaker.toys import IMAGE, ROLE

MISSING = {
    "describe_training_job": ({"TrainingJobName": "x"}, "Requested resource not found"),
    "stop_training_job": ({"TrainingJobName": "x"}, "Requested resource not found"),
    "describe_processing_job": ({"ProcessingJobName": "x"}, "Could not find requested job with name"),
    "stop_processing_job": ({"ProcessingJobName": "x"}, "Could not find requested job with name"),
    "describe_transform_job": ({"TransformJobName": "x"}, "Could not find requested job with name"),
    "describe_model": ({"ModelName": "x"}, "Could not find model"),
    "delete_model": ({"ModelName": "x"}, "Could not find model"),
    "describe_endpoint_config": ({"EndpointConfigName": "x"}, "Could not find endpoint configuration"),
    "describe_endpoint": ({"EndpointName": "x"}, "Could not find endpoint"),
    "delete_endpoint": ({"EndpointName": "x"}, "Could not find endpoint"),
    "create_endpoint": ({"EndpointName": "x", "EndpointConfigName": "y"}, "Could not find endpoint configuration"),
    "describe_model_package": ({"ModelPackageName": "x"}, r"ModelPackage arn:.* does not exist\."),
    "describe_model_package_group": ({"ModelPackageGroupName": "x"}, r"ModelPackageGroup arn:.* does not exist\."),
    "list_tags": ({"ResourceArn": "arn:aws:sagemaker:us-east-1:000000000000:model/x"}, "Could not find"),
}


@pytest.fixture(scope="module")
def unchecked(stack):
    """A client that sends what botocore itself would not let pass."""
    return stack.client("sagemaker", config=Config(parameter_validation=False))


@pytest.mark.parametrize("operation", MISSING)
def test_what_is_missing_is_a_validation_exception_as_the_waiters_expect(sagemaker, operation):
    request, message = MISSING[operation]

    assert_error(lambda: getattr(sagemaker, operation)(**request), "ValidationException", message)


def test_a_job_name_is_taken_for_ever(sagemaker, training):
    sagemaker.create_training_job(**training)

    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="must be unique within an AWS account and region"):
        sagemaker.create_training_job(**training)


def test_models_configs_and_groups_cannot_be_created_twice(sagemaker, name, make_config):
    make_config(name)
    sagemaker.create_model_package_group(ModelPackageGroupName=name)
    variant = {"VariantName": "live", "ModelName": name, "InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}

    assert_error(
        lambda: sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": IMAGE}),
        "ValidationException", r'Cannot create already existing model "arn:',
    )  # fmt: skip
    assert_error(
        lambda: sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant]),
        "ValidationException", r'Cannot create already existing endpoint configuration "arn:',
    )  # fmt: skip
    assert_error(
        lambda: sagemaker.create_model_package_group(ModelPackageGroupName=name),
        "ValidationException", "Model Package Group already exists",
    )  # fmt: skip


def test_everything_that_is_wrong_with_a_request_is_told_at_once(unchecked, training):
    training |= {"TrainingJobName": "bad_name!"}
    training["ResourceConfig"] |= {"InstanceType": "ml.bogus"}
    training["StoppingCondition"] = {"MaxRuntimeInSeconds": 0}

    with pytest.raises(ClientError) as caught:
        unchecked.create_training_job(**training)

    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert error["Message"].startswith("3 validation errors detected: Value 'bad_name!' at 'trainingJobName' failed")
    assert "Value 'ml.bogus' at 'resourceConfig.instanceType'" in error["Message"]
    assert "Value 0 at 'stoppingCondition.maxRuntimeInSeconds'" in error["Message"]


def test_a_missing_member_is_null(unchecked):
    with pytest.raises(ClientError, match="Value null at 'modelName' failed to satisfy constraint: Member must not be"):
        unchecked.create_model()


def test_what_the_service_does_not_do_it_says(sagemaker):
    assert_error(lambda: sagemaker.list_pipelines(), "UnknownOperationException", "ListPipelines is not simulated")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"EnableManagedSpotTraining": True}, "MaxWaitTimeInSeconds must be specified"),
        ({"ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1}}, "one instance"),
        ({"AlgorithmSpecification": {"TrainingInputMode": "File"}}, "Either TrainingImage or AlgorithmName"),
    ],
)
def test_a_training_request_that_cannot_run_is_refused(sagemaker, training, members, message):
    assert_error(lambda: sagemaker.create_training_job(**training | members), "ValidationException", message)


@pytest.mark.parametrize(
    ("serverless", "message"),
    [
        ({"MemorySizeInMB": 2000, "MaxConcurrency": 2}, "MemorySizeInMB must be"),
        ({"MemorySizeInMB": 2048, "MaxConcurrency": 2, "ProvisionedConcurrency": 3}, "ProvisionedConcurrency"),
    ],
)
def test_a_serverless_variant_has_its_limits(sagemaker, name, make_model, serverless, message):
    variant = {"VariantName": "live", "ModelName": make_model(name), "ServerlessConfig": serverless}

    assert_error(
        lambda: sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant]),
        "ValidationException", message,
    )  # fmt: skip


def test_a_model_needs_data_that_is_there(name, bucket, make_model):
    assert_error(
        lambda: make_model(name, ModelDataUrl=f"s3://{bucket}/none.tar.gz"),
        "ValidationException", "Could not find model data at",
    )  # fmt: skip


def assert_error(call, code: str, message: str) -> None:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    assert (error["Code"], bool(re.search(message, error["Message"]))) == (code, True), error
