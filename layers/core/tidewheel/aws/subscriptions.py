"""Who is told of a project's events. SNS knows an address once a topic, so its filter holds all of its projects."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from tidewheel.aws.clients import client
from tidewheel.settings import project_settings

PENDING = "PendingConfirmation"


def set_subscribers(project: str, addresses: Collection[str]) -> None:
    """Make exactly these addresses hear of the project; what they hear of other projects stays as it is."""
    known = dict(_subscriptions())
    for address in addresses:
        if address not in known or known[address] == PENDING:
            known[address] = _subscribe(address, project, is_new=address not in known)
    for address, arn in known.items():
        if arn != PENDING:
            _hear(arn, project, address in addresses)


def _subscriptions() -> Iterator[tuple[str, str]]:
    pages = client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=project_settings().topic_arn)
    for page in pages:
        for found in page["Subscriptions"]:
            if found["Protocol"] == "email":
                yield found["Endpoint"], found["SubscriptionArn"]


def _subscribe(address: str, project: str, *, is_new: bool) -> str:
    """The ARN of the address's subscription. People who have not confirmed it yet are asked again."""
    attributes = {"FilterPolicyScope": "MessageBody", "FilterPolicy": _policy([project])} if is_new else {}
    wanted = {"TopicArn": project_settings().topic_arn, "Protocol": "email", "Endpoint": address}
    made = client("sns").subscribe(**wanted, Attributes=attributes, ReturnSubscriptionArn=True)
    return str(made["SubscriptionArn"])


def _hear(arn: str, project: str, wanted: bool) -> None:
    heard = _projects(client("sns").get_subscription_attributes(SubscriptionArn=arn)["Attributes"])
    if heard is None or (project in heard) == wanted:
        return  # None: somebody subscribed by hand, to everything
    left = sorted({*heard, project} if wanted else {*heard} - {project})
    if not left:
        client("sns").unsubscribe(SubscriptionArn=arn)
        return
    client("sns").set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=_policy(left)
    )


def _projects(attributes: dict[str, Any]) -> list[str] | None:
    policy = json.loads(attributes.get("FilterPolicy", "{}"))
    projects: list[str] | None = policy.get("detail", {}).get("project")
    return projects


def _policy(projects: list[str]) -> str:
    return json.dumps({"detail": {"project": projects}})
