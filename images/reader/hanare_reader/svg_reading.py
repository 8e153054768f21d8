"""An svg as a tree of shapes and words, after everything that is neither was refused.

1. Only elements and attributes of a list; scripts, foreign objects, event handlers, embedded or
   linked files, entities, animations and references out of the file refuse it.
2. No entity, no internal subset; the parser resolves nothing and fetches nothing.
3. Words of the file are found: what is drawn as text, and what stands beside the shapes (titles,
   descriptions, comments, metadata). Some programs draw words as shapes and leave them in a
   comment beside these, so such a comment is something that a reader of the figure reads.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from .refusals import RefusedError

MAX_ELEMENTS: Final = 20_000
MAX_DEPTH: Final = 60
_COMMENT: Final = re.compile(rb"<!--(.*?)-->", re.DOTALL)
_W3: Final = "{http:/" + "/www.w3.org/"
"""How names of vocabularies begin; nothing is fetched from there."""
SVG: Final = _W3 + "2000/svg}"
XLINK: Final = _W3 + "1999/xlink}href"

SHAPES: Final = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
GROUPS: Final = frozenset({"svg", "g", "defs", "symbol", "clipPath", "a"})
WORDS: Final = frozenset({"text", "tspan"})
BESIDE: Final = frozenset({"title", "desc", "metadata"})
_KNOWN: Final = SHAPES | GROUPS | WORDS | BESIDE | {"use", "style"}
_ACTIVE: Final = frozenset({
    "script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "set", "animate",
    "animateTransform", "animateMotion", "feImage", "link", "discard", "canvas",
})  # fmt: skip


_DRAWS: Final = frozenset({
    "d", "points", "transform", "style", "viewBox", "fill", "stroke", "clip-path", "href", "width", "height",
    "stroke-width", "stroke-linecap", "stroke-linejoin", "preserveAspectRatio", "version",
})  # fmt: skip


@dataclass(slots=True)
class Drawing:
    """The root element, elements by id, style sheets, and words beside the shapes."""

    root: Element
    by_id: dict[str, Element] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    """All other words: text wherever it stands, and values of attributes that draw nothing."""


def read_drawing(content: bytes) -> Drawing:
    """Parse and check an svg.

    Raises:
        RefusedError: it is not well-formed, or holds something that is no figure.
    """
    root = _parse(content)
    if root.tag != SVG + "svg":
        raise RefusedError("structure")
    drawing = Drawing(root)
    _take_in(root, drawing)
    # Comments are taken from the bytes, since the tree has none from before and behind its root.
    drawing.comments += [text.decode("utf-8") for text in _COMMENT.findall(content)]
    return drawing


def local(element: Element) -> str:
    """The element's name without the name of its vocabulary."""
    return str(element.tag).rpartition("}")[2]


def _parse(content: bytes) -> Element:
    from xml.etree.ElementTree import TreeBuilder  # noqa: PLC0415

    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import XMLParser  # noqa: PLC0415

    head = content[:65_536]
    if re.search(rb"<!ENTITY|<!ATTLIST|<!ELEMENT|<!NOTATION", content) or re.search(
        rb"<!DOCTYPE[^>]*\[", head
    ):
        raise RefusedError("active_content")
    if re.search(rb"<\?xml-stylesheet", content, re.IGNORECASE):
        raise RefusedError("active_content")
    if content.count(b"<") > MAX_ELEMENTS * 3:
        raise RefusedError("drawing_too_large", limit=MAX_ELEMENTS)
    try:
        content.decode("utf-8")
        builder = TreeBuilder(insert_comments=True, insert_pis=True)
        parser = XMLParser(target=builder, forbid_dtd=False, forbid_entities=True, forbid_external=True)
        parser.feed(content)
        made: Element = parser.close()
    except DefusedXmlException:
        raise RefusedError("active_content") from None
    except (ParseError, ValueError, LookupError):
        raise RefusedError("structure") from None
    return made


def _take_in(root: Element, drawing: Drawing) -> None:
    """Walk the tree once, without recursion, and refuse what a figure does not need."""
    waiting = [(root, 0)]
    seen = 0
    while waiting:
        element, depth = waiting.pop()
        seen += 1
        if seen > MAX_ELEMENTS:
            raise RefusedError("drawing_too_large", limit=MAX_ELEMENTS)
        if depth > MAX_DEPTH:
            raise RefusedError("too_deep", limit=MAX_DEPTH)
        if not isinstance(element.tag, str):
            drawing.other += [element.text or "", element.tail or ""]
            continue
        name = local(element)
        _check(element, name)
        drawing.other += [element.text or "", element.tail or "", *_named(element)]
        if name in BESIDE:
            drawing.beside.append(_all_words(element))
            continue
        if name == "style":
            drawing.sheets.append("".join(element.itertext()))
            continue
        identity = element.get("id")
        if identity is not None:
            if identity in drawing.by_id:
                raise RefusedError("names_twice")
            drawing.by_id[identity] = element
        waiting.extend((child, depth + 1) for child in reversed(element))


def _check(element: Element, name: str) -> None:
    if name in _ACTIVE:
        raise RefusedError("active_content")
    if not str(element.tag).startswith(SVG) or name not in _KNOWN:
        raise RefusedError("drawing_refused")
    for key, value in element.attrib.items():
        plain = key.rpartition("}")[2].lower()
        if plain.startswith("on"):
            raise RefusedError("active_content")
        if plain in {"href", "src"} and not value.startswith("#"):
            raise RefusedError("active_content")
        if re.search(r"url\(\s*['\"]?(?!#)|javascript:|data:", value, re.IGNORECASE):
            raise RefusedError("active_content")


def _named(element: Element) -> list[str]:
    """Values of attributes that are no number, colour or path."""
    return [
        str(value)
        for key, value in element.attrib.items()
        if key.rpartition("}")[2] not in _DRAWS and any(character.isalpha() for character in value)
    ]


def _all_words(element: Element) -> str:
    """Words and attribute values of a description or of metadata, in order."""
    words: list[str] = []
    for part in element.iter():
        words += [part.text or "", *(str(value) for value in part.attrib.values()), part.tail or ""]
    return " ".join(word.strip() for word in words if word.strip())
