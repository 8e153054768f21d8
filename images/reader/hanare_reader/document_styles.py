"""What the styles of a document say of its text: which is hidden, and which is a heading.

A style is hidden when it, or a style that it is based on, hides its letters: hidden, white on nothing,
or too small to be read. Headings are told by the names that programs give them in every language's edition.
"""

import re
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from .archives import Package, attribute, local, parse_xml

_SMALLEST_HALF_POINTS: Final = 6
_HEADING: Final = re.compile(r"(?i)heading ([1-9])")
_OFF: Final = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class Styles:
    """Styles whose text is hidden, and the level of each that is a heading."""

    hidden: frozenset[str]
    headings: dict[str, int]


def read_styles(package: Package, main: str) -> Styles:
    """The styles of a document."""
    unseen: set[str] = set()
    based: dict[str, str] = {}
    headings: dict[str, int] = {}
    for part in package.related(main, "styles"):
        for style in (e for e in parse_xml(package.parts[part]) if local(e) == "style"):
            own = attribute(style, "styleId")
            if any(is_unseen(e) for e in style if local(e) == "rPr"):
                unseen.add(own)
            based[own] = next((attribute(e, "val") for e in style if local(e) == "basedOn"), "")
            name = next((attribute(e, "val") for e in style if local(e) == "name"), "")
            if found := _HEADING.fullmatch(name):
                headings[own] = int(found[1])
            elif name.casefold() == "title":
                headings[own] = 1
    return Styles(frozenset(own for own in based if _hides(own, unseen, based)), headings)


def _hides(own: str, unseen: set[str], based: dict[str, str]) -> bool:
    """Whether a style or one of those below it is hidden; a ring of styles ends."""
    for _ in range(len(based)):
        if own in unseen:
            return True
        own = based.get(own, "")
    return own in unseen


def is_unseen(properties: Element) -> bool:
    """Whether run properties hide the letters: hidden, white on nothing, or too small."""
    found = {local(e): e for e in properties}
    if any(name in found and attribute(found[name], "val") not in _OFF for name in ("vanish", "webHidden")):
        return True
    white = "color" in found and attribute(found["color"], "val").upper() == "FFFFFF"
    if white and not {"shd", "highlight"} & found.keys():
        return True
    size = attribute(found["sz"], "val") if "sz" in found else ""
    return size.isdecimal() and int(size) <= _SMALLEST_HALF_POINTS
