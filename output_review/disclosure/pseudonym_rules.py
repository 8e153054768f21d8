"""No pseudonym of the project leaves, in any part of a file.

1. File name, headers, every cell and every line are searched; then each row and each column of a
   table read as one text, so that an identifier cut over cells is found as well.
2. A member of the project's set is a REJECT. Without a set, anything shaped like a UUID is a REVIEW.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from catalog.identifiers.pseudonyms import (
    PseudonymSet,
    find_in_each,
    find_pseudonyms,
    find_uuid_like,
    written_in_each,
)
from enclave.sentences import say
from output_review.disclosure.examined import ExaminedFile
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.submissions import GRIDS, FileKind
from output_review.disclosure.tables import Cell, Table

PSEUDONYM = "ID.pseudonym"
UUID_LIKE = "ID.uuid_like"


def check_pseudonyms(examined: ExaminedFile, ids: PseudonymSet | None) -> Iterator[Finding]:
    """Every place of a file that holds a pseudonym."""
    if any(_hold([examined.file.name], ids)):
        yield _finding(Place(), ids, in_name=True)
    if examined.file.kind in (FileKind.TEXT, FileKind.JSON):
        yield from _in_text(examined.file.text, ids)
    elif examined.file.kind in GRIDS:
        found = False
        for table in examined.tables:
            for place in _in_table(table, ids):
                found = True
                yield _finding(place, ids)
        if not found and any(_hold([examined.file.text], ids)):
            yield _finding(Place(), ids)


def _in_text(text: str, ids: PseudonymSet | None) -> Iterator[Finding]:
    hits = find_uuid_like(text) if ids is None else find_pseudonyms(text, ids)
    ends = [place for place, character in enumerate(text) if character == "\n"] if hits else []
    for hit in hits:
        row = bisect_left(ends, hit.offset) + 1
        yield _finding(Place(row=row, offset=hit.offset, length=hit.length), ids)


def _in_table(table: Table, ids: PseudonymSet | None) -> Iterator[Place]:
    """Cells first; then rows and columns as a whole, where no cell of theirs was found."""
    lines = [table.header, *table.rows, table.notes]
    cells = [cell for line in lines for cell in line]
    hits = [cell for cell, held in zip(cells, _hold([cell.text for cell in cells], ids), strict=True) if held]
    yield from (table.place(cell) for cell in hits)
    if ids is None:
        # A shape in joined cells would be chance: digits of neighbouring counts look like a UUID.
        return
    rows = {cell.row for cell in hits}
    columns = {cell.column for cell in hits}
    others = [line for line in lines if line and line[0].row not in rows]
    for line, held in zip(others, written_in_each([_joined(line) for line in others], ids), strict=True):
        if held:
            yield Place(row=line[0].row)
    by_column: dict[int, list[Cell]] = {}
    for cell in cells:
        by_column.setdefault(cell.column, []).append(cell)
    names = [column.index for column in table.columns if column.index not in columns]
    joined = [_joined(by_column.get(name, ())) for name in names]
    for name, held in zip(names, written_in_each(joined, ids), strict=True):
        if held:
            yield Place(column=table.name(name))


def _joined(line: Sequence[Cell]) -> str:
    """The pieces of a line as one text."""
    return "".join(cell.text for cell in line)


def _hold(texts: Sequence[str], ids: PseudonymSet | None) -> list[bool]:
    """For each text, whether it holds a pseudonym; texts too short for any are not searched."""
    if ids is None:
        return [bool(find_uuid_like(text)) for text in texts]
    long_enough = [text if len(text) >= ids.shortest_form else "" for text in texts]
    return [bool(hits) for hits in find_in_each(long_enough, ids)]


def _finding(place: Place, ids: PseudonymSet | None, *, in_name: bool = False) -> Finding:
    if ids is None:
        message = say("This is shaped like a pseudonym, and the project's pseudonyms are not known here.")
        return Finding(
            UUID_LIKE, Severity.REVIEW, place, message, say("Remove it unless it names no person.")
        )
    message = (
        say("The file's name holds a pseudonym of this project.")
        if in_name
        else say("This is a pseudonym of this project.")
    )
    return Finding(
        PSEUDONYM, Severity.REJECT, place, message, say("Remove every pseudonym; results describe groups.")
    )
