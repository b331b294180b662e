"""With IAM enforced: jobs reach what their role may reach, callers do what they may do, and hand over what they may."""

import json
from collections.abc import Iterator

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.stack import LocalStack
from tests.local.sagemaker.toys import IMAGE, TOY, packed, wait

ACCOUNT = "000000000000"


@pytest.fixture(scope="module")
def guarded() -> Iterator[LocalStack]:
    with LocalStack("test-sagemaker-rights", auth=True) as stack:
        s3 = stack.client("s3")
        s3.create_bucket(Bucket="rows")
        s3.create_bucket(Bucket="models")
        s3.put_object(Bucket="rows", Key="code/sourcedir.tar.gz", Body=packed(TOY))
        s3.put_object(Bucket="rows", Key="train/part.csv", Body=b"1,2\n")
        yield stack


@pytest.fixture
def make_role(guarded, name):
    """A role that SageMaker may assume, with rights on S3."""

    def make(*statements: dict, trusted: str = "sagemaker.amazonaws.com") -> str:
        mine = {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:*"},
        }
        trust = [{"Effect": "Allow", "Principal": {"Service": trusted}, "Action": "sts:AssumeRole", "Condition": mine}]
        iam = guarded.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(*trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=document(*statements))
        return role

    return make


@pytest.fixture
def caller(guarded, name):
    """A client as a user with just these rights."""

    def login(service: str, *statements: dict):
        iam = guarded.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=document(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        import boto3

        return boto3.client(
            service, endpoint_url=guarded.endpoint, region_name="us-east-1", aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"], config=Config(retries={"total_max_attempts": 1}),
        )  # fmt: skip

    return login


READ = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::rows*"]}
WRITE = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::models/*"}


@pytest.fixture
def job(guarded, training, name):
    def run(role: str) -> dict:
        training["RoleArn"] = role
        training["HyperParameters"]["sagemaker_submit_directory"] = "s3://rows/code/sourcedir.tar.gz"
        training["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] = "s3://rows/train/"
        training["OutputDataConfig"] = {"S3OutputPath": "s3://models/"}
        client = guarded.client("sagemaker")
        client.create_training_job(**training)
        return wait(client.describe_training_job, "TrainingJobStatus", TrainingJobName=name)

    return run


def test_a_role_with_its_rights_trains(job, make_role):
    done = job(make_role(READ, WRITE))

    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")


def test_a_role_that_may_not_read_fails_the_download(job, make_role):
    reason = job(make_role(WRITE))["FailureReason"]

    assert reason.startswith("ClientError: Data download failed")
    assert "AccessDenied (403)" in reason


def test_a_role_that_may_not_write_fails_the_upload(job, make_role):
    reason = job(make_role(READ))["FailureReason"]

    assert reason.startswith("ClientError: Artifact upload failed")
    assert "AccessDenied" in reason


def test_a_role_that_does_not_trust_sagemaker_is_refused(job, make_role):
    with pytest.raises(ClientError, match=r"allows principal 'sagemaker\.amazonaws\.com' to assume the role"):
        job(make_role(READ, WRITE, trusted="lambda.amazonaws.com"))


def test_a_caller_needs_the_right_to_pass_the_role(caller, make_role, training):
    training["RoleArn"] = make_role(READ, WRITE)
    client = caller("sagemaker", {"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"})

    with pytest.raises(ClientError, match=r"AccessDenied.*iam:PassRole"):
        client.create_training_job(**training)


def test_tagging_at_creation_is_a_right_of_its_own(caller, name):
    client = caller("sagemaker", {"Effect": "Allow", "Action": "sagemaker:CreateModelPackageGroup", "Resource": "*"})

    client.create_model_package_group(ModelPackageGroupName=name)
    with pytest.raises(ClientError, match=r"AccessDenied.*sagemaker:AddTags"):
        client.create_model_package_group(ModelPackageGroupName=f"{name}-2", Tags=[{"Key": "a", "Value": "b"}])


def test_rights_end_at_the_named_resources(caller):
    mine = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}"
    client = caller(
        "sagemaker",
        {"Effect": "Allow", "Action": "sagemaker:DescribeEndpoint", "Resource": f"{mine}:endpoint/tw-*"},
        {"Effect": "Allow", "Action": "sagemaker:UpdateModelPackage", "Resource": f"{mine}:model-package/tw-*"},
    )

    with pytest.raises(ClientError, match="Could not find endpoint"):
        client.describe_endpoint(EndpointName="tw-bikes")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.describe_endpoint(EndpointName="other")
    with pytest.raises(ClientError, match="does not exist"):
        client.update_model_package(ModelPackageArn=f"{mine}:model-package/tw-bikes/1")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.update_model_package(ModelPackageArn=f"{mine}:model-package/other/1")


def test_the_registry_remembers_who_changed_a_package(caller, guarded, name):
    client = caller("sagemaker", {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"})
    guarded.client("sagemaker").create_model_package_group(ModelPackageGroupName=name)
    arn = client.create_model_package(
        ModelPackageGroupName=name, InferenceSpecification={"Containers": [{"Image": IMAGE}]}
    )["ModelPackageArn"]

    guarded.client("sagemaker").update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")

    described = client.describe_model_package(ModelPackageName=arn)
    assert described["CreatedBy"]["IamIdentity"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/{name}"
    assert described["LastModifiedBy"]["IamIdentity"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"


def test_invoking_is_a_right_of_its_own(caller):
    resource = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:endpoint/tw-bikes"
    client = caller(
        "sagemaker-runtime", {"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": resource}
    )

    with pytest.raises(ClientError, match="not found"):
        client.invoke_endpoint(EndpointName="tw-bikes", Body=b"1")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.invoke_endpoint(EndpointName="other", Body=b"1")


def document(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
