"""The view compiler: a steward's SELECT in, the only SQL that will ever run out, or refusals.

Pure: text and schema in, values out. The steps: one statement, the language of views
(``catalog.views.grammar``), every name resolved and every column judged
(``catalog.views.queries``), and the SQL rendered from the checked tree, never the steward's
text. What cannot be resolved is refused. In the rendered SQL the canonical tables stand in
the schema ``source`` and the pseudonyms of each entity in a table of the schema ``pseudonym``;
rows are ordered by pseudonym, so that the order of the source does not leave.
"""

from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError

from catalog.profiles import PSEUDO, Profile
from catalog.schema.columns import Schema
from catalog.views.grammar import check_grammar
from catalog.views.places import PSEUDONYM, SOURCE_KEY
from catalog.views.projections import names_shown
from catalog.views.queries import Queries
from catalog.views.quiet import quiet
from catalog.views.refusals import Refusals, ViewRefusal
from catalog.views.scopes import Relation
from catalog.views.transforms_needs import Need, needs_of
from catalog.views.windows import write_within_group
from enclave.sentences import say

_DIALECT = "duckdb"


@dataclass(frozen=True, slots=True)
class CompiledColumn:
    """A column of a view: what its value is made of, and what else can influence it."""

    name: str
    values: tuple[str, ...]
    sources: tuple[str, ...]
    transforms: tuple[str, ...]
    entity: str
    """The kind of thing it is a pseudonym of, or empty."""
    open: tuple[str, ...] = ()
    """The source columns whose values leave in it with no transform between."""


@dataclass(frozen=True, slots=True)
class CompiledView:
    """A view that was accepted."""

    sql: str
    columns: tuple[CompiledColumn, ...]
    rows: frozenset[str]
    """The source columns that decide which rows there are."""
    needs: tuple[Need, ...] = ()
    """The side tables of its transforms."""
    ordered_by: frozenset[str] = frozenset()
    """The kinds of things whose pseudonyms decide in it between rows that are otherwise alike."""

    @property
    def influence(self) -> frozenset[str]:
        """Every source column that can change anything in the view."""
        return self.rows.union(*(column.sources for column in self.columns))

    @property
    def entities(self) -> tuple[str, ...]:
        """The kinds of things whose pseudonyms it needs, to show them or to order by them."""
        return tuple(sorted(self.ordered_by | {column.entity for column in self.columns if column.entity}))


@dataclass(frozen=True, slots=True)
class Compilation:
    """What became of a view: either it was accepted, or there are refusals."""

    view: CompiledView | None
    refusals: tuple[ViewRefusal, ...]


def compile_view(
    text: str, schema: Schema, profile: Profile = PSEUDO, *, without: frozenset[str] = frozenset()
) -> Compilation:
    """Compile a view's text against a schema. It never raises for what the text says.

    ``without`` names rules that are not enforced; only the tests that take rules away give any.
    """
    with quiet():
        return _compilation(text, schema, profile, Refusals(text, without))


def _compilation(text: str, schema: Schema, profile: Profile, refusals: Refusals) -> Compilation:
    if len(text) > _LONGEST:
        refusals.add_at("too_long", 1, 1, say("A view has at most 65,536 characters."), _SIMPLER)
        return Compilation(None, tuple(refusals.found))
    tree = _parse(text, refusals)
    if tree is not None:
        write_within_group(tree)
        check_grammar(tree, refusals)
    if tree is None or refusals.found:
        return Compilation(None, tuple(refusals.found))
    try:
        queries = Queries(schema, refusals, profile)
        relation = queries.outermost(tree)
        if not refusals.found:
            view = _compiled(tree, relation, queries.ordered_by)
            if view is not None:
                return Compilation(view, ())
            refusals.add_at("syntax", 1, 1, _NOT_ITSELF, _SIMPLER)
    except RecursionError:
        refusals.add_at("syntax", 1, 1, _TOO_DEEP, _SIMPLER)
    except _UNREADABLE:
        # A tree that the parser built in a way that nobody foresaw is refused, not run.
        refusals.add_at("syntax", 1, 1, _NOT_ITSELF, _SIMPLER)
    return Compilation(None, tuple(refusals.found))


_LONGEST = 65_536
_UNREADABLE = (SqlglotError, RecursionError, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What the parser raises for a text that it cannot read: not all of it is an error of its own kind."""
_NOT_ITSELF = say("The view has no one form that it can be run in.")
_TOO_DEEP = say("The view is nested too deeply to be judged.")
_SIMPLER = say("Write it flatter, with WITH.")


def _parse(text: str, refusals: Refusals) -> exp.Expr | None:
    try:
        parsed = sqlglot.parse(text, dialect=_DIALECT)
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        refusals.add_at(
            "syntax",
            int(first.get("line") or 1),
            int(first.get("col") or 1),
            say("The SQL cannot be read here."),
            say("Correct the SELECT at this place."),
        )
        return None
    except _UNREADABLE:
        refusals.add_at(
            "syntax",
            1,
            1,
            say("The SQL cannot be read."),
            say("Correct the SELECT; look for an open quote or bracket."),
        )
        return None
    statements = [s for s in parsed if s is not None and not isinstance(s, exp.Semicolon)]
    if len(statements) != 1:
        refusals.add(
            "one_statement",
            statements[1] if len(statements) > 1 else None,
            say("A view is exactly one SELECT."),
            say("Put each SELECT in its own file."),
        )
        return None
    tree = statements[0]
    if not isinstance(tree, exp.Query):
        refusals.add(
            "not_a_select",
            tree,
            say("A view is a SELECT and nothing else."),
            say("Write the view as one SELECT."),
        )
        return None
    return tree


def _compiled(tree: exp.Expr, relation: Relation, ordered_by: frozenset[str]) -> CompiledView | None:
    """The view as it will run, or None when what would run does not read back as what was checked."""
    try:
        inner = tree.sql(dialect=_DIALECT, comments=False, unsupported_level=ErrorLevel.RAISE)
        again = sqlglot.parse_one(inner, dialect=_DIALECT).sql(dialect=_DIALECT, comments=False)
    except _UNREADABLE:
        return None
    if again != inner:
        return None
    columns = tuple(
        CompiledColumn(
            shown,
            tuple(sorted(lineage.sources)),
            tuple(sorted(lineage.sources | relation.rows)),
            lineage.transforms,
            lineage.entity,
            tuple(sorted(lineage.open)),
        )
        for shown, lineage in zip(names_shown(relation.columns), relation.columns.values(), strict=True)
    )
    return CompiledView(
        _outside(inner, columns, tuple(relation.columns)), columns, relation.rows, needs_of(tree), ordered_by
    )


def _outside(inner: str, columns: tuple[CompiledColumn, ...], names: tuple[str, ...]) -> str:
    """The checked query with its keys replaced by pseudonyms, and its rows in their order."""
    shown, joins, keys, others = [], [], [], []
    for number, (column, name) in enumerate(zip(columns, names, strict=True), start=1):
        if not column.entity:
            shown.append(f'"v"."{name}" AS "{column.name}"')
            others.append(str(number))
            continue
        shown.append(f'"k{number}"."{PSEUDONYM}" AS "{column.name}"')
        joins.append(
            f'LEFT JOIN "{PSEUDONYM}"."{column.entity}" AS "k{number}"'
            f' ON "k{number}"."{SOURCE_KEY}" = "v"."{name}"'
        )
        keys.append(str(number))
    order = ", ".join([*keys, *others])
    return f'SELECT {", ".join(shown)} FROM ({inner}) AS "v" {" ".join(joins)} ORDER BY {order}'  # noqa: S608 -- every name is checked
