"""The project's extract, opened read-only and made the default database.

The key comes from the memory that the broker handed to this kernel, and goes nowhere but into
the one statement that attaches the file. Encryption uses the OpenSSL of the httpfs wheel,
loaded from the image; DuckDB fetches no extension. Intermediate results spill to the
container's own memory file system, never to the work folder.
"""

import importlib.util
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from .places import KEY_VARIABLE, extract_file, spill_folder
from .sentences import KitError

if TYPE_CHECKING:
    import pandas as pd

_KEY: Final = re.compile(rb"[0-9a-f]{64}")
LISTING: Final = """
SELECT c.table_name AS "table", t.comment AS "table_label", c.column_name AS "column",
       c.comment AS "column_label", c.data_type AS "type"
FROM duckdb_columns() AS c
JOIN (
    SELECT database_name, schema_name, table_name, comment FROM duckdb_tables()
    UNION ALL
    SELECT database_name, schema_name, view_name, comment FROM duckdb_views()
) AS t USING (database_name, schema_name, table_name)
WHERE c.database_name = 'extract'
ORDER BY c.table_name, c.column_index
"""


def connect() -> duckdb.DuckDBPyConnection:
    """Give a connection on which the extract's tables are there by their plain names."""
    file = extract_file()
    key = _read_key()
    if not file.is_file():
        raise KitError("no_extract")
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(spill_folder()),
        },
    )
    try:
        _load_openssl(connection)
        connection.execute(f"ATTACH {_quoted(str(file))} AS extract (ENCRYPTION_KEY '{key}', READ_ONLY)")
        connection.execute("USE extract")
    except duckdb.Error:
        connection.close()
        # Without the cause: a parser's message could repeat the statement, and the key with it.
        raise KitError("extract_unreadable") from None
    return connection


def tables(connection: duckdb.DuckDBPyConnection | None = None) -> "pd.DataFrame":
    """List tables and columns of the extract with their labels."""
    if connection is not None:
        return connection.execute(LISTING).fetchdf()
    with connect() as own:
        return own.execute(LISTING).fetchdf()


def _read_key() -> str:
    try:
        descriptor = int(os.environ[KEY_VARIABLE])
        # A descriptor of that number may be something else in a child process.
        name = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        content = os.pread(descriptor, 65, 0) if "memfd:hanare-key" in name else b""
    except (KeyError, ValueError, OSError):
        raise KitError("no_key") from None
    if not _KEY.fullmatch(content):
        raise KitError("no_key")
    return content.decode("ascii")


def _load_openssl(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the httpfs extension from its wheel; without it reading works too, only slower."""
    wheel = importlib.util.find_spec("duckdb_extension_httpfs")
    if wheel is None or wheel.origin is None:
        return
    folder = Path(wheel.origin).parent / "extensions" / f"v{duckdb.__version__}"
    file = folder / "httpfs.duckdb_extension"
    if file.is_file():
        connection.execute(f"LOAD {_quoted(str(file))}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
