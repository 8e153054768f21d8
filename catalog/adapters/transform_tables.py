"""The side tables of transforms, made in a build's own memory before external access is closed.

``transform.shift`` holds an offset for everyone in the cohort. ``transform.common_<table>_<column>``
holds the values that at least ``common_persons`` distinct persons of the cohort have; those who
opted out are not in the cohort and are not counted. A code table speaks of no person: its values
are counted by the persons whose codes it is joined to. Nothing of this is written anywhere, and
no error repeats it.
"""

from collections.abc import Callable, Iterable, Sequence

import duckdb
import pandas as pd

from catalog.adapters.duckdb_setup import name
from catalog.adapters.prepared_source import PEOPLE
from catalog.schema.columns import Schema
from catalog.views.places import SOURCE
from catalog.views.transforms_holders import holders
from catalog.views.transforms_needs import (
    COMMON_VALUE,
    SCRUB_HITS,
    SCRUB_SOURCE,
    SCRUB_STATUS,
    SCRUB_TEXT,
    SHIFT_DAYS,
    SHIFT_KEY,
    TRANSFORM,
    Common,
    Need,
    Scrubbed,
    Shift,
)

Offsets = Callable[[Sequence[int]], Sequence[int]]
"""By how many days the dates of each of these persons are moved."""

FillTexts = Callable[[Scrubbed], None]
"""Fills the side table of a column of free text (``scrub_tables``)."""


def make_transform_tables(connection: duckdb.DuckDBPyConnection, needs: Iterable[Need]) -> None:
    """The side tables, empty."""
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {TRANSFORM}")
    for need in set(needs):
        columns = f"{COMMON_VALUE} VARCHAR"
        if isinstance(need, Shift):
            columns = f"{SHIFT_KEY} BIGINT, {SHIFT_DAYS} INTEGER"
        elif isinstance(need, Scrubbed):
            columns = (
                f"{SHIFT_KEY} BIGINT, {SCRUB_SOURCE} VARCHAR, {SCRUB_TEXT} VARCHAR,"
                f" {SCRUB_STATUS} VARCHAR, {SCRUB_HITS} INTEGER"
            )
        connection.execute(f"CREATE TABLE {TRANSFORM}.{name(need.table)} ({columns})")


def fill_transform_tables(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    needs: Iterable[Need],
    common_persons: int,
    offsets: Offsets,
    fill_texts: FillTexts | None = None,
) -> None:
    """The side tables over the cohort that is shown under ``source``.

    Without ``fill_texts`` every text counts as quarantined: nothing of it is shown.
    """
    listed = frozenset(needs)
    make_transform_tables(connection, listed)
    for need in listed:
        if isinstance(need, Shift):
            _fill_shift(connection, offsets)
        elif isinstance(need, Scrubbed):
            if fill_texts is not None:
                fill_texts(need)
        else:
            _fill_common(connection, schema, need, common_persons)


def _fill_shift(connection: duckdb.DuckDBPyConnection, offsets: Offsets) -> None:
    people = connection.execute(f"SELECT patient_key AS k FROM {PEOPLE}").fetchnumpy()["k"]  # noqa: S608
    made = pd.DataFrame({SHIFT_KEY: people, SHIFT_DAYS: offsets([int(k) for k in people])})
    connection.register("made", made)
    connection.execute(f"INSERT INTO {TRANSFORM}.{Shift().table} SELECT * FROM made")  # noqa: S608
    connection.unregister("made")


def _fill_common(
    connection: duckdb.DuckDBPyConnection, schema: Schema, need: Common, common_persons: int
) -> None:
    # Names come from the schema and are quoted; the number is bound.
    connection.execute(
        f"INSERT INTO {TRANSFORM}.{name(need.table)}"  # noqa: S608
        f" SELECT CAST(v AS VARCHAR) FROM ({_holders(schema, need)}) WHERE v IS NOT NULL"
        " GROUP BY 1 HAVING count(DISTINCT k) >= ?",
        [common_persons],
    )


def _holders(schema: Schema, need: Common) -> str:
    """SQL for pairs of a value ``v`` and the key ``k`` of a person who has it."""
    value = name(need.source_column)
    parts = []
    for held in holders(schema, need):
        people = f"SELECT {name(held.column)} AS v, {name(held.key)} AS k FROM {SOURCE}.{name(held.table)}"  # noqa: S608
        if held.code:
            codes = f"{SOURCE}.{name(need.source_table)}"
            people = (
                f"SELECT c.{value} AS v, p.k FROM {codes} c JOIN ({people}) p ON p.v = c.{name(held.code)}"  # noqa: S608
            )
        parts.append(people)
    return " UNION ALL ".join(parts)
