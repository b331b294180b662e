"""Flows and handlers with a mistake in them, and the sentence by which the proofs find it."""

import json
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from data import validate_upload
from tidewheel.aws.files import ObjectFile

from tests.proofs.crashes import Plan, disturbed, play
from tests.proofs.scenarios import SCENARIOS
from tests.proofs.schedules import play as play_schedule
from tests.proofs.world import DEFINITIONS, handlers


def changed(flow: str, *changes: tuple[str, str], **following: str | None) -> dict[str, Any]:
    """A definition in which some words are others, and states are followed by others; by none where it ends."""
    text = json.dumps(DEFINITIONS[flow])
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    definition = json.loads(text)
    for name, target in following.items():
        state = {key: value for key, value in definition["States"][name].items() if key not in ("Next", "End")}
        definition["States"][name] = state | ({"Next": target} if target else {"End": True})
    return {flow: definition}


def random_job_name(event: dict[str, Any], context: Any) -> Any:
    """Each execution gives its jobs names of its own."""
    plan = json.dumps(handlers()["PlanTrainingFunction"](event, context))
    name = f"tw-{event['decided']['run_id']}-current"
    return json.loads(plan.replace(name, f"{name}-{uuid4().hex[:6]}"))


def latest_version(event: dict[str, Any], context: Any) -> Any:
    """Reads what lies under the key now."""
    latest = lambda upload: ObjectFile(upload.bucket, upload.key, "null", upload.size)  # noqa: E731
    with patch.object(validate_upload, "_source", latest):
        return handlers()["ValidateUploadFunction"](event, context)


DONE = ("#status = :claimed, #lease", "#status = :done, #lease")
DONE_VALUE = ('":claimed": {"S": "claimed"}', '":claimed": {"S": "claimed"}, ":done": {"S": "done"}')
PLANTED = {
    "a-random-job-name": (
        {"PlanTrainingFunction": random_job_name},
        Plan("first", "train", "TrainCandidate", "after"),
        "jobs are 3, not 2",
    ),
    "done-is-marked-first": (
        changed("data", DONE, DONE_VALUE),
        Plan("first", "data", "ValidateUpload", "before"),
        "trips: the upload trips/a.csv has 0 different answers",
    ),
    "acknowledged-while-a-dead-one-holds-the-lease": (
        changed("data", ("#lease_until < :now OR ", "")),
        Plan("first", "data", "CommitDataset", "before"),
        "trips: the upload trips/a.csv has no answer: it is claimed",
    ),
    "the-latest-version-is-read": (
        {"ValidateUploadFunction": latest_version},
        None,
        "trips: the dataset ds-5dc38c3aaa62308e was lost",
    ),
    "an-upload-is-published-after-the-finish": (
        changed("data", CommitDataset="FinishUpload", FinishUpload="PublishAnswer", PublishAnswer=None),
        Plan("first", "data", "FinishUpload", "after"),
        "trips: nothing was decided about ds-5dc38c3aaa62308e",
    ),
    "a-rollout-is-published-after-the-pointer": (
        changed(
            "deploy",
            ('"Next": "PublishUpdated"', '"Next": "MovePointer"'),
            MovePointer="PublishUpdated",
            PublishUpdated=None,
        ),
        Plan("first", "deploy", "MovePointer", "after"),
        "trips: nobody was told that version 1 serves",
    ),
    "what-waits-is-asked-for-before-the-lease-is-free": (
        changed(
            "train", ('"Next": "HandOver"', '"Next": "RequestFollowUp"'), RequestFollowUp="HandOver", HandOver=None
        ),
        Plan("busy", "train", "RequestFollowUp", "after"),
        "trips: the last snapshot lacks ['ds-421e7987f8d25453']",
    ),
}


RARE = {  # a hundred schedules do not come across these; crash points do
    "the-latest-version-is-read",
    "a-rollout-is-published-after-the-pointer",
    "what-waits-is-asked-for-before-the-lease-is-free",
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found_by_its_sentence(name):
    instead, plan, sentence = PLANTED[name]

    found = disturbed(plan, {}, instead) if plan else play(SCENARIOS["overwritten"], None, instead)[1]

    assert sentence in found


@pytest.mark.proof
@pytest.mark.parametrize("name", [name for name in PLANTED if name not in RARE])
def test_a_planted_mistake_is_found_by_some_schedule(name):
    assert any(play_schedule(seed, PLANTED[name][0]) for seed in range(20))
