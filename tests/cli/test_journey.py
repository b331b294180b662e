"""The way of an upload, as `submit --watch` tells it."""

import pytest

from cli.journey import Evidence, journey

PROJECT = {"project": "bikeshare", "document": {"approval": {"mode": "auto"}}}
UPLOAD = {"sk": "upload#k@v", "status": "done", "outcome": "accepted"}
DATASET = {"sk": "dataset#ds-1", "rows": 8784, "rejected_rows": 3}
DECISION = {"sk": "decision#dec-1", "answer": "started", "reasons": ["new rows"], "run_id": "r"}
RUN = {"sk": "run#r", "status": "trained", "verdict": "not_worse", "packages": ["arn/2"]}
ARRIVED = {"upload": UPLOAD, "dataset": DATASET, "decision": DECISION, "run": RUN}


def package(status, arn="arn/2", why="worse: by 0.3"):
    return {"ModelPackageArn": arn, "ModelApprovalStatus": status, "ApprovalDescription": why}


def states(**known):
    seen = journey(Evidence(PROJECT, **known))
    return [stage.state for stage in seen.stages], seen.outcome, seen.sentence


def test_an_upload_that_nobody_saw_yet_is_waited_for():
    assert states() == (["waiting"] * 4, None, "")


def test_a_refused_file_ends_the_way_with_its_reason():
    upload = UPLOAD | {"outcome": "rejected", "reason": "no column busy"}

    found = states(upload=upload)

    assert found == (["refused", "waiting", "waiting", "waiting"], "refused", "the file was refused: no column busy")


@pytest.mark.parametrize("outcome", ["duplicate", "ignored", "superseded"])
def test_an_upload_with_nothing_new_ends_without_being_a_failure(outcome):
    assert states(upload=UPLOAD | {"outcome": outcome, "reason": "same bytes"})[1] == "unchanged"


def test_accepted_rows_and_those_in_quarantine_are_counted():
    seen = journey(Evidence(PROJECT, upload=UPLOAD, dataset=DATASET))

    assert seen.stages[0].said == "8,784 rows accepted, 3 in quarantine"
    assert seen.stages[1].said == "deciding whether to train"


@pytest.mark.parametrize(
    ("answer", "outcome"), [("skipped", "unchanged"), ("parked", "unchanged"), ("coalesced", None)]
)
def test_what_met_a_run_under_way_is_followed_further_and_what_is_not_trained_ends(answer, outcome):
    decision = DECISION | {"answer": answer, "reasons": ["cooldown"]}

    assert states(upload=UPLOAD, dataset=DATASET, decision=decision)[1] == outcome


def test_a_failed_training_says_its_error():
    run = RUN | {"status": "failed", "error": "no row has a label"}

    assert states(**ARRIVED | {"run": run})[2] == "training failed: no row has a label"


def test_a_refused_challenger_leaves_the_champion_and_says_why():
    found = states(**ARRIVED, packages=[package("Rejected")])

    assert found == (
        ["done", "done", "refused", "waiting"],
        "refused",
        "the champion stays: bikeshare/2: worse: by 0.3",
    )


def test_in_auto_mode_a_pending_package_is_only_a_moment():
    assert states(**ARRIVED, packages=[package("PendingManualApproval")])[1] is None


def test_in_manual_mode_a_pending_winner_waits_for_people():
    manual = {"project": "bikeshare", "document": {"approval": {"mode": "manual"}}}

    seen = journey(Evidence(manual, **ARRIVED, packages=[package("PendingManualApproval")]))

    assert seen.outcome == "unchanged"
    assert "tidewheel approve bikeshare/2" in seen.sentence


def test_an_approved_package_is_followed_until_it_serves():
    approved = {**ARRIVED, "packages": [package("Rejected", "arn/3"), package("Approved")]}

    assert states(**approved)[1] is None
    assert states(**approved, deployments=[{"status": "done"}])[1:] == ("done", "bikeshare/2 serves")
    assert states(**approved, endpoint={"live": "arn/2"})[1:] == ("done", "bikeshare/2 serves")


@pytest.mark.parametrize("status", ["failed", "stale", "rolled_back"])
def test_a_rollout_that_did_not_hold_is_a_failure_with_its_reason(status):
    rollout = {"status": status, "reason": "golden row 3 differs"}

    _, outcome, sentence = states(**ARRIVED, packages=[package("Approved")], deployments=[rollout])

    assert (outcome, sentence) == ("failed", f"bikeshare/2 does not serve ({status}): golden row 3 differs")


def test_an_operators_request_begins_at_the_decision():
    seen = journey(Evidence(PROJECT, request="new image", decision=DECISION))

    assert [stage.state for stage in seen.stages] == ["done", "running", "waiting", "waiting"]
    assert seen.ids["decision_id"] == "dec-1"
