"""What an expression in a view may do with the columns it names.

1. A direct identifier or free text may stand nowhere, in no position.
2. A key (linkable column) may stand only where the result is the same under every renaming of
   the keys: compared for equality with a key of the same kind, ``IN`` a query of such keys,
   ``IS NULL``, ``COUNT`` and ``COUNT(DISTINCT …)``, ``PARTITION BY``, chosen among keys of the same
   kind by CASE or COALESCE. Every other use is refused by its own rule (``catalog.views.keys``).
3. ``pseudonym(key)`` is that key, marked to be shown: all that holds for the key holds for it. It
   takes one bare column; the pseudonyms themselves are put in on the way out.
4. Every name must be found, exactly once, and is rewritten to what was found.
5. The other transforms are rewritten to plain SQL (``catalog.views.transforms``).
6. What leaves in a value (``Lineage.open``) is what stands in it: not what it was chosen by.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from types import UnionType
from typing import Any

from sqlglot import exp

from catalog.profiles import SCRUBS, TRANSFORMS
from catalog.schema.columns import ColumnClass
from catalog.views.functions import (
    EXPRESSIONS,
    ORDERED_AGGREGATES,
    PREDICATE_NAMES,
    PREDICATES,
    RANKS,
    SETTLED_AGGREGATES,
)
from catalog.views.keys import KeyRules, misuse
from catalog.views.names import Names
from catalog.views.places import PSEUDONYM
from catalog.views.refusals import Refusals
from catalog.views.scopes import Lineage, Relation, Scope, merged
from catalog.views.transforms import Transforms
from catalog.views.windows import Windows
from enclave.sentences import say

Reader = Callable[[Any, Scope], Lineage]
ReadQuery = Callable[[exp.Expr, Scope | None], Relation]

UNKNOWN = Lineage()
OF_EXISTS = "of_exists"
"""The mark of a star that nobody reads: that of EXISTS (SELECT * …)."""
_MOSTLY = 2
"""A table of which more than one column in so many is a direct identifier is a vault."""


class Expressions:
    """Reads expressions of one view, refusing and rewriting as it goes."""

    def __init__(
        self,
        refusals: Refusals,
        read_query: ReadQuery,
        transforms: Transforms,
        homes: Iterable[str] = (),
    ) -> None:
        self._refusals = refusals
        self._read_query = read_query
        self._transforms = transforms
        self._homes = tuple(homes)
        self._names = Names(refusals)
        self.keys = KeyRules(refusals)
        self.windows = Windows(refusals, self._homes)
        ordered = tuple(ORDERED_AGGREGATES | SETTLED_AGGREGATES)
        self._readers: tuple[tuple[type[exp.Expr] | UnionType | tuple[type[exp.Expr], ...], Reader], ...] = (
            (exp.Column, self._names.read),
            (exp.Paren, lambda node, scope: self.value(node.this, scope)),
            (exp.Exists, self._exists),
            (exp.Subquery | exp.Query, self._single_column),
            (exp.Anonymous, self._named),
            (exp.EQ | exp.NEQ | exp.NullSafeEQ | exp.NullSafeNEQ, self._equality),
            (exp.In, self._in),
            (exp.Is, self._is),
            (exp.Count, self._count),
            (exp.Grouping | exp.GroupingId, self._grouping),
            (exp.Window, self._window),
            (exp.Filter, self._filter),
            (exp.Case, self._case),
            (exp.If, self._if),
            (exp.Coalesce, self._coalesce),
            (exp.Nullif, self._nullif),
            (exp.PropertyEQ, self._property),
            (exp.Explode, self._unnest),
            (ordered, self._aggregate),
            (tuple(PREDICATES), lambda node, scope: self._parts(node, scope).closed()),
        )

    def value(self, node: exp.Expr, scope: Scope) -> Lineage:
        """What is known of the value of an expression; the tree under it is rewritten."""
        for kinds, read in self._readers:
            if isinstance(node, kinds):
                return read(node, scope)
        return self._parts(node, scope)

    def no_key(self, node: exp.Expr, scope: Scope, rule: str = "key_in_function") -> Lineage:
        """The value of an expression in a place where the rule allows no key."""
        lineage = self.value(node, scope)
        if lineage.entity:
            self.keys.refuse(rule, node)
        return lineage.plain()

    def condition(self, node: exp.Expr, scope: Scope) -> Lineage:
        """What decides in a condition: a key alone would be taken for true or false."""
        return self.no_key(node, scope, "key_in_cast")

    def pseudonym(self, node: exp.Anonymous, scope: Scope) -> Lineage:
        """The pseudonym of a bare key; the tree then holds the key, which is replaced on the way out."""
        is_column = [type(part) for part in node.expressions] == [exp.Column]
        parts = [self.value(part, scope) for part in list(node.expressions)]
        entity = parts[0].entity or parts[0].coded if is_column else ""
        if entity not in self._homes:
            self._not_a_key(node)
            # Taken away, the rule leaves the pseudonym of whatever stands there, as of a key.
            entity = next((part.entity for part in parts if part.entity), next(iter(self._homes), ""))
        lineage = merged(parts)
        node.replace(node.expressions[0] if node.expressions else exp.Null())
        return Lineage(lineage.sources, lineage.classes, (PSEUDONYM,), entity, shown=True)

    def _not_a_key(self, node: exp.Expr) -> None:
        self._refusals.add(
            "pseudonym_argument",
            node,
            say("pseudonym() takes one bare key column and nothing else."),
            say("Write pseudonym(patient_key), with the key of a table or inner query."),
        )

    def _parts(self, node: exp.Expr, scope: Scope) -> Lineage:
        if type(node) not in EXPRESSIONS:
            self._refusals.add(
                "construct",
                node,
                say("A star stands only alone in a SELECT list or in COUNT(*)."),
                say("Name the columns."),
            )
        lineages = []
        rule = misuse(node)
        for part in list(node.iter_expressions()):
            if isinstance(part, exp.Ordered):
                lineages.append(self.no_key(part.this, scope, "key_in_order").closed())
            elif not isinstance(part, exp.DataType | exp.Identifier):
                lineages.append(self.no_key(part, scope, rule))
        self._transforms.check_mixed(node, lineages)
        return merged(lineages)

    def _single_column(self, node: exp.Expr, scope: Scope) -> Lineage:
        relation = self._read_query(node, scope)
        lineages = tuple(relation.columns.values())
        if len(lineages) != 1:
            self._refusals.add(
                "construct",
                node,
                say("A query used as a value has exactly one column."),
                say("Select one column in it."),
            )
            return Lineage(relation.influence)
        return replace(lineages[0], sources=lineages[0].sources | relation.rows, coded="")

    def _exists(self, node: exp.Exists, scope: Scope) -> Lineage:
        inner: exp.Expr = node.this
        while isinstance(inner, exp.Subquery):
            inner = inner.this
        if isinstance(inner, exp.Select) and [type(e) for e in inner.expressions] == [exp.Star]:
            # What EXISTS selects is never read, so its star names nothing; unless it is over a vault.
            inner.expressions[0].meta[OF_EXISTS] = True
        return Lineage(self._read_query(node.this, scope).influence)

    def _sides(self, node: exp.Expr, scope: Scope) -> list[Lineage]:
        """The values that are compared one by one: of a tuple, of a query's columns, or one."""
        bare = node.unnest()
        if isinstance(bare, exp.Any | exp.All):
            return self._sides(bare.this, scope)
        if isinstance(bare, exp.Tuple):
            return [self.value(part, scope) for part in list(bare.expressions)]
        if isinstance(bare, exp.Query):
            relation = self._read_query(node, scope)
            rows = Lineage(relation.rows)
            return [
                replace(lineage, sources=lineage.sources | rows.sources)
                for lineage in relation.columns.values()
            ]
        return [self.value(node, scope)]

    def _compared(self, node: exp.Expr, left: list[Lineage], right: list[Lineage]) -> Lineage:
        if len(left) != len(right):
            self._refusals.add(
                "construct",
                node,
                say("The two sides of this comparison have different numbers of columns."),
                say("Select one column in it."),
            )
        for one, other in zip(left, right, strict=False):
            self.keys.check_equal(node, one, other)
            self._transforms.check_mixed(node, [one, other])
        return merged([*left, *right]).closed()

    def _equality(self, node: exp.Expr, scope: Scope) -> Lineage:
        left = self._sides(node.this, scope)
        return self._compared(node, left, self._sides(node.args["expression"], scope))

    def _in(self, node: exp.In, scope: Scope) -> Lineage:
        left = self._sides(node.this, scope)
        query = node.args.get("query")
        if query is not None:
            return self._compared(node, left, self._sides(query, scope))
        listed = [self._compared(node, left, self._sides(part, scope)) for part in list(node.expressions)]
        return merged(listed).closed()

    def _is(self, node: exp.Is, scope: Scope) -> Lineage:
        if isinstance(node.expression, exp.Null):
            return self.value(node.this, scope).closed()
        return self._parts(node, scope)

    def _count(self, node: exp.Count, scope: Scope) -> Lineage:
        counted = node.this
        if counted is None:
            return UNKNOWN
        if isinstance(counted, exp.Star):
            if counted.args.get("except_"):
                self._refusals.add(
                    "construct",
                    node,
                    say("COUNT takes a column, DISTINCT of one column, or *."),
                    say("Write COUNT(*) or name one column."),
                )
            return UNKNOWN
        listed = list(counted.expressions) if isinstance(counted, exp.Distinct) else [counted]
        return merged([side for part in listed for side in self._sides(part, scope)]).closed()

    def _grouping(self, node: exp.Expr, scope: Scope) -> Lineage:
        return merged([self.value(part, scope) for part in list(node.expressions)]).closed()

    def _window(self, node: exp.Window, scope: Scope) -> Lineage:
        self.windows.write_out(node, scope)
        self.windows.check_window(node, scope)
        function = self.no_key(node.this, scope, misuse(node.this))
        parts = [self.value(part, scope) for part in list(node.args.get("partition_by") or [])]
        order = node.args.get("order")
        parts += [
            self.no_key(ordered.this, scope, "key_in_order")
            for ordered in (list(order.expressions) if order else ())
        ]
        if node.args.get("spec"):
            parts.append(self.no_key(node.args["spec"], scope))
        self._transforms.check_mixed(node, [function, *parts])
        ranked = type(node.this) in RANKS
        return merged([function.closed() if ranked else function, *(part.closed() for part in parts)])

    def _filter(self, node: exp.Filter, scope: Scope) -> Lineage:
        taken = self.no_key(node.this, scope, "key_in_aggregate")
        return merged([taken, self.condition(node.expression.this, scope).closed()])

    def _aggregate(self, node: exp.Expr, scope: Scope) -> Lineage:
        self.windows.aggregate(node)
        if not isinstance(node, exp.ArgMax | exp.ArgMin):
            return self._parts(node, scope)
        value, measure = node.this, [node.expression, *filter(None, [node.args.get("count")])]
        taken = self.no_key(value, scope, misuse(node))
        return merged([taken, *(self.no_key(part, scope, "key_in_range").closed() for part in measure)])

    def _result(self, node: exp.Expr, scope: Scope) -> Lineage | None:
        """The value of a branch, or None for NULL, which fits any."""
        lineage = self.value(node, scope)
        return None if isinstance(node.unnest(), exp.Null) else lineage

    def _one_of(self, node: exp.Expr, results: list[Lineage | None], chosen_by: list[Lineage]) -> Lineage:
        entity, shown = self.keys.one_of(node, results)
        known = [lineage for lineage in results if lineage is not None]
        self._transforms.check_mixed(node, [*known, *chosen_by])
        whole = merged([*known, *(part.closed() for part in chosen_by)])
        return replace(whole, entity=entity, shown=shown)

    def _case(self, node: exp.Case, scope: Scope) -> Lineage:
        chosen_by: list[Lineage] = []
        results: list[Lineage | None] = []
        subject = self.value(node.this, scope) if node.this is not None else None
        for branch in list(node.args["ifs"]):
            if subject is None:
                chosen_by.append(self.condition(branch.this, scope))
            else:
                chosen_by.append(self._compared(branch, [subject], [self.value(branch.this, scope)]))
            results.append(self._result(branch.args["true"], scope))
        if node.args.get("default") is not None:
            results.append(self._result(node.args["default"], scope))
        return self._one_of(node, results, chosen_by)

    def _if(self, node: exp.If, scope: Scope) -> Lineage:
        chosen_by = self.condition(node.this, scope)
        results = [self._result(node.args[name], scope) for name in ("true", "false") if node.args.get(name)]
        return self._one_of(node, results, [chosen_by])

    def _coalesce(self, node: exp.Coalesce, scope: Scope) -> Lineage:
        parts = [node.this, *node.expressions]
        return self._one_of(node, [self._result(part, scope) for part in parts], [])

    def _nullif(self, node: exp.Nullif, scope: Scope) -> Lineage:
        kept, other = self.value(node.this, scope), self.value(node.expression, scope)
        self._compared(node, [kept], [other])
        return self._one_of(node, [kept], [other])

    def _property(self, node: exp.PropertyEQ, scope: Scope) -> Lineage:
        named = isinstance(node.this, exp.Identifier)
        parts = [node.expression] if named else [node.this, node.expression]
        return merged([self.no_key(part, scope, "key_in_collection") for part in parts])

    def _unnest(self, node: exp.Explode, scope: Scope) -> Lineage:
        """UNNEST makes a row of each member, so that what is in the list decides the rows."""
        lineage = self._parts(node, scope)
        scope.selectors.append(lineage)
        return lineage

    def _free_text(self, node: exp.Column, scope: Scope) -> Lineage:
        """A bare column where free text may stand, and no key."""
        with self._names.free_text():
            return self.no_key(node, scope)

    def _named(self, node: exp.Anonymous, scope: Scope) -> Lineage:
        name = node.name.lower()
        if name == PSEUDONYM:
            return self.pseudonym(node, scope)
        if name in SCRUBS:
            return self._transforms.read_scrub(node, scope, self._free_text, self.no_key)
        if name in TRANSFORMS:
            return self._transforms.read(node, scope, self.no_key)
        lineage = self._parts(node, scope)
        return lineage.closed() if name in PREDICATE_NAMES else lineage


def is_vault(classes: Iterable[Lineage]) -> bool:
    """Whether most of a relation's columns are direct identifiers."""
    listed = [ColumnClass.DIRECT_IDENTIFIER in lineage.classes for lineage in classes]
    return sum(listed) * _MOSTLY > len(listed)
