"""DuckDB connections as this room uses them: nothing fetched, OpenSSL from the wheel, names quoted."""

from importlib.resources import files
from pathlib import Path

import duckdb

from catalog.schema.columns import Schema


def connect(spill: Path | None = None, memory_limit: str = "") -> duckdb.DuckDBPyConnection:
    """A database in memory; what does not fit is written encrypted into ``spill``, or nowhere."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_file_encryption": "true",
        "temp_directory": str(spill) if spill else "",
    }
    if memory_limit:
        config["memory_limit"] = memory_limit
    return duckdb.connect(":memory:", config=config)


def load_openssl(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the httpfs extension from its wheel: encrypted files are then written and read with OpenSSL."""
    extension = files("duckdb_extension_httpfs") / f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
    connection.execute(f"LOAD {literal(str(extension))}")


def create_tables(connection: duckdb.DuckDBPyConnection, schema: Schema, prefix: str) -> None:
    """Every table of the schema, empty, below ``prefix`` (quoted names and dots)."""
    for table in schema.tables.values():
        columns = ", ".join(f"{name(column.name)} {column.type}" for column in table.columns)
        connection.execute(f"CREATE TABLE IF NOT EXISTS {prefix}{name(table.name)} ({columns})")


def name(text: str) -> str:
    """A name as SQL writes it."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
