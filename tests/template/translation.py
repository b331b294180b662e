"""The template as CloudFormation receives it: SAM's transform, offline. Run as a script it prints the JSON."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.transform import transform

from local.packaging.template import load

ROOT = Path(__file__).parents[2]
ASSET = "s3://packaged/asset"  # stands for what `sam package` uploads


def source() -> dict[str, Any]:
    """template.yaml with CloudFormation's functions in their long form; what YAML shares is copied."""
    copy: dict[str, Any] = json.loads(json.dumps(load(ROOT / "template.yaml")))
    return copy


def translated(layer: str = ASSET) -> dict[str, Any]:
    """The template after SAM's transform; `layer` is where the packaged layers lie."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")  # SAM asks for one; it decides nothing but the partition
    template = source()
    template["Globals"]["Function"]["CodeUri"] = ASSET
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = layer
        if resource["Type"] == "AWS::Serverless::StateMachine":
            properties["DefinitionUri"] = ASSET
    result: dict[str, Any] = transform(template, {}, _NoManagedPolicies(), Parser())
    return result


class _NoManagedPolicies:
    """The template names no managed policies, so there is nothing to look up in an account."""

    def load(self) -> dict[str, str]:
        return {}


if __name__ == "__main__":
    json.dump(translated(), sys.stdout, indent=1)
