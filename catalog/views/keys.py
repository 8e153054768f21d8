"""What a key may not be used for, each use a rule of its own, and what to write instead.

A key (linkable column) may be renamed without anything it stands for changing. So a view may
use it only where every renaming gives the same: compared for equality with a key of the same
kind, counted, grouped by, tested for NULL. What else an expression does with it depends on what
the key happens to be, and is refused by the rule of that use.
"""

from collections.abc import Sequence

from sqlglot import exp

from catalog.views.functions import (
    AGGREGATE_NAMES,
    AGGREGATES,
    ARITHMETIC,
    COLLECTIONS,
    NEIGHBOURS,
    NUMBERINGS,
    ORDERED_AGGREGATES,
    SETTLED_AGGREGATES,
)
from catalog.views.refusals import Refusals
from catalog.views.scopes import Lineage
from enclave.sentences import say

_REMEDY = say("Join on the key, count it, group by it, or show it as pseudonym(key).")
_SENTENCES = {
    "key_in_arithmetic": say("A key may not be calculated with."),
    "key_in_range": say("Keys have no order: which is larger means nothing."),
    "key_in_order": say("Nothing may be ordered by a key: its order is the source's own."),
    "key_in_cast": say("A key may not be converted, nor taken for true or false."),
    "key_in_aggregate": say("A key may be counted, but no other summary may be made of keys."),
    "key_in_function": say("A key may not be an argument of this function."),
    "key_in_collection": say("A key may not stand in a list, struct or map."),
    "key_in_window": say("The key of another row cannot be taken by LAG, LEAD or the like."),
    "key_mixed": say("A key and something else would stand in one column or result."),
    "key_with_value": say("A key may be compared only with a key of the same kind, never with a value."),
    "key_of_other_kind": say("Keys of two different kinds of things are never equal: the comparison is odd."),
}
_COMPARE = say("Compare keys of one kind, or leave the comparison out.")
_ALIKE = say("Put keys of one kind in every branch, or on both sides in the same place.")

_RANGES: frozenset[type[exp.Expr]] = frozenset(
    {exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.Greatest, exp.Least}
)
_CASTS: frozenset[type[exp.Expr]] = frozenset({exp.Cast, exp.TryCast, exp.And, exp.Or, exp.Not, exp.Is})
_PASSED: tuple[type[exp.Expr], ...] = (exp.Distinct, exp.Paren, exp.Order, exp.IgnoreNulls, exp.Alias)


def misuse(node: exp.Expr) -> str:
    """The rule against a bare key as a part of this node."""
    around: exp.Expr | None = node
    while isinstance(around, _PASSED):
        around = around.parent
    kind = type(around)
    if kind in AGGREGATES | ORDERED_AGGREGATES | SETTLED_AGGREGATES:
        return "key_in_aggregate"
    if isinstance(around, exp.Anonymous) and around.name.lower() in AGGREGATE_NAMES:
        return "key_in_aggregate"
    for kinds, rule in (
        (ARITHMETIC, "key_in_arithmetic"),
        (_RANGES, "key_in_range"),
        (_CASTS, "key_in_cast"),
        (COLLECTIONS, "key_in_collection"),
        (NEIGHBOURS | NUMBERINGS, "key_in_window"),
    ):
        if kind in kinds:
            return rule
    return "key_in_function"


class KeyRules:
    """Refuses uses of keys in one view."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals

    def refuse(self, rule: str, node: exp.Expr) -> None:
        """Refuse a use of a key by the rule that forbids it."""
        remedy = {"key_with_value": _COMPARE, "key_of_other_kind": _COMPARE, "key_mixed": _ALIKE}
        self._refusals.add(rule, node, _SENTENCES[rule], remedy.get(rule, _REMEDY))

    def check_equal(self, node: exp.Expr, left: Lineage, right: Lineage) -> None:
        """Only keys of one kind are compared with each other, and values with values."""
        if left.entity == right.entity:
            return
        self.refuse("key_of_other_kind" if left.entity and right.entity else "key_with_value", node)

    def one_of(self, node: exp.Expr, results: Sequence[Lineage | None]) -> tuple[str, bool]:
        """The entity of a result that is one of these, and whether all are pseudonyms; None is NULL."""
        known = [lineage for lineage in results if lineage is not None]
        entities = {lineage.entity for lineage in known}
        if len(entities) > 1:
            self.refuse("key_mixed", node)
        entity = max(entities, default="")
        return entity, bool(entity) and all(lineage.shown for lineage in known if lineage.entity)
