"""Tables inside a JSON text, each value with its place.

1. The text is parsed here, strictly, because a finding needs the offset of a value: no repeated key,
   no NaN, no comment, at most ``MAX_DEPTH`` levels. What does not parse raises, and so blocks.
2. Records, columns, ``split`` (columns, index, data), lists of lists and objects of objects are one
   table each. Everything else is a table of names and values, the name being the last key.
3. ``row`` counts the records of the file; ``offset`` is where the value stands.
4. Strings are read as words as well, so what is said in them is checked like a note.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from json import decoder

from output_review.disclosure.cells import read_cell
from output_review.disclosure.tables import Cell, Table, table_from_cells

MAX_DEPTH = 40
_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORDS = {"true": "true", "false": "false", "null": ""}


_scan: Callable[[str, int, bool], tuple[str, int]] = vars(decoder)["scanstring"]
"""The string reader of the standard library; its type stubs leave it out."""


class NotJsonError(ValueError):
    """The text is no JSON that this house reads."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as text, and where it stands; ``is_words`` for a JSON string."""

    text: str
    offset: int
    is_words: bool = False
    literal: str = '""'
    """As JSON writes it."""


@dataclass(frozen=True, slots=True)
class Array:
    """Values in order."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Object:
    """Members in order; no key twice."""

    members: "tuple[tuple[Scalar, Node], ...]"

    def get(self, key: str) -> "Node | None":
        """The value of a key."""
        return next((node for name, node in self.members if name.text == key), None)


Node = Scalar | Array | Object


def parse(text: str) -> Node:
    """The tree of a JSON text.

    Raises:
        NotJsonError: not JSON, a key twice, or too deep.
    """
    node, end = _value(text, _skip(text, 0), 0)
    if _skip(text, end) != len(text):
        raise NotJsonError
    return node


def rewritten(node: Node, indent: str = "") -> str:
    """The one way in which this house writes a tree: two blanks a level, every number with its digits."""
    inner = indent + "  "
    if isinstance(node, Scalar):
        return node.literal
    if isinstance(node, Array):
        lines = [inner + rewritten(item, inner) for item in node.items]
        ends = "[]"
    else:
        lines = [f"{inner}{name.literal}: {rewritten(value, inner)}" for name, value in node.members]
        ends = "{}"
    if not lines:
        return ends
    return ends[0] + "\n" + ",\n".join(lines) + "\n" + indent + ends[1]


def _skip(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place


def _value(text: str, place: int, depth: int) -> tuple[Node, int]:
    if depth > MAX_DEPTH:
        raise NotJsonError
    start = text[place : place + 1]
    if start == "{":
        return _object(text, place, depth)
    if start == "[":
        return _array(text, place, depth)
    if start == '"':
        return _string(text, place)
    for word, meaning in _WORDS.items():
        if text.startswith(word, place):
            return Scalar(meaning, place, literal=word), place + len(word)
    match = _NUMBER.match(text, place)
    if match is None:
        raise NotJsonError
    return Scalar(match.group(), place, literal=match.group()), match.end()


def _string(text: str, place: int) -> tuple[Scalar, int]:
    try:
        words, end = _scan(text, place + 1, True)  # noqa: FBT003  # strict: no control characters
    except ValueError:
        raise NotJsonError from None
    literal = json.dumps(words, ensure_ascii=False)
    return Scalar(words, place + 1, is_words=True, literal=literal), end


def _array(text: str, place: int, depth: int) -> tuple[Array, int]:
    items: list[Node] = []
    place = _skip(text, place + 1)
    if text[place : place + 1] == "]":
        return Array(()), place + 1
    while True:
        node, place = _value(text, place, depth + 1)
        items.append(node)
        place = _skip(text, place)
        mark = text[place : place + 1]
        if mark == "]":
            return Array(tuple(items)), place + 1
        if mark != ",":
            raise NotJsonError
        place = _skip(text, place + 1)


def _object(text: str, place: int, depth: int) -> tuple[Object, int]:
    members: list[tuple[Scalar, Node]] = []
    seen: set[str] = set()
    place = _skip(text, place + 1)
    if text[place : place + 1] == "}":
        return Object(()), place + 1
    while True:
        if text[place : place + 1] != '"':
            raise NotJsonError
        name, place = _string(text, place)
        place = _skip(text, place)
        if name.text in seen or text[place : place + 1] != ":":
            raise NotJsonError
        seen.add(name.text)
        node, place = _value(text, _skip(text, place + 1), depth + 1)
        members.append((name, node))
        place = _skip(text, place)
        mark = text[place : place + 1]
        if mark == "}":
            return Object(tuple(members)), place + 1
        if mark != ",":
            raise NotJsonError
        place = _skip(text, place + 1)


@dataclass(slots=True)
class _Found:
    """What a walk through a tree gathers."""

    rows: Iterator[int] = field(default_factory=lambda: count(1))
    tables: list[Table] = field(default_factory=list)
    words: list[Scalar] = field(default_factory=list)

    def add(self, grid: Sequence[Sequence[Scalar]]) -> None:
        """Keep a grid (header first) as a table."""
        cells = []
        for line in grid:
            number = next(self.rows)
            cells.append(
                tuple(
                    Cell(
                        number, column, scalar.text.replace("\n", " "), read_cell(scalar.text), scalar.offset
                    )
                    for column, scalar in enumerate(line)
                )
            )
        table = table_from_cells(cells)
        if table is not None:
            self.tables.append(table)


def tables_from_json(text: str) -> tuple[tuple[Table, ...], tuple[Scalar, ...]]:
    """Every table of a JSON text, and its strings.

    Raises:
        NotJsonError: see ``parse``.
    """
    found = _Found()
    _walk(parse(text), found)
    return tuple(found.tables), tuple(found.words)


def captions_of_json(text: str) -> tuple[str, ...]:
    """The strings that stand beside a table as members of one object: its title, its notes.

    Raises:
        NotJsonError: see ``parse``.
    """
    return tuple(_captions(parse(text)))


def _captions(node: Node) -> Iterator[str]:
    if isinstance(node, Object):
        has_table = any(not isinstance(value, Scalar) for _, value in node.members)
        for name, value in node.members:
            if isinstance(value, Scalar):
                if has_table and value.text:
                    yield value.text if value.is_words else f"{name.text}: {value.text}"
            else:
                yield from _captions(value)
    elif isinstance(node, Array):
        for item in node.items:
            if not isinstance(item, Scalar):
                yield from _captions(item)


def _walk(node: Node, found: _Found) -> None:
    if isinstance(node, Scalar):
        found.add([[Scalar("", 0), Scalar("value", 0)], [Scalar("", 0), node]])
        found.words.extend([node] if node.is_words else [])
        return
    grid = _grid(node)
    if grid is not None:
        found.add(grid)
        found.words.extend(scalar for line in grid for scalar in line if scalar.is_words)
        rest = _rest(node)
    elif isinstance(node, Object):
        scalars = [(name, value) for name, value in node.members if isinstance(value, Scalar)]
        if scalars:
            found.add([[Scalar("", 0), Scalar("value", 0)], *([name, value] for name, value in scalars)])
            found.words.extend(scalar for pair in scalars for scalar in pair if scalar.is_words)
        found.words.extend(name for name, value in node.members if not isinstance(value, Scalar))
        rest = tuple(value for _, value in node.members if not isinstance(value, Scalar))
    else:
        rest = node.items
    for inner in rest:
        _walk(inner, found)


def _rest(node: Node) -> tuple[Node, ...]:
    """What a grid's own values hold beside scalars, and the other members of ``split``."""
    if isinstance(node, Object) and isinstance(node.get("data"), Array) and node.get("columns") is not None:
        return tuple(
            value
            for name, value in node.members
            if name.text not in ("columns", "index", "data") and not isinstance(value, Scalar)
        )
    inner = (
        node.items
        if isinstance(node, Array)
        else ()
        if isinstance(node, Scalar)
        else (v for _, v in node.members)
    )
    return tuple(value for item in inner for value in (_children(item)) if not isinstance(value, Scalar))


def _children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Object):
        return tuple(value for _, value in node.members)
    return node.items if isinstance(node, Array) else ()


def _grid(node: Array | Object) -> list[list[Scalar]] | None:
    """Rule 2: the grid of a node, header first, or None when it is not one table."""
    if isinstance(node, Object):
        return _split(node) or _columns(node) or _of_objects(node)
    if len(node.items) and all(isinstance(item, Object) for item in node.items):
        return _records([(None, item) for item in node.items if isinstance(item, Object)])
    if len(node.items) and all(isinstance(item, Array) for item in node.items):
        return [[_scalar(value) for value in item.items] for item in node.items if isinstance(item, Array)]
    if node.items and all(isinstance(item, Scalar) for item in node.items):
        return [[Scalar("value", 0)], *([_scalar(item)] for item in node.items)]
    return None


def _split(node: Object) -> list[list[Scalar]] | None:
    columns, index, data = node.get("columns"), node.get("index"), node.get("data")
    if not isinstance(columns, Array) or not isinstance(data, Array):
        return None
    header = [_scalar(item) for item in columns.items]
    rows = [[_scalar(value) for value in _children(item)] for item in data.items]
    if isinstance(index, Array) and len(index.items) == len(rows):
        numbers = [_scalar(name).text for name in index.items]
        title = "index" if numbers == [str(number) for number in range(len(rows))] else ""
        return [
            [Scalar(title, 0), *header],
            *([_scalar(name), *row] for name, row in zip(index.items, rows, strict=True)),
        ]
    return [header, *rows]


def _columns(node: Object) -> list[list[Scalar]] | None:
    """``{"age": [..], "n": [..]}``: lists of scalars of one length."""
    lists = [(name, value.items) for name, value in node.members if isinstance(value, Array)]
    if not lists or len(lists) != len(node.members) or len({len(items) for _, items in lists}) != 1:
        return None
    if not all(isinstance(item, Scalar) for _, items in lists for item in items):
        return None
    return [
        [name for name, _ in lists],
        *([_scalar(items[i]) for _, items in lists] for i in range(len(lists[0][1]))),
    ]


def _of_objects(node: Object) -> list[list[Scalar]] | None:
    """``{"A": {"n": 12}, "B": {"n": 7}}``: an object for each row (or column)."""
    inner = [(name, value) for name, value in node.members if isinstance(value, Object)]
    if len(inner) < 2 or len(inner) != len(node.members):
        return None
    return _records(list(inner))


def _records(records: Sequence[tuple[Scalar | None, Object]]) -> list[list[Scalar]] | None:
    """A row for each object; the header is every key in order of first use."""
    header: dict[str, Scalar] = {}
    for _, record in records:
        for name, value in record.members:
            if isinstance(value, Scalar):
                header.setdefault(name.text, name)
    if not header:
        return None
    named = any(name is not None for name, _ in records)
    rows = []
    for label, record in records:
        values = [_scalar(record.get(key)) for key in header]
        rows.append([label or Scalar("", 0), *values] if named else values)
    return [[Scalar("", 0), *header.values()] if named else list(header.values()), *rows]


def _scalar(node: Node | None) -> Scalar:
    return node if isinstance(node, Scalar) else Scalar("", 0)
