"""Masked cells that somebody can compute again, exactly or nearly.

1. For every masked cell the smallest and the largest possible value are computed (``intervals``) from
   everything that is known: its table, the other tables of the submission and of earlier releases that
   speak of the same cells, legends, and how numbers were rounded.
2. Fewer possible values than the policy's number is to be fixed. A mark whose own legend leaves fewer
   is looked at: no arithmetic is needed to read it.
3. Masked cells whose sum over a line is itself too small give a small group away.
4. A blank cell is a masked one when what it must hold is a small count.
5. Where totals do not add up, or nothing is proven under every rounding that the numbers allow, people
   look. Where the work allowed does not settle the question, the rule fails, and that blocks.
6. A table that gives away what an earlier release masks is to be fixed itself.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from enclave.sentences import say
from output_review.disclosure.cells import CellKind
from output_review.disclosure.count_grid import Spot
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.intervals import ContradictionError, Interval, audit
from output_review.disclosure.known_numbers import Sheet, sheet_of
from output_review.disclosure.linked_tables import join, linked_with
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.roundings import EXACT, Rounding
from output_review.disclosure.tables import Table

DERIVABLE = "SDC.masked_cell_derivable"
UNRESOLVED = "SDC.masked_cell_unresolved"


@dataclass(frozen=True, slots=True)
class Audited:
    """A table's hidden cells under one reading of its numbers: their intervals, and what is too narrow."""

    rounding: Rounding
    intervals: Mapping[Spot, Interval]
    narrow: frozenset[Spot]


@dataclass(frozen=True, slots=True)
class SheetAudit:
    """A table with its audits, one for each rounding that its numbers allow; none when nothing adds up."""

    sheet: Sheet
    audits: tuple[Audited, ...]
    gives_away_earlier: bool = False

    @property
    def is_proven(self) -> bool:
        """Whether the numbers hold together as they stand, or as a declared rounding says."""
        exact = any(audit.rounding == EXACT for audit in self.audits)
        return exact or (self.sheet.is_declared and bool(self.audits))

    @property
    def narrow(self) -> frozenset[Spot]:
        """Cells that are too narrow under every reading."""
        return frozenset.intersection(*(a.narrow for a in self.audits)) if self.audits else frozenset()

    @property
    def doubtful(self) -> frozenset[Spot]:
        """Cells that are too narrow under some reading only."""
        return frozenset[Spot]().union(*(a.narrow for a in self.audits)) - self.narrow


def check_masked_cells(
    examined: ExaminedFile,
    policy: DisclosurePolicy,
    beside: Sequence[ExaminedFile] = (),
    earlier: Sequence[ExaminedFile] = (),
) -> Iterator[Finding]:
    """Every masked cell that is given away, and those that must be looked at."""
    for table, result in zip(examined.tables, audit_tables(examined, policy, beside, earlier), strict=True):
        if result.gives_away_earlier:
            yield _earlier(Place())
        yield from _judged(table, result, policy)


def _judged(table: Table, result: SheetAudit, policy: DisclosurePolicy) -> Iterator[Finding]:
    """The findings on the cells of one table, by rows."""
    sheet = result.sheet
    narrow, doubtful, is_proven = result.narrow, result.doubtful, result.is_proven
    lined = {spot for line in sheet.lines if line.family != "virtual" for spot in line.spots}
    is_open = sheet.contradicted or _speaks_of_totals(sheet)
    for spot in sorted(filter(is_cell, sheet.hidden), key=_position):
        if spot in narrow and spot in sheet.masked and _is_narrow_by_itself(sheet, spot, result, policy):
            yield _legend(_place(table, sheet, spot))
        elif spot in narrow:
            yield _derivable(_place(table, sheet, spot))
        elif spot in sheet.masked and (spot in doubtful or not is_proven or (is_open and spot not in lined)):
            yield _unresolved(_place(table, sheet, spot))


def _position(spot: Spot) -> tuple[int, int]:
    return int(str(spot[1])), int(str(spot[2]))


def audit_tables(
    examined: ExaminedFile,
    policy: DisclosurePolicy,
    beside: Sequence[ExaminedFile] = (),
    earlier: Sequence[ExaminedFile] = (),
) -> tuple[SheetAudit, ...]:
    """The audit of every table of a file, in order.

    Raises:
        UnsettledError: the work allowed did not settle an interval.
    """
    own = sheets_of([examined], "own")
    if not own or (not any(sheet.hidden for sheet in own) and not _is_masking(earlier)):
        return tuple(SheetAudit(sheet, ()) for sheet in own)
    siblings = sheets_of(beside, "beside")
    before = sheets_of(earlier, "earlier")
    seconds = policy.audit_seconds / (2 * len(own))
    results = []
    for sheet in own:
        others = [other for other in own if other is not sheet]
        near = linked_with(sheet, [*others, *siblings, *before])
        is_hiding = any(is_cell(spot) for spot in sheet.hidden)
        audits = tuple(_audits(sheet, near, policy, seconds)) if is_hiding else ()
        older = [other for other in near if other in before and other.masked]
        gives_away = any(_reveals(sheet, other, near, policy, seconds) for other in older)
        results.append(SheetAudit(sheet, audits, gives_away))
    return tuple(results)


def _is_masking(files: Sequence[ExaminedFile]) -> bool:
    cells = (cell for file in files for table in file.tables for row in table.rows for cell in row)
    return any(cell.value.kind is CellKind.MASKED for cell in cells)


def sheets_of(files: Sequence[ExaminedFile], source: str) -> list[Sheet]:
    """The tables of some files as sheets; ``source`` keeps their numbers apart."""
    return [
        sheet_of(structured, (source, number, place))
        for number, file in enumerate(files)
        for place, structured in enumerate(file.structured)
    ]


def _audits(
    sheet: Sheet, near: Sequence[Sheet], policy: DisclosurePolicy, seconds: float
) -> Iterator[Audited]:
    """The audit under every rounding under which the numbers hold together; together with linked tables if that holds."""
    for rounding in sheet.roundings:
        if near:
            try:
                yield _audited(sheet, rounding, near, policy, seconds)
            except ContradictionError:
                pass
            else:
                continue
        try:
            yield _audited(sheet, rounding, (), policy, seconds)
        except ContradictionError:
            continue


def _audited(
    sheet: Sheet, rounding: Rounding, near: Sequence[Sheet], policy: DisclosurePolicy, seconds: float
) -> Audited:
    joint = join([(sheet, rounding), *((other, other.roundings[0]) for other in near)])
    spots = [spot for spot in sheet.hidden if is_cell(spot)]
    found = audit(joint.known, list(dict.fromkeys(joint.place[spot] for spot in spots)), seconds)
    intervals = {spot: found[joint.place[spot]] for spot in spots}
    narrow = {
        spot
        for spot, interval in intervals.items()
        if is_too_narrow(interval, policy, is_masked=spot in sheet.masked)
    }
    for group in small_groups(sheet, joint.known.bounds, joint.place, intervals, policy):
        narrow.update(spot for spot in group if spot in sheet.masked)
    return Audited(rounding, intervals, frozenset(narrow))


def is_too_narrow(interval: Interval, policy: DisclosurePolicy, *, is_masked: bool) -> bool:
    """Rules 2 and 4; that nobody is behind a cell may be known while zero may be shown."""
    if interval.hi == 0 and policy.zero_allowed:
        return False
    if is_masked:
        return interval.width < policy.interval_width
    return interval.lo > 0 and interval.hi < policy.min_persons


def small_groups(
    sheet: Sheet,
    bounds: Mapping[Hashable, Interval],
    place: Mapping[Spot, Hashable],
    intervals: Mapping[Spot, Interval],
    policy: DisclosurePolicy,
) -> Iterator[tuple[Spot, ...]]:
    """Rule 3: two cells or more, with what the other parts of their line leave for them."""
    for line in sheet.lines:
        missing = [part for part in line.parts if part in intervals and not intervals[part].is_exact]
        if len(missing) < 2 or line.total in sheet.hidden:  # two make a group
            continue
        rest = [intervals.get(part, bounds[place[part]]) for part in line.parts if part not in missing]
        total = bounds[place[line.total]]
        least = total.lo - sum(interval.hi for interval in rest)
        most = total.hi - sum(interval.lo for interval in rest)
        if 0 < most < policy.min_persons and Interval(max(least, 0), most).width < policy.interval_width:
            yield tuple(missing)


def _reveals(
    sheet: Sheet, older: Sheet, near: Sequence[Sheet], policy: DisclosurePolicy, seconds: float
) -> bool:
    """Rule 6: whether cells that an earlier release masks are too narrow with this table and were not without."""
    spots = [spot for spot in older.masked if is_cell(spot)]
    with_it = [(older, older.roundings[0]), (sheet, sheet.roundings[0])]
    with_it += [(other, other.roundings[0]) for other in near if other is not older]
    without = [(one, rounding) for one, rounding in with_it if one is not sheet]
    try:
        now, before = (_narrow_of(spots, sheets, policy, seconds) for sheets in (with_it, without))
    except ContradictionError:
        return False
    return bool(now - before)


def _narrow_of(
    spots: Sequence[Spot],
    sheets: Sequence[tuple[Sheet, Rounding]],
    policy: DisclosurePolicy,
    seconds: float,
) -> set[Spot]:
    joint = join(sheets)
    found = audit(joint.known, list(dict.fromkeys(joint.place[spot] for spot in spots)), seconds)
    return {spot for spot in spots if is_too_narrow(found[joint.place[spot]], policy, is_masked=True)}


def _is_narrow_by_itself(sheet: Sheet, spot: Spot, result: SheetAudit, policy: DisclosurePolicy) -> bool:
    """Whether the mark's own legend is all that makes a cell narrow."""
    own = sheet.hidden[spot]
    return own.width < policy.interval_width and all(a.intervals[spot] == own for a in result.audits)


def is_cell(spot: Spot) -> bool:
    """Whether a spot is a cell of its table, not a virtual total."""
    return isinstance(spot[1], int) and isinstance(spot[2], int)


def _speaks_of_totals(sheet: Sheet) -> bool:
    """Whether a label names a total, though nothing was found that adds up to any."""
    lines = (*sheet.structured.rows, *sheet.structured.columns)
    has_lines = any(line.family != "virtual" for line in sheet.lines)
    return not has_lines and any(line.is_total for line in lines)


def _place(table: Table, sheet: Sheet, spot: Spot) -> Place:
    row_index, column = _position(spot)
    entry = sheet.structured.entries.get((row_index, column))
    if entry is not None:
        return table.place(entry.cell)
    row = table.rows[row_index]
    cell = next((cell for cell in row if cell.column == column), None)
    return table.place(cell) if cell is not None else Place(row=row[0].row, column=table.name(column))


def _derivable(place: Place) -> Finding:
    return Finding(
        DERIVABLE,
        Severity.FIX,
        place,
        say("This hidden count can be computed, exactly or nearly, from the other numbers that are shown."),
        say(
            "Mask further cells in the same row and in the same column, or round all numbers and their totals."
        ),
    )


def _legend(place: Place) -> Finding:
    return Finding(
        UNRESOLVED,
        Severity.REVIEW,
        place,
        say("The mark of this cell leaves only a few possible counts."),
        say("Use one mark for every count below the threshold."),
    )


def _earlier(place: Place) -> Finding:
    return Finding(
        DERIVABLE,
        Severity.FIX,
        place,
        say("Together with an earlier release this table gives away a count that was masked there."),
        say("Mask the same cells as in the earlier release, and enough others that they stay hidden."),
    )


def _unresolved(place: Place) -> Finding:
    return Finding(
        UNRESOLVED,
        Severity.REVIEW,
        place,
        say("Whether this hidden count can be computed depends on how the totals were made."),
        say("Say how numbers were rounded, or check how narrow the range of possible values is."),
    )
