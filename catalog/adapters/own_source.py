"""The source's own identifiers, read from the source and kept as a set: made anew when the source moved.

Which columns hold them follows from their class (direct identifier) and name. What many people share (an
employer, an insurer, a postal code) names nobody and is left out. A column that somebody registered under a
name of their own is taken by what its values look like: an identifier that is not known better is better
known badly than not at all.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb

from catalog.adapters.duckdb_setup import connect, name
from catalog.adapters.own_set_files import OwnSetFiles
from catalog.adapters.prepared_source import attach_source, close
from catalog.identifiers.own_forms import OwnKind, forms_of
from catalog.identifiers.own_set import OwnSet, OwnSetMaker
from catalog.schema.columns import ColumnClass, Schema, Table
from enclave.ports import Randomness

_KINDS = {
    "name_kanji": OwnKind.NAME,
    "name_kana": OwnKind.READING,
    "address": OwnKind.ADDRESS,
    "phone": OwnKind.PHONE,
    "email": OwnKind.EMAIL,
    "my_number": OwnKind.MY_NUMBER,
    "chart_no": OwnKind.CHART,
    "kouhi_no": OwnKind.PUBLIC,
}
_WORDS = (
    (OwnKind.READING, ("kana", "reading", "カナ", "かな", "フリガナ")),
    (OwnKind.ADDRESS, ("address", "addr", "住所")),
    (OwnKind.PHONE, ("phone", "tel", "mobile", "fax", "電話", "携帯")),
    (OwnKind.EMAIL, ("mail", "メール")),
    (OwnKind.NAME, ("name", "shimei", "氏名", "名前")),
    (OwnKind.CHART, ("chart", "karte", "mrn", "patient_id", "pid", "カルテ", "患者番号")),
)
_SHARED = frozenset(
    {"employer", "insurer_no", "postal_code", "insured_symbol", "insured_no", "insured_branch"}
)
_NOT_PEOPLES = frozenset({"source_ref", "source_hash"})
_INSURED = ("insured_symbol", "insured_no")
_ROWS = 65_536
_MEMORY = "1GB"


class OwnIdentifiers:
    """Keeps the set in step with the source."""

    def __init__(self, source: Path, files: OwnSetFiles, fresh: Randomness) -> None:
        self._source = source
        self._files = files
        self._fresh = fresh

    def renew(self, schema: Schema, version: str, at: datetime) -> int | None:
        """The set is of this version of the source afterwards; how many forms, or None when it was already."""
        if self._files.source() == version:
            return None
        own = read_own_set(self._source, schema, self._files.key(self._fresh))
        self._files.write(own, version, at)
        return len(own)


def read_own_set(source: Path, schema: Schema, key: bytes) -> OwnSet:
    """The set of everything that the source holds now."""
    with closing(connect(memory_limit=_MEMORY)) as connection:
        attach_source(connection, source)
        close(connection)
        return own_set_of(connection, schema, key)


def own_set_of(connection: duckdb.DuckDBPyConnection, schema: Schema, key: bytes) -> OwnSet:
    """The same over a source that is attached already."""
    maker = OwnSetMaker(key)
    there = {str(row[0]) for row in connection.execute(_TABLES).fetchall()}
    for table in schema.tables.values():
        if table.name in there:
            add_table(maker, connection, table, f"origin.{name(table.name)}")
    return maker.made()


_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'origin'"


def add_table(maker: OwnSetMaker, connection: duckdb.DuckDBPyConnection, table: Table, relation: str) -> None:
    """Every identifier of one table is in the set that is being made."""
    columns = set(table.names)
    for column in table.columns:
        if column.column_class is ColumnClass.DIRECT_IDENTIFIER and column.name not in _SHARED | _NOT_PEOPLES:
            kind = kind_of_column(column.name, column.ja)
            for values in _values(connection, name(column.name), relation):
                _add(maker, kind, values)
    if columns >= set(_INSURED):
        joined = " || ' ' || ".join(map(name, _INSURED))
        for values in _values(connection, joined, relation):
            _add(maker, OwnKind.INSURED, values)


def kind_of_column(column: str, label: str) -> OwnKind | None:
    """The kind of identifier a column holds, by its name; None when only its values can tell."""
    if column in _KINDS:
        return _KINDS[column]
    said = f"{column} {label}".lower()
    return next((kind for kind, words in _WORDS if any(word in said for word in words)), None)


def _values(connection: duckdb.DuckDBPyConnection, value: str, relation: str) -> Iterator[Sequence[str]]:
    # Names come from the schema and are quoted.
    query = f"SELECT DISTINCT CAST({value} AS VARCHAR) FROM {relation} WHERE ({value}) IS NOT NULL"  # noqa: S608
    connection.execute(query)
    while rows := connection.fetchmany(_ROWS):
        yield [row[0] for row in rows]


def _add(maker: OwnSetMaker, kind: OwnKind | None, values: Sequence[str]) -> None:
    if kind is not None:
        maker.add(kind, [form for value in values for form in forms_of(kind, value)])
        return
    for guessed in (OwnKind.EMAIL, OwnKind.NAME, OwnKind.CHART):
        maker.add(
            guessed,
            [form for value in values if _looks(value) is guessed for form in forms_of(guessed, value)],
        )


def _looks(value: str) -> OwnKind:
    if "@" in value:
        return OwnKind.EMAIL
    return OwnKind.CHART if any(character.isdigit() for character in value) else OwnKind.NAME
