"""The `sagemaker` SDK, a client that we did not write, against the local service; our image table against its data."""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import ROOT
from local.stack import LocalStack
from tests.local.sagemaker.toys import TOY, members, packed

pytestmark = pytest.mark.conformance
PYTHON = ROOT / ".tidewheel/env/sagemaker/bin/python"
NO_TELEMETRY = "SchemaVersion: '1.0'\nSageMaker: {PythonSDK: {Modules: {TelemetryOptOut: true}}}\n"


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    with LocalStack("test-conformance") as running:
        s3 = running.client("s3")
        s3.create_bucket(Bucket="conformance")
        s3.put_object(Bucket="conformance", Key="code/sourcedir.tar.gz", Body=packed(TOY))
        s3.put_object(Bucket="conformance", Key="rows/train/part-0.csv", Body=b"1,2\n2,4\n")
        yield running


@pytest.fixture
def run(stack, tmp_path):
    """Run a script of this folder with the SDK; gives its report."""
    settings, report = tmp_path / "config.yaml", tmp_path / "report.json"
    settings.write_text(NO_TELEMETRY)

    def script(name: str, *arguments: str) -> dict:
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG")}
        environment = stack.environment(kept) | {
            "SAGEMAKER_USER_CONFIG_OVERRIDE": str(settings), "HOME": str(tmp_path),
        }  # fmt: skip
        command = [str(sdk()), str(Path(__file__).with_name(name)), str(report), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return json.loads(report.read_text())

    return script


def test_its_resource_classes_train_register_deploy_and_predict(run):
    name = f"sdk-{uuid.uuid4().hex[:8]}"

    report = run("sdk_wheel.py", "conformance", name)

    assert report == {
        "status": "Completed",
        "approval": "Approved",
        "versions": [1],
        "jobs": [name],
        "answer": {"predictions": [20.0], "version": "sdk/1"},
    }


def test_its_model_trainer_runs_a_script_with_its_own_launcher(run, stack):
    report = run("sdk_trainer.py", "conformance", f"trainer-{uuid.uuid4().hex[:8]}", str(TOY))

    assert report["status"] == "Completed"
    bucket, _, key = report["artifact"].removeprefix("s3://").partition("/")
    archive = stack.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert json.loads(members(archive)["slope.json"])["slope"] == 2.0


def test_our_image_table_is_the_sdks():
    command = [str(sdk()), "-m", "local.images", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_our_image_uris_are_the_sdks_in_every_region(run, tmp_path):
    from tidewheel.domain.images import ACCOUNTS, xgboost_image

    theirs = run("sdk_images.py", *ACCOUNTS)

    assert theirs == {region: xgboost_image(region) for region in ACCOUNTS}


def sdk() -> Path:
    """The interpreter of the SDK's environment."""
    if not PYTHON.exists():
        pytest.fail("The environment of the sagemaker SDK is not installed: run `make conformance`.", pytrace=False)
    return PYTHON
