"""The source: one DuckDB database in the producer's zone, identified, readable by nobody else.

Taking a file in is one transaction, with its quarantined lines and the entry that says it was
taken in: killed at any point, nothing of it is there, and the same bytes again add nothing
because the entry is. A person, receipt or line that is known already keeps its row; only the
window of observation of a person grows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from catalog.adapters.duckdb_setup import create_tables, name
from catalog.hospital.tables import Coded, ColumnData, TableData
from catalog.rows import RowSet
from catalog.schema.columns import Schema
from catalog.source_keys import digest_of_all
from catalog.sources import SourceFile, Taken
from catalog.uke import QuarantinedLine
from enclave.adapters.durable_files import hand_to_owner
from enclave.errors import ConflictError
from enclave.sentences import say

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
        return self._take(file, frames, tuple(quarantined), at)

    def take_tables(self, file: SourceFile, tables: Mapping[str, TableData], at: datetime) -> Taken:
        frames = {
            table: pd.DataFrame({column: _column(data) for column, data in columns.items()}, copy=False)
            for table, columns in tables.items()
        }
        return self._take(file, frames, (), at)

    def files(self) -> tuple[SourceFile, ...]:
        if not self.path.exists():
            return ()
        with self._open() as connection:
            rows = connection.execute(
                "SELECT digest, name, kind, lines, rows_read, quarantined FROM source_file ORDER BY taken_at, digest"
            ).fetchall()
        return tuple(SourceFile(*row) for row in rows)

    def version(self) -> str:
        return digest_of_all(file.digest for file in self.files())

    def _take(
        self,
        file: SourceFile,
        frames: Mapping[str, pd.DataFrame],
        quarantined: tuple[QuarantinedLine, ...],
        at: datetime,
    ) -> Taken:
        with self._open() as connection:
            connection.execute("BEGIN TRANSACTION")
            try:
                known = connection.execute("SELECT 1 FROM source_file WHERE digest = ?", [file.digest])
                if known.fetchone() is not None:
                    connection.execute("ROLLBACK")
                    return Taken(file, {}, known=True)
                added = {table: self._insert(connection, table, frame) for table, frame in frames.items()}
                _enter(connection, file, quarantined, at)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("CHECKPOINT")
        return Taken(file, added)

    def _insert(self, connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> int:
        """Rows whose key is not there yet; how many that were."""
        key = name(self._schema.tables[table].columns[0].name)
        target = name(table)
        connection.register("arriving", frame)
        try:
            if table == "patient":
                connection.execute(
                    "UPDATE patient SET first_seen = least(patient.first_seen, a.first_seen::DATE),"
                    " last_seen = greatest(patient.last_seen, a.last_seen::DATE)"
                    " FROM arriving a WHERE a.patient_key = patient.patient_key"
                )
            # Names come from the schema and are quoted; the rows are a registered frame.
            row = connection.execute(
                f"INSERT INTO {target} BY NAME SELECT a.* FROM arriving a"  # noqa: S608
                f" ANTI JOIN {target} t ON t.{key} = a.{key}"
            ).fetchone()
        finally:
            connection.unregister("arriving")
        return int(row[0]) if row else 0

    @contextmanager
    def _open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        fresh = not self.path.exists()
        try:
            connection = duckdb.connect(str(self.path))
        except duckdb.IOException as error:
            raise ConflictError(
                "source_busy",
                say(
                    "The source is in use by another command, or cannot be opened. Try again when it has ended."
                ),
            ) from error
        try:
            if fresh:
                self.path.chmod(0o600)
                hand_to_owner(self.path)
            create_tables(connection, self._schema, "")
            connection.execute(_ENTRIES)
            yield connection
        finally:
            connection.close()


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


def _column(data: ColumnData) -> object:
    if isinstance(data, Coded):
        distinct = list(dict.fromkeys(data.listed))  # two items may share a value, a category may not
        places = np.array([*(distinct.index(value) for value in data.listed), -1])
        return pd.Categorical.from_codes(places[data.codes], categories=pd.Index(distinct))
    if np.issubdtype(data.dtype, np.datetime64):
        return data.astype("datetime64[s]")
    return data
