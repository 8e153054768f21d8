"""USING, written out as the comparison it is, so that it is judged like any other."""

from sqlglot import exp

from catalog.views.refusals import Refusals
from catalog.views.scopes import Item
from enclave.sentences import say


def using_to_on(join: exp.Join, before: list[Item], item: Item, refusals: Refusals) -> None:
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
        if side == "FULL":
            refusals.add(
                "construct",
                column,
                say("USING of a FULL join mixes both sides in one column."),
                say("Write the condition with ON and name the side whose column you mean."),
            )
        conditions.append(exp.EQ(this=_column(left[0], column), expression=_column(item, column)))
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
