"""A run of the train flow as the tests play it: what woke it, and what each step answers."""

from tests.statemachines.runner import Error, play

TOKENS = {"Prefix": "tw", "Ledger": "ledger", "Bus": "bus", "Key": "", "TrainingRole": "role"}
EVENT = {"detail-type": "DatasetReady", "detail": {"project": "bikes", "dataset_id": "ds-1"}}
DECIDED = {
    "answer": "started",
    "reasons": ["there are 500 new rows"],
    "project": "bikes",
    "cause_id": "dataset:bikes/ds-1",
    "decision_id": "dec-1",
    "run_id": "bikes-00001-abcdef",
    "fence": 1,
    "wake": None,
}
JOB = "tw-bikes-00001-abcdef-current"
REQUEST = {
    "recipe": "current",
    "job_name": JOB,
    "image": "image",
    "instance": "ml.m5.large",
    "instances": 1,
    "volume_gb": 30,
    "local_disk": False,
    "spot": False,
    "max_runtime_seconds": 86400,
    "max_wait_seconds": 172800,
    "hyperparameters": {"num_round": "120"},
    "channels": {"train": "s3://datasets/bikes/snapshots/snap-1/train/"},
    "output_uri": "s3://models/bikes/snap-1/recipe",
    "checkpoint_uri": "s3://models/bikes/run/checkpoints/current",
    "model_url": "s3://models/model.tar.gz",
}
PLAN = {
    **{name: DECIDED[name] for name in ("project", "run_id", "decision_id", "cause_id")},
    "snapshot_id": "snap-1",
    "requests": [REQUEST],
    "evaluation_job": "tw-bikes-00001-abcdef-evaluate",
    "evaluation_image": "image",
    "evaluation_instance": "ml.m5.large",
    "evaluation_local_disk": False,
    "evaluation_inputs": {"code": "s3://models/code/1/evaluate.pyz", "holdout": "s3://datasets/holdout/"},
    "folder": "s3://models/bikes/bikes-00001-abcdef",
    "code_digest": "code1",
    "champion": None,
}
CANDIDATE = {
    "recipe": "current",
    "verdict": "first",
    "passed": True,
    "reasons": ["It beats a constant answer"],
    "image": "image",
    "model_url": "s3://models/model.tar.gz",
    "facts": {"run_id": DECIDED["run_id"]},
    "token": "token",
}
JUDGED = {
    "candidates": [CANDIDATE],
    "verdict": "first",
    "report_uri": "s3://models/report.html",
    "evaluation": {"uri": "s3://models/evaluation.json", "digest": "sha256:1"},
    "profile": {"uri": "s3://datasets/profile.json", "digest": "sha256:2"},
}
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/tw-bikes/1"
ANSWERS = {
    "DecideTraining": DECIDED,
    "PlanTraining": PLAN,
    "TrainCandidate": {"TrainingJobStatus": "Completed"},
    "EvaluateCandidates": {"ProcessingJobStatus": "Completed"},
    "JudgeCandidates": JUDGED,
    "RegisterCandidate": {"ModelPackageArn": ARN},
    "PublishTrained": {"FailedEntryCount": 0},
    "FinishRun": {},
    "RecordFailure": {},
    "PublishFailed": {"FailedEntryCount": 0},
}
TAKEN = Error("SageMaker.ResourceInUseException", "Training job names must be unique")
CANCELLED = Error("DynamoDb.TransactionCanceledException", "[ConditionalCheckFailed, None]")


def run(event=EVENT, tokens=TOKENS, **answers):
    return play("train", event, ANSWERS | answers, tokens)


def published(played, state):
    return [(entry["DetailType"], entry["Detail"]) for entry in played.asked(state)[0]["Entries"]]
