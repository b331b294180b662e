"""deploy played with canned answers: plans, findings, and what was asked of AWS."""

from tests.statemachines.runner import play

APPROVED = {"detail-type": "SageMaker Model Package State Change", "detail": {"ModelPackageArn": "arn:pkg/2"}}
NEW = {"config_name": "tw-bikeshare-2-aaaaaa", "package_arn": "arn:pkg/2", "model_version": "bikeshare/2"}
OLD = {"config_name": "tw-bikeshare-1-bbbbbb", "package_arn": "arn:pkg/1", "model_version": "bikeshare/1"}
ROLLOUT = {
    "pk": "project#bikeshare",
    "row": "deployment#000002#00005",
    "fence": 5,
    "endpoint_name": "tw-bikeshare",
    "stands_on": OLD["config_name"],
    "intended": NEW,
    "last_good": OLD,
    "variant": {"VariantName": "live", "ModelName": NEW["config_name"], "InstanceType": "ml.t2.medium"},
    "environment": {"TIDEWHEEL_MODEL_VERSION": "bikeshare/2"},
    "kind": "realtime",
    "isolated": True,
    "encrypted": True,
    "live": "arn:pkg/1",
    "previous": "arn:pkg/1",
    "left": "",
}
FIRST = ROLLOUT | {"stands_on": "", "last_good": None, "live": "", "previous": ""}
DONE = {"CreateModel": {}, "CreateEndpointConfig": {}, "CreateEndpoint": {}, "UpdateEndpoint": {}, "DeleteEndpoint": {}}
SAID = {"MovePointer": {}, "RecordFailure": {}, "CorrectRegistry": {}, "RejectRolledBack": {}}
TOLD = {f"Publish{what}": {"FailedEntryCount": 0} for what in ("Updated", "Failed", "Skipped")}
HAPPY = [
    "PlanDeployment",
    "WhatToDo",
    "CreateModel",
    "CreateEndpointConfig",
    "HasEndpoint",
    "UpdateEndpoint",
    "WaitForEndpoint",
    "VerifyEndpoint",
    "IsVerified",
    "PublishUpdated",
    "MovePointer",
]
FAILED_END = ["IsModelToBlame", "CorrectRegistry", "PublishFailed", "RecordFailure", "IsAllInOrder", "Unchanged"]


def planned(answer="deploy", rollout=ROLLOUT, **more):
    about = {"project": "bikeshare", "cause_id": "arn:pkg/2", "package_arn": "arn:pkg/2", "version": 2}
    about |= {"model_version": "bikeshare/2", "endpoint_name": "tw-bikeshare", "reason": "Version 2 is approved"}
    return {"answer": answer, "rollout": rollout, **about, **more}


def seen(answer="verified", stands_on=NEW["config_name"], reason="as seen"):
    return {"answer": answer, "stands_on": stands_on, "reason": reason}


def rolled_out(*found, plan=None, tokens=None, **answers):
    given = {"PlanDeployment": plan or planned(), "VerifyEndpoint": list(found)} | DONE | SAID | TOLD | answers
    return play("deploy", APPROVED, given, tokens)


def traffic(played):
    """The configurations that were given traffic, in order."""
    return [asked["EndpointConfigName"] for asked in played.asked("UpdateEndpoint")]


def event(played, state="PublishFailed"):
    [asked] = played.asked(state)
    entry = asked["Entries"][0]
    return entry["DetailType"], entry["Detail"]


def pointer(played, state="MovePointer"):
    [asked] = played.asked(state)
    return asked["TransactItems"][0]["Update"]
