"""From the SQL behind a table to the only SQL that counts again, or the reason why none can. Pure.

1. An author's SELECT is read for its labels: what it shows beside its aggregates. From these, one SELECT
   for each set of labels (a margin is counted, never added up) asks for rows and distinct persons.
2. Every such SELECT goes through the catalogue's compiler against the columns of the extract, and only
   what is rendered from the checked tree is ever run. The author's text never is.
3. Persons are counted by ``patient_key``, where the first relation of the SELECT that has it stands. A
   SELECT that has lost it cannot be counted again.
4. Limits, orders and HAVING are left out: more groups than shown are counted, none fewer.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from catalog.profiles import PSEUDO
from catalog.schema.columns import Column, ColumnClass, Schema, Table, schema_of
from catalog.view_compiler import compile_view

PERSON = "patient_key"
MAX_SQL = 16_384
MOST_LABELS = 4
_LABEL = "label_"
_KEY_TYPES = frozenset({"UUID"})
_UNREADABLE = (SqlglotError, RecursionError, AttributeError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class CountingQuery:
    """A checked SELECT that gives, in this order, its labels, the rows and the distinct persons of each group."""

    headers: tuple[str, ...]
    """The author's names of the labels."""
    sql: str


@dataclass(frozen=True, slots=True)
class CountingPlan:
    """Everything that is run for one file; without queries, ``code`` says why nothing is."""

    queries: tuple[CountingQuery, ...] = ()
    code: str = ""


def extract_schema(columns: Iterable[tuple[str, str, str]]) -> Schema:
    """The schema of an extract from its tables, columns and DuckDB types."""
    tables: dict[str, list[Column]] = {}
    for table, column, kind in columns:
        entity = column.removesuffix("_key") if column.endswith("_key") and kind in _KEY_TYPES else ""
        column_class = ColumnClass.LINKABLE if entity else ColumnClass.CLINICAL
        tables.setdefault(table, []).append(Column(column, column_class, kind, column, column, entity=entity))
    return schema_of(Table(name, name, name, tuple(found)) for name, found in tables.items())


def plan_counting(text: str, schema: Schema) -> CountingPlan:
    """What counts again what a SELECT shows. It never raises for what the text says."""
    try:
        select = _outermost(text) if text.strip() and len(text) <= MAX_SQL else None
        return CountingPlan(code="sql_not_a_select") if select is None else _planned(select, schema)
    except _UNREADABLE:
        return CountingPlan(code="sql_unreadable")


def _planned(select: exp.Select, schema: Schema) -> CountingPlan:
    labels = [one for one in select.expressions if not _is_aggregate(one)]
    if len(labels) == len(select.expressions):
        return CountingPlan(code="sql_counts_nothing")
    if len(labels) > MOST_LABELS or any(isinstance(one, exp.Star) for one in labels):
        return CountingPlan(code="sql_labels")
    persons = tuple(_persons(select, schema))
    queries = [_query(select, chosen, persons, schema) for chosen in _subsets(labels)]
    checked = tuple(query for query in queries if query is not None)
    return CountingPlan(checked) if len(checked) == len(queries) else CountingPlan(code="sql_refused")


def _outermost(text: str) -> exp.Select | None:
    parsed = [tree for tree in sqlglot.parse(text, dialect="duckdb") if tree is not None]
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Select):
        return None
    select = parsed[0]
    refused = ("distinct", "qualify", "windows", "into", "laterals", "sample")
    return None if any(select.args.get(name) for name in refused) else select


def _is_aggregate(expression: exp.Expr) -> bool:
    return expression.find(exp.AggFunc, exp.Window, exp.Subquery) is not None


def _subsets(labels: Sequence[exp.Expr]) -> Iterator[Sequence[exp.Expr]]:
    for size in range(len(labels), -1, -1):
        yield from itertools.combinations(labels, size)


def _persons(select: exp.Select, schema: Schema) -> Iterator[str]:
    """Where the person's key may stand: each relation of the FROM that could have it, in order."""
    source = select.args.get("from_")
    relations = [source.this] if source is not None else []
    relations += [join.this for join in select.args.get("joins") or ()]
    for relation in relations:
        name = relation.alias_or_name
        known = schema.table(relation.name) if isinstance(relation, exp.Table) else None
        if name and (known is None or known.column(PERSON) is not None):
            yield name


def _query(
    select: exp.Select, labels: Sequence[exp.Expr], persons: Sequence[str], schema: Schema
) -> CountingQuery | None:
    """The checked SELECT for some labels, with the first person's key that the compiler takes."""
    headers = tuple(label.alias_or_name or label.sql(dialect="duckdb") for label in labels)
    for relation in persons:
        compiled = compile_view(_counting(select, labels, relation), schema, PSEUDO).view
        if compiled is not None and not any(column.entity for column in compiled.columns):
            return CountingQuery(headers, compiled.sql)
    return None


def _counting(select: exp.Select, labels: Sequence[exp.Expr], relation: str) -> str:
    counting = select.copy()
    for name in ("having", "order", "limit", "offset", "group"):
        counting.set(name, None)
    shown = [
        exp.alias_(label.unalias().copy(), f"{_LABEL}{number}") for number, label in enumerate(labels, 1)
    ]
    person = exp.column(PERSON, table=relation)
    counted = [
        exp.alias_(exp.Count(this=exp.Star()), "rows_counted"),
        exp.alias_(exp.Count(this=exp.Distinct(expressions=[person])), "persons_counted"),
    ]
    counting.set("expressions", [*shown, *counted])
    if labels:
        counting.set("group", exp.Group(expressions=[label.unalias().copy() for label in labels]))
    return counting.sql(dialect="duckdb", comments=False)
