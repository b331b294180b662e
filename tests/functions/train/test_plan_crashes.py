"""PlanTraining stopped at each of its calls: the same snapshot, the same plan, nothing twice."""

import pytest
from tidewheel.aws import ledger, objects
from tidewheel.aws.clients import client
from train.decide_training import handler as decide
from train.plan_training import handler

from tests.functions.context import Context
from tests.functions.crash import Scenario, explore
from tests.functions.train.world import NOW, event, put_dataset, put_project


def keys(bucket):
    return [each["Key"] for each in client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


@pytest.mark.proof
def test_a_crash_at_any_call_ends_in_the_same_snapshot_and_plan(aws):
    def prepare():
        put_project()
        put_dataset(rows=100)

    def world():
        plans = [objects.read_json("models", key) for key in keys("models") if key.endswith("request.json")]
        rows = [row["rows"] for row in ledger.rows("bikes", "snapshot")]
        return len(keys("models")), len(keys("datasets")), [len(each["requests"]) for each in plans], rows

    def deliver(_):
        return handler({"decided": decide(event(), Context()), "now": NOW.isoformat()}, Context())

    model = (3, 5, [1], [{"train": 52, "holdout": 48}])
    assert explore(Scenario(prepare, deliver, world, model)) == []
