"""A local stack of its own, with IAM enforced, and machines made for one test each."""

import json

import pytest

from local.stack import LocalStack

POLICY = {"Version": "2012-10-17"}


@pytest.fixture(scope="session")
def stack():
    with LocalStack("test-states", auth=True) as running:
        running.client("dynamodb").create_table(
            TableName="ledger",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        yield running


@pytest.fixture
def make(stack, request):
    """Creates a machine of this test from its states, with a role that may do `allowed`; returns its ARN."""

    def create(allowed=(), limit=None, **states):
        name = f"{request.node.name[-60:]}"
        statement = [{"Effect": "Allow", "Action": list(allowed) or ["sts:GetCallerIdentity"], "Resource": "*"}]
        iam = stack.client("iam")
        trusted = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(POLICY | {"Statement": [trusted]}))[
            "Role"
        ]["Arn"]
        iam.put_role_policy(
            RoleName=name, PolicyName="may", PolicyDocument=json.dumps(POLICY | {"Statement": statement})
        )
        definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}
        definition |= {"TimeoutSeconds": limit} if limit else {}
        return stack.client("stepfunctions").create_state_machine(
            name=name, roleArn=role, definition=json.dumps(definition)
        )["stateMachineArn"]

    return create


@pytest.fixture
def states(stack):
    return stack.client("stepfunctions")


@pytest.fixture
def listen(stack):
    """Starts to hear the default bus's events of a pattern; returns the wait for the first one."""

    def hear(name, pattern):
        events, sqs = stack.client("events"), stack.client("sqs")
        arn = f"arn:aws:sqs:us-east-1:000000000000:{name}"
        service = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
        policy = json.dumps(POLICY | {"Statement": [service | {"Resource": arn}]})
        queue = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
        events.put_rule(Name=name, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
        return lambda: json.loads(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"][0]["Body"])

    return hear
