"""Counting the combination risk of an extract that is not built: the same rows, no pseudonyms.

The compiled views run over the cohort as they would in a build. The keys that stand in for
pseudonyms are drawn for this run and thrown away with it, so that no key of the producer is
needed to look at a risk. Nothing is written but what DuckDB spills, encrypted, and removes.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from catalog.adapters.duckdb_setup import connect, name
from catalog.adapters.optout_duckdb import show_left_out
from catalog.adapters.prepared_source import (
    attach_source,
    close,
    keys_there,
    make_pseudonym_table,
    run_failed,
    show_cohort,
)
from catalog.adapters.transform_tables import fill_transform_tables
from catalog.combination_risk import (
    Assessment,
    Classes,
    RareCodes,
    RarestValue,
    RiskReport,
    TableRisk,
    classes_of,
    code_columns,
    person_column,
    plan_basis,
    quasi_identifiers,
)
from catalog.extracts import ExtractPlan, PlannedView
from catalog.schema.columns import Schema
from catalog.views.places import PSEUDONYM, SOURCE_KEY

_MEMORY = "3GB"


class DuckdbRisk:
    """The ``RiskMeter`` port over the source file."""

    def __init__(self, source: Path, spill: Path, schema: Schema) -> None:
        self._source = source
        self._spill = spill
        self._schema = schema

    def assess(self, plan: ExtractPlan, rare_below: int, shown: int) -> Assessment:
        try:
            return self._assess(plan, rare_below, shown)
        except duckdb.Error as error:
            raise run_failed(error) from None
        finally:
            shutil.rmtree(self._spill, ignore_errors=True)

    def _assess(self, plan: ExtractPlan, rare_below: int, shown: int) -> Assessment:
        with connect(self._spill, _MEMORY) as connection:
            attach_source(connection, self._source)
            show_left_out(connection, everywhere=plan.everywhere)
            show_cohort(connection, self._schema, plan.cohort)
            for entity in sorted({entity for planned in plan.views for entity in planned.compiled.entities}):
                self._stand_ins(connection, entity)
            # A shifted date is no quasi-identifier, so one offset does for everybody.
            rules = plan.transforms
            fill_transform_tables(
                connection, self._schema, plan.needs, rules.common_persons, lambda people: [1] * len(people)
            )
            close(connection)
            counter = _Counter(connection, self._schema)
            for planned in plan.views:
                counter.take(planned)
            return counter.assessment(plan, rare_below, shown)

    def _stand_ins(self, connection: duckdb.DuckDBPyConnection, entity: str) -> None:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {PSEUDONYM}")
        make_pseudonym_table(connection, entity)
        connection.execute(
            f"INSERT INTO {PSEUDONYM}.{name(entity)} ({SOURCE_KEY}, {PSEUDONYM})"  # noqa: S608  names of ours
            f" SELECT key, uuid() FROM ({keys_there(self._schema, entity)})"
        )


class _Counter:
    """Keeps of each view what is counted, in tables of the run's own schema ``risk``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
        self._connection = connection
        self._schema = schema
        self._taken: list[tuple[PlannedView, str | None, tuple[str, ...]]] = []
        connection.execute("CREATE SCHEMA risk")

    def take(self, planned: PlannedView) -> None:
        person, quasi = person_column(planned), quasi_identifiers(planned, self._schema)
        kept = dict.fromkeys([*quasi, *code_columns(planned, self._schema)])
        shown = [f"{name(person)} AS person" if person else "NULL::UUID AS person"]
        shown += [f"{name(column)} AS {name('c ' + column)}" for column in kept]
        self._connection.execute(
            f"CREATE TABLE {_at(planned)} AS SELECT {', '.join(shown)} FROM ({planned.compiled.sql})"  # noqa: S608  checked SQL
        )
        self._taken.append((planned, person, quasi))

    def assessment(self, plan: ExtractPlan, rare_below: int, shown: int) -> Assessment:
        codes = [
            self._codes(planned, column, rare_below)
            for planned, person, _ in self._taken
            if person
            for column in code_columns(planned, self._schema)
        ]
        report = RiskReport(
            basis=plan_basis(plan),
            profile=plan.views[0].view.profile,
            tables=tuple(self._table(*taken) for taken in self._taken),
            steady=self._joined(steady=True),
            everything=self._joined(steady=False),
            codes=tuple(counted for counted, _ in codes),
        )
        return Assessment(report, tuple(value for _, rarest in codes for value in rarest[:shown]))

    def _table(self, planned: PlannedView, person: str | None, quasi: tuple[str, ...]) -> TableRisk:
        rows = self._number(f"SELECT count(*) FROM {_at(planned)}")  # noqa: S608
        if not quasi:
            return TableRisk(planned.view.table, (), rows, person is not None, classes_of(()))
        columns = _listed(quasi)
        if person is None:
            sizes = f"SELECT count(*) AS size, count(*) AS members FROM {_at(planned)} GROUP BY {columns}"  # noqa: S608
            query = f"SELECT size, sum(members) FROM ({sizes}) GROUP BY size"  # noqa: S608
        else:
            # Everyone's smallest class: the classes' sizes, led back to the persons in them.
            query = (
                f"WITH held AS (SELECT DISTINCT person, {columns} FROM {_at(planned)} WHERE person IS NOT NULL),"  # noqa: S608
                f" sized AS (SELECT person, count(*) OVER (PARTITION BY {columns}) AS size FROM held)"
                " SELECT size, count(*) FROM (SELECT person, min(size) AS size FROM sized GROUP BY person) GROUP BY size"
            )
        return TableRisk(planned.view.table, quasi, rows, person is not None, self._classes(query))

    def _joined(self, *, steady: bool) -> Classes | None:
        """Persons by their signature over all tables that name them, or None when there is none."""
        parts: list[str] = []
        for planned, person, quasi in self._taken:
            kept = [c for c in quasi if self._is_steady(planned, c)] if steady else list(quasi)
            if person is None or not kept:
                continue
            # Sorted, because the order of a person's rows says nothing about them.
            combination = (
                f"list_sort(list(DISTINCT [{', '.join(f'CAST({c} AS VARCHAR)' for c in map(_kept, kept))}]))"
            )
            parts.append(
                f"SELECT person, {len(parts)} AS part, CAST({combination} AS VARCHAR) AS said"  # noqa: S608
                f" FROM {_at(planned)} WHERE person IS NOT NULL GROUP BY person"
            )
        if not parts:
            return None
        return self._classes(
            f"WITH said AS ({' UNION ALL '.join(parts)}),"  # noqa: S608
            " whole AS (SELECT person, string_agg(part || said, '|' ORDER BY part) AS signature FROM said GROUP BY person),"
            " sized AS (SELECT count(*) OVER (PARTITION BY signature) AS size FROM whole)"
            " SELECT size, count(*) FROM sized GROUP BY size"
        )

    def _is_steady(self, planned: PlannedView, column: str) -> bool:
        changing = self._number(
            f"SELECT count(*) FROM (SELECT person FROM {_at(planned)} WHERE person IS NOT NULL"  # noqa: S608
            f" GROUP BY person HAVING count(DISTINCT {_kept(column)}) > 1)"
        )
        return changing == 0

    def _codes(
        self, planned: PlannedView, column: str, rare_below: int
    ) -> tuple[RareCodes, list[RarestValue]]:
        holders = (
            f"SELECT CAST({_kept(column)} AS VARCHAR) AS value, count(DISTINCT person) AS persons FROM {_at(planned)}"  # noqa: S608
            f" WHERE {_kept(column)} IS NOT NULL GROUP BY value"
        )
        found = self._connection.execute(f"{holders} ORDER BY persons, value").fetchall()
        rare = [(str(value), int(persons)) for value, persons in found if persons < rare_below]
        persons = self._number(
            f"SELECT count(DISTINCT person) FROM {_at(planned)} WHERE CAST({_kept(column)} AS VARCHAR) IN"  # noqa: S608
            f" (SELECT value FROM ({holders}) WHERE persons < {rare_below:d})"
        )
        table = planned.view.table
        rarest = [RarestValue(table, column, value, held) for value, held in rare]
        return RareCodes(table, column, len(found), len(rare), persons), rarest

    def _classes(self, query: str) -> Classes:
        found: Iterable[tuple[int, int]] = self._connection.execute(query).fetchall()
        return classes_of((int(size), int(count)) for size, count in found)

    def _number(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        return int(row[0]) if row else 0


def _at(planned: PlannedView) -> str:
    return f"risk.{name(planned.view.table)}"


def _kept(column: str) -> str:
    return name("c " + column)


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(_kept(column) for column in columns)
