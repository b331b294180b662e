"""The `Resource` of a Task, read against botocore's service models: which API it calls, and how it names errors."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel

LAMBDA_FUNCTION = re.compile(r"^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:")
TASK = re.compile(
    r"^arn:aws[\w-]*:states:::(?P<sdk>aws-sdk:)?(?P<service>[a-z0-9]+):(?P<action>[a-zA-Z0-9]+)"
    r"(?:\.(?P<pattern>sync|sync:2|waitForTaskToken))?$"
)

# Where Step Functions (which spells services as the Java SDK does) and botocore differ.
BOTOCORE = {
    "sfn": "stepfunctions",
    "eventbridge": "events",
    "cloudwatchlogs": "logs",
    "sagemakerruntime": "sagemaker-runtime",
    "sagemakerfeaturestoreruntime": "sagemaker-featurestore-runtime",
    "applicationautoscaling": "application-autoscaling",
    "costexplorer": "ce",
}

BEYOND = {"SdkClientException", "Unknown", "FailedEntry"}  # of the network, of a Lambda that died, of PutEvents
JOBS = ("createTrainingJob", "createProcessingJob", "createTransformJob")
PLAIN = ("", "waitForTaskToken")


@dataclass(frozen=True)
class Optimized:
    """An integration that Step Functions has made its own: botocore's name, the error names, actions to patterns."""

    client: str
    prefix: str
    unmodelled: str
    actions: dict[str, tuple[str, ...]]


OPTIMIZED = {
    "lambda": Optimized("lambda", "Lambda", "AWSLambdaException", {"invoke": PLAIN}),
    "events": Optimized("events", "EventBridge", "AmazonEventBridgeException", {"putEvents": PLAIN}),
    "sns": Optimized("sns", "SNS", "AmazonSNSException", {"publish": PLAIN}),
    "sqs": Optimized("sqs", "SQS", "AmazonSQSException", {"sendMessage": PLAIN}),
    "states": Optimized("stepfunctions", "StepFunctions", "AWSStepFunctionsException", {"startExecution": PLAIN}),
    "dynamodb": Optimized(
        "dynamodb",
        "DynamoDB",
        "AmazonDynamoDBException",
        dict.fromkeys(("getItem", "putItem", "updateItem", "deleteItem"), ("",)),
    ),
    "sagemaker": Optimized(
        "sagemaker",
        "SageMaker",
        "AmazonSageMakerException",
        dict.fromkeys(JOBS, ("", "sync"))
        | dict.fromkeys(("createModel", "createEndpointConfig", "createEndpoint", "updateEndpoint"), ("",)),
    ),
}


class ResourceRefused(Exception):
    """A Resource that Step Functions, or the local stack, does not call."""


@dataclass(frozen=True)
class Resource:
    """What a Task calls. `pattern` is `""`, `sync` or `waitForTaskToken`; `kind` and `action` are as history says."""

    kind: str
    action: str
    pattern: str
    client: str
    prefix: str
    unmodelled: str

    @property
    def optimized(self) -> bool:
        return not self.kind.startswith("aws-sdk:")

    @property
    def operation(self) -> OperationModel:
        return model(self.client).operation_model(self.action[0].upper() + self.action[1:])

    def error(self, code: str) -> str:
        """The name under which Retry and Catch meet an API's error code."""
        shape = model(self.client).shape_for_error_code(code)
        return f"{self.prefix}.{_exception(shape.name) if shape else self.unmodelled}"

    def raises(self, name: str) -> bool:
        """Whether an error of this name, `<prefix>.<exception>`, can come out of the integration."""
        prefix, _, exception = name.partition(".")
        modelled = {_exception(shape.name) for shape in model(self.client).error_shapes}
        return prefix == self.prefix and exception in modelled | BEYOND | {self.unmodelled}


@cache
def model(client: str) -> ServiceModel:
    """botocore's model of a service, by botocore's name."""
    return botocore.session.get_session().get_service_model(client)


@cache
def parse(text: str) -> Resource:
    """The Resource that `text` names; raises ResourceRefused with a sentence."""
    if LAMBDA_FUNCTION.match(text):
        raise ResourceRefused(f"{text}: write arn:aws:states:::lambda:invoke with FunctionName in Arguments")
    found = TASK.match(text)
    if not found:
        raise ResourceRefused(f"{text} is no service integration of Step Functions")
    read = _sdk if found["sdk"] else _optimized
    return read(found["service"], found["action"], found["pattern"] or "")


def _optimized(service: str, action: str, pattern: str) -> Resource:
    known = OPTIMIZED.get(service)
    if known is None or pattern not in known.actions.get(action, ()):
        raise ResourceRefused(f"{service}:{action} {pattern}: not among the integrations simulated; try aws-sdk")
    return Resource(service, action, pattern, known.client, known.prefix, known.unmodelled)


def _sdk(service: str, action: str, pattern: str) -> Resource:
    client = BOTOCORE.get(service, service)
    if client not in botocore.session.get_session().get_available_services():
        raise ResourceRefused(f"aws-sdk:{service}: there is no such service")
    spelled = model(client).service_id.replace(" ", "")
    if spelled.lower() != service:
        raise ResourceRefused(f"aws-sdk:{service}: Step Functions spells it aws-sdk:{spelled.lower()}")
    if pattern not in PLAIN:
        raise ResourceRefused(f"aws-sdk:{service}:{action}: aws-sdk integrations have no .{pattern}")
    if action[0].isupper() or action[0].upper() + action[1:] not in model(client).operation_names:
        raise ResourceRefused(f"aws-sdk:{service}:{action}: {spelled} has no such action")
    prefix = _java(spelled)
    return Resource(f"aws-sdk:{service}", action, pattern, client, prefix, f"{prefix}Exception")


def _java(name: str) -> str:
    """`DynamoDB` as the Java SDK writes a class: `DynamoDb`."""
    return re.sub(r"([A-Z])([A-Z]+)(?![a-z])", lambda run: run[1] + run[2].lower(), name)


def _exception(shape: str) -> str:
    """An error shape's class: `ResourceInUse` is `ResourceInUseException`."""
    return shape if shape.endswith("Exception") else f"{shape.removesuffix('Fault')}Exception"


def mistakes(resource: Resource, arguments: Any) -> list[str]:
    """Members that the API does not have, and required ones that are missing, as far as `arguments` are literal."""
    shape = resource.operation.input_shape
    if not isinstance(arguments, dict) or shape is None:
        return []
    return _mistakes(shape, arguments, resource.action)


def _mistakes(shape: Any, value: Any, path: str) -> list[str]:
    if shape.type_name == "list" and isinstance(value, list):
        return [wrong for item in value for wrong in _mistakes(shape.member, item, f"{path}[]")]
    if shape.type_name == "map" and isinstance(value, dict):
        return [wrong for key, item in value.items() for wrong in _mistakes(shape.value, item, f"{path}.{key}")]
    if shape.type_name != "structure" or not isinstance(value, dict):
        return []
    members = {pascal(name): name for name in shape.members}
    given = {members.get(key, key) for key in value}
    return [
        *(f"{path}.{key}: there is no such member" for key in value if key not in members),
        *(f"{path}.{pascal(name)}: is required" for name in shape.required_members if name not in given),
        *(
            wrong
            for key, item in value.items()
            if key in members
            for wrong in _mistakes(shape.members[members[key]], item, f"{path}.{key}")
        ),
    ]


def pascal(member: str) -> str:
    """A member's name as Step Functions writes it, in arguments and in results."""
    return member[0].upper() + member[1:]
