"""What a template says is done or refused: the properties that the emulator by itself would drop."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from local.errors import DeployFailed
from local.stack import LocalStack
from tests.local.conftest import zipped

PACE = {"Delay": 0.05, "MaxAttempts": 400}


@pytest.fixture
def deploy(stack: LocalStack, name: str, tmp_path: Path) -> Any:
    """Deploys resources as the stack `name`; every resource's Ref is an output."""

    def call(**resources: dict) -> dict[str, str]:
        outputs = {key: {"Value": {"Ref": key}} for key in resources}
        path = tmp_path / "template.yaml"
        path.write_text(json.dumps({"Resources": resources, "Outputs": outputs}))
        return stack.deploy(name, path)

    return call


def _delete(stack: LocalStack, name: str) -> None:
    cloudformation = stack.client("cloudformation")
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=PACE)


def _table(**properties: Any) -> dict:
    keys = {
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    }
    return {"Type": "AWS::DynamoDB::Table", "Properties": keys | properties}


def test_a_table_expires_recovers_and_is_protected_as_the_template_says(stack: LocalStack, name: str, deploy) -> None:
    table = deploy(
        Table=_table(
            TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": True},
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            DeletionProtectionEnabled="true",
        )
    )["Table"]

    dynamodb = stack.client("dynamodb")
    assert dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "expires_at",
    }
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    with pytest.raises(WaiterError, match="DELETE_FAILED"):
        _delete(stack, name)


def test_protection_that_is_switched_off_lets_the_table_go(stack: LocalStack, name: str, deploy) -> None:
    deploy(Table=_table(DeletionProtectionEnabled="false"))

    _delete(stack, name)


BUCKET = {
    "Type": "AWS::S3::Bucket",
    "Properties": {
        "VersioningConfiguration": {"Status": "Enabled"},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "LifecycleConfiguration": {
            "Rules": [{"Id": "Sweep", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 90}}]
        },
    },
}


def test_a_bucket_is_encrypted_owned_and_swept_as_the_template_says(stack: LocalStack, deploy) -> None:
    bucket, s3 = deploy(Bucket=BUCKET)["Bucket"], stack.client("s3")

    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert encryption["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    controls = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert (rule["ID"], rule["NoncurrentVersionExpiration"]) == ("Sweep", {"NoncurrentDays": 90})


def test_a_bucket_with_an_old_version_in_it_is_not_deleted(stack: LocalStack, name: str, deploy) -> None:
    bucket, s3 = deploy(Bucket=BUCKET)["Bucket"], stack.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    s3.delete_object(Bucket=bucket, Key="k")

    with pytest.raises(WaiterError, match="DELETE_FAILED"):
        _delete(stack, name)


def test_what_shall_be_retained_outlives_the_stack(stack: LocalStack, name: str, deploy) -> None:
    bucket = deploy(Bucket=BUCKET | {"DeletionPolicy": "Retain"})["Bucket"]
    stack.client("s3").put_object(Bucket=bucket, Key="k", Body=b"kept")

    _delete(stack, name)

    assert stack.client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == b"kept"


def test_an_archive_keeps_its_events_through_an_update(stack: LocalStack, name: str, deploy) -> None:
    def resources(days: int) -> dict:
        source = {"Fn::GetAtt": ["Bus", "Arn"]}
        return {
            "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}},
            "Archive": {"Type": "AWS::Events::Archive", "Properties": {"SourceArn": source, "RetentionDays": days}},
        }

    events = stack.client("events")
    archive = deploy(**resources(7))["Archive"]
    events.put_events(Entries=[{"EventBusName": name, "Source": "s", "DetailType": "d", "Detail": "{}"}])
    deploy(**resources(9))

    described = events.describe_archive(ArchiveName=archive)
    assert (described["RetentionDays"], described["EventCount"]) == (9, 1)


def test_a_functions_variables_reserved_concurrency_and_dead_letters_are_set(
    stack: LocalStack, role: str, queue, deploy
) -> None:
    properties = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": role,
        "Code": {"ZipFile": "handler = print"},
        "Environment": {"Variables": {"DAYS": 90, "ON": True}},
        "ReservedConcurrentExecutions": 3,
        "DeadLetterConfig": {"TargetArn": queue.arn},
    }
    function = deploy(Function={"Type": "AWS::Lambda::Function", "Properties": properties})["Function"]

    found = stack.client("lambda").get_function(FunctionName=function)
    assert found["Concurrency"]["ReservedConcurrentExecutions"] == 3
    assert found["Configuration"]["Environment"]["Variables"] == {"DAYS": "90", "ON": "true"}
    assert found["Configuration"]["DeadLetterConfig"]["TargetArn"] == queue.arn


def test_a_layer_for_another_python_is_refused_by_name(stack: LocalStack, name: str, deploy) -> None:
    header = (
        b"\x7fELF" + bytes(14) + {"x86_64": 62, "aarch64": 183}[__import__("platform").machine()].to_bytes(2, "little")
    )
    stack.client("s3").create_bucket(Bucket=name)
    content = zipped({"python/numpy/core.cpython-38-x86_64-linux-gnu.so": header})
    stack.client("s3").put_object(Bucket=name, Key="layer.zip", Body=content)

    with pytest.raises(DeployFailed, match=r"Layer: .*core\.cpython-38.*for Python 3\.8"):
        deploy(
            Layer={
                "Type": "AWS::Lambda::LayerVersion",
                "Properties": {"Content": {"S3Bucket": name, "S3Key": "layer.zip"}},
            }
        )


def test_a_property_that_nothing_here_honours_is_refused(deploy) -> None:
    with pytest.raises(DeployFailed, match="does not simulate AWS::S3::Bucket ReplicationConfiguration"):
        deploy(Bucket={"Type": "AWS::S3::Bucket", "Properties": {"ReplicationConfiguration": {}}})


def test_a_resource_type_that_nobody_has_reviewed_is_refused_before_anything_is_made(deploy) -> None:
    with pytest.raises(DeployFailed, match=r"Unrecognized resource types: \[AWS::EC2::VPC\]"):
        deploy(Vpc={"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}})
