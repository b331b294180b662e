"""data against an emulated AWS: what an upload leads to, and that no crash and no second delivery changes it."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from data.validate_upload import handler
from tidewheel.aws import ledger
from tidewheel.aws.clients import client
from tidewheel.project.file import parse

from local.states.machine import run
from tests.functions.context import Context
from tests.functions.crash import Killed, Scenario, explore
from tests.statemachines.runner import START, Error, Played, Stage, load

EVENT = json.loads((Path(__file__).parents[1] / "events" / "object_created.json").read_text())
TOKENS = {"Ledger": "ledger", "Bus": "news", "ValidateUploadFunction": "validate"}
HAPPY = ["ClaimUpload", "ValidateUpload", "CommitDataset", "PublishAnswer", "FinishUpload"]
PROJECT = "project: trips\nproblem: binary\ncontract: {label: late, columns: {miles: number, late: boolean}}\n"
ROWS = b"miles,late\n1.5,true\n2.5,false\n"


def said(error: str) -> Error:
    return Error(error, json.dumps({"errorType": error, "errorMessage": "because"}))


def spelt(prefix, call):
    """The call, with errors under the names that Step Functions gives them."""
    try:
        return call()
    except ClientError as error:
        raise Error(f"{prefix}.{error.response['Error']['Code']}", str(error)) from error
    except ReadTimeoutError as error:
        raise Error("States.Timeout", str(error)) from error


def invoked(arguments):
    try:
        return handler(arguments["Payload"], Context())
    except Exception as error:
        raise said(type(error).__name__) from error


def published(entries):
    """A queue stands for those who listen to the bus."""
    for entry in entries:
        client("sqs").send_message(QueueUrl=heard_at(), MessageBody=json.dumps(entry))


def heard_at() -> str:
    return client("sqs").create_queue(QueueName="heard")["QueueUrl"]


def real() -> dict:
    update = {
        name: lambda it: spelt("DynamoDB", lambda: client("dynamodb").update_item(**it))
        for name in ("ClaimUpload", "FinishUpload", "CloseUpload", "ReleaseUpload")
    }
    return update | {
        "ValidateUpload": invoked,
        "CommitDataset": lambda it: spelt("DynamoDb", lambda: client("dynamodb").transact_write_items(**it)),
        "PublishAnswer": lambda it: spelt("EventBridge", lambda: published(it["Entries"])),
    }


def execute(event, number=0, instead=None) -> Played:
    """An execution of its own, which starts two hours after the one before: longer than any lease."""
    played = Played()
    stage = Stage(real() | (instead or {}), played, START + timedelta(hours=2 * number))
    context = {
        "Execution": {"Id": f"execution-{number}-{len(instead or {})}", "Name": str(number), "Input": event},
        "StateMachine": {},
    }
    played.output = run(load("data", TOKENS), event, context, stage)
    return played


def lay_out(key="trips/a.csv") -> dict:
    """A project, somebody who listens, and an upload."""
    document = parse(PROJECT).model_dump(mode="json")
    ledger.write(ledger.put("trips", "project", "", {"name": "trips", "status": "active", "document": document}))
    heard_at()
    return upload(key)


def upload(key) -> dict:
    version = client("s3").put_object(Bucket="inbox", Key=key, Body=ROWS)["VersionId"]
    event = json.loads(json.dumps(EVENT))
    event["detail"]["object"] |= {"key": key, "version-id": version, "size": len(ROWS)}
    return event


def heard() -> list:
    answer = client("sqs").receive_message(QueueUrl=heard_at(), MaxNumberOfMessages=10, VisibilityTimeout=0)
    news = [json.loads(it["Body"]) for it in answer.get("Messages", [])]
    return sorted((it["DetailType"], it["Detail"]["upload"]["key"]) for it in news)


def world() -> dict:
    """What an upload leads to: rows, objects, and news (the same news twice is one cause)."""
    uploads = {row["key"]: (row["status"], row.get("outcome")) for row in ledger.rows("trips", "upload")}
    datasets = [(row["sk"], row["rows"], row["rejected_rows"]) for row in ledger.rows("trips", "dataset")]
    objects = client("s3").list_objects_v2(Bucket="datasets").get("Contents", [])
    return {"uploads": uploads, "datasets": datasets, "objects": [it["Key"] for it in objects], "news": set(heard())}


DATASET = f"ds-{hashlib.sha256(ROWS).hexdigest()[:16]}"
FILES = ("manifest.json", "part-00000.parquet", "profile.json", "report.html", "report.json")
MODEL = {
    "uploads": {"trips/a.csv": ("done", "accepted")},
    "datasets": [(f"dataset#{DATASET}", 2, 0)],
    "objects": [f"trips/{DATASET}/{name}" for name in FILES],
    "news": {("DatasetReady", "trips/a.csv")},
}


def test_an_upload_becomes_a_dataset_and_news(aws):
    played = execute(lay_out())

    assert played.path == HAPPY
    assert world() == MODEL


def test_the_same_bytes_under_another_key_are_answered_and_make_no_dataset(aws):
    execute(lay_out())
    execute(upload("trips/b.csv"), 1)

    assert world()["datasets"] == MODEL["datasets"]
    assert world()["uploads"]["trips/b.csv"] == ("done", "duplicate")
    assert heard() == [("DatasetDuplicate", "trips/b.csv"), ("DatasetReady", "trips/a.csv")]


def test_an_object_without_a_project_is_recorded_refused(aws):
    lay_out()
    execute(upload("nobody/a.csv"), 1)

    assert [row["outcome"] for row in ledger.rows("nobody", "upload")] == ["rejected"]
    assert heard() == [("DatasetRejected", "nobody/a.csv")]


def test_a_live_claim_is_left_alone_and_a_dead_one_is_taken_over(aws):
    event = lay_out()
    with pytest.raises(Killed):
        execute(event, 0, {"ValidateUpload": die})

    assert execute(event, 0).path == ["ClaimUpload", "Duplicate"]
    assert execute(event, 1).path == HAPPY
    assert world() == MODEL


def die(arguments):
    raise Killed


def crashes() -> Scenario:
    events = []

    def prepare():
        events[:] = [lay_out()]

    return Scenario(prepare, lambda number: execute(events[0], number), world, MODEL)


def test_no_crash_changes_what_an_upload_leads_to(aws):
    assert explore(crashes()) == []
