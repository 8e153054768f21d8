"""A count that, taken from one released before, leaves a handful of persons.

1. Two tables are compared when they have the same headers and the same row labels; order of rows
   and columns does not matter.
2. Where the same cell differs from an earlier release by at least one person and fewer than the
   policy's number, the difference describes those persons, and is to be fixed.
3. An earlier release that cannot be read was not compared; people must know.
"""

from collections.abc import Iterator, Sequence

from catalog.identifiers.written_forms import fold
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.headers import Topic
from output_review.disclosure.policy import DisclosurePolicy
from output_review.disclosure.small_counts import is_too_small
from output_review.disclosure.submissions import READABLE
from output_review.disclosure.tables import Cell, Table

DIFFERENCING = "SDC.differencing"
NOT_COMPARED = "SDC.history_not_compared"

_Labels = tuple[tuple[str, str], ...]
_CellKey = tuple[_Labels, int, str]


def check_differencing(
    examined: ExaminedFile, earlier: Sequence[ExaminedFile], policy: DisclosurePolicy
) -> Iterator[Finding]:
    """Every count that differs from the same count of an earlier release by too few persons."""
    before = [table for file in earlier for table in file.tables]
    for table in examined.tables:
        cells = _counts_by_labels(table)
        flagged: set[_CellKey] = set()
        for old in before:
            if _headers(old) != _headers(table):
                continue
            old_counts = {key: count for key, (_, count) in _counts_by_labels(old).items()}
            for key, (cell, count) in cells.items():
                difference = abs(count - old_counts.get(key, count))
                if key not in flagged and difference and is_too_small(difference, policy):
                    flagged.add(key)
                    yield _finding(table, cell, policy)
    if examined.tables and any(file.file.kind not in READABLE for file in earlier):
        yield Finding(
            NOT_COMPARED,
            Severity.REVIEW,
            Place(),
            say(
                "An earlier release holds a file that could not be read, so this file was not compared with it."
            ),
        )


def _finding(table: Table, cell: Cell, policy: DisclosurePolicy) -> Finding:
    return Finding(
        DIFFERENCING,
        Severity.FIX,
        table.place(cell),
        say(
            "This count differs from the same count in an earlier release by fewer than {threshold} persons.",
            threshold=policy.min_persons,
        ),
        say("Keep the number as it was released, round both, or wait until the difference is large enough."),
    )


def _headers(table: Table) -> tuple[str, ...]:
    return tuple(sorted(_text(column.header) for column in table.columns))


def _counts_by_labels(table: Table) -> dict[_CellKey, tuple[Cell, int]]:
    """Every count under its row labels, the how-manieth row with these labels it is, and its header."""
    counts = {(cell.row, cell.column): count for cell, count in table.counts()}
    labelling = {
        column.index
        for column in table.columns
        if column.topic not in (Topic.PERSONS, Topic.ROWS, Topic.MEASURE)
        and not any((row[0].row, column.index) in counts for row in table.rows if row)
    }
    keyed: dict[_CellKey, tuple[Cell, int]] = {}
    seen: dict[_Labels, int] = {}
    for row in table.rows:
        labels = tuple(
            sorted(
                (_text(table.name(cell.column)), _text(cell.text)) for cell in row if cell.column in labelling
            )
        )
        seen[labels] = seen.get(labels, 0) + 1
        for cell in row:
            if (cell.row, cell.column) in counts:
                key = (labels, seen[labels], _text(table.name(cell.column)))
                keyed[key] = (cell, counts[cell.row, cell.column])
    return keyed


def _text(text: str) -> str:
    return fold(text).text.strip()
