"""Slips: for each rule of the compiler, expressions and views that break it and nothing else.

A slip of a sort (a number, a text, a truth, a whole column, the order of a window, something
after FROM, a whole view) is put by the writer wherever such a thing fits. It is written with
what can be named at that place; where nothing there can break its rule it writes nothing.
"""

from collections.abc import Mapping

from tests.support.view_expressions import Expressions, Slip
from tests.support.view_scopes import DIRECT, FREE, KEY, NUMBER, TEXT, TRUTH, Place
from tests.support.view_slips_views import ORDER_SLIPS, VIEW_SLIPS

COLUMN, ORDER = "column", "order"
Slips = tuple[tuple[str, Slip], ...]


def _with(kind: str, *templates: str, type_name: str = "", entity: str = "") -> Slip:
    """A slip that puts a column of a kind into one of the templates, at ``{}``."""

    def write(writer: Expressions, place: Place) -> str:
        found = [text for text, sort in place.all(kind, entity) if type_name in {"", sort.type}]
        if not found:
            return ""
        constant = str(writer.chance.randint(0, 9))
        column, other = writer.chance.choice(found), writer.chance.choice(found)
        text = writer.chance.choice(templates)
        return text.replace("{}", column).replace("{other}", other).replace("{n}", constant)

    return write


def _other_kind(writer: Expressions, place: Place) -> str:
    """Keys of two kinds of things, compared."""
    people, visits = place.any(KEY, "patient"), place.any(KEY, "visit")
    if not people or not visits:
        return ""
    return f"{people[0]} {writer.chance.choice(['=', '<>'])} {visits[0]}"


def _inner(template: str, entity: str = "patient") -> Slip:
    """A slip with a query inside, over keys of that kind, at ``{}`` from the table ``{table}``."""

    def write(writer: Expressions, place: Place) -> str:
        inner, outer = writer.inner(place, entity), place.any(KEY, entity)
        if inner is None or (outer is None and "{outer}" in template):
            return ""
        relation = inner.relations[0]
        text = template.replace("{}", inner.all(KEY, entity)[0][0])
        text = text.replace("{table}", f"{relation.table} {relation.alias}")
        text = text.replace("{seq}", f"{relation.alias}.seq").replace("{row}", relation.alias)
        return text.replace("{outer}", outer[0] if outer else "")

    return write


def _pseudonym_of(writer: Expressions, place: Place) -> str:
    found = [text for text, sort in place.all(KEY, "patient")]
    forms = [f"pseudonym({writer.chance.randint(1, 6)})"]
    forms += [f"pseudonym({key} + 1)" for key in found]
    forms += [f"pseudonym({text})" for text, sort in place.all(NUMBER) if sort.type == "BIGINT"]
    return writer.chance.choice(forms) + f" AS {writer.fresh('k')}"


def _key_shown(writer: Expressions, place: Place) -> str:
    key = place.any(KEY)
    return f"{key[0]} AS {writer.fresh('c')}" if key else ""


_BIG: Mapping[str, str] = {"type_name": "BIGINT"}
_WORDS: Mapping[str, str] = {"type_name": "VARCHAR"}

SLIPS: Mapping[str, Slips] = {
    "direct_identifier": (
        (TEXT, _with(DIRECT, "{}", "upper({})", "left({}, 1)", **_WORDS)),
        (NUMBER, _with(DIRECT, "length({})", **_WORDS)),
        (NUMBER, _with(DIRECT, "{}", **_BIG)),
        (TRUTH, _with(DIRECT, "{} = 'A'", "{} IS NULL", "{} = {other}", "{} LIKE '%1'", **_WORDS)),
        (ORDER, _with(DIRECT, "{}")),
    ),
    "free_text": (
        (TEXT, _with(FREE, "{}", "right({}, 2)")),
        (NUMBER, _with(FREE, "length({})")),
        (TRUTH, _with(FREE, "{} = 'A'", "{} IS NULL", "contains({}, 'a')")),
        (ORDER, _with(FREE, "{}")),
    ),
    "key_in_output": ((COLUMN, _key_shown),),
    "key_with_value": (
        (TRUTH, _with(KEY, "{} = {n}", "{n} <> {}", "{} IS DISTINCT FROM {n}", "({}, 1) = ({n}, 1)", **_BIG)),
        (TRUTH, _with(KEY, "{} IN (1, 2, {n})", "{} NOT IN (3, {n})", **_BIG)),
        (TRUTH, _with(KEY, "{} = 'S3'", **_WORDS)),
        (TRUTH, _inner("{outer} IN (SELECT {seq} FROM {table})")),
        (TRUTH, _inner("{outer} = (SELECT max({seq}) FROM {table})")),
    ),
    "key_of_other_kind": ((TRUTH, _other_kind),),
    "key_in_arithmetic": ((NUMBER, _with(KEY, "({} % 3)", "({} + 1)", "abs({})", "(-{})", **_BIG)),),
    "key_in_range": (
        (TRUTH, _with(KEY, "{} < {n}", "{} <= {other}", "{} BETWEEN 2 AND {n}", **_BIG)),
        (TRUTH, _with(KEY, "{} > 'S3'", **_WORDS)),
    ),
    "key_in_order": ((ORDER, _with(KEY, "{}")),),
    "key_in_cast": (
        (TEXT, _with(KEY, "CAST({} AS VARCHAR)", "{}::VARCHAR")),
        (NUMBER, _with(KEY, "CAST({} AS DOUBLE)", "TRY_CAST({} AS SMALLINT)", **_BIG)),
    ),
    "key_in_aggregate": (
        (NUMBER, _inner("(SELECT max({}) FROM {table})")),
        (NUMBER, _inner("(SELECT sum({}) FROM {table})")),
        (NUMBER, _inner("(SELECT min({}) FILTER (WHERE {seq} > 3) FROM {table})")),
    ),
    "key_in_function": (
        (NUMBER, _with(KEY, "length({})", "ascii({})", **_WORDS)),
        (TEXT, _with(KEY, "upper({})", "left({}, 2)", "concat({}, 'x')", **_WORDS)),
        (TEXT, _with(KEY, "concat({}, 'x')", **_BIG)),
        (TRUTH, _with(KEY, "list_contains([1, 2, {n}], {})", **_BIG)),
        (TRUTH, _with(KEY, "{} LIKE '%3'", "contains({}, '1')", **_WORDS)),
    ),
    "key_in_collection": ((NUMBER, _with(KEY, "list_max([{}, {n}])", "[{}][1]", "{'a': {}}.a", **_BIG)),),
    "pseudonym_argument": ((COLUMN, _pseudonym_of),),
    "unknown_column": (
        (NUMBER, lambda writer, place: _of_row(place, "rowid")),
        (NUMBER, lambda writer, place: _of_row(place, "(rowid % 3)")),
        (TRUTH, lambda writer, place: _of_row(place, "rowid < 3")),
    ),
    "changing_function": (
        (NUMBER, lambda writer, place: "random()"),
        (TRUTH, lambda writer, place: "random() < 0.5"),
        (TEXT, lambda writer, place: "CAST(uuid() AS VARCHAR)"),
    ),
    **ORDER_SLIPS,
    **VIEW_SLIPS,
}
"""By the rule that refuses them."""


def _of_row(place: Place, text: str) -> str:
    """A pseudo column of the database, which shows where a row lies."""
    alone = len(place.relations) == 1 and bool(place.relations[0].table)
    return text if alone and not place.around else ""
