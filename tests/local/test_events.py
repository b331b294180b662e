"""S3 events, rules with retries and dead letters, asynchronous invocations: as EventBridge and Lambda document them."""

import json
from collections.abc import Callable

import pytest

from local.stack import LocalStack
from tests.local.conftest import Queue

MISSING = "arn:aws:lambda:us-east-1:000000000000:function:nobody"


@pytest.fixture
def bucket(stack: LocalStack, name: str, queue: Queue) -> str:
    """A versioned bucket whose events a rule puts into `queue`."""
    s3, events = stack.client("s3"), stack.client("events")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}})
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [name]}}}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": queue.arn}])
    return name


@pytest.mark.parametrize("key", ["plain.csv", "a b+c/ü 雨.csv", "per%20cent&=.csv"])
def test_an_upload_is_announced_with_its_exact_key_and_version(
    stack: LocalStack, bucket: str, queue: Queue, key: str
) -> None:
    written = stack.client("s3").put_object(Bucket=bucket, Key=key, Body=b"1,2,3")

    event = queue.body()

    assert event["detail-type"] == "Object Created"
    assert event["detail"]["reason"] == "PutObject"
    assert event["detail"]["object"] == {
        "key": key,
        "size": 5,
        "etag": written["ETag"].strip('"'),
        "version-id": written["VersionId"],
        "sequencer": event["detail"]["object"]["sequencer"],
    }


def test_a_later_write_of_a_key_has_the_greater_sequencer(stack: LocalStack, bucket: str, queue: Queue) -> None:
    written = [stack.client("s3").put_object(Bucket=bucket, Key="k", Body=body)["VersionId"] for body in (b"1", b"2")]
    seen = {found["version-id"]: found["sequencer"] for found in (queue.body()["detail"]["object"] for _ in "12")}

    assert seen[written[0]] < seen[written[1]]


def test_copies_multipart_uploads_and_deletions_name_their_versions(
    stack: LocalStack, bucket: str, queue: Queue
) -> None:
    s3 = stack.client("s3")
    upload = {"Bucket": bucket, "Key": "big"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    part = {"PartNumber": 1, "ETag": s3.upload_part(**upload, PartNumber=1, Body=b"x" * 99)["ETag"]}
    big = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]})["VersionId"]
    assert _told(queue) == ("CompleteMultipartUpload", "big", big)

    copy = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "big"})["VersionId"]
    assert _told(queue) == ("CopyObject", "copy", copy)

    marker = s3.delete_object(Bucket=bucket, Key="copy")["VersionId"]
    assert _told(queue) == ("DeleteObject", "copy", marker)


def _told(queue: Queue) -> tuple[str, str, str]:
    detail = queue.body()["detail"]
    return detail["reason"], detail["object"]["key"], detail["object"]["version-id"]


def _rule(stack: LocalStack, name: str, target: dict) -> None:
    """A rule for events of the source `name`."""
    events = stack.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    events.put_targets(Rule=name, Targets=[{"Id": "target", **target}])


def _put(stack: LocalStack, source: str) -> None:
    entry = {"Source": source, "DetailType": "Tested", "Detail": json.dumps({"n": 1})}
    stack.client("events").put_events(Entries=[entry])


def test_an_event_for_a_target_that_is_not_there_goes_to_the_dead_letter_queue_at_once(
    stack: LocalStack, name: str, dead: Queue
) -> None:
    _rule(stack, name, {"Arn": MISSING, "DeadLetterConfig": {"Arn": dead.arn}})
    _put(stack, name)

    letter = dead.message()

    assert json.loads(letter["Body"])["detail"] == {"n": 1}
    assert letter["Attributes"]["ERROR_CODE"] == "NO_RESOURCE"
    assert letter["Attributes"]["RETRY_ATTEMPTS"] == "0"
    assert letter["Attributes"]["TARGET_ARN"] == MISSING
    assert letter["Attributes"]["RULE_ARN"].endswith(f":rule/{name}")
    assert "nobody" in letter["Attributes"]["ERROR_MESSAGE"]


def test_a_rule_starts_a_state_machine_under_its_role(
    stack: LocalStack, name: str, role: str, queue: Queue, dead: Queue
) -> None:
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Tell",
        "States": {
            "Tell": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "Arguments": {"QueueUrl": queue.url, "MessageBody": "{% $states.input.detail %}"},
                "End": True,
            }
        },
    }
    machine = stack.client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=role
    )["stateMachineArn"]
    target = {"Arn": machine, "DeadLetterConfig": {"Arn": dead.arn}, "RetryPolicy": {"MaximumRetryAttempts": 1}}
    _rule(stack, name, target | {"RoleArn": role})
    _put(stack, name)
    assert queue.body() == {"n": 1}

    _rule(stack, name, target | {"RoleArn": role + "-that-is-not-there"})
    _put(stack, name)
    assert dead.message()["Attributes"]["ERROR_CODE"] == "NO_PERMISSIONS"


def test_an_asynchronous_invocation_tells_its_destination_after_the_last_attempt(
    stack: LocalStack, function: Callable[..., str], queue: Queue
) -> None:
    name = function("def handler(event, context):\n    raise ValueError('never')\n")
    functions = stack.client("lambda")
    version = functions.publish_version(FunctionName=name)["Version"]
    functions.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    functions.put_function_event_invoke_config(
        FunctionName=name, Qualifier="live", MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": queue.arn}},
    )  # fmt: skip

    functions.invoke(FunctionName=name, Qualifier="live", InvocationType="Event", Payload=b'{"n": 1}')

    record = queue.body()
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["requestContext"]["functionArn"].endswith(f":function:{name}:live")
    assert record["requestPayload"] == {"n": 1}
    assert record["responsePayload"]["errorType"] == "ValueError"


def test_a_function_without_a_destination_uses_its_dead_letter_queue(
    stack: LocalStack, function: Callable[..., str], dead: Queue
) -> None:
    name = function(
        "def handler(event, context):\n    raise ValueError('never')\n", DeadLetterConfig={"TargetArn": dead.arn}
    )

    stack.client("lambda").invoke(FunctionName=name, InvocationType="Event", Payload=b'{"n": 1}')

    letter = dead.message()
    assert json.loads(letter["Body"]) == {"n": 1}
    assert letter["Attributes"]["ErrorMessage"] == "never"
