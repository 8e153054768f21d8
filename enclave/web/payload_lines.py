"""What was proposed, as lines a person can read whole, and what changes against the one in force.

The lines follow from the payload alone: keys in order, one value a line, texts of several
lines line by line. Nothing is cut, so the adopter reads all that the digest covers.
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """A line of what is proposed: ``same``, ``added`` or ``removed`` against the one in force."""

    change: str
    text: str


def payload_lines(payload: str) -> list[str]:
    """The lines of a canonical payload."""
    return list(_lines(json.loads(payload), 0))


def compared(payload: str, in_force: str | None) -> tuple[Line, ...]:
    """The payload's lines with what they change; all are ``added`` when nothing is in force."""
    after = payload_lines(payload)
    if in_force is None:
        return tuple(Line("added", text) for text in after)
    before = payload_lines(in_force)
    lines: list[Line] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line("same", text) for text in after[c:d]]
            continue
        lines += [Line("removed", text) for text in before[a:b]]
        lines += [Line("added", text) for text in after[c:d]]
    return tuple(lines)


def _lines(value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, Mapping):
        for key in value:
            yield from _entry(f"{pad}{key}:", value[key], depth)
    elif isinstance(value, list):
        for item in value:
            yield from _entry(f"{pad}-", item, depth)
    else:
        yield pad + _scalar(value)


def _entry(label: str, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str) and "\n" in value:
        yield f"{label} |"
        yield from ("  " * (depth + 1) + line for line in value.split("\n"))
    elif isinstance(value, (Mapping, list)) and value:
        yield label
        yield from _lines(value, depth + 1)
    else:
        yield f"{label} {_scalar(value)}"


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) and value.strip() else json.dumps(value, ensure_ascii=False)
