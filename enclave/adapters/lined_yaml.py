"""YAML with the lines its values stand on, read by the safe loader only.

Duplicate keys, aliases and tags are refused: a permit must say one thing to a person reading
it from top to bottom.
"""

from collections.abc import Callable
from typing import Any

import yaml

from enclave.errors import InvalidInputError
from enclave.sentences import say

Path = tuple[str | int, ...]


class _Plain(yaml.SafeLoader):
    """The safe loader; aliases refused while composing."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def read_lined(text: str) -> tuple[Any, Callable[[Path], int]]:
    """The document, and a function from a path into it to a line (from 1).

    Raises:
        InvalidInputError: not one plain YAML document; says the line where it can.
    """
    try:
        loader = _Plain(text)
        try:
            node = loader.get_single_node()
            document = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise InvalidInputError(
            "bad_yaml", say("Line {line}: this is not plain YAML. Mend the line and try again.", line=line)
        ) from error
    lines: dict[Path, int] = {}
    if node is not None:
        _note_lines(node, (), lines)

    def line_of(path: Path) -> int:
        while path not in lines and path:
            path = path[:-1]
        return lines.get(path, 1)

    return document, line_of


def _note_lines(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise InvalidInputError(
                    "duplicate_key",
                    say(
                        "Line {line}: the key '{key}' stands twice.",
                        line=key.start_mark.line + 1,
                        key=key.value,
                    ),
                )
            seen.add(key.value)
            _note_lines(value, (*path, key.value), lines)
            lines[(*path, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note_lines(item, (*path, index), lines)
