"""Sources that are not ours, in the source beside the canonical tables: their classes and their rows.

Registering is one transaction: the classes, the tables, every row with where it came from, and
the entry that says it was taken in. A file that was registered already under the same classes
adds nothing. Registered again under its name, a source's rows give way to the new file's, when
that was asked for and its classes are the same.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import duckdb

from catalog.adapters.duckdb_setup import create_tables, literal, name
from catalog.adapters.registered_files import ArrivingFile
from catalog.registration import (
    PATIENT,
    FoundTable,
    Names,
    RegisteredTable,
    Registration,
    registration_digest,
)
from catalog.schema.columns import Column, ColumnClass, Nature, Schema, Table, schema_of
from catalog.source_keys import digest_of_all
from catalog.sources import SourceFile, Taken
from enclave.errors import ConflictError, InvalidInputError
from enclave.sentences import say

SYSTEM = "registered"
_HELD = """
CREATE TABLE IF NOT EXISTS registered_source (
    name VARCHAR NOT NULL, ja VARCHAR NOT NULL, en VARCHAR NOT NULL, version INTEGER NOT NULL,
    digest VARCHAR NOT NULL, registered_at TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS registered_column (
    source VARCHAR NOT NULL, table_place INTEGER NOT NULL, table_name VARCHAR NOT NULL, table_ja VARCHAR NOT NULL,
    table_en VARCHAR NOT NULL, place INTEGER NOT NULL, name VARCHAR NOT NULL, class VARCHAR NOT NULL,
    type VARCHAR NOT NULL, ja VARCHAR NOT NULL, en VARCHAR NOT NULL, unit VARCHAR NOT NULL, codes VARCHAR NOT NULL,
    entity VARCHAR NOT NULL, nature VARCHAR NOT NULL
);
"""

Opened: TypeAlias = "Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]"


def registered_tables(connection: duckdb.DuckDBPyConnection, without: str = "") -> tuple[Table, ...]:
    """The tables that were registered, in the order of their registration; all but one source's."""
    there = connection.execute(
        "SELECT 1 FROM duckdb_tables()"
        " WHERE database_name = current_database() AND table_name = 'registered_column'"
    ).fetchone()
    if there is None:
        return ()
    rows = connection.execute(
        "SELECT table_name, table_ja, table_en, c.name, class, type, c.ja, c.en, unit, codes, entity, nature"
        " FROM registered_column c JOIN registered_source s ON s.name = c.source WHERE s.name <> ?"
        " ORDER BY s.name, table_place, place",
        [without],
    ).fetchall()
    tables: dict[tuple[str, str, str], list[Column]] = {}
    for row in rows:
        column, sort, kind, ja, en, unit, codes, entity, nature = map(str, row[3:])
        made = Column(column, ColumnClass(sort), kind, ja, en, unit, codes, entity, Nature(nature))
        tables.setdefault((str(row[0]), str(row[1]), str(row[2])), []).append(made)
    return tuple(Table(*named, tuple(columns)) for named, columns in tables.items())


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A source coming in: under which name and version, as which entry, when."""

    name: str
    version: int
    digest: str
    at: datetime


class RegisteredSources:
    """The ``SourceRegister`` port over ``source.duckdb``."""

    def __init__(self, opened: Opened, canonical: Schema, file: ArrivingFile) -> None:
        self._opened = opened
        self._canonical = canonical
        self._file = file

    @property
    def title(self) -> str:
        """What a source of this file could be called."""
        return self._file.title

    def digest(self) -> str:
        return self._file.digest()

    def look(self, source: str) -> tuple[tuple[FoundTable, ...], Names]:
        with self._opened() as connection, self._file.attached(connection):
            found = self._file.tables(connection)
            others = registered_tables(connection, without=source)
            mine = {t.name for t in registered_tables(connection)} - {t.name for t in others}
            held = connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
            ).fetchall()
        names = frozenset(str(row[0]) for row in held) - mine
        return found, Names(self._canonical.joined_with(others), names)

    def take(self, content: str, registration: Registration, at: datetime, *, replace: bool) -> Taken:
        file = self._file
        with self._opened() as connection:
            connection.execute(_HELD)
            with file.attached(connection):
                connection.execute("BEGIN TRANSACTION")
                try:
                    taken = _take(connection, file, content, registration, at, replace=replace)
                    if file.digest() != content:
                        raise ConflictError(
                            "file_changed", say("The file changed while it was read. Nothing was registered.")
                        )
                    connection.execute("COMMIT")
                except duckdb.ConversionException as error:
                    connection.execute("ROLLBACK")
                    raise InvalidInputError(
                        "value_does_not_fit", say("A value of the file does not fit its column's type.")
                    ) from error
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("CHECKPOINT")
        return taken


def _take(
    connection: duckdb.DuckDBPyConnection,
    file: ArrivingFile,
    content: str,
    registration: Registration,
    at: datetime,
    *,
    replace: bool,
) -> Taken:
    digest = registration_digest(content, registration)
    held = connection.execute(
        "SELECT version, digest FROM registered_source WHERE name = ?", [registration.name]
    ).fetchone()
    known = held is not None and str(held[1]) == digest
    version = 1 if held is None else int(held[0]) + (not known)
    arrival = _Arrival(
        registration.name, version, digest_of_all([digest, str(version)]), at.replace(tzinfo=None)
    )
    entry = SourceFile(arrival.digest, file.path.name, SYSTEM, 0, 0, 0)
    if known:
        return Taken(entry, {}, known=True)
    if held is not None:
        _give_way(connection, registration, replace=replace)
    _note(connection, registration, digest, arrival)
    added = {one.table.name: _copy(connection, file, one, arrival) for one in registration.tables}
    _check_patients(connection, registration)
    connection.execute(
        "INSERT INTO source_file VALUES (?, ?, ?, 0, ?, 0, ?)",
        [entry.digest, entry.name, entry.kind, sum(added.values()), arrival.at],
    )
    return Taken(entry, added)


def _give_way(connection: duckdb.DuckDBPyConnection, registration: Registration, *, replace: bool) -> None:
    """Nothing of the source's former rows and classes is left."""
    if not replace:
        raise ConflictError(
            "registered_already",
            say(
                "'{name}' is registered already. With --replace its rows give way to this file's.",
                name=registration.name,
            ),
        )
    others = {table.name for table in registered_tables(connection, without=registration.name)}
    former = [table for table in registered_tables(connection) if table.name not in others]
    if former != [one.table for one in registration.tables]:
        raise ConflictError(
            "classes_differ",
            say(
                "'{name}' was registered with other tables or classes. Register it under another name.",
                name=registration.name,
            ),
        )
    for table in former:
        connection.execute(f"DROP TABLE {name(table.name)}")
    for held in ("registered_column WHERE source", "registered_source WHERE name"):
        connection.execute(f"DELETE FROM {held} = ?", [registration.name])  # noqa: S608  text of ours


def _note(
    connection: duckdb.DuckDBPyConnection, registration: Registration, digest: str, arrival: "_Arrival"
) -> None:
    """The classes, and the empty tables they describe."""
    connection.execute(
        "INSERT INTO registered_source VALUES (?, ?, ?, ?, ?, ?)",
        [registration.name, registration.ja, registration.en, arrival.version, digest, arrival.at],
    )
    tables = [one.table for one in registration.tables]
    connection.executemany(
        "INSERT INTO registered_column VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                registration.name,
                *(number, table.name, table.ja, table.en, place),
                *(c.name, c.column_class.value, c.type, c.ja, c.en),
                *(c.unit, c.codes, c.entity, c.nature.value),
            ]
            for number, table in enumerate(tables)
            for place, c in enumerate(table.columns)
        ],
    )
    create_tables(connection, schema_of(tables), "")


def _copy(
    connection: duckdb.DuckDBPyConnection, file: ArrivingFile, one: RegisteredTable, arrival: "_Arrival"
) -> int:
    """The rows of one table, each with where it stands in the file; how many they were."""
    pairs = list(zip(one.columns, one.table.columns, strict=False))
    values = [f"{name(found)}::{column.type}" for found, column in pairs]
    provenance = {
        "dataset_id": literal(arrival.name),
        "source_system": literal(SYSTEM),
        "source_ref": f"{literal(arrival.digest[:16] + ':')} || {file.row_number}",
        "row_version": str(arrival.version),
        "valid_from": f"{literal(arrival.at.isoformat(sep=' '))}::TIMESTAMP",
        "deleted_flag": "false",
    }
    # Names are quoted, values are ours; the relation is the one file that was opened.
    row = connection.execute(
        f"INSERT INTO {name(one.table.name)} ({', '.join(name(c) for c in one.table.names)})"  # noqa: S608
        f" SELECT {', '.join([*values, *(provenance[c] for c in one.table.names[len(pairs) :])])}"
        f" FROM {file.relation(one.found)}"
    ).fetchone()
    return int(row[0]) if row else 0


def _check_patients(connection: duckdb.DuckDBPyConnection, registration: Registration) -> None:
    """Whatever is said to be a patient of the source is one."""
    for one in registration.tables:
        for column in one.table.columns:
            if column.entity != PATIENT:
                continue
            stranger = connection.execute(
                f"SELECT 1 FROM {name(one.table.name)} r WHERE r.{name(column.name)} IS NOT NULL"  # noqa: S608
                f" AND r.{name(column.name)} NOT IN (SELECT patient_key FROM patient) LIMIT 1"
            ).fetchone()
            if stranger is not None:
                raise InvalidInputError(
                    "no_such_patient",
                    say(
                        "Some values of {table}.{column} are no patient of the source. Give them an entity of their own.",
                        table=one.table.name,
                        column=column.name,
                    ),
                )
