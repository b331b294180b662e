"""What CreateStateMachine refuses, and the sentence it says."""

import json

import pytest

from local.states.definition import problems
from local.states.service import refusal

DONE = {"Type": "Succeed"}
INVOKE = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}


def machine(**states):
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


REFUSED = {
    "JSONata only": {"StartAt": "A", "States": {"A": DONE}},
    "/StartAt: there is no state B": machine(A=DONE) | {"StartAt": "B"},
    "/States/A/Next: there is no state B": machine(A={"Type": "Pass", "Next": "B"}),
    "/States/A: needs either Next or End": machine(A={"Type": "Pass"}),
    "/States/A/Type: there is no state type Loop": machine(A={"Type": "Loop"}),
    "/States/A/ResultPath: JSONata only": machine(A=INVOKE | {"ResultPath": "$.x"}),
    "/States/A/Outputs: Task has no such field": machine(A=INVOKE | {"Outputs": 1}),
    "/States/A/QueryLanguage: JSONata only": machine(A=INVOKE | {"QueryLanguage": "JSONPath"}),
    "/States/A/Output/x: INVALID_JSONATA_EXPRESSION": machine(A=DONE | {"Output": {"x": "{% 1 + %}"}}),
    "/States/A/Retry/0: ErrorEquals names no error": machine(A=INVOKE | {"Retry": [{}]}),
    "/States/A/Catch/0: States.ALL stands alone": machine(
        A=INVOKE | {"Catch": [{"ErrorEquals": ["X", "States.ALL"], "Next": "B"}]}, B=DONE
    ),
    "/States/A/Catch/0/Next: there is no state C": machine(A=INVOKE | {"Catch": [{"ErrorEquals": ["X"], "Next": "C"}]}),
    "/States/A/Choices/0: a rule needs a Condition": machine(A={"Type": "Choice", "Choices": [{"Next": "B"}]}, B=DONE),
    "/States/A: Wait needs either Seconds or Timestamp": machine(A={"Type": "Wait", "End": True}),
    "/States/A/Branches/0/States/B/Next: there is no state A": machine(
        A={
            "Type": "Parallel",
            "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "A"}}}],
            "End": True,
        }
    ),
    "ProcessorConfig/Mode: a distributed Map is not simulated": machine(
        A={
            "Type": "Map",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "B", "States": {"B": DONE}},
            "End": True,
        }
    ),
    "/States/A/ItemReader: a distributed Map is not simulated": machine(
        A={"Type": "Map", "ItemReader": {}, "ItemProcessor": {"StartAt": "B", "States": {"B": DONE}}, "End": True}
    ),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_a_definition_is_refused_with_the_place_and_the_reason(sentence):
    assert any(sentence in problem for problem in problems(REFUSED[sentence])), problems(REFUSED[sentence])


def test_a_definition_without_fault_has_no_problems():
    assert problems(machine(A={"Type": "Pass", "Comment": "why", "Next": "B"}, B=DONE) | {"Comment": "what"}) == []


CALLS = {
    "createTrainingJob.TrainingJobNme: there is no such member": (
        "arn:aws:states:::sagemaker:createTrainingJob.sync",
        {"TrainingJobNme": "x"},
    ),
    "createTrainingJob.RoleArn: is required": ("arn:aws:states:::sagemaker:createTrainingJob.sync", {}),
    "createTrainingJobb": ("arn:aws:states:::sagemaker:createTrainingJobb.sync", {}),
    "Step Functions spells it aws-sdk:eventbridge": ("arn:aws:states:::aws-sdk:events:putEvents", {"Entries": []}),
    "aws-sdk integrations have no .sync": ("arn:aws:states:::aws-sdk:sagemaker:createTrainingJob.sync", {}),
    "describeExecution.executionArn: there is no such member": (
        "arn:aws:states:::aws-sdk:sfn:describeExecution",
        {"executionArn": "x"},
    ),
    "write arn:aws:states:::lambda:invoke": ("arn:aws:lambda:us-east-1:123456789012:function:f", {}),
}


@pytest.mark.parametrize("sentence", CALLS)
def test_a_call_that_aws_does_not_have_is_refused(sentence):
    resource, arguments = CALLS[sentence]
    task = {"Type": "Task", "Resource": resource, "Arguments": arguments, "End": True}

    assert sentence in str(refusal(json.dumps(machine(A=task))))


def test_text_that_is_not_json_is_refused():
    assert str(refusal("{")).startswith("INVALID_JSON_DESCRIPTION")
