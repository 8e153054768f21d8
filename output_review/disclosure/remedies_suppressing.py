"""Masking: what is named by findings, and as little else as hides it.

1. Masked are the cells that findings name and every small count of their tables, with what stands
   beside each and tells it again (its percentage, its mean).
2. The choice of further cells is made on the table with these masks (``suppression``), with linked
   tables known. A cell that another file shows as well cannot be hidden by masking it here.
"""

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.count_grid import Spot
from output_review.disclosure.edits import CellEdit, Remedy, RemedyKind, apply
from output_review.disclosure.examined import ExaminedFile, examine
from output_review.disclosure.findings import Finding
from output_review.disclosure.intervals import ContradictionError, Interval, Known, audit
from output_review.disclosure.known_numbers import Sheet
from output_review.disclosure.linked_tables import Joint, join, linked_with
from output_review.disclosure.masked_cells import is_cell, is_too_narrow, sheets_of, small_groups
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import COUNTS, LABELS, Quantity
from output_review.disclosure.small_counts import is_too_small
from output_review.disclosure.structure import Entry, Structured
from output_review.disclosure.suppression import Choices, Target, further_masks
from output_review.disclosure.tables import Cell, Table

MASK = "*"
_PRICE_OF_TOTALS = 4.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A file to be mended: what is found in it, the numbers, and what else is known."""

    examined: ExaminedFile
    findings: tuple[Finding, ...]
    policy: DisclosurePolicy
    beside: tuple[ExaminedFile, ...] = ()
    earlier: tuple[ExaminedFile, ...] = ()


def suppressing(scene: Scene) -> Iterator[Remedy]:
    """The file with its small and its betrayed counts masked, and the fewest further cells."""
    primary = [
        cell
        for structured in scene.examined.structured
        for cell in (*named(structured, scene.findings), *_small(structured, scene.policy))
    ]
    if not primary:
        return
    first = _remedy(scene.examined, primary)
    masked = examine(apply(first, scene.examined.file))
    more = _further(replace(scene, examined=masked))
    if more is not None:
        yield _remedy(scene.examined, [*primary, *more])


def edit(cell: Cell, text: str) -> CellEdit:
    """Other words in a cell, in a file of either kind."""
    length = len(cell.text) if cell.offset is not None else None
    return CellEdit(cell.row, cell.column, text, cell.offset, length)


def companions(structured: Structured, entry: Entry) -> Iterator[Entry]:
    """The entries of a row that tell a count again: measures after it, up to the next count."""
    counted = [c.index for c in structured.columns if not c.is_label and (c.quantity in COUNTS)]
    row, column = entry.position
    later = [index for index in counted if index > column]
    alone = len(counted) == 1
    for other in structured.columns:
        at = structured.entries.get((row, other.index))
        if (
            at is None
            or at is entry
            or other.is_label
            or at.quantity in (COUNTS | LABELS | {Quantity.UNKNOWN})
        ):
            continue
        if alone or column < other.index < (later[0] if later else len(structured.columns)):
            yield at


def _remedy(examined: ExaminedFile, cells: Sequence[Cell]) -> Remedy:
    wanted = {(cell.row, cell.column, cell.offset): cell for cell in cells}
    for structured in examined.structured:
        for entry in structured.entries.values():
            if (entry.cell.row, entry.cell.column, entry.cell.offset) in wanted:
                for other in companions(structured, entry):
                    wanted[other.cell.row, other.cell.column, other.cell.offset] = other.cell
    edits = tuple(
        edit(cell, MASK)
        for cell in wanted.values()
        if cell.value.kind is not CellKind.MASKED or any(character in "(（[" for character in cell.text)
    )
    return Remedy(
        RemedyKind.SUPPRESS,
        examined.file.name,
        edits,
        say("Mask {cells} cells, so that no small count can be read or computed.", cells=len(edits)),
    )


def named(structured: Structured, findings: Sequence[Finding]) -> Iterator[Cell]:
    """Cells of a table that findings name by row and column, or by their offset."""
    table = structured.table
    rows = {finding.where.row for finding in findings}
    for entry in structured.entries.values():
        if entry.cell.row in rows and _is_named(table, entry.cell, findings):
            yield entry.cell
    for cell in table.header:
        if cell.value.kind is CellKind.COUNT and _is_named(table, cell, findings):
            yield cell


def _is_named(table: Table, cell: Cell, findings: Sequence[Finding]) -> bool:
    place = table.place(cell)
    return any(
        f.where.row == place.row
        and f.where.column == place.column
        and (f.where.offset is None or f.where.offset == place.offset)
        for f in findings
    )


def _small(structured: Structured, policy: DisclosurePolicy) -> Iterator[Cell]:
    for cell, count in structured.table.counts():
        if is_too_small(count, policy):
            yield cell


def _further(scene: Scene) -> list[Cell] | None:
    """Further cells to mask in every table of the file, None where no choice mends one of them."""
    found: list[Cell] = []
    own = sheets_of([scene.examined], "own")
    others = [*sheets_of(scene.beside, "beside"), *sheets_of(scene.earlier, "earlier")]
    for sheet in own:
        near = linked_with(sheet, [*(one for one in own if one is not sheet), *others])
        spots = _further_in(sheet, near, scene.policy)
        if spots is None:
            return None
        entries = sheet.structured.entries
        found += [entries[spot[1], spot[2]].cell for spot in spots]  # type: ignore[index]
    return found


def _further_in(sheet: Sheet, near: Sequence[Sheet], policy: DisclosurePolicy) -> list[Spot] | None:
    for together in (near, ()):
        joint = join([(sheet, sheet.roundings[0]), *((one, one.roundings[0]) for one in together)])
        case = _Case(sheet, joint, together, policy)
        try:
            chosen = further_masks(
                case.known, case.narrow, case.choices(), policy.interval_width, policy.audit_seconds
            )
        except ContradictionError:
            continue
        back = {joint.place[spot]: spot for spot in sheet.shown}
        return None if chosen is None else [back[key] for key in chosen]
    return None


@dataclass(frozen=True, slots=True)
class _Case:
    """One table with what is linked, while masks are chosen."""

    sheet: Sheet
    joint: Joint
    near: Sequence[Sheet]
    policy: DisclosurePolicy

    def known(self, chosen: Collection[Hashable]) -> Known:
        bounds = {**self.joint.known.bounds, **dict.fromkeys(chosen, Interval(1))}
        return Known(bounds, self.joint.known.equations)

    def narrow(self, chosen: Collection[Hashable]) -> list[Target]:
        """Groups of cells that are too narrow when these are masked too."""
        known, place = self.known(chosen), self.joint.place
        spots = [spot for spot in self.sheet.hidden if is_cell(spot)]
        more = [spot for spot in self.sheet.shown if place[spot] in chosen]
        found = audit(
            known, list(dict.fromkeys(place[s] for s in (*spots, *more))), self.policy.audit_seconds
        )
        intervals = {spot: found[place[spot]] for spot in (*spots, *more)}
        masked = self.sheet.masked | set(more)
        narrow: list[Target] = [
            (place[spot],)
            for spot, interval in intervals.items()
            if is_too_narrow(interval, self.policy, is_masked=spot in masked)
        ]
        groups = small_groups(self.sheet, known.bounds, place, intervals, self.policy)
        return [*narrow, *(tuple(place[spot] for spot in group) for group in groups)]

    def choices(self) -> Choices:
        told = {name for one in self.near for spot, name in one.names.items() if spot in one.shown}
        totals = self.sheet.totals()
        largest = max(self.sheet.shown.values(), default=1) or 1
        cells = [
            spot
            for spot, value in self.sheet.shown.items()
            if value and is_cell(spot) and self.sheet.names.get(spot) not in told
        ]
        prices = {
            self.joint.place[spot]: (_PRICE_OF_TOTALS if spot in totals else 1.0)
            + self.sheet.shown[spot] / (10 * largest)
            for spot in cells
        }
        return Choices(prices, dict.fromkeys(prices, Interval(1)))
