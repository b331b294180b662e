"""Where the stack is: its CloudFormation outputs, which also become the settings of this process."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from tidewheel.aws.clients import client
from tidewheel.domain.errors import TidewheelError
from tidewheel.settings import settings

SETTINGS = {
    "Prefix": "PREFIX",
    "LedgerTable": "LEDGER_TABLE",
    "InboxBucket": "INBOX_BUCKET",
    "DatasetsBucket": "DATASETS_BUCKET",
    "ModelsBucket": "MODELS_BUCKET",
    "AutomationBucket": "AUTOMATION_BUCKET",
    "BusName": "BUS_NAME",
}
MACHINES = {
    stage: f"{stage.capitalize()}StateMachine"  # the order of the wheel
    for stage in ("data", "train", "approve", "deploy")
}


class StackMissing(TidewheelError):
    """There is no such stack, or it is not one of ours."""


@dataclass(frozen=True)
class Stack:
    """A deployed stack and what it calls its parts."""

    name: str
    outputs: Mapping[str, str]

    @property
    def prefix(self) -> str:
        """What every name made at run time begins with."""
        return self.outputs["Prefix"]

    def machine(self, stage: str) -> str:
        """The ARN of a stage's state machine."""
        return self.outputs[MACHINES[stage]]

    def package_arn(self, project: str, number: int | str) -> str:
        """The ARN of a model version: account and Region are those of the stack."""
        partition, _, region, account = self.machine("data").split(":")[1:5]
        return f"arn:{partition}:sagemaker:{region}:{account}:model-package/{self.prefix}-{project}/{number}"


def options() -> argparse.ArgumentParser:
    """The options that every verb takes, before or after its name."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--stack", help="the stack's name; default TIDEWHEEL_STACK, or tidewheel")
    shared.add_argument("--region", help="the AWS Region; default as for every AWS tool")
    shared.add_argument("--json", action="store_true", help="facts for machines")
    return shared


def default_name() -> str:
    """TIDEWHEEL_STACK, or `tidewheel`."""
    return os.environ.get("TIDEWHEEL_STACK") or "tidewheel"


def enter(options: argparse.Namespace) -> Stack:
    """Find the stack of --stack and --region and make its outputs the settings of this process. Raises StackMissing."""
    name = options.stack
    if options.region:
        os.environ |= {"AWS_REGION": options.region, "AWS_DEFAULT_REGION": options.region}
    outputs = _outputs(name)
    wanted = [*SETTINGS, *MACHINES.values()]
    if missing := [output for output in wanted if output not in outputs]:
        raise StackMissing(
            f"the stack does not say {', '.join(missing)}",
            place=f"stack {name}",
            remedy="Is it Tidewheel's? Deploy it again with `sam deploy`",
        )
    os.environ |= {variable: outputs[output] for output, variable in SETTINGS.items()}
    settings.cache_clear()
    return Stack(name, outputs)


def _outputs(name: str) -> dict[str, str]:
    try:
        found: dict[str, Any] = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        remedy = "Deploy it with `sam deploy`, or name another one with --stack or TIDEWHEEL_STACK"
        raise StackMissing("there is no such stack", place=f"stack {name}", remedy=remedy) from error
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
