"""What one table tells somebody who computes: numbers, hidden numbers, and what adds up.

1. A sheet holds the count cells of a table by spot: shown ones, masked ones with what their legend
   admits, blank ones. Percentages and measures are no part of it.
2. Lines that add up come first from labels (合計, 小計, indents). Where the fully shown lines of a
   direction contradict, that direction holds no more, and the sheet says so.
3. Other lines need evidence in the numbers: a column that is the sum of the others wherever all are
   shown; runs of rows that add up to the N of their column; the N that a caption gives.
4. Lines with no total in the table get one that is not shown (a virtual total), because another table
   may show it.
5. The name of a spot, for other tables, is the set of its labels without words for totals and counts:
   the same cell has the same name in a table turned round, and a margin the name of a one-way table's
   cell.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from output_review.disclosure.count_grid import AddedLine, CountGrid, Spot, contradictory
from output_review.disclosure.intervals import Equation, Interval, Known
from output_review.disclosure.margins import is_total_label
from output_review.disclosure.quantities import COUNTS, quantity_of
from output_review.disclosure.roundings import EXACT, Rounding, declared_rounding, possible_roundings
from output_review.disclosure.structure import Structured, normal

_BASE_PARENTHESIS = re.compile(r"[(\[]\s*n\s*[=:].*?[)\]]")


@dataclass(frozen=True)
class Sheet:
    """The counts of one table; see the rules of this module."""

    number: Hashable
    structured: Structured
    shown: Mapping[Spot, int]
    hidden: Mapping[Spot, Interval]
    masked: frozenset[Spot]
    """The hidden spots that bear a mark; the others are blank or virtual."""
    lines: tuple[AddedLine, ...]
    labelled: tuple[AddedLine, ...]
    """The lines that labels give, whether they add up or not."""
    short_runs: tuple[tuple[Spot, int], ...]
    """The N of a column, and by how much the parts of a characteristic fall short of it."""
    contradicted: bool
    names: Mapping[Spot, frozenset[str]]
    roundings: tuple[Rounding, ...]
    """The roundings under which the sheet is to be read, the likeliest first."""
    is_declared: bool

    def totals(self) -> set[Spot]:
        """Spots that are the total of some line."""
        return {line.total for line in self.lines}

    def known(self, rounding: Rounding) -> Known:
        """The sheet as bounds and equations."""
        totals = self.totals()
        bounds: dict[Hashable, Interval] = {
            spot: rounding.admits(value, is_total=spot in totals) for spot, value in self.shown.items()
        }
        hidden: dict[Hashable, Interval] = {spot: interval for spot, interval in self.hidden.items()}  # noqa: C416  # a wider key
        return Known(bounds | hidden, tuple(Equation(line.total, line.parts) for line in self.lines))


def sheet_of(structured: Structured, number: Hashable) -> Sheet:
    """The counts of a table as a sheet of this number."""
    grid = CountGrid(structured, number)
    labelled = [*grid.lines_down(), *grid.lines_across()]
    rounded = _roundings(grid, labelled)
    kept, contradicted = labelled, False
    if rounded[0][0] == EXACT:
        broken = contradictory(labelled, grid.shown)
        kept = [line for line in labelled if line.family not in broken]
        contradicted = bool(broken)
    extra = list(grid.lines_by_evidence(kept))
    virtual = list(grid.virtual_lines([*kept, *extra]))
    lines = (*kept, *extra, *virtual)
    spots = {spot for line in virtual for spot in line.spots} - grid.shown.keys() - grid.hidden.keys()
    hidden = {**grid.hidden, **dict.fromkeys(spots, Interval(0))}
    names = _unique_names({spot: _name(structured, spot) for spot in (*grid.shown, *hidden)})
    return Sheet(
        number,
        structured,
        grid.shown,
        hidden,
        frozenset(grid.masked),
        lines,
        tuple(labelled),
        tuple(grid.short_runs),
        contradicted,
        names,
        *rounded,
    )


def _roundings(grid: CountGrid, lines: Sequence[AddedLine]) -> tuple[tuple[Rounding, ...], bool]:
    """The roundings to read a table under: the declared one, or none, or what the numbers allow."""
    declared = declared_rounding(grid.structured.notes)
    if declared is not None:
        return (declared,), True
    totals = {line.total for line in lines}
    shown_totals = [grid.shown[spot] for spot in totals if spot in grid.shown]
    possible = tuple(possible_roundings(list(grid.shown.values()), shown_totals))
    if possible and contradictory(lines, grid.shown):
        fitting = tuple(r for r in possible if not _breaks(lines, grid.shown, r, totals))
        if fitting:
            return fitting, False
    return (EXACT, *possible), False


def _breaks(
    lines: Iterable[AddedLine], shown: Mapping[Spot, int], rounding: Rounding, totals: set[Spot]
) -> bool:
    """Whether some fully shown line does not add up even with what a rounding admits."""
    for line in lines:
        if shown.keys() >= set(line.spots):
            bounds = {spot: rounding.admits(shown[spot], is_total=spot in totals) for spot in line.spots}
            low = sum(bounds[spot].lo for spot in line.parts)
            high = sum(bounds[spot].hi for spot in line.parts)
            if low > bounds[line.total].hi or high < bounds[line.total].lo:
                return True
    return False


def _unique_names(names: Mapping[Spot, frozenset[str]]) -> dict[Spot, frozenset[str]]:
    """Names that one spot alone bears."""
    often = Counter(names.values())
    return {spot: name for spot, name in names.items() if often[name] == 1}


def _name(structured: Structured, spot: Spot) -> frozenset[str]:
    """Rule 5."""
    _, row, column = spot
    labels: list[str] = []
    if isinstance(row, int):
        labels += structured.rows[row].labels
    elif isinstance(row, tuple):
        labels.append(str(row[1]))
    if isinstance(column, int):
        labels += [label for label in structured.columns[column].labels if quantity_of(label) not in COUNTS]
    folded = [_BASE_PARENTHESIS.sub("", normal(label)).strip() for label in labels]
    return frozenset(label for label in folded if label and not is_total_label(label))
