"""The fast way to deploy `template.yaml` to a local stack: seconds, and only what has changed is uploaded."""

import hashlib
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, WaiterError

from local import ROOT
from local.errors import DeployFailed
from local.packaging import archive, layers, template

if TYPE_CHECKING:
    from local.stack import LocalStack

BUCKET = "tidewheel-artifacts"
CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
POLL_SECONDS = 0.05
LOCAL_PARAMETERS = {"Architecture": layers.ARCHITECTURE}


def deploy(
    stack: "LocalStack", name: str, path: Path = ROOT / "template.yaml", parameters: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Creates or updates the CloudFormation stack `name`; returns its outputs. `parameters` win over local defaults.

    Raises BuildFailed for a layer, DeployFailed with the reasons of the resources that failed.
    """
    document = template.load(path)
    shelf = _Shelf(stack.client("s3"))
    shelf.build_layers(document, path.parent)
    template.replace_paths(document, path.parent, shelf.put)
    known = document.get("Parameters", {})
    values = {key: value for key, value in LOCAL_PARAMETERS.items() if key in known} | dict(parameters or {})
    return _apply(stack.client("cloudformation"), name, shelf.url(document, stack.endpoint), values)


class _Shelf:
    """The bucket that holds artifacts under their digests."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self._layers: dict[str, Path] = {}
        s3.create_bucket(Bucket=BUCKET)

    def build_layers(self, document: dict[str, Any], folder: Path) -> None:
        """Builds all layers at once: most of the time goes into fetching and unpacking wheels."""
        wanted = {
            logical_id: (folder / resource["Properties"]["ContentUri"]).resolve()
            for logical_id, resource in document["Resources"].items()
            if resource["Type"] == "AWS::Serverless::LayerVersion"
            and isinstance(resource["Properties"]["ContentUri"], str)
        }
        with ThreadPoolExecutor() as pool:
            self._layers = dict(zip(wanted, pool.map(layers.build, wanted, wanted.values()), strict=True))

    def put(self, logical_id: str, kind: str, path: Path) -> dict[str, str]:
        if kind == "AWS::Serverless::LayerVersion":
            return self._put(self._layers[logical_id], self._layers[logical_id].name)
        if kind == "AWS::Serverless::StateMachine":
            return self._put(path, f"{archive.digest([path])}.asl.json")
        packed = layers.BUILDS / f"{path.name}-{archive.digest([path])}.zip"
        if not packed.exists():
            archive.write(path, packed)
            layers.forget_old(path.name)
        return self._put(packed, packed.name)

    def url(self, document: dict[str, Any], endpoint: str) -> str:
        """Where the template lies: as a parameter of a call it could have 51,200 bytes only."""
        body = json.dumps(document).encode()
        key = f"{hashlib.sha256(body).hexdigest()}.template"
        self._s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        return f"{endpoint}/{BUCKET}/{key}"

    def _put(self, path: Path, key: str) -> dict[str, str]:
        try:
            self._s3.head_object(Bucket=BUCKET, Key=key)
        except ClientError:
            self._s3.put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())
        return {"Bucket": BUCKET, "Key": key}


def _apply(cloudformation: Any, name: str, url: str, parameters: dict[str, str]) -> dict[str, str]:
    change = {"StackName": name, "ChangeSetName": f"change-{time.time_ns()}"}
    pace = {"Delay": POLL_SECONDS, "MaxAttempts": int(300 / POLL_SECONDS)}
    kind = "UPDATE" if _exists(cloudformation, name) else "CREATE"
    values = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    options = {"ChangeSetType": kind, "TemplateURL": url, "Capabilities": CAPABILITIES, "Parameters": values}
    try:
        cloudformation.create_change_set(**change, **options)
    except ClientError as refused:
        raise _failed(name, refused.response["Error"]["Message"]) from refused
    try:
        cloudformation.get_waiter("change_set_create_complete").wait(**change, WaiterConfig=pace)
    except WaiterError as refused:
        reason = cloudformation.describe_change_set(**change).get("StatusReason", "")
        cloudformation.delete_change_set(**change)
        if "didn't contain changes" in reason or "No updates" in reason:
            return _outputs(cloudformation, name)
        raise _failed(name, reason) from refused
    cloudformation.execute_change_set(**change)
    try:
        cloudformation.get_waiter(f"stack_{kind.lower()}_complete").wait(StackName=name, WaiterConfig=pace)
    except WaiterError as failure:
        raise _failed(name, "; ".join(_reasons(cloudformation, name))) from failure
    return _outputs(cloudformation, name)


def _exists(cloudformation: Any, name: str) -> bool:
    try:
        status: str = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError:
        return False
    return status != "REVIEW_IN_PROGRESS"


def _outputs(cloudformation: Any, name: str) -> dict[str, str]:
    described = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def _reasons(cloudformation: Any, name: str) -> list[str]:
    """Why resources failed, the first failure first; those that were only cancelled with it say nothing."""
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
    events = [event for page in pages for event in page["StackEvents"]]
    failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("_FAILED")]
    told = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '?')}" for event in failed]
    return list(dict.fromkeys(line for line in told if "cancelled" not in line))


def _failed(name: str, problem: str) -> DeployFailed:
    return DeployFailed(problem, place=f"CloudFormation stack {name}", remedy="Mend the template and deploy again.")
