"""Security properties as the spec tests state them, read from their syntax trees.

A chapter is a file ``tests/spec/test_<chapter>.py``; its title is the first line of the
module's docstring. A property is one test: the number is in its name (``test_07_…``), the
sentence is the first paragraph of its docstring. Numbers run from 1 without a gap over all
chapters, so that a property can be cited, and one that disappears is missed.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"test_(\d{2})_[a-z0-9_]+")
HOUSEKEEPING = "test_properties_page.py"


@dataclass(frozen=True, slots=True)
class Property:
    """One promise and the test that holds it."""

    number: int
    sentence: str
    chapter: str
    file: str
    test: str


class UnreadableSpecError(Exception):
    """A spec test without number or sentence, or a gap in the numbers."""


def read_properties(folder: Path) -> tuple[Property, ...]:
    """Every property of the folder, by number.

    Raises:
        UnreadableSpecError: a test that states none, a number twice, or a gap.
    """
    files = (path for path in sorted(folder.glob("test_*.py")) if path.name != HOUSEKEEPING)
    found = sorted((p for path in files for p in _of_file(path)), key=lambda p: p.number)
    numbers = [p.number for p in found]
    if numbers != list(range(1, len(numbers) + 1)):
        raise UnreadableSpecError(f"properties are numbered {numbers}; they must run from 1 without a gap")
    return tuple(found)


def _of_file(path: Path) -> Iterable[Property]:
    tree = ast.parse(path.read_text("utf-8"))
    title = first_paragraph(ast.get_docstring(tree) or "")
    if not title:
        raise UnreadableSpecError(f"{path.name} has no title: its docstring's first line is the chapter's")
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
            named, sentence = NAME.fullmatch(node.name), first_paragraph(ast.get_docstring(node) or "")
            if not named or not sentence:
                raise UnreadableSpecError(
                    f"{path.name}: {node.name} needs a number in its name and a docstring"
                )
            yield Property(int(named[1]), sentence, title.removesuffix("."), path.name, node.name)


def first_paragraph(docstring: str) -> str:
    """The text up to the first empty line, on one line."""
    return " ".join(docstring.partition("\n\n")[0].split())


def render_properties(properties: Iterable[Property], note: str) -> str:
    """The page."""
    lines = [
        "# Security properties",
        "",
        note,
        "What the house promises, in sentences that can be tested. Each stands on one test in `tests/spec`, which",
        "runs against the real rules. What is not promised is in [limits.md](limits.md).",
    ]
    chapter = ""
    for one in properties:
        if one.chapter != chapter:
            chapter = one.chapter
            lines += ["", f"## {chapter}", ""]
        lines.append(f"{one.number}. {one.sentence} (`{one.file}`)")
    return "\n".join(lines) + "\n"
