"""YAML 1.2 as people mean it: `on` is a word, `010` is ten, no key comes twice; and where each field stands."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
LARGEST = 64 * 1024  # characters; a project file has a hundredth of it


class _Loader(yaml.SafeLoader):
    """PyYAML speaks YAML 1.1, where `on: [upload]` is `true: [upload]`. This one has the core schema of 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own name)

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="a project file has no aliases", problem_mark=event.start_mark)
        node: Node | None = super().compose_node(parent, index)
        return node

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"`{key.value}` stands here twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(true|false|True|False|TRUE|FALSE)$"), list("tfTF")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    list("-+0123456789."),
)
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def load(text: str) -> tuple[Any, Mapping[Path, int]]:
    """The document as plain values and the line (from 1) of each path in it. Raises yaml.YAMLError."""
    if len(text) > LARGEST:
        raise yaml.YAMLError(f"the file has more than {LARGEST} characters")
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return (None, {}) if node is None else (loader.construct_document(node), _lines(node))
    finally:
        loader.dispose()


def _lines(node: Node, path: Path = ()) -> dict[Path, int]:
    lines = {path: node.start_mark.line + 1}
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                lines |= _lines(value, (*path, key.value)) | {(*path, key.value): key.start_mark.line + 1}
    if isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            lines |= _lines(item, (*path, index))
    return lines
