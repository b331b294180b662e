"""`tidewheel why`: one chain, whichever end it is taken by."""

import pytest

from tests.cli.world import (
    DATASET,
    DECISION,
    KEY,
    RUN,
    SNAPSHOT,
    VERSION,
    accepted,
    decided,
    packaged,
    save,
    serving,
    trained,
    uploaded,
)

WHOLE = ["model", "rollout", "verdict", "run", "decision", "snapshot", "dataset", "upload"]


@pytest.fixture
def turned(stack):
    """One whole turn of the wheel."""
    accepted()
    trained(1)
    packaged("Approved", why="better: by 0.144")
    serving(1)


@pytest.mark.parametrize(
    "asked",
    ["bikeshare/1", "bikeshare", DATASET, DECISION, RUN, KEY, f"s3://inbox/{KEY}", f"s3://inbox/{KEY}?versionId=v1"],
)
def test_the_chain_is_whole_from_wherever_one_asks(turned, facts, asked):
    chain = facts("why", asked)["chain"]

    assert [link["what"] for link in chain] == WHOLE
    assert [link["id"] for link in chain][3:6] == [RUN, DECISION, SNAPSHOT]


def test_a_person_reads_numbers_reasons_and_times(turned, tidewheel):
    _, out, _ = tidewheel("why", "bikeshare/1")

    for words in (
        "Approved, serves: better: by 0.144",
        "logloss 0.277 against 0.421",
        "started: 8,784 new rows",
        "8,784 rows, 3 in quarantine",
        f"s3://inbox/{KEY}?versionId={VERSION}",
        "2026-11-21 12:00:00",
    ):
        assert words in out


def test_a_dataset_that_was_not_trained_says_why(stack, facts):
    accepted()
    decided("skipped", ["nothing new to learn"])

    chain = facts("why", DATASET)["chain"]

    assert [link["what"] for link in chain] == ["decision", "dataset", "upload"]
    assert "skipped: nothing new to learn" in chain[0]["says"]


def test_a_refused_upload_says_why_and_where_its_report_is(stack, tidewheel):
    uploaded(
        "rejected", reason="no column busy", dataset_id=None, report_uri="s3://datasets/bikeshare/refused/x/report.html"
    )

    _, out, _ = tidewheel("why", KEY)

    assert "rejected: no column busy" in out
    assert "report.html" in out


def test_a_failed_run_says_its_error(stack, tidewheel):
    accepted()
    trained(status="failed", error="the job ran out of memory")

    assert "failed: the job ran out of memory" in tidewheel("why", RUN)[1]


def test_a_run_that_is_not_judged_yet_has_no_verdict(stack, facts):
    accepted()
    save("bikeshare", "run", RUN, {"decision_id": DECISION, "status": "running"})

    assert [link["what"] for link in facts("why", RUN)["chain"]] == ["run", "decision"]


@pytest.mark.parametrize("asked", ["bikeshare/9", "ds-none", "dec-none", "s3://inbox/bikeshare/none.csv", "nonsense"])
def test_what_is_not_there_is_one_sentence(stack, tidewheel, asked):
    code, out, complaint = tidewheel("why", asked)

    assert (code, out) == (2, "")
    assert complaint.startswith(f"tidewheel: {asked}: ")
    assert complaint.count("\n") == 1


def test_steps_come_with_their_times(turned, tidewheel, stack):
    states = stack.client("stepfunctions")
    states.start_execution(
        stateMachineArn="arn:aws:states:eu-west-1:123456789012:stateMachine:data",
        input=f'{{"version-id": "{VERSION}"}}',
    )

    _, out, _ = tidewheel("why", "bikeshare/1", "--steps")

    assert "data" in out.splitlines()[-1]
    assert "A State" in out
