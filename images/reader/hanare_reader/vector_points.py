"""Points at exact positions in a drawing: whether they lie as single persons do.

1. A mark is a small shape about as wide as high, without a hole and its own mirror image (or a short
   stroke, a sign of text that is no letter, or any small drawing that is set again and again). Letters drawn as shapes are hardly ever so. Marks are grouped by form, whatever their size and colour, because size and colour can
   be a variable of the person.
2. Marks that stand in step are a series or categories: one place after the other at equal distance (down a page
   also at twice that, where a heading stands between), the same number of marks at each, or a full grid. A few beside them, in
   one line, are those of a legend. Ticks are strokes on few lines. None are persons.
3. Of all other marks the largest group is what is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

SMALL: Final = 0.05
"""Part of the drawing's longer side up to which a shape can be a mark."""
SERIES: Final = 8
"""Marks that may stand at one place of a series (as many curves)."""
LEAST_STEP: Final = 8
"""Least distance, in steps of the grid, at which a gap of twice as much can be told."""
AXES: Final = 6
"""Lines on which short strokes may stand at any distance, as ticks of logarithmic axes do."""
NEAR: Final = 0.015
"""Part of the drawing's longer side within which the next letter of a word stands."""
LEAST_IN_STEP: Final = 4
"""Marks that have to be left before some are taken for those of a legend."""
LEAST_TICKS: Final = 3
MAX_MARKS: Final = 50_000


@dataclass(slots=True)
class PointBook:
    """Marks as they are met; ``side`` is the longer side of the drawing in its own units."""

    side: float
    marks: dict[object, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    total: int = 0

    def add_path(self, outlines: list[list[tuple[float, float]]]) -> None:
        """A drawn path by its subpaths' points (ends and handles), in the drawing's units."""
        boxes = [_box(outline) for outline in outlines if outline]
        for place, outline in enumerate(o for o in outlines if o):
            around = boxes[max(0, place - 1) : place] + boxes[place + 1 : place + 2]
            if not any(_within(boxes[place], other) or _within(other, boxes[place]) for other in around):
                self._add_outline(outline)

    def _add_outline(self, outline: list[tuple[float, float]]) -> None:
        if self.total >= MAX_MARKS:
            return
        xs, ys = [p[0] for p in outline], [p[1] for p in outline]
        left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
        longer = max(width, height)
        if longer > SMALL * self.side or (min(width, height) > 0 and longer > 2 * min(width, height)):
            return
        form: object
        if longer < 1e-9 * self.side:
            form = "dot"
        elif min(width, height) < 1e-3 * longer:
            form = ("stroke", width > height)
        elif (
            len(outline) == 2
        ):  # a slanted stroke, as of a cross; a curve cut into lines has them of any length
            (x0, y0), (x1, y1) = outline
            form = ("line", round(longer / self.side, 3), (x1 - x0) * (y1 - y0) > 0)
        else:
            relative = [((x - left) / width, (y - top) / height) for x, y in outline]
            if not _mirrored(relative):
                return
            form = tuple((round(x, 1), round(y, 1)) for x, y in relative)
        self._add(form, left + width / 2, top + height / 2)

    def add_used(self, name: str, outlines: list[list[tuple[float, float]]]) -> None:
        """A small drawing that was made once and is set at many places, whatever its shape."""
        xs = [x for outline in outlines for x, _ in outline]
        ys = [y for outline in outlines for _, y in outline]
        if xs and self.total < MAX_MARKS and max(max(xs) - min(xs), max(ys) - min(ys)) <= SMALL * self.side:
            self._add(("used", name), (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)

    def add_sign(self, sign: str, x: float, y: float) -> None:
        """A sign of text that stands alone and is no letter or digit."""
        if self.total < MAX_MARKS:
            self._add(("sign", sign), x, y)

    def _add(self, form: object, x: float, y: float) -> None:
        self.marks[form].append((x, y))
        self.total += 1

    def lonely(self) -> int:
        """As ``scattered``, of marks without another one near, as the letters of a word have it."""
        near = self.side * NEAR
        squares = Counter(
            (round(x / near), round(y / near)) for marks in self.marks.values() for x, y in marks
        )
        alone = PointBook(self.side)
        for form, marks in self.marks.items():
            for x, y in marks:
                column, row = round(x / near), round(y / near)
                around = ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
                if sum(squares[square] for square in around) == 1:
                    alone._add(("sign", form), x, y)
        return alone.scattered()

    def scattered(self) -> int:
        """How many marks the largest group has that stands in no step."""
        step = self.side * 0.002
        counts = []
        for form, marks in self.marks.items():
            places = {(round(x / step), round(y / step)) for x, y in marks}
            ticks = (
                isinstance(form, tuple) and form[0] in {"stroke", "sign", "used"} and _on_few_lines(places)
            )
            if not ticks and not _in_step(places) and not _is_with_legend(form, places):
                counts.append(len(places))
        return max(counts, default=0)


Box = tuple[float, float, float, float]


def _box(outline: list[tuple[float, float]]) -> Box:
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    return (min(xs), min(ys), max(xs), max(ys))


def _within(inner: Box, outer: Box) -> bool:
    """Whether one box lies inside another: the hole of a letter, or the letter around a hole."""
    return inner[0] > outer[0] and inner[1] > outer[1] and inner[2] < outer[2] and inner[3] < outer[3]


def _mirrored(relative: list[tuple[float, float]]) -> bool:
    """Whether an outline is its own mirror image, left to right or top to bottom, as marks are and few letters."""
    if len(relative) > 200:
        return False
    return any(
        all(min(max(abs(mx - x), abs(my - y)) for x, y in relative) < 0.12 for mx, my in mirror)
        for mirror in ([(1 - x, y) for x, y in relative], [(x, 1 - y) for x, y in relative])
    )


def _on_few_lines(places: set[tuple[int, int]]) -> bool:
    """Whether places lie on the axes of a few panels."""
    return min(len({x for x, _ in places}), len({y for _, y in places})) <= AXES


def _in_step(places: set[tuple[int, int]]) -> bool:
    """Whether places stand as ticks, series or a grid do."""
    across, down = {x for x, _ in places}, {y for _, y in places}
    if len(places) < 3:
        return True
    if len(across) == 1 or len(down) == 1:
        return _even(across if len(down) == 1 else down) or len(across | down) <= 3
    return (_even(across) and _same_number(places, 0)) or _is_list(places)


def _is_list(places: set[tuple[int, int]]) -> bool:
    """Whether places stand on the lines of a list, as many on each."""
    return _listed({y for _, y in places}) and _same_number(places, 1)


def _is_with_legend(form: object, places: set[tuple[int, int]]) -> bool:
    """Whether marks stand in step but for those of a legend.

    Strokes mark events on a curve as well: only in pairs down a list, beside the ticks of axes, are they the
    ends of intervals.
    """
    if not (isinstance(form, tuple) and form[0] in {"stroke", "line"}):
        return any(map(_in_step, _without_legend(places)))
    ends = _without_ticks(places)
    return any(
        len(rest) > len({y for _, y in rest}) and _is_list(rest) for rest in (ends, *_without_legend(ends))
    )


def _without_ticks(places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The places without lines of three or more at one distance."""
    left = set(places)
    for axis in (0, 1):
        lines: dict[int, set[int]] = defaultdict(set)
        for place in places:
            lines[place[axis]].add(place[1 - axis])
        ticks = {line for line, along in lines.items() if len(along) >= LEAST_TICKS and _even(along)}
        left = {place for place in left if place[axis] not in ticks}
    return left


def _without_legend(places: set[tuple[int, int]]) -> Iterator[set[tuple[int, int]]]:
    """The places without a few in one line, across or down, that no others share: the marks of a legend."""
    for axis in (0, 1):
        lines: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for place in places:
            lines[place[axis]].add(place)
        for line in lines.values():
            if len(line) <= SERIES and len(places) - len(line) >= LEAST_IN_STEP:
                yield places - line


def _even(axis: set[int]) -> bool:
    """Whether places on a line follow each other at one distance, to within rounding."""
    gaps = _gaps(axis)
    return max(gaps, default=0) - min(gaps, default=0) <= 2


def _gaps(axis: set[int]) -> list[int]:
    return [after - before for before, after in pairwise(sorted(axis))]


def _listed(axis: set[int]) -> bool:
    """Whether lines follow each other at one distance, or at twice that below a heading, to within rounding."""
    gaps = _gaps(axis)
    least = min(gaps, default=0)
    if _even(axis):
        return True
    doubled = sum(abs(gap - 2 * least) <= 2 for gap in gaps)
    single = sum(gap - least <= 2 for gap in gaps)
    return least >= LEAST_STEP and single + doubled == len(gaps) and doubled <= single


def _same_number(places: set[tuple[int, int]], number: int) -> bool:
    counts: dict[int, int] = defaultdict(int)
    for place in places:
        counts[place[number]] += 1
    grid = len(places) == len({p[0] for p in places}) * len({p[1] for p in places})
    return grid or (max(counts.values()) == min(counts.values()) <= SERIES)
