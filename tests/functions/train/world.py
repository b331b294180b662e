"""A project's world before training: its row, and datasets as the data stage leaves them."""

import io
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tidewheel.aws import ledger
from tidewheel.aws.clients import client
from tidewheel.project.model import Project

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DOCUMENT = {
    "project": "bikes",
    "problem": "binary",
    "contract": {
        "label": "busy",
        "event_time": "ts",
        "columns": {"ts": "timestamp", "hour": "integer", "busy": {"type": "integer", "nullable": True}},
    },
    "training": {"holdout_days": 2},
    "gate": {"minimum_rows": 10},
}


def put_project(status="active", **parts) -> Project:
    document = {**DOCUMENT, **parts}
    project = Project.model_validate(document)
    row = {
        "status": status,
        "document": json.loads(json.dumps(project.model_dump(mode="json"))),
        "recipe_digest": project.recipe_digest,
        "contract_digest": project.contract_digest,
        "updated_at": NOW.isoformat(),
    }
    ledger.write(ledger.put("bikes", "project", "", row))
    return project


def put_dataset(dataset_id="ds-1", rows=240, start="2026-01-01", accepted=0, **columns) -> pa.Table:
    """A dataset of an hour a row, its object and its ledger row."""
    ts = np.datetime64(start, "us") + np.arange(rows) * np.timedelta64(3_600_000_000, "us")
    plain = {"ts": pa.array(ts, pa.timestamp("us", "UTC")), "hour": pa.array(np.arange(rows) % 24)}
    table = pa.table(plain | {"busy": pa.array(np.arange(rows) % 24 > 12).cast(pa.int64())} | columns)
    body = io.BytesIO()
    pq.write_table(table, body)
    client("s3").put_object(Bucket="datasets", Key=f"bikes/{dataset_id}/part-00000.parquet", Body=body.getvalue())
    row = {"rows": rows, "updated_at": (NOW + timedelta(minutes=accepted)).isoformat()}
    ledger.write(ledger.put("bikes", "dataset", dataset_id, row))
    return table


def event(dataset_id="ds-1", execution="execution-1", now=NOW) -> dict:
    """DatasetReady, as DecideTraining gets it."""
    detail = {"schema": 1, "project": "bikes", "cause_id": "s3://inbox/x", "dataset_id": dataset_id}
    return {
        "event": {"detail-type": "DatasetReady", "detail": detail},
        "execution": execution,
        "now": now.isoformat(),
    }


def read_table(prefix) -> pa.Table:
    """All Parquet objects below the prefix of the datasets bucket."""
    listed = client("s3").list_objects_v2(Bucket="datasets", Prefix=prefix).get("Contents", [])
    bodies = [client("s3").get_object(Bucket="datasets", Key=each["Key"])["Body"].read() for each in listed]
    return pa.concat_tables(pq.read_table(io.BytesIO(body)) for body in bodies)
