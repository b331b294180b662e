"""Two deploys, an upload after each, and nobody notices the second but by its effect."""

from collections import Counter

import pytest

from tests.deploy.conftest import NEWS, First, Second
from tests.deploy.executions import Execution, executions
from tests.flows.wheel import Wheel

pytestmark = pytest.mark.deploy
STAGES = ("data", "train", "approve", "deploy")


def read(wheel: Wheel, uri: str) -> str:
    """An object's text."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return str(wheel.stack.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode())


def manifest(wheel: Wheel, told: dict[str, str]) -> str:
    """The manifest of the dataset that an upload became."""
    return read(wheel, f"s3://{wheel.outputs['DatasetsBucket']}/{told['project']}/{told['dataset_id']}/manifest.json")


def report(wheel: Wheel, model: str) -> str:
    """The report about the run that made a model."""
    run = wheel.link(model, "run")["id"]
    return read(wheel, f"s3://{wheel.outputs['ModelsBucket']}/{model.partition('/')[0]}/{run}/report.html")


def ran(wheel: Wheel, project: str, turn: int) -> dict[str, Execution]:
    """Stage -> the execution of a project's turn of the wheel."""
    return {stage: executions(wheel, stage, project)[turn] for stage in STAGES}


def test_an_upload_reaches_the_endpoint_through_the_functions_just_deployed(first: First) -> None:
    turn = ran(first.wheel, "flowers", 0)

    used = {name: version for each in turn.values() for name, version in each.used.items()}
    assert first.told["outcome"] == "done", first.told
    assert used == {name: version for name, version in first.published.items() if name != "ApplyProjectFunction"}
    assert NEWS not in manifest(first.wheel, first.told) + report(first.wheel, "flowers/1")


def test_equal_files_deployed_from_another_folder_publish_nothing(first: First, second: Second) -> None:
    assert second.unchanged == (first.published, first.layers)


def test_a_redeploy_publishes_what_changed_and_nothing_else(first: First, second: Second) -> None:
    changed = {name for name, version in second.layers.items() if version != first.layers.get(name)}

    assert changed == {name for name in second.layers if "Core" in name}
    steps = {name: version - first.published[name] for name, version in second.published.items()}
    assert steps == dict.fromkeys(first.published, 1)  # they share the changed layer and the changed asset


def test_after_the_second_deploy_the_change_shows_in_what_an_upload_leads_to(first: First, second: Second) -> None:
    turn = ran(first.wheel, "flowers", 1)

    assert second.told["outcome"] == "done", second.told
    for each in turn.values():
        assert each.used.items() <= second.published.items()
    assert NEWS in manifest(first.wheel, second.told)
    assert NEWS in report(first.wheel, "flowers/2")


def test_no_prediction_fails_while_the_stack_is_deployed_and_the_new_model_rolls_out(
    second: Second, capsys: pytest.CaptureFixture[str]
) -> None:
    answered = Counter(second.asking.versions)

    with capsys.disabled():
        print(f"\npredictions during deploy and rollout: {dict(answered)}, failed: {len(second.asking.failures)}")
    assert second.asking.failures == []
    assert list(answered) == ["flowers/1", "flowers/2"]
    assert second.asking.versions == sorted(second.asking.versions)


def test_a_training_under_way_ends_with_the_code_that_it_started_with(first: First, second: Second) -> None:
    wheel = first.wheel

    code, told = wheel.tidewheel("why", "rents/1")

    (ended,) = executions(wheel, "train", "rents")
    assert code == 0, told
    assert (second.met.status, ended.status, ended.arn) == ("RUNNING", "SUCCEEDED", second.met.arn)
    assert "JudgeCandidatesFunction" in ended.used.keys() - second.met.used.keys()
    assert ended.used.items() <= first.published.items()
    assert NEWS not in report(wheel, "rents/1")
