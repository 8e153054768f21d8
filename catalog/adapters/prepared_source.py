"""The source as views see it: only the rows of the people a permit speaks of, under ``source``.

Shared by whoever cuts an extract and whoever counts its risk before, so that both look at the
same rows. In this order: ``attach_source`` (read-only), ``show_left_out`` (``optout_duckdb``), ``show_cohort``
(one view per table), ``make_pseudonyms`` for each kind of key that the views show, ``close``. From then on no
statement opens a file or changes a setting.
"""

from pathlib import Path

import duckdb
import pandas as pd

from catalog.adapters.duckdb_setup import literal, name
from catalog.pseudonyms import PSEUDONYM_BYTES, pseudonym_bytes
from catalog.schema.columns import Schema, Table
from catalog.views.coded import key_places
from catalog.views.places import PSEUDONYM, SOURCE, SOURCE_KEY
from enclave.errors import ConflictError, EnclaveError, InvalidInputError, UnavailableError
from enclave.projects import Cohort
from enclave.sentences import say

PEOPLE = "memory.main.people"
"""The table of those who are in: one column, ``patient_key``."""
LEFT_OUT = "memory.main.left_out"
"""The table of those who opted out (``optout_duckdb``): one column, ``patient_key``."""
_COMING = "coming_pseudonyms"
_VECTORS = 128
"""Keys are made pseudonyms so many of DuckDB's vectors at a time: a quarter of a million."""


def show_cohort(connection: duckdb.DuckDBPyConnection, schema: Schema, cohort: Cohort) -> None:
    """One view per table with the rows of the people the permit speaks of; a code list is shown whole."""
    condition, values = cohort_condition(cohort)
    connection.execute(
        f"CREATE TABLE {PEOPLE} AS SELECT patient_key FROM origin.patient p"  # noqa: S608  text of ours, values bound
        f" WHERE p.patient_key NOT IN (FROM {LEFT_OUT}) AND {condition}",
        values,
    )
    connection.execute(f"CREATE SCHEMA {SOURCE}")
    for table in schema.tables.values():
        columns = ", ".join(name(column) for column in table.names)
        connection.execute(
            f"CREATE VIEW {SOURCE}.{name(table.name)} AS SELECT {columns} FROM origin.{name(table.name)}"  # noqa: S608
            f" WHERE {_theirs(table, cohort)}"
        )


def _theirs(table: Table, cohort: Cohort) -> str:
    """Which rows of a table are the cohort's: a table of people who are not the source's is nobody's but everyone's."""
    if "patient_key" in table.names:
        return f"patient_key IN (SELECT patient_key FROM {PEOPLE})"  # noqa: S608  a name of ours
    speaks_of_people = any(column.entity for column in table.columns)
    return "false" if speaks_of_people and not cohort.everyone else "true"


def make_pseudonyms(connection: duckdb.DuckDBPyConnection, schema: Schema, entity: str, key: bytes) -> None:
    """The table of pseudonyms of one kind of thing, for everything of it that the cohort has."""
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {PSEUDONYM}")
    make_pseudonym_table(connection, entity)
    fill_pseudonyms(connection, f"{PSEUDONYM}.{name(entity)}", entity, keys_there(schema, entity), key)


def fill_pseudonyms(
    connection: duckdb.DuckDBPyConnection, table: str, entity: str, keys: str, key: bytes
) -> None:
    """Every key that a query gives, with its pseudonym, into a table of both; some at a time."""
    with connection.cursor() as asking:
        asking.execute(keys)
        while len(found := asking.fetch_df_chunk(_VECTORS).iloc[:, 0]):
            made = pseudonym_bytes(key, entity, found.tolist())
            each = [made[at : at + PSEUDONYM_BYTES] for at in range(0, len(made), PSEUDONYM_BYTES)]
            connection.register(
                _COMING, pd.DataFrame({"key": found, "made": pd.Series(each, dtype=object)}, copy=False)
            )
            connection.execute(f"INSERT INTO {table} SELECT key, made::UUID FROM {_COMING}")  # noqa: S608  names of ours
            connection.unregister(_COMING)


def keys_there(schema: Schema, entity: str) -> str:
    """The query for every key of one kind of thing that the cohort has, each once."""
    places = " UNION ALL ".join(
        f"SELECT {name(column)} AS key FROM {SOURCE}.{name(table)}"  # noqa: S608  names of ours
        for table, column in key_places(schema, entity)
    )
    return f"SELECT DISTINCT key FROM ({places}) WHERE key IS NOT NULL"  # noqa: S608  names of ours


def attach_source(connection: duckdb.DuckDBPyConnection, source: Path) -> None:
    """The source stands as ``origin``, read-only."""
    if not source.is_file():
        raise ConflictError("no_source", say("Nothing was taken into the source yet. Ingest a file first."))
    try:
        connection.execute(f"ATTACH {literal(str(source))} AS origin (READ_ONLY)")
    except duckdb.IOException as error:
        raise ConflictError(
            "source_busy",
            say("The source is in use by another command, or cannot be opened. Try again when it has ended."),
        ) from error


def make_pseudonym_table(connection: duckdb.DuckDBPyConnection, entity: str) -> None:
    """The empty table of one kind of thing."""
    connection.execute(f"CREATE TABLE {PSEUDONYM}.{name(entity)} ({SOURCE_KEY} BIGINT, {PSEUDONYM} UUID)")


def close(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on no statement opens a file or changes a setting."""
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def cohort_condition(cohort: Cohort) -> tuple[str, list[object]]:
    """Whose rows: a condition on ``p.patient_key`` and the values bound into it. Empty means no one."""
    if cohort.everyone:
        return "true", []
    tests = ["starts_with(d.icd10, ?)"] * len(cohort.diagnosis_icd10)
    tests += ["d.receipt_disease_code = ?"] * len(cohort.diagnosis_codes)
    if not tests:
        return "false", []
    return (
        f"EXISTS (SELECT 1 FROM origin.diagnosis d WHERE d.patient_key = p.patient_key AND ({' OR '.join(tests)}))",  # noqa: S608
        [*cohort.diagnosis_icd10, *cohort.diagnosis_codes],
    )


def run_failed(error: duckdb.Error) -> EnclaveError:
    """What is said when a view failed over the source. It repeats nothing of the statement."""
    # What the machine did, as against what the view asked: no room on the disk or in memory, no commit.
    if isinstance(error, duckdb.OperationalError | duckdb.FatalException):
        return UnavailableError(
            "build_failed", say("The extract could not be written. Look at the disk's free space.")
        )
    return InvalidInputError(
        "build_failed", say("A view failed while it ran over the source. Look at casts and divisions in it.")
    )
