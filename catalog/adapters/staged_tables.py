"""What is too large for one statement waits in a database of its own beside the source.

Each piece is committed there as it comes, so that the memory needed is that of one piece; the
source then takes all of it in one transaction, a statement a table. The waiting file is as
identified as the source: same folder, same mode, removed whatever happens, and what a killed
process left is removed by the next that waits.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from catalog.adapters.duckdb_setup import create_tables, literal, name
from catalog.schema.columns import Schema

STAGED = "staged"
_FRAME = "arriving_frame"


@contextmanager
def staging(connection: duckdb.DuckDBPyConnection, source: Path, schema: Schema) -> Iterator["Staging"]:
    """Empty tables below ``STAGED``, there until the block ends."""
    waiting = source.with_name(f".{source.name}.{STAGED}")
    _remove(waiting)
    try:
        connection.execute(f"ATTACH {literal(str(waiting))} AS {STAGED}")
        waiting.chmod(0o600)
        create_tables(connection, schema, f"{STAGED}.")
        yield Staging(connection)
        connection.execute(f"DETACH {STAGED}")
    finally:
        _remove(waiting)


class Staging:
    """Tables that wait."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._tables: dict[str, str] = {}

    def add(self, table: str, frame: pd.DataFrame) -> None:
        """The frame's rows wait, too."""
        self._connection.register(_FRAME, frame)
        try:
            target = f"{STAGED}.{name(table)}"
            # Names come from the schema and are quoted; the rows are a registered frame.
            self._connection.execute(f"INSERT INTO {target} BY NAME SELECT * FROM {_FRAME}")  # noqa: S608
        finally:
            self._connection.unregister(_FRAME)
        self._tables[table] = target

    @property
    def relations(self) -> Mapping[str, str]:
        """Where each table waits, as SQL names it."""
        return self._tables


def _remove(waiting: Path) -> None:
    for path in (waiting, waiting.with_name(f"{waiting.name}.wal")):
        path.unlink(missing_ok=True)
