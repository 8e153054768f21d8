"""Leaving out extreme values, and covering words that identify somebody.

1. A column whose heading names a smallest or largest value, a range or a percentile, and that a finding
   names, is left out; so is a row with such a label.
2. A cell or passage of words that a finding names is covered whole: a part that is left may be enough.
"""

from collections.abc import Iterator

from enclave.sentences import say
from output_review.disclosure.edits import CellEdit, Remedy, RemedyKind
from output_review.disclosure.findings import Finding
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.remedies_suppressing import Scene, edit, named
from output_review.disclosure.submissions import GRIDS, FileKind

COVER = "■■■"
_EXTREMES = frozenset(
    {Quantity.MINIMUM, Quantity.MAXIMUM, Quantity.RANGE, Quantity.PERCENTILE, Quantity.LARGEST, Quantity.MODE}
)


def dropping(scene: Scene) -> Iterator[Remedy]:
    """The file without the columns and rows of extreme values that findings name."""
    if scene.examined.file.kind not in GRIDS:
        return
    columns: set[int] = set()
    rows: set[int] = set()
    for structured in scene.examined.structured:
        places = {(f.where.row, f.where.column) for f in scene.findings}
        heads = {column for _, column in places}
        for line in structured.columns:
            if line.quantity in _EXTREMES and structured.table.name(line.index) in heads:
                columns.add(line.index)
        for line in structured.rows:
            cells = structured.table.rows[line.index]
            if line.quantity in _EXTREMES and any(cell.row == row for cell in cells for row, _ in places):
                rows.add(cells[0].row)
    if columns or rows:
        yield Remedy(
            RemedyKind.DROP,
            scene.examined.file.name,
            (),
            say("Leave out {parts} columns or rows of extreme values.", parts=len(columns) + len(rows)),
            dropped_rows=frozenset(rows),
            dropped_columns=frozenset(columns),
        )


def covering(scene: Scene) -> Iterator[Remedy]:
    """The file with every cell or passage of words covered that a finding names."""
    edits: dict[tuple[int, int, int | None], CellEdit] = {}
    for structured in scene.examined.structured:
        counted = {(cell.row, cell.column) for cell in named(structured, scene.findings)}
        table = structured.table
        for cell in (*table.header, *table.notes, *(cell for row in table.rows for cell in row)):
            place = table.place(cell)
            is_named = any((f.where.row, f.where.column) == (place.row, place.column) for f in scene.findings)
            if is_named and (cell.row, cell.column) not in counted and scene.examined.file.kind in GRIDS:
                edits[cell.row, cell.column, cell.offset] = edit(cell, COVER)
    if scene.examined.file.kind is FileKind.TEXT:
        edits |= {(f.where.row or 0, 0, f.where.offset): change for f, change in _passages(scene)}
    if edits:
        yield Remedy(
            RemedyKind.COVER,
            scene.examined.file.name,
            tuple(edits.values()),
            say("Cover {parts} cells or passages.", parts=len(edits)),
        )


def _passages(scene: Scene) -> Iterator[tuple[Finding, CellEdit]]:
    for finding in scene.findings:
        where = finding.where
        if where.offset is not None and where.length:
            yield finding, CellEdit(where.row or 1, 0, COVER, where.offset, where.length)
