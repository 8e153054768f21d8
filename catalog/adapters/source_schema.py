"""Whether the tables of a source are what its schema says: nothing is read from one that moved.

Every table that the schema knows is compared, column by column and type by type. A table that
is not there yet is no difference. A column too many is one, since nobody gave it a class.
"""

import duckdb

from catalog.schema.columns import Schema
from enclave.errors import ConflictError
from enclave.sentences import Sentence, say


def check_tables(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """The tables of the database that is open are the schema's.

    Raises:
        ConflictError: one differs; the table, the column and what to do.
    """
    held: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        " WHERE database_name = current_database() AND schema_name = 'main' ORDER BY table_name, column_index"
    ).fetchall():
        held.setdefault(str(table), {})[str(column)] = str(kind)
    for name, columns in held.items():
        known = schema.tables.get(name)
        if known is None:
            continue
        wanted = {column.name: column.type for column in known.columns}
        for column in [*wanted, *columns]:
            if wanted.get(column) != columns.get(column):
                raise _moved(name, column, wanted.get(column), columns.get(column))


def _moved(table: str, column: str, wanted: str | None, held: str | None) -> ConflictError:
    return ConflictError(
        "source_schema_moved",
        say(
            "The source's schema moved: {table}.{column} {how}. Move source.duckdb aside and take its files in again.",
            table=table,
            column=column[:60],
            how=_how(wanted, held),
        ),
    )


def _how(wanted: str | None, held: str | None) -> Sentence:
    if held is None:
        return say("is missing")
    if wanted is None:
        return say("has no class")
    return say("is {held} instead of {wanted}", held=held[:40], wanted=wanted)
