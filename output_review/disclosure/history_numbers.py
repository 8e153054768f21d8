"""The numbers that a file states of persons, with the labels they stand under: what history keeps.

1. Every count of every table is kept with the labels of its row and column as written, and so is every
   count in a sentence, under the sentence with its numbers left out. What the labels mean is read when
   numbers are compared, so a better reading also reads what was kept long ago.
2. Captions, notes and the file's name are the table's ``context``: they say of which period, codes and
   people the whole table speaks.
3. A kept form is plain JSON values (``file_as_mapping``), and is sealed where it is stored: labels come
   from the data.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from catalog.identifiers.written_forms import fold
from output_review.disclosure.cells import CellKind
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Place
from output_review.disclosure.prose_counts import counts_in
from output_review.disclosure.quantities import Quantity
from output_review.disclosure.structure import Line
from output_review.disclosure.submissions import READABLE, FileKind, SubmittedFile
from output_review.disclosure.tables import Table
from output_review.disclosure.understanding import understand

PERSONS, ROWS = "persons", "rows"
MOST_NUMBERS = 20_000
"""Counts of one file that are kept; a file that may leave has at most 5,000 rows."""
_FIGURE = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_NUMBER = re.compile(r"\d[\d,.]*")
_PROMPT = re.compile(r"(?:>{1,3}|\.|In \[\d*\]:|\$|mysql>|sas>)\s*(?!#)\S.*|>|[-=+|]{3,}|\\[a-z]+.*|```.*")

Label = tuple[str, str]
"""The header that a label stands under (or beside), and the label; both as written."""


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """One count: its value, what it counts (``persons`` or ``rows``), its labels and its place."""

    value: int
    measure: str
    labels: tuple[Label, ...]
    where: Place


@dataclass(frozen=True, slots=True)
class StatedTable:
    """The counts of one table (or of a file's sentences) and the words around them."""

    context: tuple[str, ...]
    numbers: tuple[StatedNumber, ...]


@dataclass(frozen=True, slots=True)
class StatedFile:
    """Everything that a file states of persons."""

    name: str
    tables: tuple[StatedTable, ...]
    is_read: bool = True
    """Whether it could be read at all; what could not was not compared."""
    figures: tuple[str, ...] = ()
    """Every number written in it, in order of size: the same for a table renamed, turned or sorted."""


def stated_in(examined: ExaminedFile) -> StatedFile:
    """What a file states."""
    file = examined.file
    words = tuple(
        passage.text for passage in examined.passages if passage.cell is None or len(passage.text) > 1
    )
    tables = [_stated_table(table, file.kind, words, examined.captions) for table in examined.tables]
    sentences = tuple(_in_sentences(examined)) if file.kind is FileKind.TEXT else ()
    if sentences:
        tables.append(StatedTable((), sentences))
    return StatedFile(
        PurePath(file.name).name,
        tuple(table for table in tables if table.numbers),
        file.kind in READABLE,
        _figures(file),
    )


def _figures(file: SubmittedFile) -> tuple[str, ...]:
    text = file.text
    if file.kind is FileKind.CSV:
        # A comma between two cells is no comma within a number.
        text = "\n".join(cell for record in csv.reader(text.splitlines(keepends=True)) for cell in record)
    elif file.kind is FileKind.PICTURE:
        text = "\n".join(found.text for found in file.found if found.leaves)
    written = [figure.replace(",", "") for figure in _FIGURE.findall(fold(text).text)]
    return tuple(sorted(written, key=lambda figure: (float(figure), figure))[:MOST_NUMBERS])


def _stated_table(
    table: Table, kind: FileKind, words: tuple[str, ...], captions: tuple[str, ...]
) -> StatedTable:
    known = understand(table)
    label_columns = [column for column in known.columns if column.is_label]
    in_header = {(cell.row, cell.column) for cell in table.header}
    row_of = {row[0].row: known.rows[index] for index, row in enumerate(table.rows) if row}
    named = _other_names(table, known.columns)
    numbers = []
    for cell, count in table.counts():
        column = known.columns[cell.column]
        if column.is_label:
            continue
        if (cell.row, cell.column) in in_header:
            labels: tuple[Label, ...] = (("", "header row"), ("", str(cell.column)))
        else:
            labels = (
                *_row_labels(label_columns, row_of[cell.row]),
                *named.get(cell.row, ()),
                *(("", name) for name in column.labels),
            )
        measure = ROWS if Quantity.ROWS in (column.quantity, _row_quantity(row_of, cell.row)) else PERSONS
        numbers.append(StatedNumber(count, measure, labels, table.place(cell)))
    notes = tuple(cell.text for cell in table.notes if cell.text.strip())
    context = notes if kind is FileKind.CSV else (*captions, *(_around(table, words) or notes))
    return StatedTable(context, tuple(numbers[:MOST_NUMBERS]))


def _other_names(table: Table, columns: Sequence[Line]) -> dict[int, tuple[Label, ...]]:
    """Cells without a count in columns that hold none: they name their rows, whatever their header says."""
    counting = {cell.column for cell, _ in table.counts()}
    free = {column.index: column.name for column in columns if not column.is_label}
    return {
        row[0].row: tuple(
            (free[cell.column], cell.text)
            for cell in row
            if cell.column in free and cell.column not in counting and cell.value.kind is CellKind.TEXT
        )
        for row in table.rows
        if row
    }


def _row_labels(columns: Sequence[Line], row: Line) -> tuple[Label, ...]:
    """Each label of a row under the header of its column."""
    headers = [column.name for column in columns]
    pairs = [(header, label) for header, label in zip(headers, row.labels, strict=False) if label]
    # The number that pandas gives a row says nothing of its people.
    return tuple(pair for pair in pairs if len(pairs) == 1 or pair[0] or not pair[1].isdigit())


def _row_quantity(rows: Mapping[int, Line], row: int) -> Quantity:
    """What a row says its numbers are; of a header, nothing."""
    return rows[row].quantity if row in rows else Quantity.UNKNOWN


def _around(table: Table, words: tuple[str, ...]) -> tuple[str, ...]:
    """Of a text, the line above a table, commands that print it left out: the rest of the text speaks of more than this table."""
    first = min((cell.row for cell in table.header), default=1)
    for text in words:
        above = [line.strip() for line in text.split("\n")[: max(0, first - 1)] if line.strip()]
        while len(above) > 1 and _PROMPT.fullmatch(above[-1]):
            above.pop()
        if above:
            return (above[-1],)
    return ()


def _in_sentences(examined: ExaminedFile) -> Iterator[StatedNumber]:
    """Counts in running words, under the line they stand in with its numbers left out."""
    in_tables = {cell.row for table in examined.tables for row in (table.header, *table.rows) for cell in row}
    for passage in examined.passages:
        folded = fold(passage.text)
        seen: set[int] = set()
        for start, end, count in counts_in(folded.text):
            place = passage.place(*folded.span(start, end))
            if place.row in in_tables or start in seen:
                continue
            seen.add(start)
            yield StatedNumber(count, PERSONS, (("", _sentence(folded.text, start)),), place)


def _sentence(text: str, start: int) -> str:
    """What stands before the number in its line, or the line itself where that is nothing."""
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    before = re.split(r"[。.;,、]\s*", _NUMBER.sub("#", text[begin:start]))[-1]
    words = re.sub(r"(?:のうち|うち|は|が|を|に|で|:|=|n\s*=|were|was|of)\s*$", "", before.strip()).strip()
    return words or _NUMBER.sub("#", text[begin : end if end >= 0 else len(text)]).strip()


def file_as_mapping(file: StatedFile) -> dict[str, Any]:
    """The kept form."""
    return {
        "name": file.name,
        "read": file.is_read,
        "figures": list(file.figures),
        "tables": [
            {
                "context": list(table.context),
                "numbers": [
                    [n.value, n.measure, [list(label) for label in n.labels], n.where.row, n.where.column]
                    for n in table.numbers
                ],
            }
            for table in file.tables
        ],
    }


def file_from_mapping(kept: Mapping[str, Any]) -> StatedFile:
    """The file again; another form raises."""
    tables = tuple(
        StatedTable(
            tuple(str(words) for words in table["context"]),
            tuple(
                StatedNumber(
                    int(value),
                    str(measure),
                    tuple((str(header), str(label)) for header, label in labels),
                    Place(row=row, column=column),
                )
                for value, measure, labels, row, column in table["numbers"]
            ),
        )
        for table in kept["tables"]
    )
    return StatedFile(str(kept["name"]), tables, bool(kept["read"]), tuple(map(str, kept["figures"])))
