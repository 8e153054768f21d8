"""The data of a path as absolute moves, lines, cubic curves and closings.

The grammar is that of SVG 1.1, section 8.3; quadratic curves are raised to cubic ones, and arcs are
cut into cubic curves of at most a quarter turn (implementation notes F.6 of the same text). What
does not follow the grammar refuses the drawing: a renderer that guesses shows something else than
another one.
"""

import math
import re
from collections.abc import Callable, Iterator
from typing import Final

from .refusals import RefusedError

Segment = tuple[str, tuple[float, ...]]
"""A letter (M, L, C or Z) and absolute numbers."""

MAX_NUMBERS: Final = 600_000
_TOKEN: Final = re.compile(
    r"([MmZzLlHhVvCcSsQqTtAa])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([\s,]+)|(.)"
)
_WIDTHS: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def read_path(data: str) -> list[Segment]:
    """The segments of a path's ``d``.

    Raises:
        RefusedError: it does not follow the grammar, or is too long.
    """
    pen = _Pen()
    for letter, numbers in _commands(data):
        pen.draw(letter, numbers)
    return pen.made


def _commands(data: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Commands with one set of numbers each; further sets repeat the command, after M as L."""
    letter, total = "", 0
    numbers: list[float] = []
    for match in _TOKEN.finditer(data):
        name, number, _, other = match.groups()
        if other is not None or (number is not None and not letter):
            raise RefusedError("structure")
        if name is not None:
            yield from _sets(letter, numbers)
            letter, numbers = name, []
        elif number is not None:
            numbers.append(float(number))
            total += 1
            if total > MAX_NUMBERS:
                raise RefusedError("drawing_too_large", limit=MAX_NUMBERS)
    yield from _sets(letter, numbers)


def _sets(letter: str, numbers: list[float]) -> Iterator[tuple[str, tuple[float, ...]]]:
    if not letter:
        return
    width = _WIDTHS[letter.upper()]
    if (width == 0 and numbers) or (width and (not numbers or len(numbers) % width)):
        raise RefusedError("structure")
    if not all(math.isfinite(n) and abs(n) < 1e7 for n in numbers):
        raise RefusedError("structure")
    if not width:
        yield letter, ()
    for start in range(0, len(numbers), width or 1):
        repeated = {"M": "L", "m": "l"}.get(letter, letter) if start else letter
        yield repeated, tuple(numbers[start : start + width])


class _Pen:
    """Where the path is, and what the smooth curves continue from."""

    def __init__(self) -> None:
        self.made: list[Segment] = []
        self._x = self._y = self._start_x = self._start_y = 0.0
        self._cubic: tuple[float, float] | None = None
        self._quadratic: tuple[float, float] | None = None

    def draw(self, letter: str, numbers: tuple[float, ...]) -> None:
        kind = letter.upper()
        if not self.made and kind != "M":
            raise RefusedError("structure")
        by: Callable[[str, tuple[float, ...]], None] = {
            "M": self._move, "L": self._line, "H": self._line, "V": self._line, "C": self._curve,
            "S": self._curve, "Q": self._bend, "T": self._bend, "A": self._arc, "Z": self._close,
        }[kind]  # fmt: skip
        before = (self._cubic, self._quadratic)
        by(kind, self._absolute(letter, numbers))
        if kind not in "CS" and self._cubic is before[0]:
            self._cubic = None
        if kind not in "QT":
            self._quadratic = None

    def _absolute(self, letter: str, numbers: tuple[float, ...]) -> tuple[float, ...]:
        kind = letter.upper()
        x, y = (self._x, self._y) if letter.islower() else (0.0, 0.0)
        if kind == "H":
            return (numbers[0] + x, self._y)
        if kind == "V":
            return (self._x, numbers[0] + y)
        if kind == "A":
            return (*numbers[:5], numbers[5] + x, numbers[6] + y)
        return tuple(n + (y if place % 2 else x) for place, n in enumerate(numbers))

    def _add(self, letter: str, numbers: tuple[float, ...]) -> None:
        self.made.append((letter, numbers))
        if numbers:
            self._x, self._y = numbers[-2:]

    def _move(self, _kind: str, at: tuple[float, ...]) -> None:
        self._add("M", at)
        self._start_x, self._start_y = at

    def _line(self, _kind: str, to: tuple[float, ...]) -> None:
        self._add("L", to)

    def _curve(self, kind: str, points: tuple[float, ...]) -> None:
        if kind == "S":
            first = self._mirrored(self._cubic)
            points = (*first, *points)
        self._add("C", points)
        self._cubic = (points[2], points[3])

    def _bend(self, kind: str, points: tuple[float, ...]) -> None:
        if kind == "T":
            points = (*self._mirrored(self._quadratic), *points)
        qx, qy, x, y = points
        x0, y0 = self._x, self._y
        self._add(
            "C",
            (
                x0 + (qx - x0) * 2 / 3,
                y0 + (qy - y0) * 2 / 3,
                x + (qx - x) * 2 / 3,
                y + (qy - y) * 2 / 3,
                x,
                y,
            ),
        )
        self._quadratic = (qx, qy)

    def _mirrored(self, point: tuple[float, float] | None) -> tuple[float, float]:
        if point is None:
            return (self._x, self._y)
        return (2 * self._x - point[0], 2 * self._y - point[1])

    def _close(self, _kind: str, _none: tuple[float, ...]) -> None:
        self.made.append(("Z", ()))
        self._x, self._y = self._start_x, self._start_y

    def _arc(self, _kind: str, numbers: tuple[float, ...]) -> None:
        for curve in arc_curves((self._x, self._y), numbers):
            self._add("C" if len(curve) == 6 else "L", curve)


def arc_curves(start: tuple[float, float], numbers: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Cubic curves (or one line) for an arc: radii, turn in degrees, large, sweep, end."""
    rx, ry, turn, large, sweep, x, y = numbers
    rx, ry = abs(rx), abs(ry)
    x0, y0 = start
    if (x0, y0) == (x, y):
        return []
    if not rx or not ry:
        return [(x, y)]
    phi = math.radians(turn % 360)
    cos, sin = math.cos(phi), math.sin(phi)
    dx, dy = (x0 - x) / 2, (y0 - y) / 2
    u, v = cos * dx + sin * dy, -sin * dx + cos * dy
    grow = (u / rx) ** 2 + (v / ry) ** 2
    if grow > 1:
        rx, ry = rx * math.sqrt(grow), ry * math.sqrt(grow)
    below = (rx * v) ** 2 + (ry * u) ** 2
    root = math.sqrt(max(0.0, (rx * ry) ** 2 - below) / below)
    root = -root if bool(large) == bool(sweep) else root
    cu, cv = root * rx * v / ry, -root * ry * u / rx
    centre = (cos * cu - sin * cv + (x0 + x) / 2, sin * cu + cos * cv + (y0 + y) / 2)
    first = math.atan2((v - cv) / ry, (u - cu) / rx)
    extent = math.atan2((-v - cv) / ry, (-u - cu) / rx) - first
    if sweep and extent < 0:
        extent += 2 * math.pi
    elif not sweep and extent > 0:
        extent -= 2 * math.pi
    return _pieces(centre, (rx, ry), (cos, sin), first, extent)


def _pieces(
    centre: tuple[float, float],
    radii: tuple[float, float],
    turned: tuple[float, float],
    first: float,
    extent: float,
) -> list[tuple[float, ...]]:
    count = max(1, math.ceil(abs(extent) / (math.pi / 2) - 1e-9))
    step = extent / count
    reach = 4 / 3 * math.tan(step / 4)
    cos, sin = turned

    def at(u: float, v: float) -> tuple[float, float]:
        u, v = u * radii[0], v * radii[1]
        return (cos * u - sin * v + centre[0], sin * u + cos * v + centre[1])

    curves: list[tuple[float, ...]] = []
    for piece in range(count):
        a, b = first + piece * step, first + (piece + 1) * step
        near = at(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a))
        far = at(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b))
        curves.append((*near, *far, *at(math.cos(b), math.sin(b))))
    return curves
