"""What the four kinds of people may and may not do, tried: each is a user with the stack's policy, and IAM decides."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.stack import LocalStack

pytestmark = pytest.mark.proof
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}


@dataclass(frozen=True)
class Person:
    """A user, and the stack that they try things on."""

    client: Callable[[str], Any]
    stack: dict[str, str]

    def may(self, service: str, operation: str, **arguments: Any) -> bool:
        """Whether IAM lets the call through; what the service then says of it does not matter."""
        try:
            getattr(self.client(service), operation)(**arguments)
        except ClientError as error:
            return error.response["Error"]["Code"] not in DENIED
        return True

    def may_say(self, detail_type: str) -> bool:
        entry = {"EventBusName": self.stack["BusName"], "DetailType": detail_type, "Detail": "{}"}
        return self.may("events", "put_events", Entries=[entry | {"Source": "tidewheel.operator"}])

    def may_write(self, output: str, key: str) -> bool:
        return self.may("s3", "put_object", Bucket=self.stack[output], Key=key, Body=b"")

    def may_approve(self) -> bool:
        arn = "arn:aws:sagemaker:us-east-1:000000000000:model-package/tidewheel-bikeshare/1"
        return self.may("sagemaker", "update_model_package", ModelPackageArn=arn, ModelApprovalStatus="Approved")


@pytest.fixture(scope="module")
def people() -> Iterator[Callable[..., Person]]:
    """A function: a person who has the named policies."""
    with LocalStack("test-people", auth=True) as stack:
        outputs = stack.deploy()
        iam = stack.client("iam")
        policies = [each["Arn"] for each in iam.list_policies(Scope="Local")["Policies"]]

        def person(*kinds: str) -> Person:
            name = "-".join(kinds)
            iam.create_user(UserName=name)
            for arn in policies:
                if any(f"{kind}Policy" in arn for kind in kinds):
                    iam.attach_user_policy(UserName=name, PolicyArn=arn)
            key = iam.create_access_key(UserName=name)["AccessKey"]
            session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
            return Person(lambda service: session.client(service, endpoint_url=stack.endpoint), outputs)

        yield person


def test_a_scientist_brings_data_and_asks_for_training_and_no_more(people):
    scientist = people("Scientist")

    assert scientist.may_write("InboxBucket", "bikeshare/new.csv")
    assert scientist.may_say("RetrainingRequested")
    assert scientist.may("sagemaker-runtime", "invoke_endpoint", EndpointName="tidewheel-bikeshare", Body=b"{}")
    assert not scientist.may_say("RollbackRequested")
    assert not scientist.may_write("AutomationBucket", "projects/bikeshare.yaml")
    assert not scientist.may_write("DatasetsBucket", "bikeshare/forged.parquet")
    assert not scientist.may_approve()


def test_an_approver_approves_and_starts_nothing_whatever_else_they_are(people):
    approver, both = people("Approver"), people("Approver", "Operator", "Scientist")

    for person in (approver, both):
        assert person.may_approve()
        assert not person.may_say("RetrainingRequested")
        assert not person.may_write("InboxBucket", "bikeshare/mine.csv")
        assert not person.may_write("AutomationBucket", "projects/bikeshare.yaml")
    flow = both.stack["TrainStateMachine"]
    assert not both.may("stepfunctions", "start_execution", stateMachineArn=flow, input=json.dumps({}))


def test_an_operator_runs_the_wheel_and_approves_nothing(people):
    operator = people("Operator")

    assert operator.may_write("AutomationBucket", "projects/bikeshare.yaml")
    assert operator.may_say("RollbackRequested")
    assert operator.may("sagemaker", "stop_training_job", TrainingJobName="tidewheel-bikeshare-00001-abcdef-current")
    assert operator.may("sagemaker", "delete_endpoint", EndpointName="tidewheel-bikeshare")
    assert not operator.may("sagemaker", "delete_endpoint", EndpointName="somebody-elses")
    assert not operator.may_write("AutomationBucket", "projects/bikeshare.report.json")
    assert not operator.may_write("ModelsBucket", "bikeshare/forged.tar.gz")
    assert not operator.may_approve()


def test_an_auditor_reads_everything_and_changes_nothing(people):
    auditor = people("Auditor")

    for output in ("InboxBucket", "DatasetsBucket", "ModelsBucket", "AutomationBucket"):
        assert auditor.may("s3", "list_objects_v2", Bucket=auditor.stack[output])
        assert not auditor.may_write(output, "projects/x.yaml")
    key = {"pk": {"S": "project#bikeshare"}, "sk": {"S": "project"}}
    assert auditor.may("dynamodb", "get_item", TableName=auditor.stack["LedgerTable"], Key=key)
    assert not auditor.may("dynamodb", "put_item", TableName=auditor.stack["LedgerTable"], Item=key)
    assert auditor.may("stepfunctions", "list_executions", stateMachineArn=auditor.stack["DataStateMachine"])
    assert not auditor.may_say("RetrainingRequested")
    assert not auditor.may_approve()
