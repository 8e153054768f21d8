"""Marks of one shape that lie apart in a picture: perhaps one for each person.

Everything that is not background is cut into connected pieces. A piece is a mark when it is about
as wide as high, filled like a disc or a square, and neither speck nor area; letters are not, for
they have holes or are thin. The largest group of marks of about one size is counted. It is a hint
for people: marks that touch count as one piece and are missed, bullets are counted.
"""

from collections import Counter
from typing import Any, Final

import numpy as np

SMALLEST: Final = 4
LARGEST: Final = 48
FILLED: Final = 0.62
"""The least part of its box that a mark covers; a disc covers 0.79."""
MAX_RUNS: Final = 400_000


def count_points(numbers: Any) -> int:
    """How many marks the largest group has; ``numbers`` are palette numbers (h, w)."""
    background = int(np.bincount(numbers.ravel(), minlength=256).argmax())
    runs = _runs(numbers != background)
    if len(runs[0]) > MAX_RUNS:
        return 0
    sizes: Counter[int] = Counter()
    for left, right, top, bottom, area in _boxes(*runs):
        width, height = right - left, bottom - top
        longer = max(width, height)
        even = SMALLEST <= longer <= LARGEST and abs(width - height) <= max(1, longer // 6)
        if even and area >= FILLED * width * height:
            sizes[longer] += 1
    return max((sizes[size] + sizes[size + 1] for size in sizes), default=0)


def _runs(inked: Any) -> tuple[list[int], list[int], list[int]]:
    """Horizontal runs of ink as rows, starts and ends (exclusive), in reading order."""
    height = inked.shape[0]
    edges = np.zeros((height, inked.shape[1] + 2), dtype=np.int8)
    edges[:, 1:-1] = inked
    steps = np.diff(edges, axis=1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    return rows.tolist(), starts.tolist(), ends.tolist()


def _boxes(rows: list[int], starts: list[int], ends: list[int]) -> list[tuple[int, int, int, int, int]]:
    """For each connected piece: left, right, top, bottom (exclusive), and how many pixels."""
    parent = list(range(len(rows)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    above = 0
    for run, row in enumerate(rows):
        while above < run and (
            rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[run])
        ):
            above += 1
        other = above
        while other < run and rows[other] == row - 1 and starts[other] <= ends[run]:
            parent[root(other)] = root(run)
            other += 1
    boxes: dict[int, list[int]] = {}
    for run, row in enumerate(rows):
        start, end = starts[run], ends[run]
        box = boxes.setdefault(root(run), [start, end, row, row + 1, 0])
        box[0], box[1] = min(box[0], start), max(box[1], end)
        box[2], box[3] = min(box[2], row), max(box[3], row + 1)
        box[4] += end - start
    return [(box[0], box[1], box[2], box[3], box[4]) for box in boxes.values()]
