"""Roundings that other numbers undo, and counts that say less than they should.

1. Counts that are rounded beside percentages that were computed before rounding give the exact counts
   back: no number of persons makes every percentage of a whole the share of its rounded count, and one
   does for counts that were rounded to it.
2. A total that is exact, or that was not made again, beside rounded parts narrows what they may be.
3. Counts that are all midpoints of six are readable as such only when their column says so.
4. Weighted counts alone do not say how many persons were counted.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.consistent_counts import Share, persons_behind, runs_of_wholes, share_of
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.hidden_percentages import written_share
from output_review.disclosure.known_numbers import Sheet
from output_review.disclosure.masked_cells import is_cell
from output_review.disclosure.quantities import COUNTS, Quantity
from output_review.disclosure.roundings import EXACT
from output_review.disclosure.structure import Entry, Structured, normal

UNDONE = "SDC.rounding_undone"
TOTALS = "SDC.totals_not_recomputed"
MIDPOINT = "SDC.midpoint_not_named"
WEIGHTED = "SDC.weighted_counts_only"

_LEAST_COUNTS = 3
_LEAST_MIDPOINTS = 4
_MIDPOINT_NAME = re.compile(r"mid-?point|_mp6|中点")


def check_undone(structured: Structured) -> Iterator[Finding]:
    """Rule 1, for every column of percentages beside a column of rounded counts."""
    for column in structured.columns:
        pairs = [
            (count, entry, share_of(found[0], is_percentage=found[1]))
            for entry in structured.column(column.index)
            # A row that gives its own N (男 (n=600)) is a share of that, not of the column's whole.
            if structured.rows[entry.position[0]].base is None
            and (found := written_share(structured, entry))
            and (count := _count_of(structured, entry)) is not None
        ]
        rounded = [count for count, _, _ in pairs if count]
        if len(rounded) < _LEAST_COUNTS or any(count % 5 for count in rounded):
            continue
        slack = Decimal(10 if all(count % 10 == 0 for count in rounded) else 5) / 2
        runs = [run for run in runs_of_wholes([share for _, _, share in pairs]) if len(run) > 1]
        for run in runs or [range(len(pairs))]:
            shares = [(pairs[place][0], pairs[place][2]) for place in run]
            is_undone = persons_behind(shares, slack=slack) or _are_of_base(
                shares, structured.base, int(slack * 2)
            )
            if is_undone and not persons_behind(shares):
                yield Finding(
                    UNDONE,
                    Severity.FIX,
                    structured.table.place(pairs[run[0]][1].cell),
                    say("The counts are rounded, but these percentages were computed before rounding."),
                    say("Compute the percentages again from the rounded counts."),
                )
                break


def _are_of_base(shares: Sequence[tuple[int, Share]], base: int | None, step: int) -> bool:
    """Whether percentages of a known number of persons give other counts than the rounded ones, near to them."""
    if base is None:
        return False
    exact = [(count, share.counts(base)) for count, share in shares if count]
    near = [found for count, found in exact if found and min(abs(one - count) for one in found) <= step]
    other = [found for count, found in exact if found and count not in found]
    return len(near) * 5 >= 4 * len(exact) and len(other) * 2 > len(exact) >= _LEAST_COUNTS


def _count_of(structured: Structured, entry: Entry) -> int | None:
    """The count of a percentage: in its own cell, else just before it."""
    row, column = entry.position
    before = structured.entries.get((row, column - 1))
    for one in (entry, before):
        if one is not None and one.count is not None:
            return one.count
    return None


def check_totals(sheet: Sheet) -> Iterator[Finding]:
    """Rule 2."""
    totals = sheet.totals()
    others = [value for spot, value in sheet.shown.items() if spot not in totals and value]
    if len(others) < _LEAST_COUNTS or any(value % 5 for value in others):
        return
    for line in sheet.labelled:
        is_whole = len(line.parts) > 1 and all(spot in sheet.shown for spot in line.spots)
        if not is_whole or not is_cell(line.total):
            continue
        total = sheet.shown[line.total]
        made = sum(sheet.shown[part] for part in line.parts)
        if total != made and (total % 5 or (sheet.roundings[0] != EXACT and not sheet.is_declared)):
            entry = sheet.structured.entries[line.total[1], line.total[2]]  # type: ignore[index]
            yield Finding(
                TOTALS,
                Severity.REVIEW,
                sheet.structured.table.place(entry.cell),
                say("The parts are rounded and this total was not made again from them."),
                say("Make the total again from the rounded parts, or say how numbers were rounded."),
            )


def check_midpoints(structured: Structured) -> Iterator[Finding]:
    """Rule 3."""
    notes = " ".join(normal(note) for note in structured.notes)
    for column in structured.columns:
        counts = [
            e.cell.value.value for e in structured.column(column.index) if e.cell.value.kind is CellKind.COUNT
        ]
        shown = [count for count in counts if count]
        named = _MIDPOINT_NAME.search(normal(column.name)) or _MIDPOINT_NAME.search(notes)
        if (
            column.is_label
            or named
            # One count in six is such a midpoint by chance; the same count twice proves no more than once.
            or len(set(shown)) < _LEAST_MIDPOINTS
            or any(count % 6 != 3 for count in shown)
        ):  # the midpoint of six
            continue
        yield Finding(
            MIDPOINT,
            Severity.REVIEW,
            Place(
                row=structured.table.header[0].row if structured.table.header else None,
                column=structured.table.name(column.index),
            ),
            say("These counts are all midpoints of six, and nothing says so."),
            say("Name the column so that it ends in _midpoint6."),
        )


def check_weighted(structured: Structured) -> Iterator[Finding]:
    """Rule 4."""
    weighted = [column for column in structured.columns if column.quantity is Quantity.WEIGHTED]
    counted = any(
        entry.quantity in COUNTS and (entry.count is not None or entry.mask is not None)
        for entry in structured.entries.values()
    )
    if weighted and not counted:
        yield Finding(
            WEIGHTED,
            Severity.REVIEW,
            Place(
                row=structured.table.header[0].row if structured.table.header else None,
                column=structured.table.name(weighted[0].index),
            ),
            say("The counts are weighted, and the number of persons behind them is not shown."),
            say("Add a column with the unweighted number of persons."),
        )
