"""Joins: USING, written out as the comparison it is, so that it is judged like any other.

Of the columns that USING makes one, the left side's is meant by the bare name, of a RIGHT join
the right side's; of a FULL join whichever is there, so that the bare name is their COALESCE.
"""

from sqlglot import exp

from catalog.views.refusals import Refusals
from catalog.views.scopes import Item, Scope
from enclave.sentences import say


def using_to_on(join: exp.Join, before: list[Item], item: Item, scope: Scope, refusals: Refusals) -> None:
    """Replace ``USING (a, b)`` of a join by ``ON left.a = right.a AND left.b = right.b``."""
    named = join.args.get("using") or []
    side = (join.args.get("side") or "").upper()
    conditions: list[exp.Expr] = []
    for column in list(named):
        name = column.name.lower()
        left = [
            i for i in before if not i.hidden and name in i.relation.columns and name not in i.merged_away
        ]
        if len(left) != 1 or name not in item.relation.columns:
            refusals.add(
                "ambiguous" if len(left) > 1 else "unknown_column",
                column,
                say(
                    "The column {name} of USING is not in exactly one relation on each side.", name=name[:60]
                ),
                say("Write the condition with ON and the relations' names."),
            )
            continue
        together = scope.shared.get(name, []) if left[0] in scope.shared.get(name, []) else [left[0]]
        ours = [_column(one, column) for one in together]
        one = exp.Coalesce(this=ours[0], expressions=ours[1:]) if len(ours) > 1 else ours[0]
        conditions.append(exp.EQ(this=one, expression=_column(item, column)))
        if side == "FULL":
            scope.shared[name] = [*together, item]
        if side == "RIGHT":
            scope.shared.pop(name, None)
        (left[0] if side == "RIGHT" else item).merged_away.add(name)
    if named:
        join.set("using", None)
        join.set("on", exp.and_(*conditions) if conditions else exp.true())


def _column(item: Item, named: exp.Expr) -> exp.Column:
    identifier = exp.to_identifier(named.name.lower(), quoted=True)
    starts = [part.meta["start"] for part in named.walk() if "start" in part.meta]
    if starts:
        identifier.meta["start"] = min(starts)
    return exp.Column(this=identifier, table=exp.to_identifier(item.name, quoted=True))
