"""The catalogue: which data sets there are, what their columns are, and figures that tell no person.

The figures are the producer's: computed from the source, made coarse, and published into the
enclave's database, so that no page ever touches the source. Rules:

1. People who opted out are not counted.
2. A count that fewer persons stand behind than the policy's least is not there; what is there is
   rounded down to whole steps of that least number, before it leaves the producer's zone.
3. A period begins and ends with a month in which at least that many persons have a row.
4. Of values nothing stands here but how many different codes at least that many persons share.
5. Who is not signed in is told years instead of months and counts in the policy's public steps.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog.schema.columns import Column, ColumnClass, Schema


class Use(StrEnum):
    """What a project can be given of a column."""

    NEVER = "never"
    """Identifiers, staff and institutions: listed, and not available."""
    SCRUBBED = "scrubbed"
    """Free text: only through a scrubber."""
    PSEUDONYM = "pseudonym"
    """Keys: as pseudonyms of the project's own."""
    VALUE = "value"
    """As it is, or through a transform, as the project's profile demands."""


_USES = {
    ColumnClass.DIRECT_IDENTIFIER: Use.NEVER,
    ColumnClass.STAFF: Use.NEVER,
    ColumnClass.FREE_TEXT: Use.SCRUBBED,
    ColumnClass.LINKABLE: Use.PSEUDONYM,
}


def use_of(sort: ColumnClass) -> Use:
    """What a project can be given of a column of this class."""
    return _USES.get(sort, Use.VALUE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted of a table. ``None`` stands for too few persons, or not countable."""

    rows: int | None
    persons: int | None
    first: str = ""
    """A month, ``YYYY-MM``; empty when there is none."""
    last: str = ""
    filled: tuple[int | None, ...] = ()
    """Of each column, in hundredths of its rows."""
    shared: tuple[int | None, ...] = ()
    """Of each column with codes, how many of them enough persons share."""


@dataclass(frozen=True, slots=True)
class CatalogueColumn:
    """A column as the catalogue shows it."""

    name: str
    column_class: ColumnClass
    type: str
    ja: str
    en: str
    unit: str = ""
    codes: str = ""
    nature: str = ""
    filled: int | None = None
    shared: int | None = None

    @property
    def use(self) -> Use:
        return use_of(self.column_class)


@dataclass(frozen=True, slots=True)
class CatalogueTable:
    """A data set as the catalogue shows it."""

    name: str
    ja: str
    en: str
    own: bool
    """Of the canonical schema; otherwise a source that was registered."""
    rows: int | None
    persons: int | None
    first: str
    last: str
    columns: tuple[CatalogueColumn, ...]

    @property
    def empty(self) -> bool:
        """Part of the schema without rows in the source."""
        return self.rows == 0

    @property
    def of_people(self) -> bool:
        """Whether its rows are people's; a code table's are not."""
        return any(column.use is Use.PSEUDONYM for column in self.columns)

    @property
    def available(self) -> bool:
        """Whether a project can be given anything of it but its keys."""
        return any(c.use is Use.VALUE and c.name not in PROVENANCE for c in self.columns)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that was published at one time."""

    tables: tuple[CatalogueTable, ...]
    published_at: str
    least: int
    step: int

    def table(self, name: str) -> CatalogueTable | None:
        """The data set of this name."""
        return next((table for table in self.tables if table.name == name), None)


PROVENANCE = frozenset(
    {"dataset_id", "source_system", "source_ref", "row_version", "valid_from", "deleted_flag"}
)
"""Columns in every table that say where its rows came from, and nothing to look for."""


def coarse(count: int, least: int) -> int | None:
    """A count as it may leave the producer's zone: none at all, too few to tell, or whole steps."""
    if count == 0:
        return 0
    return None if count < least else count - count % least


def described(
    schema: Schema, canonical: Schema, figures: Iterable[tuple[str, Figures]]
) -> tuple[CatalogueTable, ...]:
    """The data sets of a schema with what was counted of them."""
    return tuple(
        CatalogueTable(
            table.name,
            table.ja,
            table.en,
            table.name in canonical.tables,
            found.rows,
            found.persons,
            found.first,
            found.last,
            tuple(
                _described(
                    column,
                    found.filled[n] if found.filled else None,
                    found.shared[n] if found.shared else None,
                )
                for n, column in enumerate(table.columns)
            ),
        )
        for name, found in figures
        for table in (schema.tables[name],)
    )


def _described(column: Column, filled: int | None, shared: int | None) -> CatalogueColumn:
    shown = use_of(column.column_class) is Use.VALUE
    return CatalogueColumn(
        column.name,
        column.column_class,
        column.type,
        column.ja,
        column.en,
        column.unit,
        column.codes,
        column.nature.value,
        filled if shown else None,
        shared if shown else None,
    )


def public(catalogue: Catalogue) -> Catalogue:
    """The catalogue as anybody may see it."""
    return replace(catalogue, tables=tuple(_public(table, catalogue.step) for table in catalogue.tables))


def _public(table: CatalogueTable, step: int) -> CatalogueTable:
    columns = tuple(replace(column, filled=None, shared=None) for column in table.columns)
    rows, persons = _stepped(table.rows, step), _stepped(table.persons, step)
    return replace(
        table, rows=rows, persons=persons, first=table.first[:4], last=table.last[:4], columns=columns
    )


def _stepped(count: int | None, step: int) -> int | None:
    return coarse(count, step) if count is not None else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A data set that a search found, and which of its columns."""

    table: CatalogueTable
    columns: tuple[CatalogueColumn, ...]


def search(tables: Iterable[CatalogueTable], words: str) -> tuple[Hit, ...]:
    """The data sets in which every word stands: in a name, a label, a unit or a code system.

    Full and half width, upper and lower case, hiragana and katakana are the same. No words find
    every data set.
    """
    wanted = folded(words).split()
    hits = []
    for table in tables:
        named = folded(f"{table.name} {table.ja} {table.en}")
        rest = [word for word in wanted if word not in named]
        columns = tuple(
            column
            for column in table.columns
            if rest
            and column.name not in PROVENANCE
            and all(word in _text(column) or word in named for word in wanted)
        )
        if columns or not rest:
            hits.append(Hit(table, columns))
    return tuple(hits)


def folded(text: str) -> str:
    """A text as a search compares it."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in plain)


def _text(column: CatalogueColumn) -> str:
    return folded(f"{column.name} {column.ja} {column.en} {column.unit} {column.codes}")
