"""A checked svg, drawn: shapes as the content of one page of pdf, words as pictures of type.

The tree is walked once with the current transform, style and clip. Shapes become operators of pdf,
which a well-known library paints; words are painted on top with the one Japanese font of the image.
Every drawn subpath is entered into the book of points. What is not shown (``display: none``, no
paint, outside the view) is not painted, and its words are told apart from those that are.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from .refusals import RefusedError
from .svg_paths import Segment, read_path
from .svg_reading import SHAPES, XLINK, Drawing, local
from .svg_styles import Sheet, Style, declarations, length, read_sheet, styled
from .vector_points import PointBook

Matrix = tuple[float, float, float, float, float, float]
SAME: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MAX_DRAWN: Final = 60_000
"""Shapes with all their uses."""
_TRANSFORM: Final = re.compile(r"\s*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)\s*,?")
SHORT: Final = 2
"""Letters of a word that may be a mark."""
_ROUND: Final = 0.5522847498


def times(a: Matrix, b: Matrix) -> Matrix:
    """First b, then a."""
    return (
        a[0] * b[0] + a[2] * b[1], a[1] * b[0] + a[3] * b[1],
        a[0] * b[2] + a[2] * b[3], a[1] * b[2] + a[3] * b[3],
        a[0] * b[4] + a[2] * b[5] + a[4], a[1] * b[4] + a[3] * b[5] + a[5],
    )  # fmt: skip


def at(m: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point, transformed."""
    return (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text: where its baseline begins, how far it is turned (radians), how high it is."""

    text: str
    x: float
    y: float
    turn: float
    size: float
    anchor: str
    colour: tuple[float, float, float]


@dataclass(slots=True)
class Page:
    """The drawing as pdf operators (y upwards) and words; ``width`` and ``height`` in user units."""

    width: float
    height: float
    points: PointBook
    letters: PointBook
    """Marks that are drawn as the letters of a font are: beside their own origin, not around it."""
    glyphs: PointBook
    """Every letter of a font and every short word, whatever its shape."""
    operators: list[str] = field(default_factory=list)
    alphas: dict[tuple[float, float], str] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    shapes: int = 0
    undrawn: int = 0


def draw(drawing: Drawing) -> Page:
    """Walk the tree and write the page."""
    root = drawing.root
    box = [float(n) for n in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if n]
    if box and (len(box) != 4 or box[2] <= 0 or box[3] <= 0):
        raise RefusedError("structure")
    width = length(root.get("width"), box[2] if box else 300.0, box[2] if box else 300.0)
    height = length(root.get("height"), box[3] if box else 150.0, box[3] if box else 150.0)
    left, top, across, down = box or (0.0, 0.0, width, height)
    if not (0 < width < 1e5 and 0 < height < 1e5 and across < 1e7 and down < 1e7):
        raise RefusedError("picture_too_large", limit=100_000)
    scale = min(width / across, height / down)
    fitted: Matrix = (
        scale,
        0,
        0,
        scale,
        -left * scale + (width - across * scale) / 2,
        -top * scale + (height - down * scale) / 2,
    )
    side = max(width, height)
    page = Page(width, height, PointBook(side), PointBook(side), PointBook(side))
    sheet = read_sheet("\n".join(drawing.sheets))
    _Walk(drawing, sheet, page, (across, down)).children(root, fitted, Style(), [("svg", root.attrib)], 0)
    return page


class _Walk:
    def __init__(self, drawing: Drawing, sheet: Sheet, page: Page, span: tuple[float, float]) -> None:
        self._drawing = drawing
        self._sheet = sheet
        self._page = page
        self._span = span
        self._letters = False
        self._used = ""

    def children(
        self, element: Element, m: Matrix, style: Style, chain: list[tuple[str, Mapping[str, str]]], used: int
    ) -> None:
        for child in element:
            if isinstance(child.tag, str):
                self._one(child, m, style, chain, used)

    def _one(
        self, element: Element, m: Matrix, above: Style, chain: list[tuple[str, Mapping[str, str]]], used: int
    ) -> None:
        name = local(element)
        if name in {"defs", "symbol", "clipPath", "title", "desc", "metadata", "style"}:
            return
        own = [*chain, (name, element.attrib)]
        given = {**element.attrib, **self._sheet.of(own), **declarations(element.get("style", ""))}
        style = styled(above, given)
        m = times(m, _transform(element.get("transform", "")))
        clip = given.get("clip-path", "none")
        if clip != "none":
            self._page.operators.append("q")
            self._clip(clip, m)
        if name in SHAPES:
            self._shape(outline(element, name, self._span), m, style)
        elif name == "use":
            self._use(element, m, style, own, used)
        elif name == "text":
            self._text(element, m, style, own)
        else:
            inner = (
                times(m, (1, 0, 0, 1, length(element.get("x")), length(element.get("y"))))
                if name == "svg"
                else m
            )
            self.children(element, inner, style, own, used)
        if clip != "none":
            self._page.operators.append("Q")

    def _target(self, reference: str) -> Element:
        target = self._drawing.by_id.get(reference.lstrip("#"))
        if target is None:
            raise RefusedError("structure")
        return target

    def _use(
        self, element: Element, m: Matrix, style: Style, chain: list[tuple[str, Mapping[str, str]]], used: int
    ) -> None:
        if used > 4:
            raise RefusedError("too_deep", limit=4)
        target = self._target(element.get(XLINK, element.get("href", "")))
        m = times(m, (1, 0, 0, 1, length(element.get("x")), length(element.get("y"))))
        outer, self._letters = self._letters, self._letters or _is_letter(target)
        within, self._used = self._used, self._used or str(id(target))
        if local(target) == "symbol":
            self.children(target, m, styled(style, target.attrib), chain, used + 1)
        else:
            self._one(target, m, style, chain, used + 1)
        self._letters, self._used = outer, within

    def _clip(self, reference: str, m: Matrix) -> None:
        found = re.fullmatch(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)", reference.strip())
        target = self._target(found[1] if found else "")
        drawn = False
        for child in target:
            if isinstance(child.tag, str) and local(child) in SHAPES:
                own = times(m, _transform(child.get("transform", "")))
                self._page.operators.append(self._written(outline(child, local(child), self._span), own))
                drawn = True
        self._page.operators.append("W n" if drawn else "0 0 0 0 re W n")

    def _shape(self, segments: list[Segment], m: Matrix, style: Style) -> None:
        page = self._page
        page.shapes += 1
        if page.shapes > MAX_DRAWN:
            raise RefusedError("drawing_too_large", limit=MAX_DRAWN)
        fill = style.fill if style.opacity * style.fill_opacity > 0 else None
        stroke = style.stroke if style.opacity * style.stroke_opacity > 0 and style.width > 0 else None
        if not segments or not style.shown or not style.visible or (fill is None and stroke is None):
            page.undrawn += bool(segments)
            return
        outlines = [[at(m, x, y) for x, y in subpath] for subpath in subpaths(segments)]
        book = page.letters if self._letters else page.points
        book.add_path(outlines)
        if self._used:
            (page.glyphs if self._letters else page.points).add_used(self._used, outlines)
        alpha = (round(style.opacity * style.fill_opacity, 3), round(style.opacity * style.stroke_opacity, 3))
        name = page.alphas.setdefault(alpha, f"G{len(page.alphas)}")
        operators = [f"q /{name} gs"]
        if fill is not None:
            operators.append("{:.4f} {:.4f} {:.4f} rg".format(*fill))
        if stroke is not None:
            grow = math.sqrt(abs(m[0] * m[3] - m[1] * m[2]))
            operators.append("{:.4f} {:.4f} {:.4f} RG".format(*stroke))
            operators.append(f"{style.width * grow:.4f} w {style.cap} J {style.join} j")
            if style.dashes:
                operators.append("[{}] 0 d".format(" ".join(f"{dash * grow:.3f}" for dash in style.dashes)))
        operators.append(self._written(segments, m))
        star = "*" if style.even_odd and fill is not None else ""
        operators.append(("B" if fill and stroke else "f" if fill else "S") + star + " Q")
        page.operators.append("\n".join(operators))

    def _written(self, segments: list[Segment], m: Matrix) -> str:
        """Segments as path operators, in the page's own axes."""
        parts = []
        for letter, numbers in segments:
            moved = [at(m, *numbers[i : i + 2]) for i in range(0, len(numbers), 2)]
            figures = " ".join(f"{x:.3f} {self._page.height - y:.3f}" for x, y in moved)
            parts.append(f"{figures} {letter.lower()}" if letter != "Z" else "h")
        return "\n".join(parts)

    def _text(
        self, element: Element, m: Matrix, style: Style, chain: list[tuple[str, Mapping[str, str]]]
    ) -> None:
        x, y = _first(element.get("x")), _first(element.get("y"))
        for text, run, rx, ry in self._runs(element, style, chain, x, y):
            words = " ".join(text.split())
            px, py = at(m, rx, ry)
            size = run.font_size * math.hypot(m[2], m[3])
            alpha = run.opacity * run.fill_opacity
            inside = 0 <= px <= self._page.width and 0 <= py <= self._page.height
            if not words:
                continue
            if len(words) == 1 and not words.isalnum():
                self._page.points.add_sign(words, px, py)
            self._page.glyphs.add_sign(words if len(words) <= SHORT else "", px, py)
            if not (run.shown and run.visible and run.fill and alpha > 0.05 and inside and size >= 1):
                self._page.unseen.append(words)
                continue
            colour = tuple(1 - (1 - c) * alpha for c in run.fill)
            self._page.words.append(Word(words, px, py, math.atan2(m[1], m[0]), size, run.anchor, colour))  # type: ignore[arg-type]

    def _runs(
        self, element: Element, style: Style, chain: list[tuple[str, Mapping[str, str]]], x: float, y: float
    ) -> list[tuple[str, Style, float, float]]:
        """Text with its style and place; a run without a place of its own follows the one before."""
        runs = [(element.text or "", style, x, y)]
        for child in element:
            if isinstance(child.tag, str) and local(child) == "tspan":
                own = [*chain, ("tspan", child.attrib)]
                given = {**child.attrib, **self._sheet.of(own), **declarations(child.get("style", ""))}
                inner = styled(style, given)
                before = sum(len(text) for text, *_ in runs) * style.font_size * 0.6
                cx = _first(child.get("x"), x + before) + _first(child.get("dx"))
                cy = _first(child.get("y"), y) + _first(child.get("dy"))
                y = cy
                runs += self._runs(child, inner, own, cx, cy)
            runs.append((child.tail or "", style, x, y))
        return runs


def _is_letter(target: Element) -> bool:
    """Whether a path (alone, or in a symbol) lies beside its origin, as letters do, not around it as marks do."""
    paths = [part for part in target.iter() if isinstance(part.tag, str) and local(part) == "path"]
    points = [point for path in paths for subpath in subpaths(outline(path, "path")) for point in subpath]
    if not points:
        return False
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    longer = max(max(xs) - min(xs), max(ys) - min(ys))
    return abs(max(xs) + min(xs)) > longer / 2 or abs(max(ys) + min(ys)) > longer / 2


def _first(text: str | None, default: float = 0.0) -> float:
    """The first of a list of places."""
    parts = [part for part in re.split(r"[\s,]+", (text or "").strip()) if part]
    return length(parts[0]) if parts else default


def _transform(text: str) -> Matrix:
    m = SAME
    if _TRANSFORM.sub("", text).strip():
        raise RefusedError("structure")
    for name, inside in _TRANSFORM.findall(text):
        n = [length(part) for part in re.split(r"[\s,]+", inside.strip()) if part]
        try:
            m = times(m, _named(name, n))
        except IndexError:
            raise RefusedError("structure") from None
    return m


def _named(name: str, n: list[float]) -> Matrix:
    """The matrix of one function of a ``transform``."""
    first = n[0]
    second = n[1] if len(n) > 1 else None
    if name == "matrix":
        return (n[0], n[1], n[2], n[3], n[4], n[5])
    if name == "rotate":
        c, s = math.cos(math.radians(first)), math.sin(math.radians(first))
        x, y = (n[1], n[2]) if len(n) > 1 else (0.0, 0.0)
        return times(times((1, 0, 0, 1, x, y), (c, s, -s, c, 0, 0)), (1, 0, 0, 1, -x, -y))
    simple: dict[str, Matrix] = {
        "translate": (1, 0, 0, 1, first, second or 0.0),
        "scale": (first, 0, 0, first if second is None else second, 0, 0),
        "skewX": (1, 0, math.tan(math.radians(first)), 1, 0, 0),
        "skewY": (1, math.tan(math.radians(first)), 0, 1, 0, 0),
    }
    return simple[name]


def subpaths(segments: list[Segment]) -> list[list[tuple[float, float]]]:
    """The points (ends and handles) of each subpath."""
    made: list[list[tuple[float, float]]] = []
    for letter, numbers in segments:
        if letter == "M":
            made.append([])
        made[-1] += [(numbers[i], numbers[i + 1]) for i in range(0, len(numbers), 2)]
    return made


def outline(element: Element, name: str, span: tuple[float, float] = (100.0, 100.0)) -> list[Segment]:
    """The segments of a basic shape; percentages are of the view's width and height."""
    get = element.get
    match name:
        case "path":
            return read_path(get("d", ""))
        case "rect":
            x, w = (length(get(k), whole=span[0]) for k in ("x", "width"))
            y, h = (length(get(k), whole=span[1]) for k in ("y", "height"))
            if w <= 0 or h <= 0:
                return []
            return [("M", (x, y)), ("L", (x + w, y)), ("L", (x + w, y + h)), ("L", (x, y + h)), ("Z", ())]
        case "circle" | "ellipse":
            r = length(get("r"))
            rx, ry = (r, r) if name == "circle" else (length(get("rx")), length(get("ry")))
            return _ellipse(length(get("cx")), length(get("cy")), rx, ry)
        case "line":
            x1, y1, x2, y2 = (length(get(k)) for k in ("x1", "y1", "x2", "y2"))
            return [("M", (x1, y1)), ("L", (x2, y2))]
    numbers = [length(part) for part in re.split(r"[\s,]+", get("points", "").strip()) if part]
    if len(numbers) % 2:
        raise RefusedError("structure")
    pairs = [(numbers[i], numbers[i + 1]) for i in range(0, len(numbers), 2)]
    made: list[Segment] = [("L" if place else "M", pair) for place, pair in enumerate(pairs)]
    return [*made, ("Z", ())] if name == "polygon" and made else made


def _ellipse(cx: float, cy: float, rx: float, ry: float) -> list[Segment]:
    if rx <= 0 or ry <= 0:
        return []
    u, v = rx * _ROUND, ry * _ROUND
    return [
        ("M", (cx + rx, cy)),
        ("C", (cx + rx, cy + v, cx + u, cy + ry, cx, cy + ry)),
        ("C", (cx - u, cy + ry, cx - rx, cy + v, cx - rx, cy)),
        ("C", (cx - rx, cy - v, cx - u, cy - ry, cx, cy - ry)),
        ("C", (cx + u, cy - ry, cx + rx, cy - v, cx + rx, cy)),
        ("Z", ()),
    ]
