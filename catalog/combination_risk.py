"""How well the people of an extract hide in each other, counted before it is built.

Rules:

1. A quasi-identifier is a column of a view whose value is made of a column of class QI. A date
   that was shifted is none: nobody outside knows its offset (``profiles`` demands the shift).
2. An equivalence class of a table is the set of persons who share one combination of its
   quasi-identifiers in some row. A person stands in as many classes as they have different rows;
   what counts for them is the smallest. A table that names no person is counted by rows.
3. *Joined*: each person's combinations from all tables together. ``steady`` takes the columns in
   which every person has one value throughout; ``everything`` takes all rows of a person as one
   signature, which is what an attacker who knew all of it would compare.
4. A code is rare when fewer persons hold it than the policy says.
5. ``anon`` asks that no class of any table, and none of the steady columns joined, is smaller
   than its k. ``pseudo`` asks for a person's judgement and no number (japan.md 5.3, the caveat).
6. The record of an assessment holds counts alone. Values stand only in what the steward is shown.

Sizes are whole numbers of persons (or rows, rule 2). The buckets are a choice of this product.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.extracts import ExtractPlan, PlannedView
from catalog.schema.columns import ColumnClass, Nature, Schema
from catalog.view_compiler import CompiledColumn
from enclave.audit.canonical import Value, canonical

BUCKETS: tuple[tuple[int, int | None], ...] = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, None))
"""Sizes of classes that are counted together: from, to (both inclusive, None is no end)."""
PERSON = "patient"
"""The entity whose pseudonyms stand for persons."""
_SHIFT = "date_shift"


@dataclass(frozen=True, slots=True)
class Classes:
    """How many stand in classes of which size."""

    members: int
    """Persons, or rows where there are none."""
    smallest: int
    """The size of the smallest class; 0 when there is nobody."""
    unique: int
    """Members whose smallest class is theirs alone."""
    histogram: tuple[int, ...]
    """Members by the size of their smallest class, one number per bucket."""

    def document(self) -> dict[str, Value]:
        return {
            "members": self.members,
            "smallest": self.smallest,
            "unique": self.unique,
            "histogram": list(self.histogram),
        }


@dataclass(frozen=True, slots=True)
class RareCodes:
    """A column of codes: how many of its values few people hold."""

    table: str
    column: str
    values: int
    rare: int
    persons: int
    """Persons who hold at least one rare value."""

    def document(self) -> dict[str, Value]:
        return {
            "table": self.table,
            "column": self.column,
            "values": self.values,
            "rare": self.rare,
            "persons": self.persons,
        }


@dataclass(frozen=True, slots=True)
class TableRisk:
    """One table: its quasi-identifiers and the classes they make."""

    table: str
    quasi: tuple[str, ...]
    rows: int
    by_person: bool
    classes: Classes

    def document(self) -> dict[str, Value]:
        return {
            "table": self.table,
            "quasi": list(self.quasi),
            "rows": self.rows,
            "by_person": self.by_person,
            "classes": self.classes.document(),
        }


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What was counted, for one plan. Counts alone (rule 6)."""

    basis: str
    profile: str
    tables: tuple[TableRisk, ...]
    steady: Classes | None
    everything: Classes | None
    codes: tuple[RareCodes, ...]

    def document(self) -> dict[str, Value]:
        return {
            "basis": self.basis,
            "profile": self.profile,
            "buckets": [[low, high] for low, high in BUCKETS],
            "tables": [table.document() for table in self.tables],
            "steady": None if self.steady is None else self.steady.document(),
            "everything": None if self.everything is None else self.everything.document(),
            "codes": [code.document() for code in self.codes],
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical document: what a steward accepts."""
        return hashlib.sha256(canonical(self.document())).hexdigest()

    @property
    def smallest(self) -> int | None:
        """The smallest class that ``anon`` looks at, or None when nothing was counted."""
        counted = [table.classes for table in self.tables if table.quasi]
        counted += [] if self.steady is None else [self.steady]
        sizes = [classes.smallest for classes in counted if classes.members]
        return min(sizes) if sizes else None


@dataclass(frozen=True, slots=True)
class AssessedRisk:
    """A report that was counted for a project, and who took it on."""

    project: str
    report: RiskReport
    accepted_by: str = ""
    """The steward, or empty as long as nobody did."""


@dataclass(frozen=True, slots=True)
class RarestValue:
    """A rare value and how many hold it: shown to the steward, kept nowhere."""

    table: str
    column: str
    value: str
    persons: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """A report and what is shown beside it."""

    report: RiskReport
    rarest: tuple[RarestValue, ...]


def plan_basis(plan: ExtractPlan) -> str:
    """SHA-256 over what an assessment rests on: a change to any of it asks for another."""
    facts: dict[str, Value] = {
        "project": plan.project,
        "views": {planned.view.table: planned.digest for planned in plan.views},
        "permit": plan.permit_digest,
        "policy": plan.policy_digest,
        "source": plan.source_version,
    }
    return hashlib.sha256(canonical(facts)).hexdigest()


def quasi_identifiers(planned: PlannedView, schema: Schema) -> tuple[str, ...]:
    """The names of a view's quasi-identifying columns, in their order (rule 1)."""
    return tuple(column.name for column in planned.compiled.columns if _is_quasi(column, schema))


def code_columns(planned: PlannedView, schema: Schema) -> tuple[str, ...]:
    """The names of a view's columns that hold codes as they are."""
    return tuple(
        column.name
        for column in planned.compiled.columns
        if any(_nature(schema, source) is Nature.CODE for source in column.values)
    )


def person_column(planned: PlannedView) -> str | None:
    """The column of a view that stands for a person, or None."""
    return next((column.name for column in planned.compiled.columns if column.entity == PERSON), None)


def classes_of(sizes: Mapping[int, int] | Iterable[tuple[int, int]]) -> Classes:
    """The counts from (size of the smallest class, how many members have it)."""
    pairs = sorted(dict(sizes).items())
    histogram = tuple(
        sum(count for size, count in pairs if low <= size and (high is None or size <= high))
        for low, high in BUCKETS
    )
    return Classes(
        members=sum(count for _, count in pairs),
        smallest=pairs[0][0] if pairs else 0,
        unique=dict(pairs).get(1, 0),
        histogram=histogram,
    )


def below(report: RiskReport, k: int) -> Sequence[str]:
    """Where a report falls short of k: names of tables, ``(joined)`` for the steady columns."""
    short = [
        table.table
        for table in report.tables
        if table.quasi and table.classes.members and table.classes.smallest < k
    ]
    if report.steady is not None and report.steady.members and report.steady.smallest < k:
        short.append("(joined)")
    return short


def report_of(document: Mapping[str, Any]) -> RiskReport:
    """The report of a document that ``RiskReport.document`` made."""
    return RiskReport(
        basis=document["basis"],
        profile=document["profile"],
        tables=tuple(
            TableRisk(
                table["table"],
                tuple(table["quasi"]),
                table["rows"],
                table["by_person"],
                _classes(table["classes"]),
            )
            for table in document["tables"]
        ),
        steady=None if document["steady"] is None else _classes(document["steady"]),
        everything=None if document["everything"] is None else _classes(document["everything"]),
        codes=tuple(RareCodes(**code) for code in document["codes"]),
    )


def _classes(document: Mapping[str, Any]) -> Classes:
    return Classes(
        document["members"], document["smallest"], document["unique"], tuple(document["histogram"])
    )


def _is_quasi(column: CompiledColumn, schema: Schema) -> bool:
    if column.entity:
        return False
    for source in column.values:
        table, _, name = source.partition(".")
        found = schema.column(table, name)
        if found is None or found.column_class is not ColumnClass.QUASI_IDENTIFIER:
            continue
        if not (found.nature is Nature.EVENT and _SHIFT in column.transforms):
            return True
    return False


def _nature(schema: Schema, source: str) -> Nature:
    table, _, name = source.partition(".")
    found = schema.column(table, name)
    return Nature.PLAIN if found is None else found.nature
