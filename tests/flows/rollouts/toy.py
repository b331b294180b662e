"""A toy model that answers as ours do, and a registry of its versions: right ones, wrong ones, dead ones."""

import json
from dataclasses import dataclass, field
from typing import Any

from tidewheel.aws import ledger
from tidewheel.aws.clients import client

from tests.functions.deploy.world import event
from tests.local.sagemaker.toys import IMAGE, archive

SCRIPT = """
import json, os, pathlib

def model_fn(model_dir):
    return json.loads(pathlib.Path(model_dir, "slope.json").read_text())

def input_fn(data, content_type):
    return json.loads(data)["instances"]

def predict_fn(data, model):
    return [{"score": model * each["hour"]} for each in data]

def output_fn(prediction, accept):
    version = os.environ["TIDEWHEEL_MODEL_VERSION"]
    return json.dumps({"predictions": prediction, "model_version": version}), "application/json"
"""
DEAD = "raise SystemExit('this container does not start')"
DOCUMENT = {
    "project": "bikeshare",
    "problem": "binary",
    "contract": {"label": "busy", "columns": {"hour": "integer", "busy": "integer"}},
}


@dataclass
class Registry:
    """The model packages of a project, each with artifact and golden rows."""

    project: str
    role: str
    arns: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, project: str) -> "Registry":
        """A registered project without any version."""
        ledger.write(ledger.put(project, "project", "", {"status": "active", "document": DOCUMENT}))
        client("sagemaker").create_model_package_group(ModelPackageGroupName=f"tw-{project}")
        anyone = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [anyone]})
        role = client("iam").create_role(RoleName="serving", AssumeRolePolicyDocument=trust)
        return cls(project, role["Role"]["Arn"])

    def register(self, slope: float, *, judged: float | None = None, script: str = SCRIPT) -> dict[str, Any]:
        """A version that serves `slope` and was judged with another one, if given; answers the approval's event."""
        number = len(self.arns) + 1
        run_id = f"{self.project}-{number:05d}-abcdef"
        body = archive({"slope.json": json.dumps(slope).encode(), "code/inference.py": script.encode()})
        client("s3").put_object(Bucket="models", Key=f"{run_id}.tar.gz", Body=body)
        golden = [
            {"recipe": "current", "instance": {"hour": hour}, "score": (judged or slope) * hour} for hour in (1, 8)
        ]
        lines = "\n".join(map(json.dumps, golden))
        client("s3").put_object(Bucket="models", Key=f"{self.project}/{run_id}/golden.jsonl", Body=lines)
        container = {"Image": IMAGE, "ModelDataUrl": f"s3://models/{run_id}.tar.gz"}
        kinds = {"SupportedContentTypes": ["application/json"], "SupportedResponseMIMETypes": ["application/json"]}
        package = client("sagemaker").create_model_package(
            ModelPackageGroupName=f"tw-{self.project}",
            ModelApprovalStatus="PendingManualApproval",
            InferenceSpecification={"Containers": [container], **kinds},
            CustomerMetadataProperties={"run_id": run_id, "recipe": "current"},
        )
        self.arns.append(package["ModelPackageArn"])
        return self.approve(number)

    def approve(self, number: int) -> dict[str, Any]:
        """Approve a version; the event that tells it."""
        arn = self.arns[number - 1]
        client("sagemaker").update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
        said = event("model-package-approved")
        said["detail"] |= {"ModelPackageArn": arn, "ModelPackageVersion": number}
        return said

    def status(self, number: int) -> tuple[str, str]:
        """A version's status and its reason."""
        found = client("sagemaker").describe_model_package(ModelPackageName=self.arns[number - 1])
        return found["ModelApprovalStatus"], found.get("ApprovalDescription", "")

    def serves(self) -> str:
        """The version that answers now."""
        said = client("sagemaker-runtime").invoke_endpoint(
            EndpointName=f"tw-{self.project}", ContentType="application/json", Body='{"instances": [{"hour": 1}]}'
        )
        return str(json.loads(said["Body"].read())["model_version"])
