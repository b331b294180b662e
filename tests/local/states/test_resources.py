"""Names of errors and members, as Step Functions spells them."""

import io
from datetime import UTC, datetime

import pytest

from local.states.errors import StateError
from local.states.members import from_api, to_api
from local.states.resources import parse

ARN = "arn:aws:states:::"
ERRORS = [
    ("dynamodb:putItem", "ConditionalCheckFailedException", "DynamoDB.ConditionalCheckFailedException"),
    ("dynamodb:putItem", "AccessDeniedException", "DynamoDB.AmazonDynamoDBException"),
    ("aws-sdk:dynamodb:putItem", "ConditionalCheckFailedException", "DynamoDb.ConditionalCheckFailedException"),
    ("aws-sdk:dynamodb:transactWriteItems", "TransactionCanceledException", "DynamoDb.TransactionCanceledException"),
    ("aws-sdk:dynamodb:putItem", "AccessDeniedException", "DynamoDb.DynamoDbException"),
    ("sagemaker:createTrainingJob.sync", "ResourceInUse", "SageMaker.ResourceInUseException"),
    ("sagemaker:createTrainingJob.sync", "ValidationException", "SageMaker.AmazonSageMakerException"),
    ("aws-sdk:sagemaker:describeEndpoint", "ValidationException", "SageMaker.SageMakerException"),
    ("aws-sdk:scheduler:createSchedule", "ConflictException", "Scheduler.ConflictException"),
    ("aws-sdk:s3:getObject", "NoSuchKey", "S3.NoSuchKeyException"),
    ("aws-sdk:s3:getObject", "InternalError", "S3.S3Exception"),
    ("aws-sdk:sfn:describeExecution", "ExecutionDoesNotExist", "Sfn.ExecutionDoesNotExistException"),
    ("states:startExecution", "ExecutionAlreadyExists", "StepFunctions.ExecutionAlreadyExistsException"),
    ("aws-sdk:eventbridge:putEvents", "InternalException", "EventBridge.InternalException"),
    ("lambda:invoke", "TooManyRequestsException", "Lambda.TooManyRequestsException"),
    ("lambda:invoke", "AccessDeniedException", "Lambda.AWSLambdaException"),
]


@pytest.mark.parametrize(("resource", "code", "name"), ERRORS, ids=[error[2] + " of " + error[0] for error in ERRORS])
def test_an_error_has_the_name_that_its_integration_gives_it(resource, code, name):
    assert parse(ARN + resource).error(code) == name


def test_the_generic_error_of_the_other_kind_of_integration_is_never_raised():
    optimized, sdk = parse(ARN + "sagemaker:createModel"), parse(ARN + "aws-sdk:sagemaker:createModel")

    assert optimized.raises("SageMaker.AmazonSageMakerException")
    assert not optimized.raises("SageMaker.SageMakerException")
    assert sdk.raises("SageMaker.SageMakerException")
    assert sdk.raises("SageMaker.ResourceInUseException")
    assert not sdk.raises("SageMaker.Typo")


def test_members_are_pascal_case_whatever_the_api_calls_them():
    resource = parse(ARN + "aws-sdk:sfn:startExecution")

    asked = to_api(resource, {"StateMachineArn": "arn", "Name": "n"})
    said = from_api(resource, {"executionArn": "arn", "ResponseMetadata": {}})

    assert asked == {"stateMachineArn": "arn", "name": "n"}
    assert said == {"ExecutionArn": "arn"}


def test_keys_of_a_map_are_data_and_keep_their_case():
    resource = parse(ARN + "dynamodb:getItem")

    said = from_api(resource, {"Item": {"status": {"M": {"a": {"S": "x"}}}}})

    assert said == {"Item": {"status": {"M": {"a": {"S": "x"}}}}}


def test_an_optimized_integration_takes_json_where_the_api_takes_text():
    assert to_api(parse(ARN + "lambda:invoke"), {"FunctionName": "f", "Payload": {"a": 1}}) == {
        "FunctionName": "f",
        "Payload": b'{"a": 1}',
    }
    assert to_api(parse(ARN + "events:putEvents"), {"Entries": [{"Detail": {"a": 1}}]}) == {
        "Entries": [{"Detail": '{"a": 1}'}]
    }


def test_an_action_that_answers_nothing_has_an_empty_object_as_its_result():
    assert from_api(parse(ARN + "aws-sdk:sagemaker:stopTrainingJob"), {"ResponseMetadata": {}}) == {}


def test_times_are_iso_text_and_bodies_are_text():
    resource = parse(ARN + "aws-sdk:s3:getObject")

    said = from_api(resource, {"Body": io.BytesIO(b"rows"), "LastModified": datetime(2026, 1, 31, tzinfo=UTC)})

    assert said == {"Body": "rows", "LastModified": "2026-01-31T00:00:00.000Z"}


def test_an_unknown_member_is_a_states_runtime_error():
    with pytest.raises(StateError, match=r"States\.Runtime"):
        to_api(parse(ARN + "dynamodb:getItem"), {"Tablename": "t"})
