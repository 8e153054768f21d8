"""Lines of a document's text with what a page needs to set them: their form, and the pictures below them.

The text of a line becomes a line of the canonical txt. A form says no word. A picture is named by its
part and by how much of it is cut away; it is not opened here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from .archives import attribute, local

PLAIN: Final = 0
HEADING: Final = 1
"""Headings are 1 to 9."""
ROW: Final = 10
"""A row of a table, with bars between its cells."""
RULE: Final = 11
"""The line of dashes below the first row."""
WHOLE: Final = (0, 0, 0, 0)
THOUSANDTHS: Final = 100_000
"""What is cut away is told in thousandths of a percent."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that a page shows: its part, and what is cut away left, above, right and below."""

    part: str
    cut: tuple[int, int, int, int] = WHOLE


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text; ``pictures`` are shown below it."""

    text: str
    form: int = PLAIN
    pictures: tuple[Shown, ...] = ()


def shown_in(drawing: Element, parts: dict[str, str]) -> Iterator[Shown]:
    """The pictures that a drawing shows, given the picture parts by relationship.

    What stands in a text box, in a second version for other programs, or is marked as hidden is not shown.
    """
    for element in drawing:
        name = local(element)
        if name in {"txbxContent", "Fallback"} or _is_hidden(element):
            continue
        if name == "blipFill":
            yield from _filled(element, parts)
        elif name == "imagedata" and (part := parts.get(attribute(element, "id"), "")):
            yield Shown(part)
        else:
            yield from shown_in(element, parts)


def _is_hidden(element: Element) -> bool:
    """Whether a frame is hidden by its own properties."""
    return any(
        local(e) in {"docPr", "cNvPr"} and attribute(e, "hidden") in {"1", "true"}
        for e in (*element, *(inner for child in element for inner in child))
    )


def _filled(fill: Element, parts: dict[str, str]) -> Iterator[Shown]:
    named = next((attribute(e, "embed") for e in fill if local(e) == "blip"), "")
    cut = next((e for e in fill if local(e) == "srcRect"), None)
    if part := parts.get(named, ""):
        sides = (attribute(cut, side) if cut is not None else "" for side in "ltrb")
        left, top, right, bottom = (int(side) if side.isdecimal() and len(side) < 7 else 0 for side in sides)
        yield Shown(part, (left, top, right, bottom))
