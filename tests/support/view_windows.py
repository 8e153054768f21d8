"""Aggregates and window functions of generated views.

Functions whose result depends on which of two tied rows comes first (ROW_NUMBER, NTILE, LAG,
LEAD, FIRST_VALUE, LAST_VALUE, frames of ROWS) are written here where the rows can be ordered
without ties; ``tied_windows`` writes them where they cannot.
"""

from collections.abc import Callable

from tests.support.view_expressions import Expressions
from tests.support.view_rare import rare_aggregates
from tests.support.view_scopes import KEY, Place

_IN_ORDER = ["row_number()", "ntile(3)", "lead({number})", "last_value({number})", "sum({number})"]
_WITH_TIES = [
    "rank()", "dense_rank()", "percent_rank()", "cume_dist()", "sum({number})", "count({number})", "count(*)",
]  # fmt: skip


def aggregate(writer: Expressions, place: Place, number: bool = False) -> str:
    """An aggregate of the rows here; a number when that is asked."""
    key = place.any(KEY)
    forms: list[Callable[[], str]] = [
        lambda: "count(*)",
        lambda: f"sum({writer.number(place, 1)})",
        lambda: f"max({writer.number(place, 1)})",
        lambda: f"avg({writer.number(place, 1)})",
        lambda: f"count({writer.value(place, 1)})",
        lambda: f"count(DISTINCT {writer.text(place, 1)})",
        lambda: f"median({writer.number(place, 0)})",
        lambda: f"count(*) FILTER (WHERE {writer.truth(place, 0)})",
    ]
    if key:
        forms += [lambda: f"count(DISTINCT {key[0]})"] * 3 + [lambda: f"count({key[0]})"]
    if not number:
        forms += [
            lambda: f"min({writer.text(place, 1)})",
            lambda: f"max({writer.date(place, 1)})",
            lambda: f"bool_or({writer.truth(place, 0)})",
            lambda: f"quantile_cont({writer.number(place, 0)}, 0.5)",
        ]
        if writer.rarely():
            forms = rare_aggregates(writer, place)
    text = writer.chance.choice(forms)()
    writer.features.add("FILTER" if "FILTER" in text else text.split("(")[0])
    if "DISTINCT" in text:
        writer.features.add("COUNT(DISTINCT)")
    return text


def windowed(writer: Expressions, place: Place, number: bool = False) -> str:
    """A window function over the rows here."""
    chance = writer.chance
    slip = writer.take_slip("window", place, 0.7)
    if slip:
        return slip
    key = place.any(KEY)
    part = ""
    if key and chance.random() < 0.6:
        writer.features.add("PARTITION BY key")
        part = f"PARTITION BY {key[0]} "
    elif chance.random() < 0.4:
        part = f"PARTITION BY {writer.text(place, 0)} "
    order = writer.take_slip("order", place, 0.9)
    total = place.total_order()
    if total and chance.random() < 0.6:
        order = f"ORDER BY {order or writer.number(place, 1)}{chance.choice(['', ' DESC'])}, {total}"
        text = chance.choice(_IN_ORDER if number else [*_IN_ORDER, "lag({text})", "first_value({text})"])
        frame = " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW" if text.startswith("sum") else ""
    else:
        text, frame = chance.choice(_WITH_TIES), ""
        whole = not order and text.startswith(("sum", "count")) and chance.random() < 0.5
        order = "" if whole else f"ORDER BY {order or writer.number(place, 1)}"
    writer.features.add(text.split("(")[0] + " OVER")
    if "{number}" in text:
        text = text.replace("{number}", writer.number(place, 1))
    if "{text}" in text:
        text = text.replace("{text}", writer.text(place, 1))
    return f"{text} OVER ({part}{order}{frame})"
