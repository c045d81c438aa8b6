"""Decides on which line of a YAML file a key stands, for messages about what a file says as a whole."""

from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode


@lru_cache(maxsize=8)
def _root(text: str) -> Node | None:
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    return node


def key_line(path: Path, key: str) -> int:
    """The line (1-based) of a key like `plans[2].pay_mode`, or `[2].title` of a list, or of its nearest parent."""
    node = _root(path.read_text(encoding="utf-8-sig"))
    line = 1
    for part in key.replace("[", ".[").lstrip(".").split("."):
        if isinstance(node, MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, SequenceNode):
            node = node.value[int(part.strip("[]"))]
            line = node.start_mark.line + 1
    return line
