"""The source as views see it: only the rows of the people a permit speaks of, under ``source``.

Shared by whoever cuts an extract and whoever counts its risk before, so that both look at the
same rows. In this order: ``attach_source`` (read-only), ``show_cohort`` (one view per canonical
table), ``make_pseudonyms`` for each kind of key that the views show, ``close``. From then on no
statement opens a file or changes a setting.
"""

from pathlib import Path

import duckdb
import pandas as pd

from catalog.adapters.duckdb_setup import literal, name
from catalog.pseudonyms import pseudonyms
from catalog.schema.columns import Schema
from catalog.view_compiler import SOURCE_KEY
from catalog.views.projections import PSEUDONYM
from catalog.views.queries import SOURCE
from enclave.errors import ConflictError
from enclave.projects import Cohort
from enclave.sentences import say

PEOPLE = "memory.main.people"
"""The table of those who are in: one column, ``patient_key``."""


def show_cohort(connection: duckdb.DuckDBPyConnection, schema: Schema, cohort: Cohort) -> None:
    """One view per table with the rows of the people the permit speaks of; a code list is shown whole."""
    condition, values = _cohort_condition(cohort)
    connection.execute(
        f"CREATE TABLE {PEOPLE} AS SELECT patient_key FROM origin.patient p"  # noqa: S608  text of ours, values bound
        f" WHERE NOT coalesce(p.optout_flag, false) AND {condition}",
        values,
    )
    connection.execute(f"CREATE SCHEMA {SOURCE}")
    for table in schema.tables.values():
        columns = ", ".join(name(column) for column in table.names)
        theirs = f" WHERE patient_key IN (SELECT patient_key FROM {PEOPLE})"  # noqa: S608
        connection.execute(
            f"CREATE VIEW {SOURCE}.{name(table.name)} AS SELECT {columns} FROM origin.{name(table.name)}"  # noqa: S608
            + (theirs if "patient_key" in table.names else "")
        )


def make_pseudonyms(connection: duckdb.DuckDBPyConnection, schema: Schema, entity: str, key: bytes) -> None:
    """The table of pseudonyms of one kind of thing, for everything of it that the cohort has."""
    table, column = schema.entities[entity]
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {PSEUDONYM}")
    found = connection.execute(
        f"SELECT DISTINCT {name(column)} AS key FROM {SOURCE}.{name(table)} WHERE {name(column)} IS NOT NULL"  # noqa: S608
    ).fetchnumpy()["key"]
    made = pd.DataFrame({SOURCE_KEY: found, PSEUDONYM: pseudonyms(key, entity, (int(k) for k in found))})
    make_pseudonym_table(connection, entity)
    connection.register("made", made)
    connection.execute(f"INSERT INTO {PSEUDONYM}.{name(entity)} SELECT * FROM made")  # noqa: S608
    connection.unregister("made")


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


def _cohort_condition(cohort: Cohort) -> tuple[str, list[object]]:
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
