"""One project's rollouts, in the order in which they happen: each test goes on where the one before it ended."""

from tidewheel.aws import ledger
from tidewheel.aws.clients import client

from tests.flows.rollouts.toy import DEAD
from tests.functions.deploy.world import wanted_back


def test_a_first_model_that_cannot_start_leaves_no_endpoint(registry, turn, champion):
    played = turn(registry.register(1.0, script=DEAD))

    assert played.end == "Unchanged"
    assert champion() == 0
    assert registry.status(1)[0] == "Rejected"
    assert "Rollout failed: The endpoint is Failed" in registry.status(1)[1]


def test_the_next_one_serves_as_soon_as_the_dead_one_is_gone(registry, turn, champion):
    played = turn(registry.register(2.0))

    assert played.end == "MovePointer"
    assert champion() == 2
    assert registry.serves() == "bikeshare/2"


def test_a_better_model_takes_over(registry, turn, champion):
    played = turn(registry.register(3.0))

    assert (played.end, played.transitions) == ("MovePointer", 11)
    assert champion() == 3
    assert registry.serves() == "bikeshare/3"


def test_a_model_that_answers_otherwise_than_it_was_judged_is_taken_back(registry, turn, champion):
    played = turn(registry.register(4.0, judged=4.1))

    assert (played.end, registry.serves(), champion()) == ("Unchanged", "bikeshare/3", 3)
    assert len(played.asked("UpdateEndpoint")) == 2
    assert registry.status(4) == ("Rejected", "Rollout failed: Wrong answer: golden row 1 is answered 4.0, not 4.1")


def test_an_update_that_sagemaker_takes_back_silently_is_a_failure(registry, turn, champion):
    played = turn(registry.register(5.0, script=DEAD))

    assert (played.end, registry.serves(), champion()) == ("Unchanged", "bikeshare/3", 3)
    assert len(played.asked("UpdateEndpoint")) == 1
    assert "SageMaker went back to tw-bikeshare-3-" in registry.status(5)[1]


def test_a_stale_approval_is_recorded_and_not_deployed(registry, turn, champion):
    played = turn(registry.approve(1))

    assert played.asked("PublishSkipped")[0]["Entries"][0]["DetailType"] == "RolloutSkipped"
    assert champion() == 3


def test_an_operator_gets_the_last_good_model_back_and_the_bad_one_is_denied(registry, turn, champion):
    played = turn(wanted_back("request:1"))

    assert (played.end, registry.serves(), champion()) == ("MovePointer", "bikeshare/2", 2)
    assert registry.status(3) == ("Rejected", "Rolled back: it is rude to people")
    assert "AdoptModel" in played.path


def test_there_is_nothing_before_it(registry, turn, champion):
    played = turn(wanted_back("request:2"))

    assert '"answer": "nothing_to_go_back_to"' in played.asked("PublishSkipped")[0]["Entries"][0]["Detail"]
    assert (played.end, champion()) == ("Unchanged", 2)


def test_every_event_a_second_time_changes_nothing(registry, turn, champion):
    known = client("sagemaker").describe_endpoint(EndpointName="tw-bikeshare")["LastModifiedTime"]

    ends = [turn(event).end for event in (registry.approve(2), wanted_back("request:1"), wanted_back("request:2"))]

    assert (ends, champion()) == (["NothingToDo"] * 3, 2)
    assert client("sagemaker").describe_endpoint(EndpointName="tw-bikeshare")["LastModifiedTime"] == known


def test_the_ledger_tells_the_whole_story(registry):
    rows = [(row["version"], row["status"]) for row in ledger.rows("bikeshare", "deployment")]

    assert rows == [
        (0, "nothing_to_go_back_to"),
        (1, "stale"),
        (1, "failed"),
        (2, "done"),
        (2, "done"),
        (3, "rolled_back"),
        (4, "failed"),
        (5, "failed"),
    ]
