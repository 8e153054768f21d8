"""Small counts that are the difference of two shown numbers.

1. A total and parts that fall short of it by a small number hide a category (その他, 不明): of one line, of
   the parts of a table of characteristics, or of two tables of the same people.
2. Cumulative counts hide the step between neighbours, the first count included.
3. Where numbers are rounded a difference proves nothing, so a rounded table has no remainder.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from enclave.sentences import say
from output_review.disclosure.consistent_counts import share_of
from output_review.disclosure.count_grid import Spot
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.hidden_percentages import written_share
from output_review.disclosure.known_numbers import Sheet
from output_review.disclosure.masked_cells import is_cell
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.roundings import EXACT
from output_review.disclosure.small_counts import is_too_small
from output_review.disclosure.structure import Entry, Structured, normal

REMAINDER = "SDC.hidden_remainder"
IN_CUMULATIVE = "SDC.hidden_in_cumulative"

_LEAST_PEOPLE = 30
_CUMULATIVE = re.compile(r"累積|累計|cumulative|\bcum\b|cum[ _.-]|running total")


def check_remainders(sheet: Sheet, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every total of a table whose shown parts fall short by a small count."""
    structured = sheet.structured
    if sheet.roundings[0] != EXACT:
        return
    for total, missing in _short_lines(sheet):
        if is_too_small(missing, policy):
            entry = _entry(structured, total)
            place = (
                structured.table.place(entry.cell) if entry is not None else _column_place(structured, total)
            )
            yield _remainder(place, policy)


def _short_lines(sheet: Sheet) -> Iterator[tuple[Spot, int]]:
    """Totals of fully shown lines that do not add up, and by how much they exceed the parts."""
    for line in sheet.labelled:
        if line.family != "virtual" and sheet.shown.keys() >= set(line.spots) and line.parts:
            missing = sheet.shown[line.total] - sum(sheet.shown[part] for part in line.parts)
            if missing > 0:
                yield line.total, missing
    if len(sheet.roundings) == 1:
        # Where all numbers may be rounded, a run that falls short of its N by little proves nothing.
        yield from sheet.short_runs


def _entry(structured: Structured, spot: Spot) -> Entry | None:
    return structured.entries.get((spot[1], spot[2])) if is_cell(spot) else None  # type: ignore[arg-type]


def _column_place(structured: Structured, spot: Spot) -> Place:
    row = structured.table.header[0].row if structured.table.header else None
    return Place(row=row, column=structured.table.name(int(str(spot[2]))))


def check_totals_of_tables(
    sheets: Sequence[Sheet], others: Sequence[Sheet], policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Tables of one submission whose totals differ by a small count: the missing values of one of them."""
    for place, sheet in enumerate(sheets):
        own = _whole(sheet)
        if own is None:
            continue
        for other in (*sheets[:place], *others):
            far = _whole(other)
            if far is None or min(own, far) < _LEAST_PEOPLE or _labels(sheet) == _labels(other):
                continue
            difference = abs(own - far)
            if difference and is_too_small(difference, policy) and _are_of_same_kind(sheet, other):
                yield Finding(
                    REMAINDER,
                    Severity.FIX,
                    _first_place(sheet.structured),
                    say(
                        "The total of this table differs from that of another table by fewer than {threshold} persons.",
                        threshold=policy.min_persons,
                    ),
                    say("Show both tables for the same persons, or round the counts of both."),
                )
                break


_GROUP_TOTAL = re.compile(r".*(?:計|合計|総数)|(?:.*[ _])?(?:sub-?)?total")
_FLOW = re.compile(
    r"(?:step|stage|criteri(?:on|a)|(?:in|ex)clusion(?: criteri(?:on|a))?|flow|cohort step|selection)s?|(?:選択|抽出|除外|適格)?(?:ステップ|段階|手順|工程)|フロー|(?:選択|除外|適格|組入れ?)(?:基準|条件)"
)
"""A column of steps: what remains after each is counted, so that a difference is those who left."""


def _whole(sheet: Sheet) -> int | None:
    """Everybody in a table of one column of counts: its shown total, else the sum of its rows."""
    columns = {spot[2] for spot in sheet.shown if is_cell(spot)}
    if len(columns) != 1 or sheet.roundings[0] != EXACT:
        return None
    totals = {line.total: line for line in sheet.lines if not line.family.startswith("columns")}
    for total, line in totals.items():
        if total in sheet.shown:
            return sheet.shown[total]
        if all(part in sheet.shown for part in line.parts) and line.family == "virtual":
            return sum(sheet.shown[part] for part in line.parts)
    return None


def _labels(sheet: Sheet) -> frozenset[str]:
    return frozenset(label for name in sheet.names.values() for label in name)


def _are_of_same_kind(one: Sheet, two: Sheet) -> bool:
    """Neither is a list of different things that happen to be as many: both count persons."""
    headers = [{normal(c.name) for c in sheet.structured.columns if not c.is_label} for sheet in (one, two)]
    return bool(headers[0] & headers[1])


def _first_place(structured: Structured) -> Place:
    entry = next(iter(structured.entries.values()))
    return structured.table.place(entry.cell)


def _remainder(place: Place, policy: DisclosurePolicy) -> Finding:
    return Finding(
        REMAINDER,
        Severity.FIX,
        place,
        say(
            "The shown parts fall short of this total by fewer than {threshold} persons, so a small category is left out.",
            threshold=policy.min_persons,
        ),
        say(
            "Make the total again from the shown parts, or merge the category that is left out with another."
        ),
    )


def check_blanks(structured: Structured, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Totals that the shown parts of a line with blanks fall short of by too few persons."""
    for addition in structured.column_sums:
        for row in structured.rows:
            yield from _blank(structured, [(row.index, c) for c in (addition.total, *addition.parts)], policy)
    for addition in structured.row_sums:
        for column in structured.columns:
            if not column.is_label:
                spots = [(r, column.index) for r in (addition.total, *addition.parts)]
                yield from _blank(structured, spots, policy)

    yield from _merged(structured, policy)


def _merged(structured: Structured, policy: DisclosurePolicy) -> Iterator[Finding]:
    """A column of totals that stand once for several rows, as merged cells do (県計), against the column before it."""
    for column in structured.columns:
        totals = [entry for entry in structured.column(column.index) if entry.count is not None]
        counted = [c.index for c in structured.columns if not c.is_label and c.index < column.index]
        is_sparse = 0 < len(totals) * 2 <= len(structured.rows)
        if not counted or not is_sparse or not _GROUP_TOTAL.fullmatch(normal(column.name)):
            continue
        starts = [entry.position[0] for entry in totals]
        for entry, start, end in zip(totals, starts, [*starts[1:], len(structured.rows)], strict=True):
            parts = [structured.entries.get((row, counted[-1])) for row in range(start, end)]
            counts = [part.count for part in parts if part is not None and part.count is not None]
            rest = (entry.count or 0) - sum(counts)
            if counts and 0 < rest < policy.min_persons:
                yield _remainder(structured.table.place(entry.cell), policy)


def _blank(
    structured: Structured, spots: Sequence[tuple[int, int]], policy: DisclosurePolicy
) -> Iterator[Finding]:
    total, *parts = (structured.entries.get(spot) for spot in spots)
    counts = [part.count for part in parts if part is not None]
    if total is None or total.count is None or None in counts or not counts or None not in parts:
        return
    if 0 < total.count - sum(count for count in counts if count is not None) < policy.min_persons:
        yield _remainder(structured.table.place(total.cell), policy)


def check_cumulative(structured: Structured, policy: DisclosurePolicy) -> Iterator[Finding]:
    """Every step of cumulative counts that is a small count."""
    notes = " ".join(normal(note) for note in structured.notes)
    counted = [
        c
        for c in structured.columns
        if not c.is_label and any(e.count is not None for e in structured.column(c.index))
    ]
    for column in counted:
        is_flow = any(_FLOW.fullmatch(normal(c.name)) for c in structured.columns if c.is_label)
        if _CUMULATIVE.search(normal(column.name)) or (
            len(counted) == 1 and (is_flow or _CUMULATIVE.search(notes))
        ):
            yield from _steps(
                structured,
                [e for e in structured.column(column.index) if not structured.rows[e.position[0]].is_total],
                policy,
            )
    for column in structured.columns:
        base = column.base or structured.base
        if base and _CUMULATIVE.search(normal(column.name)):
            yield from _share_steps(structured, structured.column(column.index), base, policy)
    for row in structured.rows:
        if _CUMULATIVE.search(normal(row.name)):
            yield from _steps(structured, structured.row(row.index), policy)


def _share_steps(
    structured: Structured, entries: Sequence[Entry], persons: int, policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Steps of cumulative percentages of a known number of persons."""
    shares = [
        (entry, share_of(found[0], is_percentage=found[1]))
        for entry in entries
        if (found := written_share(structured, entry))
    ]
    for (_, before), (entry, after) in pairwise(shares):
        most = (max(after.high, before.high) - min(after.low, before.low)) * persons
        middle = abs(after.low + after.high - before.low - before.high) / 2 * persons
        if middle >= 1 / Decimal(2) and most < policy.min_persons:
            yield _step(structured, entry, policy)


def _step(structured: Structured, entry: Entry, policy: DisclosurePolicy) -> Finding:
    return Finding(
        IN_CUMULATIVE,
        Severity.FIX,
        structured.table.place(entry.cell),
        say(
            "Between this cumulative count and its neighbour lie fewer than {threshold} persons.",
            threshold=policy.min_persons,
        ),
        say("Leave out steps until each holds enough persons, or round the cumulative counts."),
    )


def _steps(structured: Structured, entries: Sequence[Entry], policy: DisclosurePolicy) -> Iterator[Finding]:
    counts = [(entry, count) for entry in entries if (count := entry.count) is not None]
    values = [count for _, count in counts]
    if values != sorted(values) and values != sorted(values, reverse=True):
        return
    for (_, before), (entry, after) in pairwise(counts):
        step = abs(after - before)
        if step and is_too_small(step, policy):
            yield _step(structured, entry, policy)
