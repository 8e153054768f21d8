"""One file taken apart once, for all rules: its tables and the passages of words in it."""

from dataclasses import dataclass
from functools import cached_property

from output_review.disclosure.cells import CellKind
from output_review.disclosure.file_names import under_name
from output_review.disclosure.findings import Place
from output_review.disclosure.json_tables import Scalar, captions_of_json, tables_from_json
from output_review.disclosure.structure import Structured
from output_review.disclosure.submissions import GRIDS, FileKind, SubmittedFile
from output_review.disclosure.table_sides import Side, sides_of
from output_review.disclosure.tables import Table, table_from_csv
from output_review.disclosure.text_tables import tables_from_text


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in a file. A passage of a cell has its cell's place; of a text file, offsets count from its start."""

    text: str
    cell: Place | None = None

    def place(self, offset: int, length: int) -> Place:
        """Where a part of the passage stands in the file."""
        if self.cell is not None:
            return self.cell
        return Place(row=self.text.count("\n", 0, offset) + 1, offset=offset, length=length)


@dataclass(frozen=True)
class ExaminedFile:
    """A file's tables, and its words outside counts."""

    file: SubmittedFile
    tables: tuple[Table, ...]
    passages: tuple[Passage, ...]
    captions: tuple[str, ...] = ()
    """Words that a file without running text keeps beside its tables: the title and notes of JSON."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the file as written; ``row`` of a text counts them from 1."""
        return tuple(self.file.text.split("\n"))

    @cached_property
    def beside(self) -> tuple[str, ...]:
        """The words that stand beside the tables: legends, captions, sentences."""
        return (*(passage.text for passage in self.passages if passage.cell is None), *self.captions)

    @cached_property
    def structured(self) -> tuple[Structured, ...]:
        """The tables understood, one for each of ``tables``."""
        return tuple(side.structured for side in self.all_sides if not side.is_turned)

    @cached_property
    def sides(self) -> tuple[tuple[Side, ...], ...]:
        """For each of ``tables``: the table as written and, unless it is very long, turned."""
        return tuple(tuple(sides_of(table, self.beside)) for table in self.tables)

    @cached_property
    def all_sides(self) -> tuple[Side, ...]:
        """All sides of all tables."""
        return tuple(side for sides in self.sides for side in sides)


def _in_json(text: str, word: Scalar) -> Place:
    return Place(row=text.count("\n", 0, word.offset) + 1, offset=word.offset, length=len(word.text))


def examine(file: SubmittedFile) -> ExaminedFile:
    """Take a file apart; a kind without text has neither tables nor passages."""
    if file.kind is FileKind.TEXT:
        return ExaminedFile(file, tables_from_text(file.text), (Passage(file.text),))
    if file.kind is FileKind.JSON:
        tables, words = tables_from_json(file.text)
        return ExaminedFile(
            file,
            tables,
            tuple(Passage(word.text, _in_json(file.text, word)) for word in words),
            captions_of_json(file.text),
        )
    if file.kind not in GRIDS:
        return ExaminedFile(file, (), ())
    table = table_from_csv(file.text, "," if file.kind is FileKind.CSV else "\t")
    if table is None:
        return ExaminedFile(file, (), ())
    table = under_name(table, file.name)
    cells = [*table.header, *table.notes, *(cell for row in table.rows for cell in row)]
    passages = tuple(
        Passage(cell.text, table.place(cell))
        for cell in cells
        if cell.value.kind in (CellKind.TEXT, CellKind.VAGUE)
    )
    if len(table.columns) > 1:
        return ExaminedFile(file, (table,), passages)
    # One column may be a table with another separator: then it is read as text as well.
    return ExaminedFile(file, (table, *tables_from_text(file.text)), passages)
