"""Merging a class of few persons with its neighbour.

1. A row with a small or a masked count is merged with the row below it, else with the one above: a
   neighbour has the same outer labels, and neither is a total. This goes on until no small row is left.
2. Counts add up; percentages and proportions of a column add up as well, with the decimals they were
   written in. Anything else (a mean, a median) cannot be merged and is masked.
3. A masked count of a row makes the merged count masked, unless the other row is large: so only rows
   that show all their counts are merged.
4. Files that are one table only: lines of running text are not taken apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.edits import CellEdit, Remedy, RemedyKind
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.remedies_suppressing import MASK, Scene, edit
from output_review.disclosure.small_counts import is_too_small
from output_review.disclosure.structure import Structured
from output_review.disclosure.submissions import GRIDS

_ADDABLE = frozenset({Quantity.PERCENTAGE, Quantity.PROPORTION})
_MOST_MERGES = 50


@dataclass(slots=True)
class _Merged:
    """A class that is one row or several by now."""

    rows: list[int]
    values: dict[int, Decimal | None] = field(default_factory=dict)
    """By column: the number, None where there is none to add."""


def merging(scene: Scene) -> Iterator[Remedy]:
    """The file with its small classes merged into their neighbours."""
    if scene.examined.file.kind not in GRIDS:
        return
    for structured in scene.examined.structured:
        classes = _merge(structured, scene)
        if classes is None or all(len(merged.rows) == 1 for merged in classes):
            continue
        edits = [
            change for merged in classes if len(merged.rows) > 1 for change in _written(structured, merged)
        ]
        dropped = {_record(structured, row) for merged in classes for row in merged.rows[1:]}
        yield Remedy(
            RemedyKind.MERGE,
            scene.examined.file.name,
            tuple(edits),
            say("Merge {rows} rows with a neighbouring class.", rows=len(dropped)),
            dropped_rows=frozenset(dropped),
        )


def _merge(structured: Structured, scene: Scene) -> list[_Merged] | None:
    classes = [_class(structured, row.index) for row in structured.rows if not row.is_total]
    counted = _count_columns(structured)
    for _ in range(_MOST_MERGES):
        small = next((place for place, one in enumerate(classes) if _is_small(one, counted, scene)), None)
        if small is None:
            return classes
        neighbour = next(
            (
                other
                for other in (small + 1, small - 1)
                if 0 <= other < len(classes)
                and _may_join(structured, classes[small], classes[other], counted)
            ),
            None,
        )
        if neighbour is None:
            return None
        first, second = sorted((small, neighbour))
        classes[first : second + 1] = [_joined(classes[first], classes[second])]
    return None


def _class(structured: Structured, row: int) -> _Merged:
    values = {
        column.index: _number(structured, row, column.index)
        for column in structured.columns
        if not column.is_label
    }
    return _Merged([row], values)


def _number(structured: Structured, row: int, column: int) -> Decimal | None:
    entry = structured.entries.get((row, column))
    if entry is None or len(entry.numbers) != 1:
        return None
    return entry.number


def _count_columns(structured: Structured) -> list[int]:
    return [
        column.index
        for column in structured.columns
        if not column.is_label and any(entry.count is not None for entry in structured.column(column.index))
    ]


def _is_small(merged: _Merged, counted: Sequence[int], scene: Scene) -> bool:
    values = [merged.values[column] for column in counted]
    return any(value is not None and is_too_small(int(value), scene.policy) for value in values)


def _may_join(structured: Structured, one: _Merged, two: _Merged, counted: Sequence[int]) -> bool:
    """Rules 1 and 3."""
    outer = {structured.rows[rows.rows[0]].labels[:-1] for rows in (one, two)}
    levels = {structured.rows[rows.rows[0]].level for rows in (one, two)}
    shown = all(rows.values[column] is not None for rows in (one, two) for column in counted)
    return len(outer) == 1 and len(levels) == 1 and shown


def _joined(one: _Merged, two: _Merged) -> _Merged:
    values = {
        column: None if value is None or two.values[column] is None else value + (two.values[column] or 0)
        for column, value in one.values.items()
    }
    return _Merged([*one.rows, *two.rows], values)


def _written(structured: Structured, merged: _Merged) -> Iterator[CellEdit]:
    """The first row of a merged class, rewritten."""
    row = merged.rows[0]
    cells = {cell.column: cell for cell in structured.table.rows[row]}
    labels = [line.index for line in structured.columns if line.is_label]
    if labels and labels[-1] in cells:
        names = [structured.rows[one].labels[-1] for one in merged.rows]
        yield edit(cells[labels[-1]], "・".join(dict.fromkeys(names)))
    for column, value in merged.values.items():
        entry = structured.entries.get((row, column))
        if entry is None:
            continue
        adds_up = entry.cell.value.kind is CellKind.COUNT or entry.quantity in _ADDABLE
        yield edit(entry.cell, MASK if value is None or not adds_up else str(value))


def _record(structured: Structured, row: int) -> int:
    return structured.table.rows[row][0].row
