"""How the cells of a workbook are shown: number formats as digits, dates as ISO, and what is invisible.

What a sheet shows is what leaves. A simple number format (decimals, thousands, percent) is applied,
because the digits it hides were never meant to be read; any other leaves the value with ten
significant digits. A date shows the parts that its format shows. A cell is invisible when its format
shows nothing, when its letters have the colour of its ground, or when they are too small to read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from xml.etree.ElementTree import Element

from .archives import local
from .figures import plain

_SMALLEST: Final = 3.0
"""Points below which nobody reads a letter."""
_DATES: Final = {14: "yyyy-mm-dd", 15: "yyyy-mm-dd", 16: "mm-dd", 17: "yyyy-mm", 18: "h:mm", 19: "h:mm:ss",
                 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "h:mm:ss", 46: "h:mm:ss", 47: "h:mm:ss",
                 **dict.fromkeys((*range(27, 32), *range(50, 59)), "yyyy-mm-dd")}  # fmt: skip
_NUMBERS: Final = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_SHOWN: Final = re.compile(r"(?P<comma>#,##|#)?0?(?P<point>\.0+)?(?P<percent>%)?")
_DRESS: Final = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.')
_WHITE: Final = frozenset({"FFFFFF", "theme:0", "indexed:1", "indexed:9"})


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of cell is shown."""

    format: str = "General"
    unseen: bool = False

    def show(self, value: float, *, since_1904: bool = False) -> str:
        """A stored number as the sheet shows it."""
        dress = _DRESS.sub("", self.format.split(";")[0]).strip()
        if (
            re.search(r"[ymdhseg年月日時分秒]", dress, re.IGNORECASE)
            and dress.lower() != "general"
            and "0" not in dress
        ):
            return _date(value, dress.lower(), since_1904=since_1904)
        shown = _SHOWN.fullmatch(dress)
        if shown is None or not dress or abs(value) >= 1e15:
            return plain(value)
        places = len(shown["point"] or ".") - 1
        if shown["percent"]:
            return f"{value * 100:.{places}f}%"
        return f"{value:,.{places}f}" if (shown["comma"] or "").startswith("#,") else f"{value:.{places}f}"


def _date(value: float, form: str, *, since_1904: bool) -> str:
    """A serial day number in ISO, as far as its format shows it."""
    if not 0 <= value < 2_958_466:
        return plain(value)
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  # spreadsheets know no zones
    moment = start + timedelta(days=value)
    months = re.sub(r"h+:?m+|m+:?s+", "", form)
    parts = []
    if re.search(r"[yeg年]", form):
        parts.append("%Y")
    if "m" in months or "月" in form:
        parts.append("%m")
    if "d" in form or "日" in form:
        parts.append("%d")
    clock = "%H:%M" if re.search(r"[h時]", form) else ""
    return (
        f"{moment:{'-'.join(parts)}} {moment:{clock}}".strip()
        if parts and clock
        else f"{moment:{'-'.join(parts) or clock or '%Y-%m-%d'}}"
    )


def read_styles(root: Element | None) -> tuple[Style, ...]:
    """The style of each cell format, in their order; one plain style when there are none."""
    if root is None:
        return (Style(),)
    lists = {local(child): list(child) for child in root}
    formats = {int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in lists.get("numFmts", ())}
    fonts = [_font(font) for font in lists.get("fonts", ())]
    fills = [_fill(fill) for fill in lists.get("fills", ())]
    styles = tuple(_style(xf, formats, fonts, fills) for xf in lists.get("cellXfs", ()))
    return styles or (Style(),)


def _style(
    xf: Element, formats: Mapping[int, str], fonts: list[tuple[str, float]], fills: list[str]
) -> Style:
    number = int(xf.get("numFmtId", "0"))
    form = formats.get(number) or _NUMBERS.get(number) or _DATES.get(number) or "General"
    font, fill = int(xf.get("fontId", "0")), int(xf.get("fillId", "0"))
    colour, size = fonts[font] if font < len(fonts) else ("", 11.0)
    ground = fills[fill] if fill < len(fills) else ""
    same = bool(colour) and (colour == ground or (colour in _WHITE and (not ground or ground in _WHITE)))
    return Style(form, unseen=same or size < _SMALLEST or _shows_nothing(form))


def _shows_nothing(form: str) -> bool:
    sections = [re.sub(r"\[[^\]]*\]|_.|\*.", "", section).strip() for section in form.split(";")]
    return len(sections) > 1 and not any(section.strip('" ') for section in sections[:3])


def _font(font: Element) -> tuple[str, float]:
    colour, size = "", 11.0
    for child in font:
        if local(child) == "color":
            colour = _colour(child)
        elif local(child) == "sz":
            size = float(child.get("val", "11"))
    return colour, size


def _fill(fill: Element) -> str:
    for pattern in fill:
        if local(pattern) == "patternFill" and pattern.get("patternType") == "solid":
            return next((_colour(c) for c in pattern if local(c) == "fgColor"), "")
    return ""


def is_unseen_run(properties: Element) -> bool:
    """Whether a run of letters in a cell is white or too small to read."""
    colour, size = _font(properties)
    return colour in _WHITE or size < _SMALLEST


def _colour(element: Element) -> str:
    """A colour by what names it; a tint counts as another colour."""
    if rgb := element.get("rgb"):
        return rgb[-6:].upper()
    for name in ("theme", "indexed"):
        if element.get(name) is not None:
            return f"{name}:{element.get(name)}" + (f":{element.get('tint')}" if element.get("tint") else "")
    return ""
