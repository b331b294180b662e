"""Uploads as the data flow hands them to ValidateUpload."""

import json
from pathlib import Path

from data.validate_upload import handler
from tidewheel.aws import ledger, objects
from tidewheel.aws.clients import client
from tidewheel.domain.upload import upload_identity
from tidewheel.project.file import parse

from tests.functions.context import Context

EVENT = json.loads((Path(__file__).parents[2] / "events" / "object_created.json").read_text())
PROJECT = """
project: trips
problem: binary
contract:
  label: late
  event_time: at
  max_rejected: 0.4
  columns: {at: timestamp, miles: {type: number, min: 0}, late: boolean, note: {type: string, nullable: true}}
"""
ROWS = "at,miles,late,note\n2026-01-01 10:00,1.5,true,\n2026-01-02T11:00:00Z,2,false,rain\n2026-01-03,3,true,sun\n"


def register(status):
    document = parse(PROJECT).model_dump(mode="json")
    ledger.write(ledger.put("trips", "project", "", {"name": "trips", "status": status, "document": document}))


def upload(body, key="trips/a.csv") -> dict:
    """Put the object, claim it as ClaimUpload does, and make the event."""
    body = body.encode() if isinstance(body, str) else body
    version = client("s3").put_object(Bucket="inbox", Key=key, Body=body)["VersionId"]
    ledger.write(ledger.put(key.partition("/")[0], "upload", upload_identity(key, version), {"execution": "me"}))
    event = json.loads(json.dumps(EVENT))
    event["detail"]["object"] |= {"key": key, "size": len(body), "version-id": version}
    return {"event": event, "execution": "me", "now": "2026-11-21T09:30:13.000Z"}


def answer(body, key="trips/a.csv") -> dict:
    return handler(upload(body, key), Context())


def commit(said):
    client("dynamodb").transact_write_items(TransactItems=said["transaction"])


def report_of(said) -> dict:
    bucket, key = objects.locate(said["answer"]["detail"]["report_uri"])
    assert objects.read(bucket, key).startswith(b"<!doctype html>")
    return objects.read_json(bucket, key.replace(".html", ".json"))
