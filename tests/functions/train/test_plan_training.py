"""PlanTraining: what a run learns from is frozen, and what its jobs are asked is written down once."""

import io
import json
import tarfile
import zipfile

import pyarrow as pa
import pytest
from tidewheel.aws import ledger, objects
from tidewheel.aws.clients import client
from tidewheel.domain.errors import TrainingDataUnusable
from tidewheel.domain.profile import Profile
from train.decide_training import handler as decide
from train.plan_training import handler

from tests.functions.context import Context
from tests.functions.train.world import NOW, event, put_dataset, put_project, read_table


def plan(**given):
    decided = decide(event(**given), Context())
    return handler({"decided": decided, "now": NOW.isoformat()}, Context())


def champion(recipe_digest="other", recipes=None):
    """An approved package of a run that stored its request."""
    request = objects.write_json("models", "bikes/old/request.json", {"recipes": recipes or {}})
    sagemaker = client("sagemaker")
    if not sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]:
        sagemaker.create_model_package_group(ModelPackageGroupName="tw-bikes")
    sagemaker.create_model_package(
        ModelPackageGroupName="tw-bikes",
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [{"Image": "image", "ModelDataUrl": "s3://models/old/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
        CustomerMetadataProperties={"recipe": "current", "recipe_digest": recipe_digest, "request_uri": request},
    )


def test_the_newest_days_are_the_holdout_and_the_rest_is_trained_on(aws):
    put_project()
    whole = put_dataset()

    planned = plan()

    folder = f"bikes/snapshots/{planned['snapshot_id']}"
    train, holdout = read_table(f"{folder}/train/"), read_table(f"{folder}/holdout/")
    assert holdout["ts"].to_pylist() == whole["ts"].to_pylist()[-48:]
    assert train["ts"].to_pylist() == whole["ts"].to_pylist()[:-48]


def test_the_manifest_the_baseline_and_the_ledger_say_what_the_snapshot_is(aws):
    put_project(training={"holdout_days": 2, "validation_share": 0.25})
    put_dataset()

    planned = plan()

    folder = f"bikes/snapshots/{planned['snapshot_id']}"
    manifest = objects.read_json("datasets", f"{folder}/manifest.json")
    profile = Profile.from_dict(objects.read_json("datasets", f"{folder}/profile.json"))
    row = ledger.get("bikes", "snapshot", planned["snapshot_id"])
    assert manifest["rows"] == {"train": 144, "validation": 48, "holdout": 48}
    assert profile.rows == 144
    assert (row["dataset_ids"], row["rows"]) == (["ds-1"], manifest["rows"])
    assert set(planned["requests"][0]["channels"]) == {"train", "validation", "code"}


def test_rows_without_label_are_left_out_and_rows_without_time_keep_their_order(aws):
    put_project(contract={"label": "busy", "columns": {"hour": "integer", "busy": "integer"}}, training={})
    labels = pa.array([None, *[row % 2 for row in range(49)]], pa.int64())
    put_dataset("ds-1", rows=50, busy=labels)
    put_dataset("ds-2", rows=50, accepted=1)

    planned = plan()

    holdout = read_table(f"bikes/snapshots/{planned['snapshot_id']}/holdout/")
    assert len(holdout) == 20  # a fifth of 99
    assert holdout["hour"].to_pylist() == [row % 24 for row in range(30, 50)]


def test_the_window_takes_only_the_newest_days(aws):
    put_project(training={"window_days": 5, "holdout_days": 2})
    put_dataset()

    planned = plan()

    manifest = objects.read_json("datasets", f"bikes/snapshots/{planned['snapshot_id']}/manifest.json")
    assert manifest["rows"] == {"train": 72, "holdout": 48}


def test_a_column_that_an_older_dataset_lacks_is_missing_there(aws):
    put_project()
    put_dataset()
    columns = {"ts": "timestamp", "hour": "integer", "busy": "integer", "wind": "number"}
    put_project(contract={"label": "busy", "event_time": "ts", "columns": columns})

    planned = plan()

    train = read_table(f"bikes/snapshots/{planned['snapshot_id']}/train/")
    assert train["wind"].null_count == len(train)


def test_the_code_is_uploaded_once_and_can_be_run(aws):
    put_project()
    put_dataset()

    planned = plan()

    folder = f"code/{planned['code_digest']}"
    with tarfile.open(fileobj=io.BytesIO(objects.read("models", f"{folder}/sourcedir.tar.gz"))) as packed:
        names = packed.getnames()
    pyz = zipfile.ZipFile(io.BytesIO(objects.read("models", f"{folder}/evaluate.pyz")))
    assert {"train.py", "inference.py", "tidewheel/domain/features.py"} <= set(names)
    assert pyz.read("__main__.py") == pyz.read("evaluate.py")
    assert planned["requests"][0]["channels"]["code"] == f"s3://models/{folder}/sourcedir.tar.gz"


def test_a_job_is_asked_under_the_runs_own_name_with_strings_only(aws):
    put_project(training={"holdout_days": 2, "hyperparameters": {"max_depth": 4, "tree_method": "hist"}, "spot": True})
    put_dataset()

    planned = plan()

    (request,) = planned["requests"]
    assert request["job_name"] == f"tw-{planned['run_id']}-current"
    assert request["hyperparameters"]["max_depth"] == "4"
    assert request["hyperparameters"]["tree_method"] == "hist"
    assert json.loads(request["hyperparameters"]["features_00"]) == ["hour"]
    assert request["model_url"] == f"{request['output_uri']}/{request['job_name']}/output/model.tar.gz"
    assert request["max_wait_seconds"] == 2 * request["max_runtime_seconds"]


def test_the_champions_recipe_is_learnt_again_where_it_has_changed(aws):
    project = put_project()
    put_dataset()
    old = project.recipe() | {"hyperparameters": {"max_depth": 2}}
    champion(recipes={"current": old})

    planned = plan()

    assert [request["recipe"] for request in planned["requests"]] == ["current", "champion"]
    assert planned["requests"][1]["hyperparameters"]["max_depth"] == "2"
    assert {"candidate-current", "candidate-champion", "champion"} <= set(planned["evaluation_inputs"])
    assert planned["evaluation"]["candidates"] == ["current", "champion"]


def test_what_is_approved_is_the_champion_although_its_rollout_is_not_through(aws):
    put_project()
    put_dataset()
    for _ in range(2):
        champion()
    live = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/tw-bikes/1"
    ledger.write(ledger.put("bikes", "endpoint", "", {"live": live}))

    assert plan()["champion"]["version"] == 2


def test_an_unchanged_recipe_is_learnt_once(aws):
    project = put_project()
    put_dataset()
    champion(recipes={"current": project.recipe() | {"window_days": 365}})

    assert len(plan()["requests"]) == 1


def test_a_run_that_is_resumed_keeps_its_plan(aws):
    put_project()
    put_dataset()
    first = plan()
    put_project(training={"holdout_days": 4})

    assert plan() == first


def test_a_holdout_that_leaves_nothing_is_refused_in_a_sentence(aws):
    put_project(training={"holdout_days": 30})
    put_dataset()

    with pytest.raises(TrainingDataUnusable, match="the holdout leaves no rows to train on"):
        plan()
