"""The real way: `sam build`, `sam deploy`, a change, `sam deploy` again, `sam delete`; and what is left."""

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from local import ROOT, sam
from local.stack import LocalStack
from tests.flows.deliveries import flowers
from tests.flows.wheel import PROJECTS, Wheel

pytestmark = pytest.mark.deploy
DEPLOYED = ("template.yaml", "samconfig.toml", "functions", "layers", "containers", "statemachines")
RETAINED = {
    "AWS::S3::Bucket": {"InboxBucket", "DatasetsBucket", "FeaturesBucket", "ModelsBucket", "AutomationBucket"},
    "AWS::DynamoDB::Table": {"LedgerTable"},
    "AWS::KMS::Key": {"Key"},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of what is deployed, to be changed."""
    folder = tmp_path_factory.mktemp("project")
    for name in DEPLOYED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(project):
    """The stack after the first `sam deploy`, with a project registered."""
    with LocalStack("sam-deploy") as stack:
        sam.build_and_deploy(stack, project)
        described = stack.client("cloudformation").describe_stacks(StackName="tidewheel")["Stacks"][0]
        running = Wheel(stack, {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]})
        assert running.tidewheel("project", "push", PROJECTS / "flowers.yaml")[0] == 0
        yield running


class Asking(threading.Thread):
    """Asks the endpoint again and again, until it is told to stop."""

    def __init__(self, wheel: Wheel) -> None:
        super().__init__(daemon=True)
        self.runtime = wheel.stack.client("sagemaker-runtime")
        self.enough = threading.Event()
        self.versions: list[str] = []
        self.failures: list[Exception] = []

    def run(self) -> None:
        row = {"petal": 1.5, "sepal": 3.4, "soil": "sand"}
        question = {"EndpointName": "tidewheel-flowers", "ContentType": "application/json"}
        while not self.enough.wait(0.2):
            try:
                answer = self.runtime.invoke_endpoint(**question, Body=json.dumps({"instances": [row]}))
                self.versions.append(json.loads(answer["Body"].read())["model_version"])
            except Exception as failure:
                self.failures.append(failure)


def submit(wheel: Wheel, folder: Path, rows: int, seed: int) -> tuple[int, dict]:
    """Deliver flowers and follow them to the end."""
    file = folder / f"{seed}.csv"
    file.write_text(flowers(rows, seed))
    return wheel.tidewheel("submit", file, "--project", "flowers", "--watch")


def manifests(wheel: Wheel) -> list[dict]:
    """The manifests of all dataset versions, oldest first."""
    s3, bucket = wheel.stack.client("s3"), wheel.outputs["DatasetsBucket"]
    found = s3.list_objects_v2(Bucket=bucket, Prefix="flowers/ds-")["Contents"]
    keys = [each["Key"] for each in sorted(found, key=lambda each: each["LastModified"]) if "manifest" in each["Key"]]
    return [json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys]


def test_after_each_deploy_an_upload_reaches_the_endpoint_through_the_code_just_deployed(wheel, project, tmp_path):
    code, told = submit(wheel, tmp_path, 900, 1)
    assert code == 0, told
    asking = Asking(wheel)
    asking.start()

    step = project / "functions" / "data" / "validate_upload.py"
    changed = step.read_text().replace('"objects": uris}', '"objects": uris, "second": True}')
    assert changed != step.read_text()
    step.write_text(changed)
    sam.build_and_deploy(wheel.stack, project)
    code, told = submit(wheel, tmp_path, 900, 2)
    asking.enough.set()
    asking.join()

    assert code == 0, told
    assert ["second" in manifest for manifest in manifests(wheel)] == [False, True]
    assert asking.failures == []
    assert asking.versions[0] == "flowers/1"


def test_after_down_and_delete_exactly_what_holds_state_is_left(wheel, project):
    assert wheel.tidewheel("down", "--yes", "--registry")[0] == 0
    stack = wheel.stack.client("cloudformation")
    made = stack.describe_stack_resources(StackName="tidewheel")["StackResources"]
    command = [str(sam.TOOLS / "sam"), "delete", "--config-env", "local", "--no-prompts"]

    subprocess.run(command, cwd=project, env=wheel.stack.environment(os.environ | sam.QUIET), check=True)

    kept = {kind: {each["LogicalResourceId"] for each in made if each["ResourceType"] == kind} for kind in RETAINED}
    assert kept == RETAINED
    ids = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made}
    buckets = {each["Name"] for each in wheel.stack.client("s3").list_buckets()["Buckets"]}
    assert {ids[name] for name in RETAINED["AWS::S3::Bucket"]} <= buckets
    assert wheel.stack.client("dynamodb").list_tables()["TableNames"] == [ids["LedgerTable"]]
    keys = [each["KeyId"] for each in wheel.stack.client("kms").list_keys()["Keys"]]
    states = {wheel.stack.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in keys}
    assert states == {"Enabled"}
    assert wheel.stack.client("lambda").list_functions()["Functions"] == []
    assert wheel.stack.client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert wheel.stack.client("sqs").list_queues().get("QueueUrls", []) == []
    assert wheel.stack.client("sagemaker").list_endpoints()["Endpoints"] == []
