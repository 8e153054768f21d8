"""Files of another's making, opened for one look: a DuckDB database or a Parquet file.

What a file is, its first bytes say, not its name. It is attached read-only; after that the
connection opens no file but this one, loads no extension and changes no setting, so that
nothing written in the file can reach further. Views in a file are not read. A database beside
which an unfinished log lies is refused, since the log is not what was looked at.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from catalog.adapters.duckdb_setup import literal, name
from catalog.registration import FoundTable
from enclave.errors import ConflictError, InvalidInputError
from enclave.sentences import say

ARRIVING = "arriving"
_PARQUET, _DUCKDB, _DUCKDB_AT = b"PAR1", b"DUCK", 8
_CANNOT_STAND = frozenset("*?[]{}")


class ArrivingFile:
    """One file: what it is, its digest, its tables, and how a row of it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.parquet = _is_parquet(self.path)

    @property
    def title(self) -> str:
        """What a source of this file could be called."""
        return self.path.stem.lower()

    def digest(self) -> str:
        """SHA-256 of the file as it is now."""
        with self.path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()

    @contextmanager
    def attached(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """The file can be read through the connection, and no other one from here on."""
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        place = literal(str(self.path))
        try:
            if self.parquet:
                connection.execute(f"SET allowed_paths = [{place}]")
            else:
                connection.execute(f"ATTACH {place} AS {ARRIVING} (READ_ONLY, TYPE duckdb)")
        except duckdb.Error as error:
            raise _unreadable(self.path) from error
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield

    def tables(self, connection: duckdb.DuckDBPyConnection) -> tuple[FoundTable, ...]:
        """Its tables; a Parquet file is one, named after the file."""
        try:
            if self.parquet:
                plain = f"read_parquet({literal(str(self.path))}, hive_partitioning = false)"
                rows = connection.execute(f"DESCRIBE SELECT * FROM {plain}").fetchall()  # noqa: S608
                return (FoundTable(self.title, {str(row[0]): str(row[1]) for row in rows}),)
            rows = connection.execute(
                "SELECT c.table_name, c.column_name, c.data_type FROM duckdb_columns() c"
                " JOIN duckdb_tables() t USING (database_name, schema_name, table_name)"
                " WHERE c.database_name = ? AND c.schema_name = 'main'"
                " ORDER BY c.table_name, c.column_index",
                [ARRIVING],
            ).fetchall()
        except duckdb.Error as error:
            raise _unreadable(self.path) from error
        tables: dict[str, dict[str, str]] = {}
        for table, column, kind in rows:
            tables.setdefault(str(table), {})[str(column)] = str(kind)
        return tuple(FoundTable(table, columns) for table, columns in tables.items())

    def relation(self, table: str) -> str:
        """A table of the file as SQL reads it."""
        if self.parquet:
            return self._parquet()
        return f"{ARRIVING}.main.{name(table)}"

    @property
    def row_number(self) -> str:
        """The column that says where in the file a row stands."""
        return "file_row_number" if self.parquet else "rowid"

    def _parquet(self) -> str:
        options = "hive_partitioning = false, file_row_number = true"
        return f"(SELECT * FROM read_parquet({literal(str(self.path))}, {options}))"  # noqa: S608


def _is_parquet(path: Path) -> bool:
    try:
        if not path.is_file():
            raise _unreadable(path)
        with path.open("rb") as handle:
            head = handle.read(_DUCKDB_AT + len(_DUCKDB))
    except OSError as error:
        raise _unreadable(path) from error
    if _CANNOT_STAND & set(str(path)):
        raise InvalidInputError(
            "file_name", say("The file's path holds a star, question mark or bracket. Give it a plain name.")
        )
    if head.startswith(_PARQUET):
        return True
    if head[_DUCKDB_AT:] != _DUCKDB:
        raise InvalidInputError(
            "not_a_source", say("The file is neither a DuckDB database nor a Parquet file.")
        )
    if path.with_name(path.name + ".wal").exists():
        raise ConflictError(
            "unfinished_file", say("Beside the file lies an unfinished log. Close the database first.")
        )
    return False


def _unreadable(path: Path) -> InvalidInputError:
    return InvalidInputError("unreadable", say("The file {file} cannot be read.", file=path.name))
