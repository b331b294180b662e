"""Rows and packages as the stages leave them, for tests of the command."""

from pathlib import Path

from tidewheel.aws import ledger, objects
from tidewheel.aws.clients import client
from tidewheel.domain.identity import short, upload_cause
from tidewheel.project.file import parse

OUTPUTS = {
    "Prefix": "tw",
    "LedgerTable": "ledger",
    "InboxBucket": "inbox",
    "DatasetsBucket": "datasets",
    "ModelsBucket": "models",
    "AutomationBucket": "automation",
    "BusName": "tidewheel",
    "ScheduleGroup": "tw",
    **{
        f"{stage.capitalize()}StateMachine": f"arn:aws:states:eu-west-1:123456789012:stateMachine:{stage}"
        for stage in ("data", "train", "approve", "deploy")
    },
}
AT = "2026-11-21T12:00:00+00:00"
DATASET = "ds-0123456789abcdef"
RUN = "bikeshare-00001-abc123"
SNAPSHOT = "snap-0123456789abcdef"
KEY, VERSION = "bikeshare/2012.csv", "v1"
DECISION = "dec-" + short(f"dataset:bikeshare/{DATASET}")
ENDPOINT = "tw-bikeshare"


def register(name, **changes):
    """A project row, from the file of bikeshare."""
    text = Path("projects/bikeshare.yaml").read_text().replace("project: bikeshare", f"project: {name}")
    document = parse(text).model_dump(mode="json") | changes
    save(name, "project", "", {"name": name, "status": "active", "document": document, "version_id": "p1"})


def save(project, kind, identity, row):
    """One row of the ledger."""
    ledger.write(ledger.put(project, kind, identity, {"updated_at": AT} | row))


def uploaded(outcome="accepted", **changes):
    """An upload that has been answered."""
    cause = upload_cause("inbox", KEY, VERSION)
    where = {"bucket": "inbox", "key": KEY, "version_id": VERSION, "size": 9, "cause_id": cause}
    row = where | {"status": "done", "outcome": outcome, "dataset_id": DATASET} | changes
    save("bikeshare", "upload", f"{KEY}@{VERSION}", row)


def accepted():
    """A dataset version, its upload and the decision to learn from it."""
    uploaded()
    cause = upload_cause("inbox", KEY, VERSION)
    save("bikeshare", "dataset", DATASET, {"rows": 8784, "rejected_rows": 3, "upload_cause": cause})
    decided("started", ["8,784 new rows"], run_id=RUN)


def decided(answer, reasons, **changes):
    """The decision on the dataset."""
    row = {"answer": answer, "reasons": reasons, "trigger": "upload", "dataset_ids": [DATASET], **changes}
    save("bikeshare", "decision", DECISION, row)


def trained(*numbers, status="trained", verdict="better", **changes):
    """A run with its snapshot, verdict and packages of these numbers."""
    packages = [arn(number) for number in numbers]
    save("bikeshare", "snapshot", SNAPSHOT, {"dataset_ids": [DATASET], "rows": {"train": 8112, "holdout": 672}})
    row = {"decision_id": DECISION, "snapshot_id": SNAPSHOT, "status": status, "verdict": verdict, "packages": packages}
    row |= {"dataset_ids": [DATASET]}
    save("bikeshare", "run", RUN, row | changes)
    said = {"recipe": "current", "verdict": verdict, "reasons": ["logloss 0.277 against 0.421"]}
    objects.write_json("models", f"bikeshare/{RUN}/verdict.json", {"candidates": [said]})


def arn(number):
    """The ARN of a model version of bikeshare."""
    return f"arn:aws:sagemaker:eu-west-1:123456789012:model-package/tw-bikeshare/{number}"


def packaged(*statuses, why="because"):
    """Model versions 1, 2, ... with these statuses, and the reason of all of them."""
    maker = client("sagemaker")
    maker.create_model_package_group(ModelPackageGroupName="tw-bikeshare")
    for status in statuses:
        made = maker.create_model_package(
            ModelPackageGroupName="tw-bikeshare", ModelApprovalStatus="PendingManualApproval"
        )
        maker.update_model_package(
            ModelPackageArn=made["ModelPackageArn"], ModelApprovalStatus=status, ApprovalDescription=why
        )


def serving(number, **changes):
    """The pointer, and a deployment that went well."""
    pointer = {"revision": number, "live": arn(number), "live_version": number, "endpoint_name": ENDPOINT}
    save("bikeshare", "endpoint", "", pointer | changes)
    deployed(number, "done")


def deployed(number, status, reason=None):
    """A rollout that ended."""
    row = {"package_arn": arn(number), "version": number, "status": status, "ended_at": AT} | (
        {"reason": reason} if reason else {}
    )
    save("bikeshare", "deployment", f"{number:06d}#{number:05d}", row)


def endpoint(name=ENDPOINT, config="tw-bikeshare-2-abcdef", instance="ml.m5.large"):
    """An endpoint in SageMaker, with its configuration and model."""
    maker = client("sagemaker")
    maker.create_model(
        ModelName=config, ExecutionRoleArn="arn:aws:iam::123456789012:role/serve", PrimaryContainer={"Image": "x"}
    )
    variant = {"VariantName": "live", "ModelName": config, "InstanceType": instance, "InitialInstanceCount": 2}
    maker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=[variant])
    maker.create_endpoint(EndpointName=name, EndpointConfigName=config)
