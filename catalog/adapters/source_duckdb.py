"""The source: one DuckDB database in the producer's zone, identified, readable by nobody else.

Taking a file in is one transaction, with its quarantined lines and the entry that says it was
taken in: killed at any point, nothing of it is there, and the same bytes again add nothing
because the entry is. A person, receipt or line that is known already keeps its row; only the
window of observation of a person grows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from catalog.adapters.duckdb_setup import create_tables, name
from catalog.adapters.optout_duckdb import optout_numbers
from catalog.adapters.source_registered import registered_tables
from catalog.adapters.source_schema import check_tables
from catalog.adapters.staged_tables import staging
from catalog.hospital.coded import Coded, ColumnData, TableData, Tables
from catalog.rows import RowSet
from catalog.schema.columns import Schema
from catalog.source_keys import digest_of_all
from catalog.sources import SourceFile, Taken
from catalog.uke import QuarantinedLine
from enclave.adapters.durable_files import hand_to_owner
from enclave.errors import ConflictError, UnavailableError
from enclave.sentences import say

_MEMORY = "1536MB"
"""What DuckDB keeps of what is being taken in; the rest lies in a file."""
_ENTRIES = """
CREATE TABLE IF NOT EXISTS source_file (
    digest VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, kind VARCHAR NOT NULL, lines BIGINT NOT NULL,
    rows_read BIGINT NOT NULL, quarantined BIGINT NOT NULL, taken_at TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS quarantine (
    file_digest VARCHAR NOT NULL, file VARCHAR NOT NULL, line BIGINT NOT NULL,
    code VARCHAR NOT NULL, reason VARCHAR NOT NULL, reason_values VARCHAR NOT NULL
);
"""


class SourceDuckdb:
    """The ``SourceStore`` port over ``source.duckdb``."""

    def __init__(self, path: Path, schema: Schema) -> None:
        self.path = path
        self._schema = schema

    def take_rows(
        self, file: SourceFile, rows: RowSet, quarantined: Iterable[QuarantinedLine], at: datetime
    ) -> Taken:
        frames = {
            table: pd.DataFrame(
                rows.rows(table), columns=list(self._schema.tables[table].names), dtype=object
            )
            for table in rows.tables()
        }
        with self._open() as connection:
            if _is_known(connection, file):
                return Taken(file, {}, known=True)
            return self._take_frames(connection, file, frames, tuple(quarantined), at)

    def take_tables(self, file: SourceFile, parts: Iterable[Tables], at: datetime) -> Taken:
        with _room_on_disk(), self._open() as connection:
            if _is_known(connection, file):
                return Taken(file, {}, known=True)
            connection.execute(f"SET memory_limit = '{_MEMORY}'")
            coming = iter(parts)
            held = [next(coming, {}), next(coming, {})]
            if not held[1]:
                frames = {table: frame_of(columns) for table, columns in held[0].items()}
                return self._take_frames(connection, file, frames, (), at)
            with staging(connection, self.path, self._schema) as waiting:
                for tables in _one_by_one(held, coming):
                    for table, columns in tables.items():
                        waiting.add(table, frame_of(columns))
                return self._take(connection, file, waiting.relations, (), at)

    def files(self) -> tuple[SourceFile, ...]:
        if not self.path.exists():
            return ()
        with self._open() as connection:
            rows = connection.execute(
                "SELECT digest, name, kind, lines, rows_read, quarantined FROM source_file ORDER BY taken_at, digest"
            ).fetchall()
        return tuple(SourceFile(*row) for row in rows)

    def version(self) -> str:
        """A digest of everything that was taken in, and of every opt-out: both decide what is cut."""
        digests = [file.digest for file in self.files()]
        if self.path.exists():
            with self._open() as connection:
                digests += optout_numbers(connection)
        return digest_of_all(digests)

    def schema(self) -> Schema:
        """The canonical schema and the tables that were registered beside it."""
        if not self.path.exists():
            return self._schema
        with _connected(self.path, read_only=True) as connection:
            return self._schema.joined_with(registered_tables(connection))

    def opened(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The source, for writing; its tables are there and are what the schema says."""
        return self._open()

    def _take_frames(
        self,
        connection: duckdb.DuckDBPyConnection,
        file: SourceFile,
        frames: Mapping[str, pd.DataFrame],
        quarantined: tuple[QuarantinedLine, ...],
        at: datetime,
    ) -> Taken:
        relations = {table: name(f"arriving {table}") for table in frames}
        for table, frame in frames.items():
            connection.register(f"arriving {table}", frame)
        return self._take(connection, file, relations, quarantined, at)

    def _take(
        self,
        connection: duckdb.DuckDBPyConnection,
        file: SourceFile,
        relations: Mapping[str, str],
        quarantined: tuple[QuarantinedLine, ...],
        at: datetime,
    ) -> Taken:
        """All of it in one transaction."""
        connection.execute("BEGIN TRANSACTION")
        try:
            added = {table: self._insert(connection, table, rows) for table, rows in relations.items()}
            _enter(connection, file, quarantined, at)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("CHECKPOINT")
        return Taken(file, added)

    def _insert(self, connection: duckdb.DuckDBPyConnection, table: str, rows: str) -> int:
        """Rows of a relation whose key is not there yet; how many that were."""
        key = name(self._schema.tables[table].columns[0].name)
        target = name(table)
        # Names come from the schema and are quoted; so do the relation's. Only keys between the arriving
        # ones can be among them, so DuckDB skips the rest of a table that grew in order.
        some = connection.execute(
            f"SELECT 1 FROM {target} WHERE {key} BETWEEN (SELECT min({key}) FROM {rows})"  # noqa: S608
            f" AND (SELECT max({key}) FROM {rows}) LIMIT 1"
        ).fetchone()
        if some is not None and table == "patient":
            connection.execute(
                "UPDATE patient SET first_seen = least(patient.first_seen, a.first_seen::DATE),"  # noqa: S608
                " last_seen = greatest(patient.last_seen, a.last_seen::DATE)"
                f" FROM {rows} a WHERE a.patient_key = patient.patient_key"
            )
        new = "" if some is None else f" ANTI JOIN {target} t ON t.{key} = a.{key}"
        row = connection.execute(
            f"INSERT INTO {target} BY NAME SELECT a.* FROM {rows} a{new}"  # noqa: S608
        ).fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        fresh = not self.path.exists()
        with _connected(self.path, read_only=False) as connection:
            if fresh:
                self.path.chmod(0o600)
                hand_to_owner(self.path)
            known = self._schema.joined_with(registered_tables(connection))
            check_tables(connection, known)
            create_tables(connection, self._schema, "")
            connection.execute(_ENTRIES)
            yield connection


@contextmanager
def _connected(path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except (duckdb.IOException, duckdb.ConnectionException) as error:
        raise ConflictError(
            "source_busy",
            say("The source is in use by another command, or cannot be opened. Try again when it has ended."),
        ) from error
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _room_on_disk() -> Iterator[None]:
    """A disk that is full is told; fatal is what DuckDB calls it after the commit, which then holds."""
    try:
        yield
    except (duckdb.IOException, duckdb.FatalException) as error:
        raise UnavailableError(
            "source_not_written", say("The source could not be written. Look at the disk's free space.")
        ) from error


def _is_known(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> bool:
    known = connection.execute("SELECT 1 FROM source_file WHERE digest = ?", [file.digest])
    return known.fetchone() is not None


def _enter(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    quarantined: tuple[QuarantinedLine, ...],
    at: datetime,
) -> None:
    connection.execute(
        "INSERT INTO source_file VALUES (?, ?, ?, ?, ?, ?, ?)",
        [file.digest, file.name, file.kind, file.lines, file.read, file.quarantined, at.replace(tzinfo=None)],
    )
    if quarantined:
        connection.executemany(
            "INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?)",
            [
                [
                    file.digest,
                    q.file,
                    q.line,
                    q.code,
                    q.reason.text,
                    json.dumps(dict(q.reason.values), ensure_ascii=False),
                ]
                for q in quarantined
            ],
        )


def _one_by_one(held: list[Tables], coming: Iterator[Tables]) -> Iterator[Tables]:
    """What is held and then what comes; nothing is kept after it was given."""
    while held:
        yield held.pop(0)
    yield from coming


def frame_of(columns: TableData) -> pd.DataFrame:
    """The columns as DuckDB reads them."""
    return pd.DataFrame({column: _column(data) for column, data in columns.items()}, copy=False)


def _column(data: ColumnData) -> object:
    if isinstance(data, Coded):
        distinct = list(dict.fromkeys(data.listed))  # two items may share a value, a category may not
        places = np.array([*(distinct.index(value) for value in data.listed), -1])
        return pd.Categorical.from_codes(places[data.codes], categories=pd.Index(distinct))
    if np.issubdtype(data.dtype, np.datetime64):
        return data.astype("datetime64[s]")
    return data
