"""JudgeCandidates: numbers in, verdict and evidence out."""

import json
from datetime import timedelta

import pytest
from moto.sagemaker.models import sagemaker_backends
from tidewheel.aws import ledger, objects
from tidewheel.aws.clients import client
from train.decide_training import handler as decide
from train.judge_candidates import handler
from train.plan_training import handler as plan

from tests.functions.context import Context
from tests.functions.crash import Scenario, explore
from tests.functions.train.world import NOW, event, put_dataset, put_project

ROLE = "arn:aws:iam::123456789012:role/job"


def estimate(value, width=0.1):
    return {"value": value, "low": value - width, "high": value + width}


def model(loss, champion=None):
    """A part of evaluation.json: a model of this logloss, where a constant answer has 0.7."""
    gains = {"constant": {"logloss": estimate(0.7 - loss)}}
    gains |= {"champion": {"logloss": estimate(champion - loss)}} if champion else {}
    return {"metrics": {"logloss": estimate(loss)}, "improvement": gains, "slices": []}


def run(candidates, champion=None, rows=48):
    """A run whose jobs have ended and whose evaluation lies in S3."""
    put_project()
    put_dataset()
    planned = plan({"decided": decide(event(), Context()), "now": NOW.isoformat()}, Context())
    folder = f"bikes/{planned['run_id']}/evaluation"
    evaluation = {
        "schema": 1,
        "problem": "binary",
        "primary": "logloss",
        "confidence": 0.95,
        "rows": rows,
        "blocks": 20,
        "champion": model(champion) if champion else None,
        "constant": model(0.7),
        "candidates": candidates,
    }
    objects.write_json("models", f"{folder}/evaluation.json", evaluation)
    objects.write("models", f"{folder}/golden.jsonl", '{"recipe": "current", "instance": {}, "score": 0.5}\n')
    end_jobs(planned)
    return planned


def end_jobs(planned):
    sagemaker = client("sagemaker")
    for request in planned["requests"]:
        sagemaker.create_training_job(
            TrainingJobName=request["job_name"],
            AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
            RoleArn=ROLE,
            OutputDataConfig={"S3OutputPath": request["output_uri"]},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
            StoppingCondition={"MaxRuntimeInSeconds": 60},
        )
    resources = {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}}
    sagemaker.create_processing_job(
        ProcessingJobName=planned["evaluation_job"],
        AppSpecification={"ImageUri": "image"},
        RoleArn=ROLE,
        ProcessingResources=resources,
    )
    job = sagemaker_backends["123456789012"]["eu-west-1"].processing_jobs[planned["evaluation_job"]]
    job.processing_resources = resources  # what moto does not tell of a job
    job.processing_start_time = NOW.strftime("%Y-%m-%d %H:%M:%S")
    job.processing_end_time = (NOW + timedelta(seconds=42)).strftime("%Y-%m-%d %H:%M:%S")


def judge(planned):
    return handler({"plan": planned, "now": NOW.isoformat()}, Context())


def test_a_first_model_that_beats_a_constant_answer_passes_and_leaves_its_evidence(aws):
    planned = run({"current": model(0.3)})

    judged = judge(planned)

    folder = f"bikes/{planned['run_id']}"
    (candidate,) = judged["candidates"]
    verdict = objects.read_json("models", f"{folder}/verdict.json")
    assert (candidate["verdict"], candidate["passed"]) == ("first", True)
    assert (verdict["verdict"], verdict["candidates"][0]["recipe"]) == ("first", "current")
    assert b"The first model is good enough" in objects.read("models", f"{folder}/report.html")
    assert objects.read("models", f"{folder}/golden.jsonl")


def test_the_best_that_passed_comes_first(aws):
    planned = run({"current": model(0.35, 0.5), "champion": model(0.3, 0.5)}, champion=0.5)
    requests = [*planned["requests"], planned["requests"][0] | {"recipe": "champion", "job_name": "other"}]
    recipes = planned["recipes"] | {"champion": planned["recipes"]["current"]}
    both = planned | {"requests": requests, "recipes": recipes}
    end_jobs(both | {"requests": requests[1:], "evaluation_job": "unused"})

    judged = judge(both)

    assert [(each["recipe"], each["verdict"]) for each in judged["candidates"]] == [
        ("champion", "better"),
        ("current", "better"),
    ]
    origins = objects.read_json("models", f"bikes/{planned['run_id']}/verdict.json")["origins"]
    assert origins == pytest.approx({"data": 0.2, "recipe": -0.05})


def test_what_is_noted_on_the_package_is_what_the_registry_takes(aws):
    planned = run({"current": model(0.3)})

    facts = judge(planned)["candidates"][0]["facts"]

    assert len(facts) <= 50
    assert all(0 < len(value) <= 256 for value in facts.values())
    assert {"run_id", "decision_id", "snapshot_id", "recipe", "recipe_digest", "code_digest", "image"} <= facts.keys()
    assert (facts["verdict"], facts["passed"], facts["logloss"]) == ("first", "true", "0.3")


def test_the_run_knows_its_verdict_and_what_its_jobs_cost(aws):
    planned = run({"current": model(0.3)})

    judge(planned)

    row = ledger.get("bikes", "run", planned["run_id"])
    assert row["verdict"] == "first"
    assert [job["name"] for job in row["jobs"]] == [planned["requests"][0]["job_name"], planned["evaluation_job"]]
    assert row["jobs"][1]["billable_seconds"] == 42


@pytest.mark.proof
def test_a_crash_at_any_call_leaves_the_same_evidence(aws):
    plans = []

    def world():
        folder = f"bikes/{plans[-1]['run_id']}"
        names = {each["Key"].removeprefix(folder) for each in client("s3").list_objects_v2(Bucket="models")["Contents"]}
        verdict = json.loads(objects.read("models", f"{folder}/verdict.json"))["verdict"]
        row = ledger.get("bikes", "run", plans[-1]["run_id"])
        return {"/verdict.json", "/report.html", "/golden.jsonl"} <= names, verdict, row["verdict"], len(row["jobs"])

    def prepare():
        plans.append(run({"current": model(0.3)}))

    assert explore(Scenario(prepare, lambda _: judge(plans[-1]), world, (True, "first", "first", 2))) == []
