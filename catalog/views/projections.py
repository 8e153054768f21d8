"""The SELECT list: stars written out, every column named, and what the outermost one may show."""

import re
import unicodedata
from collections.abc import Iterable
from enum import Enum, auto
from itertools import count

from sqlglot import exp

from catalog.schema.columns import ColumnClass, Schema
from catalog.views.expressions import OF_EXISTS, Expressions, is_vault
from catalog.views.places import PSEUDONYM
from catalog.views.refusals import Refusals
from catalog.views.scopes import Item, Lineage, Scope
from catalog.views.transforms import Transforms
from enclave.sentences import say

_JAPANESE = r"\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff"
_NAME = re.compile(rf"[a-z{_JAPANESE}][a-z0-9_{_JAPANESE}]{{0,59}}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,59}")
_KEY_ENDING = "_key"
_WITHHELD = frozenset({ColumnClass.DIRECT_IDENTIFIER, ColumnClass.FREE_TEXT})
UNNAMED = "unnamed "
"""Begins the name, which nothing can mean, of a column that was given none."""
_UNNAMED = re.compile(UNNAMED + r"[0-9]+ [a-z][a-z0-9_]{0,59}")
"""Such a name whole: a name that a view's text gives is never let through for how it begins."""


class Place(Enum):
    """Where a SELECT stands: whether its columns are the view's, and whether it names them."""

    OUTERMOST = auto()
    OUTERMOST_SECOND = auto()
    """The later side of a set operation: its columns leave under the names of the first."""
    INNER = auto()
    INNER_SECOND = auto()

    @property
    def outermost(self) -> bool:
        return self in {Place.OUTERMOST, Place.OUTERMOST_SECOND}

    @property
    def second(self) -> "Place":
        """The place of the later side of a set operation that stands here."""
        return Place.OUTERMOST_SECOND if self.outermost else Place.INNER_SECOND


class Projections:
    """Reads the SELECT lists of one view."""

    def __init__(
        self, schema: Schema, refusals: Refusals, expressions: Expressions, transforms: Transforms
    ) -> None:
        self._schema = schema
        self._refusals = refusals
        self._expressions = expressions
        self._transforms = transforms

    def read(self, select: exp.Select, scope: Scope, place: Place) -> dict[str, Lineage]:
        """The columns a SELECT gives; its list is rewritten, every entry with a name."""
        written_out = self._without_stars(select, scope, place)
        if not written_out:
            self._refusals.add(
                "no_columns",
                select,
                say("A SELECT here shows no column."),
                say("Name the columns after SELECT."),
            )
        select.set("expressions", [_named(node, n) for n, node in enumerate(written_out)])
        columns: dict[str, Lineage] = {}
        names: set[str] = set()
        for alias in list(select.expressions):
            name = alias.alias
            lineage = self._expressions.value(alias.this, scope)
            if place.outermost:
                lineage = self._shown(alias, lineage)
                if place is Place.OUTERMOST:
                    self._check_name(alias, lineage)
            scope.given.setdefault(name, (alias.this, lineage))
            if name in columns and place is not Place.OUTERMOST:
                name = _numbered(name, columns, select)
                alias.set("alias", exp.to_identifier(name, quoted=True))
            folded = unicodedata.normalize("NFKC", name).casefold()
            if folded in names:
                self._refusals.add(
                    "duplicate_column",
                    alias,
                    say("Two columns have the name {name}.", name=name[:60]),
                    say("Give each its own name with AS."),
                )
            names.add(folded)
            columns[name] = lineage
        if place.outermost:
            self._transforms.check_undone(select, columns.values())
        return columns

    def _shown(self, alias: exp.Expr, lineage: Lineage) -> Lineage:
        if lineage.entity and lineage.shown:
            return lineage
        if lineage.entity:
            self._refusals.add(
                "key_in_output",
                alias,
                say("A key may leave only as a pseudonym."),
                say("Write pseudonym(key), or leave the key out."),
            )
        if any(self._is_staff(source) for source in lineage.open):
            self._refusals.add(
                "staff_in_output",
                alias,
                say("A member of staff or an institution may not stand in the output."),
                say("Leave the column out, or write pseudonym(facility_key) for a coded institution."),
            )
        self._transforms.check_leaving(alias, lineage)
        return lineage.plain()

    def _is_staff(self, source: str) -> bool:
        table, _, name = source.partition(".")
        column = self._schema.column(table, name)
        return column is not None and column.column_class is ColumnClass.STAFF

    def _check_name(self, alias: exp.Expr, lineage: Lineage) -> None:
        name = alias.alias
        if _UNNAMED.fullmatch(name):
            return
        if not _NAME.fullmatch(name):
            self._refusals.add(
                "column_name",
                alias,
                say(
                    "Every column of a view has a name of letters, Japanese or a to z, digits and underscores."
                ),
                say("Give the column a name with AS."),
            )
        elif name.endswith(_KEY_ENDING) and not lineage.entity:
            self._refusals.add(
                "column_name",
                alias,
                say("A name that ends in _key is kept for pseudonyms."),
                say("Give the column another name with AS."),
            )

    def _without_stars(self, select: exp.Select, scope: Scope, place: Place) -> list[exp.Expr]:
        nodes: list[exp.Expr] = []
        for node in select.expressions:
            if isinstance(node, exp.Star):
                items = [item for item in scope.items if not item.hidden]
                if node.meta.get(OF_EXISTS) and not any(
                    is_vault(item.relation.columns.values()) for item in items
                ):
                    nodes.append(exp.Literal.number(1))
                else:
                    nodes.extend(self._star(node, node, items, scope, place))
            elif isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
                item = scope.item(node.table.lower())
                if item is None:
                    self._refusals.add(
                        "unknown_table",
                        node,
                        say("This is not a relation of this query."),
                        say("Name a relation that stands in FROM."),
                    )
                else:
                    nodes.extend(self._star(node, node.this, [item], None, place))
            else:
                nodes.append(node)
        return nodes

    def _star(
        self, node: exp.Expr, star: exp.Expr, items: list[Item], scope: Scope | None, place: Place
    ) -> list[exp.Expr]:
        """The columns of a star; those of a query's bare star (``scope``) stand once where USING made them one.

        In an inner query it means the columns that may be used: a vault has none, and elsewhere what is
        a direct identifier or free text is not among them.
        """
        left_out = {column.name.lower() for column in star.args.get("except_") or ()}
        replaced = {alias.alias.lower(): alias for alias in star.args.get("replace") or ()}
        renamed = {alias.this.name.lower(): alias.alias for alias in star.args.get("rename") or ()}
        starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
        columns: list[exp.Expr] = []
        names: set[str] = set()
        for item in items:
            for name in item.relation.columns:
                if scope is not None and name in item.merged_away:
                    continue
                names.add(name)
                if name in replaced:
                    columns.append(replaced[name].copy())
                    continue
                if name in left_out or (not place.outermost and _is_withheld(item, name)):
                    continue
                identifier = exp.to_identifier(name, quoted=True)
                if starts:
                    identifier.meta["start"] = min(starts)
                shared = scope is not None and len(scope.sharing(name, item)) > 1
                table = None if shared else exp.to_identifier(item.name, quoted=True)
                column = exp.Column(this=identifier, table=table)
                columns.append(exp.alias_(column, renamed[name], quoted=True) if name in renamed else column)
        for name in sorted((left_out | replaced.keys() | renamed.keys()) - names):
            self._refusals.add(
                "unknown_column",
                node,
                say("The column {name} cannot be resolved.", name=name[:60]),
                say("Name a column of the schema, of a relation that stands in FROM."),
            )
        return columns


def _numbered(name: str, columns: Iterable[str], select: exp.Select) -> str:
    """A further column of one name, as the database numbers them; the bare name means the first."""
    taken = {*columns, *(alias.alias for alias in select.expressions)}
    return next(one for n in count(1) if (one := f"{name}_{n}") not in taken)


def _is_withheld(item: Item, name: str) -> bool:
    columns = item.relation.columns
    return not is_vault(columns.values()) and not columns[name].classes.isdisjoint(_WITHHELD)


def _named(node: exp.Expr, number: int) -> exp.Expr:
    """The node as an alias: its own name, its column's, its key's, or one that nothing can mean."""
    if isinstance(node, exp.Alias):
        node.set("alias", exp.to_identifier(node.alias.lower(), quoted=True))
        return node
    name = ""
    if isinstance(node, exp.Column):
        name = node.name.lower()
    elif isinstance(node, exp.Anonymous) and node.name.lower() == PSEUDONYM and node.expressions:
        name = node.expressions[0].name.lower()
    alias = name or f"{UNNAMED}{number} {_kind(node)}"
    return exp.Alias(this=node, alias=exp.to_identifier(alias, quoted=True))


def _kind(node: exp.Expr) -> str:
    """What an expression without a name does, in a word: ``count``, ``avg``, ``value``."""
    while isinstance(node, exp.Window | exp.Filter | exp.WithinGroup | exp.Paren):
        node = node.this
    if not isinstance(node, exp.Func):
        return "value"
    word = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
    return word.lower() if _WORD.fullmatch(word.lower()) else "value"


def names_shown(names: Iterable[str]) -> list[str]:
    """The names that a view's columns leave under: a column without one gets the word for what it does."""
    listed = list(names)
    taken = {name for name in listed if not _UNNAMED.fullmatch(name)}
    shown = []
    for name in listed:
        if _UNNAMED.fullmatch(name):
            word = name.rsplit(" ", 1)[1]
            name = next(one for n in count(1) if (one := word if n == 1 else f"{word}_{n}") not in taken)  # noqa: PLW2901
            taken.add(name)
        shown.append(name)
    return shown
