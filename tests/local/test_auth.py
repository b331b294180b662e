"""With `--auth`, every call is made under the role that the resource names, and IAM decides."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.stack import LocalStack
from tests.local.conftest import Queue, eventually, zipped

WHO = "import boto3\ndef handler(event, context):\n    return boto3.client('sts').get_caller_identity()['Arn']\n"
READ = (
    "import boto3\ndef handler(event, context):\n"
    "    return boto3.client('s3').get_object(Bucket=event, Key='k')['Body'].read().decode()\n"
)


@pytest.fixture(scope="module")
def guarded() -> Iterator[LocalStack]:
    with LocalStack("test-auth", auth=True) as stack:
        yield stack


def _role(stack: LocalStack, name: str, service: str, *statements: dict, condition: dict | None = None) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust | ({"Condition": condition} if condition else {})]}
    iam = stack.client("iam")
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))["Role"]["Arn"]
    granted = [{"Effect": "Allow", **statement} for statement in statements]
    policy = {"Version": "2012-10-17", "Statement": granted or {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    return str(arn)


def _invoke(stack: LocalStack, name: str, source: str, role: str, event: Any = None) -> Any:
    functions = stack.client("lambda")
    options = {"Runtime": "python3.13", "Handler": "index.handler", "Timeout": 10}
    functions.create_function(FunctionName=name, Role=role, Code={"ZipFile": zipped({"index.py": source})}, **options)
    return json.load(functions.invoke(FunctionName=name, Payload=json.dumps(event))["Payload"])


def test_a_function_runs_as_its_own_role(guarded: LocalStack, name: str) -> None:
    role = _role(guarded, name, "lambda.amazonaws.com")

    assert _invoke(guarded, name, WHO, role).endswith(f":assumed-role/{name}/{name}")


@pytest.mark.parametrize("allowed", [True, False])
def test_a_function_may_do_what_its_role_may_do(guarded: LocalStack, name: str, allowed: bool) -> None:
    s3 = guarded.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"read")
    tls = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{name}/*"]}
    tls["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [tls]}))
    bucket = name if allowed else "another"
    right = {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}

    answer = _invoke(guarded, name, READ, _role(guarded, name, "lambda.amazonaws.com", right), name)

    assert answer == "read" if allowed else "AccessDenied" in answer["errorMessage"]


@pytest.mark.parametrize("excepted", ["me", "another"])
def test_a_bucket_that_denies_all_but_one_role_knows_the_role_behind_a_session(
    guarded: LocalStack, name: str, excepted: str
) -> None:
    s3, right = guarded.client("s3"), {"Action": "s3:GetObject", "Resource": "*"}
    role = _role(guarded, name, "lambda.amazonaws.com", right)
    allowed = [role if excepted == "me" else role + "x", "arn:aws:iam::000000000000:root"]
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{name}/*"}
    deny["Condition"] = {"ArnNotEquals": {"aws:PrincipalArn": allowed}}
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"read")
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))

    answer = _invoke(guarded, name, READ, role, name)

    assert answer == "read" if excepted == "me" else "AccessDenied" in answer["errorMessage"]


def _open(queue: Queue, rule: str) -> Queue:
    """Lets one rule send to a queue."""
    grant = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
    grant |= {"Resource": queue.arn, "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:events:*:*:rule/{rule}"}}}
    queue.allow(grant)
    return queue


def _rule(stack: LocalStack, name: str, role: str, dead: Queue) -> str:
    """A rule that starts a state machine; returns the machine's ARN."""
    definition = {"QueryLanguage": "JSONata", "StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    machine = stack.client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=_role(stack, f"{name}-flow", "states.amazonaws.com")
    )["stateMachineArn"]
    events = stack.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    target = {"Id": "flow", "Arn": machine, "RoleArn": role, "DeadLetterConfig": {"Arn": dead.arn}}
    events.put_targets(Rule=name, Targets=[target])
    events.put_events(Entries=[{"Source": name, "DetailType": "d", "Detail": "{}"}])
    return str(machine)


def test_a_rule_starts_a_flow_if_its_role_may(guarded: LocalStack, name: str) -> None:
    dead = Queue(guarded, name)
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:events:*:*:rule/{name}"}}
    right = {"Action": "states:StartExecution", "Resource": "*"}
    machine = _rule(guarded, name, _role(guarded, name, "events.amazonaws.com", right, condition=source), dead)

    states = guarded.client("stepfunctions")
    eventually(lambda: states.list_executions(stateMachineArn=machine)["executions"])


@pytest.mark.parametrize(
    ("service", "condition"),
    [("lambda.amazonaws.com", {}), ("events.amazonaws.com", {"StringEquals": {"aws:SourceAccount": "999999999999"}})],
    ids=["another service", "another account"],
)
def test_a_rule_cannot_take_a_role_that_trusts(guarded: LocalStack, name: str, service: str, condition: dict) -> None:
    dead, right = _open(Queue(guarded, name), name), {"Action": "*", "Resource": "*"}
    _rule(guarded, name, _role(guarded, name, service, right, condition=condition), dead)

    assert dead.message()["Attributes"]["ERROR_CODE"] == "NO_PERMISSIONS"


def test_a_rule_whose_role_may_not_start_the_flow_leaves_a_dead_letter(guarded: LocalStack, name: str) -> None:
    dead, right = _open(Queue(guarded, name), name), {"Action": "states:DescribeExecution", "Resource": "*"}
    _rule(guarded, name, _role(guarded, name, "events.amazonaws.com", right), dead)

    letter = dead.message()
    assert letter["Attributes"]["ERROR_CODE"] == "NO_PERMISSIONS"
    assert "states:StartExecution" in letter["Attributes"]["ERROR_MESSAGE"]


@pytest.mark.parametrize("source", ["tidewheel.data", "tidewheel.deploy"])
def test_events_are_put_under_the_source_that_the_role_is_granted(guarded: LocalStack, name: str, source: str) -> None:
    only = {"Condition": {"StringEquals": {"events:source": "tidewheel.data"}}}
    role = _role(guarded, name, "lambda.amazonaws.com", {"Action": "events:PutEvents", "Resource": "*", **only})
    code = (
        "import boto3\ndef handler(event, context):\n    entry = {'Source': event, 'DetailType': 'd', 'Detail': '{}'}\n"
        "    return boto3.client('events').put_events(Entries=[entry])['FailedEntryCount']\n"
    )

    answer = _invoke(guarded, name, code, role, source)

    assert answer == 0 if source == "tidewheel.data" else "AccessDenied" in answer["errorMessage"]


@pytest.mark.parametrize("allowed", [True, False])
def test_a_queue_takes_events_from_the_rules_that_its_policy_names(
    guarded: LocalStack, name: str, allowed: bool
) -> None:
    queue = _open(Queue(guarded, name), name if allowed else "another-rule")
    dead = _open(Queue(guarded, f"{name}-dead"), name)
    events = guarded.client("events")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    target = {"Id": "queue", "Arn": queue.arn, "DeadLetterConfig": {"Arn": dead.arn}}
    events.put_targets(Rule=name, Targets=[target])
    events.put_events(Entries=[{"Source": name, "DetailType": "d", "Detail": "{}"}])

    assert (queue if allowed else dead).body()["source"] == name
