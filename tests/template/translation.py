"""The template as CloudFormation receives it: SAM's transform, offline. Run as a script it prints the JSON."""

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.transform import transform

ROOT = Path(__file__).parents[2]
ASSET = "s3://packaged/asset"  # stands for what `sam package` uploads


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, e.g. !Ref."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


def source() -> dict[str, Any]:
    """template.yaml with CloudFormation's functions in their long form; aliases are copied, so nothing is shared."""
    return json.loads(json.dumps(yaml.load((ROOT / "template.yaml").read_text(), _Loader)))  # noqa: S506 (a SafeLoader)


def translated() -> dict[str, Any]:
    """The template after SAM's transform, with the flows' definitions inside."""
    template = source()
    template["Globals"]["Function"]["CodeUri"] = ASSET
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = ASSET
        if resource["Type"] == "AWS::Serverless::StateMachine":
            properties["Definition"] = json.loads((ROOT / properties.pop("DefinitionUri")).read_text())
    return transform(template, {}, _NoManagedPolicies(), Parser())


class _NoManagedPolicies:
    """The template names no managed policies, so there is nothing to look up in an account."""

    def load(self) -> dict[str, str]:
        return {}


if __name__ == "__main__":
    json.dump(translated(), sys.stdout, indent=1)
