"""Counts of too few persons in the cells of a table.

1. A cell that shows one or more persons, but fewer than the policy's number, is to be fixed.
2. Zero may be shown while the policy allows it (nobody is described by it).
3. A count of claims, visits or records is at least the count of persons behind it, so a small one
   is small in persons too. A large one says nothing about persons: where a table has such a
   column and none that counts persons, people must look, and a count that a few persons with many
   claims each could make is to be fixed.
4. A vague small count (数例) is left to people; so is a 10 or a 0 among counts that are all rounded to fives.
"""

from collections.abc import Iterator

from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.tables import Cell, Table, are_levels

SMALL_CELL = "SDC.small_cell"
VAGUE_COUNT = "SDC.vague_count"
ROWS_NOT_PERSONS = "SDC.rows_not_persons"
ROUNDED_COUNT = "SDC.rounded_count"
LEFT_OUT = "SDC.count_left_out"
ROUNDED_TO = 5
"""OpenSAFELY and ACRO round to fives: then 10 is 8 to 12, and 0 is up to 2."""
FEW_ROWS_A_PERSON = 10
"""Claims of one person that are nothing unusual: fewer than so many times the least number of persons may be too few."""


def is_too_small(count: int, policy: DisclosurePolicy) -> bool:
    """Whether a count of persons may not be shown."""
    return count < policy.min_persons and not (count == 0 and policy.zero_allowed)


def small_cell(place: Place, policy: DisclosurePolicy) -> Finding:
    """The finding on one small count, in a table or in words."""
    return Finding(
        SMALL_CELL,
        Severity.FIX,
        place,
        say("This count stands for fewer than {threshold} persons.", threshold=policy.min_persons),
        say(
            "Merge it with a neighbouring class, or mask it together with enough other cells that it cannot be recomputed from totals."
        ),
    )


def vague_count(place: Place) -> Finding:
    """The finding on a count that is small but not exact."""
    return Finding(
        VAGUE_COUNT,
        Severity.REVIEW,
        place,
        say("A small count is described in words."),
        say("Say that the count is below the threshold, or leave it out."),
    )


def check_small_counts(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every cell of every table that counts too few persons."""
    for table in examined.tables:
        for cell, count in table.counts():
            if is_too_small(count, policy):
                yield small_cell(table.place(cell), policy)
        for cell, is_missing in _blank_counts(table):
            if not policy.zero_allowed:
                yield small_cell(table.place(cell), policy)
            elif is_missing:
                yield _left_out(table.place(cell))


def _left_out(place: Place) -> Finding:
    return Finding(
        LEFT_OUT,
        Severity.REVIEW,
        place,
        say("A count is left out without a mark; it may be nobody or few."),
        say("Write 0 where it is nobody, and a mark with a legend where it is masked."),
    )


def _blank_counts(table: Table) -> Iterator[tuple[Cell, bool]]:
    """Blanks among counts, and whether a program left them out (pandas writes the others as 33.0 then)."""
    for column in table.columns:
        cells = [cell for row in table.rows for cell in row if cell.column == column.index]
        kinds = {cell.value.kind for cell in cells}
        if (
            not column.is_count
            or not kinds <= {CellKind.COUNT, CellKind.EMPTY}
            or CellKind.COUNT not in kinds
        ):
            continue
        is_missing = not any(cell.value.whole for cell in cells if cell.value.kind is CellKind.COUNT)
        yield from ((cell, is_missing) for cell in cells if cell.value.kind is CellKind.EMPTY)


def check_rounded_counts(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Counts that were rounded to fives and may stand for too few, where nothing was masked before."""
    for table in examined.tables:
        counts = list(table.counts())
        is_masked = any(cell.value.kind is CellKind.MASKED for row in table.rows for cell in row)
        if is_masked or len(counts) < 2 or any(count % ROUNDED_TO for _, count in counts):
            continue
        for cell, count in counts:
            if count == 0 or policy.min_persons <= count < policy.min_persons + ROUNDED_TO / 2:
                yield Finding(
                    ROUNDED_COUNT,
                    Severity.REVIEW,
                    table.place(cell),
                    say(
                        "The counts seem to be rounded, and this one may stand for fewer than {threshold} persons.",
                        threshold=policy.min_persons,
                    ),
                    say(
                        "Say how they were rounded, or mask counts below {threshold} before rounding.",
                        threshold=policy.min_persons,
                    ),
                )


def check_vague_counts(examined: ExaminedFile) -> Iterator[Finding]:
    """Every cell of every table that holds only a vague count."""
    for table in examined.tables:
        for row in table.rows:
            yield from (vague_count(table.place(cell)) for cell in row if cell.value.kind is CellKind.VAGUE)


def check_rows_not_persons(examined: ExaminedFile, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every column or row that counts claims or visits in a table that counts persons nowhere."""
    for side in examined.all_sides:
        if side.structured.of(Quantity.PERSONS):
            continue
        for column in side.structured.columns:
            counts = [e for e in side.structured.column(column.index) if e.quantity is Quantity.ROWS]
            if column.quantity is not Quantity.ROWS or not counts:
                continue
            if are_levels([e.count for e in counts if e.count is not None]):
                continue  # how many claims a person has is what the table is by, and no number of claims
            few = [
                e
                for e in counts
                if e.count is not None and 0 < e.count < FEW_ROWS_A_PERSON * policy.min_persons
            ]
            yield from (_rows_not_persons(Severity.FIX, side.place(entry.cell)) for entry in few)
            if not few:
                yield _rows_not_persons(Severity.REVIEW, side.header_place(column.index))


def _rows_not_persons(severity: Severity, place: Place) -> Finding:
    return Finding(
        ROWS_NOT_PERSONS,
        severity,
        place,
        say("This column counts claims or visits, not persons; one person may stand behind many of them."),
        say("Add a column with the number of distinct persons."),
    )
