"""CloudFormation templates as data: YAML with its short functions in, JSON out, local paths replaced on the way."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from local.errors import DeployFailed

# Resource type -> the property that names files on this machine.
PATHS = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
}

Upload = Callable[[str, str, Path], dict[str, str]]


def load(path: Path) -> dict[str, Any]:
    """A template with `!Ref x` as `{"Ref": "x"}`, `!GetAtt a.b` as `{"Fn::GetAtt": ["a", "b"]}` and so on."""
    template: dict[str, Any] = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader with CloudFormation's tags
    return template


def replace_paths(template: dict[str, Any], folder: Path, upload: Upload) -> None:
    """Puts `{Bucket, Key}` for every path. `upload` gets the logical id, the resource type and the path.

    Raises DeployFailed for a path that leads nowhere.
    """
    for logical_id, kind, properties, name in _mentions(template):
        if isinstance(properties.get(name), str) and not properties[name].startswith("s3://"):
            path = (folder / properties[name]).resolve()
            if not path.exists():
                raise DeployFailed(
                    f"there is no {path}", place=f"{logical_id}.{name}", remedy="Write it or name another."
                )
            properties[name] = upload(logical_id, kind, path)


def _mentions(template: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    defaults = template.get("Globals", {}).get("Function", {})
    if "CodeUri" in defaults:
        yield "Globals", "AWS::Serverless::Function", defaults, "CodeUri"
    for logical_id, resource in template["Resources"].items():
        if name := PATHS.get(resource["Type"]):
            yield logical_id, resource["Type"], resource.get("Properties", {}), name


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags."""


def _function(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _function)
