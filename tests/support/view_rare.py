"""The rarer parts of the language of views: lists, structs, LATERAL, VALUES, series, ordered aggregates.

Each function gives (feature, writer) pairs that the common productions choose among now and then.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tests.support.view_scopes import DATE, KEY, NUMBER, TEXT, Named, Place, Sort

if TYPE_CHECKING:
    from tests.support.view_expressions import Expressions

Forms = list[tuple[str, Callable[[], str]]]


def rare_numbers(writer: "Expressions", place: Place, depth: int) -> Forms:
    number = partial(writer.number, place, depth - 1)
    text = partial(writer.text, place, depth - 1)
    return [
        ("list", lambda: f"list_max([{number()}, {number()}])"),
        ("list access", lambda: f"[{number()}, {number()}][{writer.chance.randint(1, 2)}]"),
        ("struct", lambda: f"{{'a': {number()}, 'b': {text()}}}.a"),
        ("map", lambda: f"coalesce(MAP {{'a': {number()}}}['a'], 0)"),
        ("list size", lambda: f"len(list_distinct([{text()}, {text()}]))"),
        ("power", lambda: f"power({number()}, 2)"),
        ("position", lambda: f"strpos({text()}, '1')"),
        ("IF", lambda: f"if({writer.truth(place, depth - 1)}, {number()}, {number()})"),
        ("date_part", lambda: f"date_part('month', {writer.date(place, depth - 1)})"),
        ("lateral alias", lambda: f"(SELECT {number()})"),
    ]


def rare_texts(writer: "Expressions", place: Place, depth: int) -> Forms:
    text = partial(writer.text, place, depth - 1)
    return [
        ("lpad", lambda: f"lpad({text()}, 4, '0')"),
        ("split_part", lambda: f"split_part({text()}, '.', 1)"),
        ("regexp_replace", lambda: f"regexp_replace({text()}, '[0-9]', '#')"),
        ("regexp_extract", lambda: f"regexp_extract({text()}, '[A-Z]')"),
        ("struct text", lambda: f"{{'a': {text()}}}['a']"),
        ("array_to_string", lambda: f"array_to_string([{text()}, {text()}], '-')"),
        ("reverse", lambda: f"reverse({text()})"),
    ]


def rare_truths(writer: "Expressions", place: Place, depth: int) -> Forms:
    text = partial(writer.text, place, depth - 1)
    number = partial(writer.number, place, depth - 1)
    forms: Forms = [
        ("list_contains", lambda: f"list_contains([{text()}, {text()}], {text()})"),
        ("row comparison", lambda: f"({text()}, {number()}) = ({text()}, {number()})"),
        ("regexp_matches", lambda: f"regexp_matches({text()}, '^[A-Z]')"),
        ("ILIKE", lambda: f"{text()} ILIKE 'e%'"),
        ("NOT BETWEEN", lambda: f"{number()} NOT BETWEEN 1 AND 4"),
        ("value IN query", lambda: _value_in(writer, place)),
    ]
    found = place.any(KEY)
    if found:
        forms.append(("key = ANY", lambda: _any(writer, place, *found)))
    return forms


def _value_in(writer: "Expressions", place: Place) -> str:
    inner = writer.inner(place, "patient")
    if inner is None:
        return "true"
    relation = inner.relations[0]
    return (
        f"{writer.number(place, 0)} IN (SELECT {relation.alias}.seq FROM {relation.table} {relation.alias})"
    )


def _any(writer: "Expressions", place: Place, key: str, sort: Sort) -> str:
    inner = writer.inner(place, sort.entity)
    if inner is None:
        return "true"
    relation = inner.relations[0]
    other = inner.all(KEY, sort.entity)[0][0]
    return f"{key} = ANY (SELECT {other} FROM {relation.table} {relation.alias})"


def rare_relation(writer: "Expressions", place: Place | None) -> tuple[Named, str] | None:
    """A relation that is no table: constants, a series, a list, or a query that looks to its left."""
    alias = writer.fresh("v")
    kind = writer.chance.choice(["VALUES", "series", "UNNEST", "LATERAL"])
    if kind == "VALUES":
        writer.features.add(kind)
        rows = ", ".join(f"({writer.chance.randint(0, 9)}, {writer.text_literal()})" for _ in range(3))
        return Named(alias, {"n": Sort(NUMBER), "w": Sort(TEXT)}), f"(VALUES {rows}) {alias}(n, w)"
    if kind == "series":
        writer.features.add(kind)
        return Named(alias, {"n": Sort(NUMBER)}), f"generate_series(1, 3) {alias}(n)"
    if kind == "UNNEST":
        writer.features.add(kind)
        return Named(alias, {"n": Sort(NUMBER)}), f"unnest([1, 3, {writer.chance.randint(0, 9)}]) {alias}(n)"
    keys = place.all(KEY) if place else []
    if place is None or not keys:
        return None
    text, sort = writer.chance.choice(keys)
    inner = writer.inner(place, sort.entity)
    if inner is None:
        return None
    writer.features.add(kind)
    relation, other = inner.relations[0], inner.all(KEY, sort.entity)[0][0]
    shown = f"count(*) AS n, max({relation.alias}.seq) AS m"
    columns = {"n": Sort(NUMBER), "m": Sort(NUMBER)}
    if writer.chance.random() < 0.5:
        shown, columns = f"{other} AS k, {relation.alias}.seq AS m", {"k": sort, "m": Sort(NUMBER)}
    query = f"SELECT {shown} FROM {relation.table} {relation.alias} WHERE {other} = {text}"
    return Named(alias, columns), f"LATERAL ({query}) {alias}"


def rare_aggregates(writer: "Expressions", place: Place) -> list[Callable[[], str]]:
    """Aggregates that take rows in an order of their own, or choose among equals."""
    number, text, date = (partial(write, place, 0) for write in (writer.number, writer.text, writer.date))

    def twice(template: str) -> str:
        return template.replace("{}", text())

    return [
        lambda: f"list({number()} ORDER BY {number()})",
        lambda: f"string_agg({text()}, ',' ORDER BY {number()} DESC)",
        lambda: f"first({number()} ORDER BY {number()})",
        lambda: f"arg_max({text()}, {number()})",
        lambda: f"arg_min({number()}, {number()})",
        lambda: f"mode({text()})",
        lambda: twice("list(DISTINCT {} ORDER BY {})"),
        lambda: twice("any_value({} ORDER BY {})"),
        lambda: f"any_value({text()})",
        lambda: f"list({number()})",
        lambda: f"list(DISTINCT {date()})",
        lambda: f"string_agg({text()}, '|')",
        lambda: f"histogram({text()})",
        lambda: f"bit_xor(length({text()}))",
        lambda: f"corr({number()}, {number()})",
        lambda: f"quantile_disc({number()}, 0.5)",
        lambda: f"array_agg({date()} ORDER BY {number()})",
    ]


def tied_windows(writer: "Expressions", place: Place) -> str:
    """A SELECT list with a window whose rows may tie, and pseudonyms by which tied rows differ.

    One window: two of them may each take rows that are alike in another order.
    """
    keys = place.all(KEY)
    part = ""
    if keys and writer.chance.random() < 0.7:
        part = f"PARTITION BY {writer.chance.choice(keys)[0]} "
    shown_keys = [text for text, sort in keys if sort.entity in {"patient", "visit"}]
    chosen = writer.chance.sample(shown_keys, min(len(shown_keys), writer.chance.randint(0, 2)))
    listed = [f"pseudonym({text}) AS {writer.fresh('k')}" for text in chosen]
    columns = [
        text for kind in (NUMBER, TEXT, DATE) for text, _ in place.all(kind) if not text.endswith(".seq")
    ]
    if not columns:
        return ""
    writer.features.add("window with ties")
    shown, by = writer.chance.choice(columns), writer.chance.choice(columns)
    function = writer.chance.choice(
        ["row_number()", "ntile(2)", f"lag({shown})", f"lead({shown})", f"first_value({shown})",
         f"last_value({shown})", f"count({shown})"]
    )  # fmt: skip
    frame = (
        " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW" if function.startswith(("last", "count")) else ""
    )
    listed.append(f"{function} OVER ({part}ORDER BY {by}{frame}) AS {writer.fresh('w')}")
    listed += [f"{text} AS {writer.fresh('c')}" for text in writer.chance.sample(columns, 1)]
    slips = [text for text, sort in keys if sort.entity == "slip"]
    if slips and writer.chance.random() < 0.3:
        # Accepted where the slip parts the window, and refused where nothing would tell its rows apart.
        writer.features.add("key without a home beside ties")
        listed.append(f"{writer.chance.choice(slips)} IS NULL AS {writer.fresh('c')}")
    return ", ".join(listed)
