"""The automation bucket and all that a project makes, seen from outside."""

import json
from pathlib import Path

from project.apply_project import handler
from tidewheel.aws import ledger, objects
from tidewheel.aws.clients import client

from tests.functions.context import Context

EVENTS = Path(__file__).parents[2] / "events"
DELETED = json.loads((EVENTS / "object_deleted.json").read_text())
KEY = "projects/trips.yaml"
FILE = """
project: trips
problem: binary
contract: {label: late, columns: {miles: number, late: boolean}}
retrain: {schedule: rate(7 days)}
notify: [ada@example.org, bob@example.org]
"""


def lay_out(setenv):
    """What the template makes and the function is told."""
    client("scheduler").create_schedule_group(Name="tw")
    setenv("TOPIC_ARN", client("sns").create_topic(Name="news")["TopicArn"])
    setenv("SCHEDULE_GROUP", "tw")
    setenv("BUS_ARN", "arn:aws:events:eu-west-1:111122223333:event-bus/tw")
    setenv("SCHEDULER_ROLE_ARN", "arn:aws:iam::111122223333:role/scheduler")
    setenv("SCHEDULE_DLQ_ARN", "arn:aws:sqs:eu-west-1:111122223333:undelivered")


def put(text, key=KEY):
    body = text.encode() if isinstance(text, str) else text
    return client("s3").put_object(Bucket="automation", Key=key, Body=body)["VersionId"]


def say(sequencer, kind="Object Created", key=KEY) -> str:
    """Deliver an event; the function looks at the file itself."""
    event = json.loads(json.dumps(DELETED)) | {"detail-type": kind}
    event["detail"]["object"] |= {"key": key, "sequencer": sequencer}
    return handler(event, Context())["outcome"]


def delete():
    client("s3").delete_object(Bucket="automation", Key=KEY)


def schedules() -> dict:
    made = client("scheduler")
    names = [it["Name"] for it in made.list_schedules(GroupName="tw")["Schedules"]]
    return {name: made.get_schedule(Name=name, GroupName="tw") for name in names}


def hearers() -> dict:
    """Who hears of which projects."""
    sns = client("sns")
    found = [it["SubscriptionArn"] for page in [sns.list_subscriptions()] for it in page["Subscriptions"]]
    attributes = [sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"] for arn in found]
    return {it["Endpoint"]: json.loads(it["FilterPolicy"])["detail"]["project"] for it in attributes}


def groups() -> list:
    listed = client("sagemaker").list_model_package_groups()["ModelPackageGroupSummaryList"]
    return [it["ModelPackageGroupName"] for it in listed]


def report(name="trips") -> dict:
    return objects.read_json("automation", f"projects/{name}.report.json")


def world() -> dict:
    """All that a project makes."""
    row = ledger.find("trips", "project") or {}
    said = {name: it["ScheduleExpression"] for name, it in schedules().items()}
    return {"status": row.get("status"), "schedules": said, "hearers": hearers(), "groups": groups()}


ACTIVE = {
    "status": "active",
    "schedules": {"tw-trips": "rate(7 days)"},
    "hearers": {"ada@example.org": ["trips"], "bob@example.org": ["trips"]},
    "groups": ["tw-trips"],
}
RETIRED = {"status": "retired", "schedules": {}, "hearers": {}, "groups": ["tw-trips"]}
