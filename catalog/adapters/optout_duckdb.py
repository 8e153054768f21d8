"""Opt-outs where the source is, and the table of those whom a build leaves out.

The table is made beside the cohort, before external access is closed. Whoever is the same person
is found in steps until nobody new is found, because two providers may be linked through a third.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

import duckdb

from catalog.adapters.duckdb_setup import connect, name
from catalog.adapters.prepared_source import LEFT_OUT, attach_source, cohort_condition
from catalog.optouts import Named
from catalog.schema.canonical import CANONICAL
from enclave.projects import Cohort

_TABLE = """
CREATE TABLE IF NOT EXISTS optout (
    id VARCHAR PRIMARY KEY, facility_key INTEGER, chart_no VARCHAR, patient_key BIGINT, asked_at TIMESTAMP NOT NULL
)
"""
# Where a person was: any row of theirs that names a facility.
_SEEN = " UNION ALL ".join(
    f"SELECT facility_key FROM origin.{name(table.name)} AS s WHERE s.patient_key = i.patient_key"  # noqa: S608  names of ours
    for table in CANONICAL.tables.values()
    if {"patient_key", "facility_key"} <= set(table.names)
)
_THERE = "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND table_name = 'optout'"
_NAMED = """
INSERT INTO {left_out}
SELECT DISTINCT patient_key FROM (
    SELECT o.patient_key FROM origin.optout AS o WHERE o.patient_key IS NOT NULL {only}
    UNION ALL
    SELECT i.patient_key FROM origin.optout AS o JOIN origin.patient_identity AS i ON i.chart_no = o.chart_no
    WHERE o.facility_key IN ({seen}) {only}
)
"""
_FLAGGED = """
INSERT INTO {left_out} SELECT patient_key FROM origin.patient
WHERE coalesce(optout_flag, false) AND patient_key NOT IN (FROM {left_out})
"""
# Spaces, case, width and which kana was used are not what tells two people apart: half-width kana and full-width
# letters become what they stand for (a voiced mark of its own is joined by nfc_normalize), hiragana katakana. A
# missing value is like no other.
_WIDTHS = (*range(0xFF65, 0xFFA0), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0x3000)
_HIRAGANA = range(0x3041, 0x3097)
_WRITTEN = "".join(map(chr, (*_WIDTHS, *_HIRAGANA)))
_MEANT = "".join([*(normalize("NFKC", chr(c)) for c in _WIDTHS), *(chr(c + 0x60) for c in _HIRAGANA)])
_PLAIN = f"upper(regexp_replace(nfc_normalize(translate({{}}.name_kana, '{_WRITTEN}', '{_MEANT}')), '\\s', '', 'g'))"
_BY_INSURANCE = (
    "one.insurer_no = other.insurer_no AND one.insured_symbol = other.insured_symbol"
    " AND one.insured_no = other.insured_no"
    " AND coalesce(one.insured_branch, '') = coalesce(other.insured_branch, '')"
)
_BY_NUMBER = "one.my_number = other.my_number"
_BY_NAME = (
    f"{_PLAIN.format('one')} = {_PLAIN.format('other')}"
    " AND hers.birth_date = his.birth_date AND hers.sex = his.sex"
)
_LINKED = """
INSERT INTO {left_out}
SELECT DISTINCT other.patient_key
FROM {left_out} AS known
JOIN origin.patient_identity AS one ON one.patient_key = known.patient_key
JOIN origin.patient AS hers ON hers.patient_key = one.patient_key
JOIN (origin.patient_identity AS other JOIN origin.patient AS his ON his.patient_key = other.patient_key)
    ON {same}
WHERE other.patient_key NOT IN (FROM {left_out})
"""


class OptoutsDuckdb:
    """The ``Optouts`` port over the source."""

    def __init__(
        self, path: Path, opened: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]
    ) -> None:
        self._path = path
        self._opened = opened

    def add(self, number: str, named: Named, at: datetime) -> tuple[str, datetime]:
        with self._opened() as source:
            source.execute(_TABLE)
            held = source.execute(
                "SELECT id, asked_at FROM optout WHERE facility_key IS NOT DISTINCT FROM ?"
                " AND chart_no IS NOT DISTINCT FROM ? AND patient_key IS NOT DISTINCT FROM ?",
                [named.facility, named.chart_no or None, named.patient_key],
            ).fetchone()
            if held is not None:
                return str(held[0]), held[1].replace(tzinfo=UTC)
            source.execute(
                "INSERT INTO optout VALUES (?, ?, ?, ?, ?)",
                [number, named.facility, named.chart_no or None, named.patient_key, at.replace(tzinfo=None)],
            )
        return number, at

    def persons(self, number: str, *, everywhere: bool) -> int:
        with self._left_out(number, everywhere=everywhere) as connection:
            row = connection.execute(f"SELECT count(*) FROM {LEFT_OUT}").fetchone()  # noqa: S608  a name of ours
        return int(row[0]) if row else 0

    def holds(self, number: str, cohort: Cohort, *, everywhere: bool) -> bool:
        condition, values = cohort_condition(cohort)
        with self._left_out(number, everywhere=everywhere) as connection:
            found = connection.execute(
                f"SELECT 1 FROM origin.patient p JOIN {LEFT_OUT} USING (patient_key) WHERE {condition} LIMIT 1",  # noqa: S608
                values,
            ).fetchone()
        return found is not None

    @contextmanager
    def _left_out(self, number: str, *, everywhere: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        with connect() as connection:
            attach_source(connection, self._path)
            show_left_out(connection, everywhere=everywhere, only=number)
            yield connection


def show_left_out(connection: duckdb.DuckDBPyConnection, *, everywhere: bool, only: str = "") -> None:
    """``LEFT_OUT``, one column ``patient_key``: whom this opt-out, or every opt-out and flag, leaves out.

    ``everywhere`` also those who are the same person at another provider.
    """
    connection.execute(f"CREATE TABLE {LEFT_OUT} (patient_key BIGINT)")
    if connection.execute(_THERE, ["origin"]).fetchone() is not None:
        named = _NAMED.format(left_out=LEFT_OUT, seen=_SEEN, only="AND o.id = $id" if only else "")
        connection.execute(named, {"id": only} if only else None)
    if not only:
        connection.execute(_FLAGGED.format(left_out=LEFT_OUT))
    while everywhere and any(_added(connection, same) for same in (_BY_INSURANCE, _BY_NUMBER, _BY_NAME)):
        continue


def optout_numbers(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The numbers of all opt-outs of an opened source."""
    if connection.execute(_THERE, [str(_database(connection))]).fetchone() is None:
        return ()
    return tuple(str(row[0]) for row in connection.execute("SELECT id FROM optout ORDER BY id").fetchall())


def _database(connection: duckdb.DuckDBPyConnection) -> object:
    row = connection.execute("SELECT current_database()").fetchone()
    return row[0] if row else ""


def _added(connection: duckdb.DuckDBPyConnection, same: str) -> int:
    row = connection.execute(_LINKED.format(left_out=LEFT_OUT, same=same)).fetchone()
    return int(row[0]) if row else 0
