"""Step Functions of the local stack through its API, with IAM enforced."""

import json
import time

import pytest

from tests.local.states.executions import ended, run


def put(**more):
    arguments = {"TableName": "ledger", "Item": {"pk": {"S": "{% $states.context.Execution.Name %}"}}}
    return {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Arguments": arguments, "End": True} | more


def test_a_call_that_the_role_may_make_is_made(make, states):
    assert run(states, make(["dynamodb:PutItem"], Put=put()))["status"] == "SUCCEEDED"


def test_a_call_that_the_role_may_not_make_is_denied(make, states):
    described = run(states, make(["dynamodb:GetItem"], Put=put()))

    assert described["error"] == "DynamoDB.AmazonDynamoDBException"
    assert "not authorized to perform: dynamodb:PutItem" in described["cause"]


def test_the_same_start_twice_is_one_execution_and_another_input_is_refused(make, states):
    machine = make(Wait={"Type": "Wait", "Seconds": 30, "End": True})

    first = states.start_execution(stateMachineArn=machine, name="once", input='{"a": 1}')
    again = states.start_execution(stateMachineArn=machine, name="once", input='{"a": 1}')

    assert again["executionArn"] == first["executionArn"]
    with pytest.raises(states.exceptions.ExecutionAlreadyExists):
        states.start_execution(stateMachineArn=machine, name="once", input='{"a": 2}')
    states.stop_execution(executionArn=first["executionArn"])


def test_a_stopped_execution_writes_nothing_after_its_end(make, states):
    machine = make(Wait={"Type": "Wait", "Seconds": 3000, "Next": "Done"}, Done={"Type": "Succeed"})
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]

    states.stop_execution(executionArn=execution, error="Operator", cause="enough")
    time.sleep(0.1)

    history = states.get_execution_history(executionArn=execution)["events"]
    assert history[-1]["type"] == "ExecutionAborted"
    assert states.describe_execution(executionArn=execution)["status"] == "ABORTED"


def test_a_machine_past_its_timeout_is_timed_out(make, states):
    described = run(states, make(limit=0.2, Wait={"Type": "Wait", "Seconds": 30, "End": True}))

    assert (described["status"], described["error"]) == ("TIMED_OUT", "States.Timeout")


def test_an_execution_runs_what_the_machine_was_when_it_started(make, states):
    machine = make(Wait={"Type": "Wait", "Seconds": 25, "Next": "Done"}, Done={"Type": "Succeed", "Output": "old"})
    execution = states.start_execution(stateMachineArn=machine)["executionArn"]

    new = {"QueryLanguage": "JSONata", "StartAt": "Done", "States": {"Done": {"Type": "Succeed", "Output": "new"}}}
    states.update_state_machine(stateMachineArn=machine, definition=json.dumps(new))

    assert ended(states, execution)["output"] == '"old"'
    assert run(states, machine)["output"] == '"new"'


def test_a_version_runs_its_own_definition(make, states):
    machine = make(Done={"Type": "Succeed", "Output": "old"})
    version = states.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    new = {"QueryLanguage": "JSONata", "StartAt": "Done", "States": {"Done": {"Type": "Succeed", "Output": "new"}}}
    states.update_state_machine(stateMachineArn=machine, definition=json.dumps(new))

    assert run(states, version)["output"] == '"old"'


def test_the_history_counts_the_transitions_and_names_the_calls(make, states):
    each = {"Type": "Map", "Items": [1, 2], "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Succeed"}}}}
    described = run(states, make(["dynamodb:PutItem"], Each=each | {"Next": "Put"}, Put=put()))

    events = states.get_execution_history(executionArn=described["executionArn"])["events"]

    assert len([event for event in events if event["type"].endswith("StateEntered")]) == 4
    scheduled = next(event["taskScheduledEventDetails"] for event in events if event["type"] == "TaskScheduled")
    assert (scheduled["resourceType"], scheduled["resource"]) == ("dynamodb", "putItem")


def test_a_task_waits_for_whoever_has_its_token(make, states, stack):
    queue = stack.client("sqs").create_queue(QueueName="asked")["QueueUrl"]
    arguments = {"QueueUrl": queue, "MessageBody": {"token": "{% $states.context.Task.Token %}"}}
    ask = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Arguments": arguments}
    machine = make(["sqs:SendMessage"], Ask=ask | {"End": True})

    execution = states.start_execution(stateMachineArn=machine)["executionArn"]
    message = stack.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"][0]
    states.send_task_success(taskToken=json.loads(message["Body"])["token"], output='{"yes": true}')

    assert json.loads(ended(states, execution)["output"]) == {"yes": True}


def test_an_event_that_a_machine_puts_names_its_execution(make, states, listen):
    heard = listen("heard", {"source": ["tidewheel.test"]})
    entry = {"Source": "tidewheel.test", "DetailType": "Said", "Detail": {"a": 1}}
    say = {"Type": "Task", "Resource": "arn:aws:states:::events:putEvents", "Arguments": {"Entries": [entry]}}

    described = run(states, make(["events:PutEvents"], Say=say | {"End": True}))

    event = heard()
    assert event["detail"] == {"a": 1}
    assert described["executionArn"] in event["resources"]


def test_the_end_of_an_execution_is_an_event_that_a_rule_can_match(make, states, listen):
    heard = listen("ends", {"source": ["aws.states"], "detail": {"status": ["TIMED_OUT"]}})

    described = run(states, make(limit=0.2, Wait={"Type": "Wait", "Seconds": 30, "End": True}))

    event = heard()
    while event["detail"]["executionArn"] != described["executionArn"]:  # another test's machine may time out too
        event = heard()


def test_cloudformation_refuses_a_definition_as_create_state_machine_does(stack):
    cloudformation = stack.client("cloudformation")
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": "arn:aws:iam::000000000000:role/x", "DefinitionString": '{"StartAt": "A"}'},
    }
    cloudformation.create_stack(StackName="refused", TemplateBody=json.dumps({"Resources": {"Machine": machine}}))
    time.sleep(0.5)

    reasons = [
        event.get("ResourceStatusReason", "")
        for event in cloudformation.describe_stack_events(StackName="refused")["StackEvents"]
    ]
    assert any("JSONata only" in reason for reason in reasons)
