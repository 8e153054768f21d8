"""The pseudonyms of a project, from a list or from its extract.

1. A list is UTF-8, one identifier on a line; empty lines are left out.
2. An extract names a person by a UUID in every column that ends in ``_key``; all of them are read.
3. An empty set is refused: it would say of every file that no pseudonym is in it.
4. Keys are read from a file and never shown, logged or put into an error.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path

import duckdb

from catalog.identifiers.pseudonyms import PseudonymSet
from enclave.errors import InvalidInputError
from enclave.sentences import say

_AT_ONCE = 50_000
_KEY = re.compile(r"[0-9a-fA-F]{64}")


def read_id_set(list_file: Path | None, extract: Path | None, key_file: Path | None) -> PseudonymSet | None:
    """The identifiers of a list and an extract together; None when neither is given."""
    if list_file is None and extract is None:
        return None
    listed = () if list_file is None else _read_list(list_file)
    shown = (
        () if extract is None else _read_extract(extract, None if key_file is None else _read_key(key_file))
    )
    ids = PseudonymSet.of(chain(listed, shown))
    if not len(ids):
        raise InvalidInputError("no_identifiers", say("No identifier was found; an empty set finds nothing."))
    return ids


def _read_list(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            "ids_unreadable",
            say("The list of identifiers at {path} cannot be read as UTF-8.", path=str(path)),
        ) from error


def _read_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if not _KEY.fullmatch(key):
        raise InvalidInputError("key_unreadable", say("The key file must hold 64 hexadecimal digits."))
    return key.lower()


def _read_extract(path: Path, key: str | None) -> Iterator[str]:
    """Every value of every ``*_key`` column of UUIDs; millions of them are never in memory as text at once."""
    try:
        with duckdb.connect(":memory:") as connection:
            attach_extract(connection, path, key)
            columns = connection.execute(
                "SELECT schema_name, table_name, column_name FROM duckdb_columns()"
                " WHERE database_name = 'extract' AND column_name LIKE '%\\_key' ESCAPE '\\'"
                " AND data_type IN ('UUID', 'VARCHAR')"
            ).fetchall()
            for column in columns:
                yield from _values(connection, *column)
    except duckdb.Error as error:
        raise InvalidInputError(
            "extract_unreadable",
            say("The extract cannot be opened; if it is encrypted, give the right key with --key-file."),
        ) from error


def attach_extract(connection: duckdb.DuckDBPyConnection, path: Path, key: str | None) -> None:
    """The extract as the read-only database ``extract``; ``key`` is hexadecimal."""
    if not path.is_file():
        raise InvalidInputError("no_such_path", say("There is no file or folder at {path}.", path=str(path)))
    options = "READ_ONLY"
    if key is not None:
        # With the wheel's OpenSSL encrypted files are read eight times faster; its version is DuckDB's.
        extension = (
            files("duckdb_extension_httpfs") / f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
        )
        connection.execute(f"LOAD {_literal(str(extension))}")
        options += f", ENCRYPTION_KEY {_literal(key)}"
    connection.execute(f"ATTACH {_literal(str(path))} AS extract ({options})")


def _values(connection: duckdb.DuckDBPyConnection, schema: str, table: str, column: str) -> Iterator[str]:
    names = ".".join('"' + name.replace('"', '""') + '"' for name in ("extract", schema, table))
    name = '"' + column.replace('"', '""') + '"'
    # The names come from the catalogue of the file itself and are quoted.
    query = f"SELECT DISTINCT CAST({name} AS VARCHAR) FROM {names} WHERE {name} IS NOT NULL"  # noqa: S608
    connection.execute(query)
    while rows := connection.fetchmany(_AT_ONCE):
        yield from (value for (value,) in rows if _UUID.fullmatch(value))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
