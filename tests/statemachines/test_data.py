"""data: where each answer and each error leads, by the definition itself."""

import json
from pathlib import Path

import pytest
from tidewheel.domain.upload import upload_identity

from tests.statemachines.runner import Error, play

EVENT = json.loads((Path(__file__).parents[1] / "events" / "object_created.json").read_text())
TOKENS = {"Ledger": "ledger", "Bus": "news", "ValidateUploadFunction": "validate"}
HAPPY = ["ClaimUpload", "ValidateUpload", "CommitDataset", "PublishAnswer", "FinishUpload"]
ANSWER = {
    "outcome": "accepted",
    "transaction": [{"Update": {}}],
    "answer": {"detail_type": "DatasetReady", "detail": {"project": "trips"}},
}
CLAIM = {"Attributes": {"pk": {"S": "project#trips"}, "sk": {"S": "upload#a@1"}}}
CANNED = {"ClaimUpload": CLAIM, "ValidateUpload": ANSWER, "CommitDataset": {}, "PublishAnswer": {}, "FinishUpload": {}}
TAKEN = Error("DynamoDB.ConditionalCheckFailedException", "The conditional request failed")
CANCELLED = Error("DynamoDb.TransactionCanceledException", "why")


def said(error: str) -> Error:
    return Error(error, json.dumps({"errorType": error, "errorMessage": "because"}))


def test_an_upload_takes_five_transitions_to_its_answer():
    played = play("data", EVENT, CANNED, TOKENS)

    assert played.path == HAPPY
    entry = played.asked("PublishAnswer")[0]["Entries"][0]
    assert (entry["Source"], entry["DetailType"]) == ("tidewheel.data", "DatasetReady")


def test_the_same_event_again_ends_as_a_duplicate():
    played = play("data", EVENT, {"ClaimUpload": TAKEN}, TOKENS)

    assert (played.path, played.status) == (["ClaimUpload", "Duplicate"], "SUCCEEDED")


@pytest.mark.parametrize(("error", "outcome"), [("UploadIgnored", "ignored"), ("UploadSuperseded", "superseded")])
def test_what_is_no_delivery_is_recorded_and_nobody_is_disturbed(error, outcome):
    played = play("data", EVENT, CANNED | {"ValidateUpload": said(error), "CloseUpload": {}}, TOKENS)

    values = played.asked("CloseUpload")[0]["ExpressionAttributeValues"]
    assert played.path == ["ClaimUpload", "ValidateUpload", "CloseUpload"]
    assert (values[":outcome"]["S"], values[":reason"]["S"]) == (outcome, "because")


def test_who_has_lost_the_claim_leaves_the_answer_to_the_other():
    assert play("data", EVENT, CANNED | {"ValidateUpload": said("ClaimLost")}, TOKENS).end == "Overtaken"


def test_if_the_same_bytes_were_faster_from_elsewhere_the_upload_is_judged_again():
    played = play("data", EVENT, CANNED | {"CommitDataset": [CANCELLED, CANCELLED, CANCELLED, {}]}, TOKENS)

    assert played.path == ["ClaimUpload", "ValidateUpload", "CommitDataset", *HAPPY[1:]]


@pytest.mark.parametrize("broken", ["ValidateUpload", "CommitDataset", "PublishAnswer", "FinishUpload"])
def test_a_fault_of_ours_gives_the_claim_back_and_rings(broken):
    played = play("data", EVENT, CANNED | {broken: Error("States.TaskFailed", "oh"), "ReleaseUpload": {}}, TOKENS)

    assert played.path[-2:] == ["ReleaseUpload", "UploadFailed"]
    assert (played.status, played.error) == ("FAILED", "UploadFailed")
    assert "oh" in played.asked("ReleaseUpload")[0]["ExpressionAttributeValues"][":reason"]["S"]


@pytest.mark.parametrize("key", ["trips/a b+ü.csv", "trips/" + "🚲" * 250 + ".csv", "a.csv"])
def test_the_flow_and_the_function_call_an_upload_by_one_name(key):
    event = EVENT | {"detail": EVENT["detail"] | {"object": {"key": key, "version-id": "v1", "size": 3}}}

    played = play("data", event, CANNED, TOKENS)

    asked = played.asked("ClaimUpload")[0]["Key"]
    assert asked["sk"]["S"] == f"upload#{upload_identity(key, 'v1')}"
    assert asked["pk"]["S"] == f"project#{key.partition('/')[0]}"
    assert len(asked["sk"]["S"].encode()) <= 1024
