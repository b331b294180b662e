"""What `tidewheel down` and `sam delete` leave behind: what holds state, and nothing else of ours."""

import pytest

from tests.deploy.conftest import First, Gone

pytestmark = pytest.mark.deploy
RUNNING = {"endpoint", "endpoint config", "model", "schedule"}
# Made by others for all stacks of the account: the bucket that `sam deploy` uploads to, and SageMaker's logs of jobs
# and endpoints, which it keeps as it keeps the records of jobs.
OTHERS = ("aws-sam-cli-managed-default", "/aws/sagemaker/")


def test_down_removes_what_was_made_at_run_time_and_keeps_the_registry(gone: Gone) -> None:
    assert {(kind, name) for kind, name in gone.after_down if kind in RUNNING} == set()
    assert {name for kind, name in gone.after_down if kind == "model group"} == {"tidewheel-flowers", "tidewheel-rents"}


def test_down_and_delete_leave_exactly_what_is_to_be_retained(
    first: First, gone: Gone, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = {(kind, name) for kind, name in gone.after_all if not name.startswith(OTHERS)}
    versions = {name for name in gone.kept if ":function:" in name}  # retained too, but they go with their functions

    with capsys.disabled():
        print("\nleft after `tidewheel down` and `sam delete`:", *sorted(gone.after_all), sep="\n  ")
    assert {name for _, name in ours} == gone.kept - versions
    assert sorted(kind for kind, _ in ours) == [*["bucket"] * 5, "key", "table"]
    (key,) = (name for kind, name in ours if kind == "key")
    assert first.wheel.stack.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
