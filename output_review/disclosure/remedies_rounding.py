"""Rounding every count, and making totals again from what is shown.

1. Every shown count of every table is rounded, totals among them, from its own value; small counts and
   cells that findings name are masked first, since a rounded small count still says that there were few.
2. What tells the exact count again (a percentage in the cell or beside it) is masked too.
3. The note below the table says how numbers were rounded: a reader must know, and the audit reads it.
4. Ways are tried in order: nearest, then up, of the policy's base, then of ten times the base.
5. A total is made again by adding up the shown parts of its line, innermost lines first; a line with a
   masked part is left alone.
"""

from collections.abc import Iterator

from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.edits import CellEdit, Remedy, RemedyKind
from output_review.disclosure.known_numbers import Sheet
from output_review.disclosure.masked_cells import is_cell, sheets_of
from output_review.disclosure.remedies_suppressing import MASK, Scene, companions, edit, named
from output_review.disclosure.roundings import Rounding, Way
from output_review.disclosure.small_counts import is_too_small

_NOTES = {
    Way.NEAREST: "注: 人数は{base}の倍数に四捨五入 (counts rounded to the nearest {base})",
    Way.UP: "注: 人数は{base}の倍数に切り上げ (counts rounded up to a multiple of {base})",
}


def rounding(scene: Scene) -> Iterator[Remedy]:
    """The file with every count rounded, in each way by rule 4."""
    base = scene.policy.rounding_base
    sheets = sheets_of([scene.examined], "own")
    if not any(sheet.shown for sheet in sheets):
        return
    for way, step in ((Way.NEAREST, base), (Way.UP, base), (Way.NEAREST, 10 * base), (Way.UP, 10 * base)):
        edits = {
            (change.row, change.column, change.offset): change
            for sheet in sheets
            for change in _rounded(scene, sheet, Rounding(way, step))
        }
        yield Remedy(
            RemedyKind.ROUND,
            scene.examined.file.name,
            tuple(edits.values()),
            say("Round every count and every total to a multiple of {base}.", base=step),
            note=_NOTES[way].format(base=step),
        )


def _rounded(scene: Scene, sheet: Sheet, way: Rounding) -> Iterator[CellEdit]:
    structured = sheet.structured
    hidden = {(cell.row, cell.column) for cell in named(structured, scene.findings)}
    for spot, value in sheet.shown.items():
        if not is_cell(spot):
            continue
        entry = structured.entries[spot[1], spot[2]]  # type: ignore[index]
        is_hidden = is_too_small(value, scene.policy) or (entry.cell.row, entry.cell.column) in hidden
        shown = way.rounds(value)
        yield edit(entry.cell, MASK if is_hidden or (value and not shown) else str(shown))
        for other in companions(structured, entry):
            yield edit(other.cell, MASK)


def recomputing(scene: Scene) -> Iterator[Remedy]:
    """The file with every total made again from the shown parts of its line."""
    edits: dict[tuple[int, int], CellEdit] = {}
    for sheet in sheets_of([scene.examined], "own"):
        values = dict(sheet.shown)
        for line in sorted(
            {*sheet.labelled, *sheet.lines}, key=lambda line: (len(line.parts), str(line.total))
        ):
            if not is_cell(line.total) or not all(part in values for part in line.parts):
                continue
            total = sum(values[part] for part in line.parts)
            entry = sheet.structured.entries.get((line.total[1], line.total[2]))  # type: ignore[arg-type]
            if (
                entry is not None
                and entry.cell.value.kind is CellKind.COUNT
                and values.get(line.total) != total
            ):
                values[line.total] = total
                edits[entry.cell.row, entry.cell.column] = edit(entry.cell, str(total))
    if edits:
        yield Remedy(
            RemedyKind.RECOMPUTE_TOTALS,
            scene.examined.file.name,
            tuple(edits.values()),
            say("Make {cells} totals again from the numbers that are shown.", cells=len(edits)),
        )
