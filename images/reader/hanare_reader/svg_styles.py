"""How a shape is drawn: attributes, the ``style`` attribute and plain style sheets, and nothing else.

Of a style sheet only rules with names, classes, ids and ``*`` are read, one after another or one
inside another; a rule that fetches, imports or animates refuses the drawing. Properties that a
figure does not need are not looked at, but for those that would show something else than what is
drawn here (filters, masks, patterns), which refuse it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from .refusals import RefusedError

Colour = tuple[float, float, float]

_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTOR: Final = re.compile(r"[*\w.#\-]+(?:[\s>]+[*\w.#\-]+)*")
_FETCHES: Final = re.compile(
    r"@import|@font-face|url\(\s*['\"]?(?!#)|expression|javascript:|behaviou?r\s*:", re.IGNORECASE
)
_LENGTH: Final = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(px|pt|in|cm|mm|pc|em|%)?", re.IGNORECASE
)
_UNITS: Final = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "em": 16.0,
}
PROPERTIES: Final = (
    "fill", "stroke", "stroke-width", "opacity", "fill-opacity", "stroke-opacity", "stroke-dasharray", "fill-rule",
    "stroke-linecap", "stroke-linejoin", "display", "visibility", "font-size", "font", "text-anchor", "color",
)  # fmt: skip
_OTHERS: Final = (
    "filter",
    "mask",
    "marker",
    "marker-start",
    "marker-mid",
    "marker-end",
    "mix-blend-mode",
    "animation",
)


_PARTS: Final = re.compile(
    r"rgb\(\s*([0-9]{1,3}(?:\.[0-9]*)?)%\s*,\s*([0-9]{1,3}(?:\.[0-9]*)?)%\s*,\s*([0-9]{1,3}(?:\.[0-9]*)?)%\s*\)"
)
"""A colour in percent, as drawing libraries of statistics programs write it."""


@dataclass(frozen=True, slots=True)
class Style:
    """What is inherited and how a shape is painted; colours from 0 to 1, None for no paint."""

    fill: Colour | None = (0.0, 0.0, 0.0)
    stroke: Colour | None = None
    current: Colour = (0.0, 0.0, 0.0)
    width: float = 1.0
    opacity: float = 1.0
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0
    dashes: tuple[float, ...] = ()
    cap: int = 0
    join: int = 0
    even_odd: bool = False
    shown: bool = True
    visible: bool = True
    font_size: float = 16.0
    anchor: str = "start"


def length(text: str | None, default: float = 0.0, whole: float = 100.0) -> float:
    """A length in user units; a percentage is of ``whole``."""
    if text is None or not text.strip():
        return default
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        raise RefusedError("structure")
    unit = (match[2] or "").lower()
    value = float(match[1])
    if abs(value) > 1e7:
        raise RefusedError("structure")
    return value * whole / 100 if unit == "%" else value * _UNITS[unit]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rules of all style sheets, in order: chains of simple selectors and declarations."""

    rules: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = ()

    def of(self, chain: list[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
        """The declarations for the last element of a chain from the root, as (name, attributes)."""
        made: dict[str, str] = {}
        for selectors, declarations in self.rules:
            if _matches(selectors[-1], chain[-1]) and _inside(selectors[:-1], chain[:-1]):
                made.update(declarations)
        return made


def read_sheet(text: str) -> Sheet:
    """The rules of a style sheet."""
    plain = _COMMENT.sub("", text.replace("<![CDATA[", "").replace("]]>", ""))
    check_style(plain)
    rules: list[tuple[tuple[str, ...], dict[str, str]]] = []
    for names, body in _RULE.findall(plain):
        for name in names.split(","):
            if not _SELECTOR.fullmatch(name.strip()):
                raise RefusedError("drawing_refused")
            rules.append((tuple(re.split(r"[\s>]+", name.strip())), declarations(body)))
    if _RULE.sub("", plain).strip():
        raise RefusedError("drawing_refused")
    return Sheet(tuple(rules))


def check_style(text: str) -> None:
    """Refuse what fetches or runs."""
    if _FETCHES.search(text) or "\\" in text:
        raise RefusedError("active_content")


def declarations(body: str) -> dict[str, str]:
    """The declarations of a ``style`` attribute or of a rule."""
    check_style(body)
    made = {}
    for part in body.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            made[name.strip().lower()] = value.replace("!important", "").strip()
    return made


def _matches(selector: str, element: tuple[str, Mapping[str, str]]) -> bool:
    name, attributes = element
    parts = re.findall(r"[.#]?[\w\-]+|\*", selector)
    for part in parts:
        if part.startswith("."):
            if part[1:] not in attributes.get("class", "").split():
                return False
        elif part.startswith("#"):
            if part[1:] != attributes.get("id"):
                return False
        elif part not in {"*", name}:
            return False
    return bool(parts)


def _inside(selectors: tuple[str, ...], ancestors: list[tuple[str, Mapping[str, str]]]) -> bool:
    rest = list(selectors)
    for element in reversed(ancestors):
        if rest and _matches(rest[-1], element):
            rest.pop()
    return not rest


def styled(above: Style, given: Mapping[str, str]) -> Style:
    """The style of an element below ``above`` with these properties."""
    if any(given.get(name, "none") not in {"none", "normal"} for name in _OTHERS):
        raise RefusedError("drawing_refused")
    style = above
    if "color" in given:
        style = replace(style, current=_colour(given["color"], style) or style.current)
    for name, value in given.items():
        if value != "inherit" and name in PROPERTIES:
            style = _with(style, name, value)
    return style


def _with(style: Style, name: str, value: str) -> Style:
    """The style with one property changed."""
    if name in {"fill", "stroke"}:
        return _painted(style, name, value)
    if name in {"font-size", "font"}:
        return _font(style, value)
    changes: dict[str, Callable[[], dict[str, Any]]] = {
        "stroke-width": lambda: {"width": max(0.0, length(value))},
        "opacity": lambda: {"opacity": style.opacity * _part(value)},
        "fill-opacity": lambda: {"fill_opacity": _part(value)},
        "stroke-opacity": lambda: {"stroke_opacity": _part(value)},
        "stroke-dasharray": lambda: {"dashes": _dashes(value)},
        "stroke-linecap": lambda: {"cap": {"round": 1, "square": 2}.get(value, 0)},
        "stroke-linejoin": lambda: {"join": {"round": 1, "bevel": 2}.get(value, 0)},
        "fill-rule": lambda: {"even_odd": value == "evenodd"},
        "display": lambda: {"shown": style.shown and value != "none"},
        "visibility": lambda: {"visible": value == "visible"},
        "text-anchor": lambda: {"anchor": value},
    }
    return replace(style, **changes[name]()) if name in changes else style


def _painted(style: Style, name: str, value: str) -> Style:
    colour = _colour(value, style)
    return replace(style, fill=colour) if name == "fill" else replace(style, stroke=colour)


def _font(style: Style, value: str) -> Style:
    sizes = re.findall(r"[\d.]+(?:px|pt)", value) or re.findall(r"^[\d.]+$", value.strip())
    return replace(style, font_size=min(1000.0, length(sizes[0]))) if sizes else style


def _part(value: str) -> float:
    return min(1.0, max(0.0, length(value, 1.0, 1.0)))


def _dashes(value: str) -> tuple[float, ...]:
    if value == "none":
        return ()
    made = tuple(max(0.0, length(part)) for part in re.split(r"[\s,]+", value.strip()) if part)[:16]
    return made if sum(made) > 0 else ()


def _colour(value: str, style: Style) -> Colour | None:
    """A colour; gradients and patterns refuse the drawing, because they are not drawn here."""
    plain = value.strip().lower()
    if plain in {"none", "transparent"}:
        return None
    if plain == "currentcolor":
        return style.current
    if plain.startswith("url("):
        raise RefusedError("drawing_refused")
    if parts := _PARTS.fullmatch(plain):
        shares = [min(1.0, float(part) / 100) for part in parts.groups()]
        return (shares[0], shares[1], shares[2])
    from PIL import ImageColor  # noqa: PLC0415

    try:
        red, green, blue = ImageColor.getrgb(plain)[:3]
    except ValueError:
        raise RefusedError("structure") from None
    return (red / 255, green / 255, blue / 255)
