"""Everything that exists in an account, by kind: what a person would look for after a stack was deleted."""

from collections.abc import Callable, Iterator
from typing import Any

from local.stack import LocalStack

Thing = tuple[str, str]  # kind, name
Kind = tuple[str, str, str, str]  # service, operation, where its answer lists things, what names one ("" for itself)
KINDS: dict[str, Kind] = {
    "bucket": ("s3", "list_buckets", "Buckets", "Name"),
    "table": ("dynamodb", "list_tables", "TableNames", ""),
    "key": ("kms", "list_keys", "Keys", "KeyId"),
    "function": ("lambda", "list_functions", "Functions", "FunctionName"),
    "layer": ("lambda", "list_layers", "Layers", "LayerName"),
    "log group": ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "state machine": ("stepfunctions", "list_state_machines", "stateMachines", "name"),
    "bus": ("events", "list_event_buses", "EventBuses", "Name"),
    "rule": ("events", "list_rules", "Rules", "Name"),
    "archive": ("events", "list_archives", "Archives", "ArchiveName"),
    "schedule": ("scheduler", "list_schedules", "Schedules", "Name"),
    "schedule group": ("scheduler", "list_schedule_groups", "ScheduleGroups", "Name"),
    "queue": ("sqs", "list_queues", "QueueUrls", ""),
    "topic": ("sns", "list_topics", "Topics", "TopicArn"),
    "subscription": ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    "alarm": ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "role": ("iam", "list_roles", "Roles", "RoleName"),
    "policy": ("iam", "list_policies", "Policies", "PolicyName"),
    "stack": ("cloudformation", "describe_stacks", "Stacks", "StackName"),
    "endpoint": ("sagemaker", "list_endpoints", "Endpoints", "EndpointName"),
    "endpoint config": ("sagemaker", "list_endpoint_configs", "EndpointConfigs", "EndpointConfigName"),
    "model": ("sagemaker", "list_models", "Models", "ModelName"),
    "model group": (
        "sagemaker",
        "list_model_package_groups",
        "ModelPackageGroupSummaryList",
        "ModelPackageGroupName",
    ),
}


def things(stack: LocalStack) -> set[Thing]:
    """(kind, name) of all that exists."""
    return {(kind, name) for kind, about in KINDS.items() for name in _names(stack.client, *about)}


def _names(client: Callable[[str], Any], service: str, operation: str, many: str, one: str) -> Iterator[str]:
    options = {"Scope": "Local"} if operation == "list_policies" else {}
    asked = client(service)
    if operation == "list_rules":
        for bus in [each["Name"] for each in asked.list_event_buses()["EventBuses"]]:
            yield from (each["Name"] for each in asked.list_rules(EventBusName=bus)["Rules"])
        return
    if asked.can_paginate(operation):
        pages = asked.get_paginator(operation).paginate(**options)
    else:
        pages = [getattr(asked, operation)(**options)]
    yield from (each[one] if one else each for page in pages for each in page.get(many, []))
