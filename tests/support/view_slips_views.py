"""Slips by which the order of rows shows, and slips that are a whole view.

Rows lie in another order in each world, as they would when identifiers change: what takes
"some" rows, or the first of several that tie, gives something else then.
"""

from collections.abc import Callable, Mapping

from catalog.schema.columns import ColumnClass, Table
from tests.support.view_expressions import Expressions, Slip
from tests.support.view_scopes import KEY, Named, Place, columns_of

VIEW, WINDOW = "view", "window"
Slips = tuple[tuple[str, Slip], ...]


def _numbered(writer: Expressions, place: Place) -> str:
    """A window function that counts rows, in no order."""
    part = "" if writer.chance.random() < 0.7 else f"PARTITION BY {writer.text(place, 0)}"
    return writer.chance.choice([f"row_number() OVER ({part})", f"ntile(3) OVER ({part})"])


def _neighbour(writer: Expressions, place: Place) -> str:
    value = writer.number(place, 0)
    function = writer.chance.choice(["lag", "lead", "first_value", "last_value"])
    return writer.chance.choice(
        [f"{function}({value}) OVER ()", f"sum({value}) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"]
    )


def _key_in_window(writer: Expressions, place: Place) -> str:
    keys = [text for text, sort in place.all(KEY) if sort.type == "BIGINT"]
    total = place.total_order()
    if not keys or not total:
        return ""
    key = writer.chance.choice(keys)
    function = writer.chance.choice(["lag", "lead", "first_value", "last_value"])
    return f"{function}({key}) OVER (ORDER BY {total})"


def _table(writer: Expressions) -> tuple[Table, Place]:
    table = writer.chance.choice(list(writer.schema.tables.values()))
    return table, Place(writer.chance, [Named(writer.fresh("t"), columns_of(table), "seq", table.name)])


def _from(place: Place) -> str:
    return f"{place.relations[0].table} AS {place.relations[0].alias}"


def _whole(write: Callable[[Expressions, Place], str]) -> Slip:
    """A view over one table of the writer's choice."""

    def view(writer: Expressions, place: Place) -> str:
        _, chosen = _table(writer)
        return write(writer, chosen)

    return view


def _limited(clause: str) -> Slip:
    def write(writer: Expressions, place: Place) -> str:
        inner = f"SELECT {writer.value(place, 0)} AS a, {writer.value(place, 0)} AS b FROM {_from(place)} {clause}"
        return writer.chance.choice(
            [inner, f"SELECT q.a, q.b FROM ({inner}) q", f"WITH q AS ({inner}) SELECT a FROM q"]
        )

    return _whole(write)


def _first_of(writer: Expressions, place: Place) -> str:
    alias = place.relations[0].alias
    aggregate = writer.chance.choice(
        [f"first({alias}.seq)", f"last({alias}.seq)", f"first({alias}.seq ORDER BY 1)"]
    )
    by = writer.chance.choice(["", f" GROUP BY {writer.text(place, 1)}"])
    return f"SELECT {aggregate} AS a FROM {_from(place)}{by if 'NULL' not in by else ''}"


def _distinct_on(writer: Expressions, place: Place) -> str:
    alias = place.relations[0].alias
    return f"SELECT DISTINCT ON ({writer.text(place, 0)}) {alias}.seq AS a, {writer.value(place, 0)} AS b FROM {_from(place)}"


def _joined(writer: Expressions, place: Place) -> str:
    """Kinds of joins that pair rows by where they lie, or by every column of one name."""
    _, other = _table(writer)
    left, right = place.relations[0], other.relations[0]
    kind = writer.chance.choice(["POSITIONAL JOIN", "NATURAL JOIN"])
    return f"SELECT {left.alias}.seq AS a, {right.alias}.seq AS b FROM {_from(place)} {kind} {_from(other)}"


def _columns(writer: Expressions, place: Place) -> str:
    """COLUMNS(...) that stands for one column with an identifier in it."""
    table, chosen = _table(writer)
    hidden = [
        column.name
        for column in table.columns
        if column.column_class in {ColumnClass.DIRECT_IDENTIFIER, ColumnClass.FREE_TEXT, ColumnClass.LINKABLE}
    ]
    name = writer.chance.choice(hidden)
    shown = writer.chance.choice([f"COLUMNS('^{name}$')", f"max(COLUMNS('^{name}$'))"])
    return f"SELECT {shown} AS a FROM {_from(chosen)}"


def _positional(writer: Expressions, place: Place) -> str:
    """A column by its number."""
    table, chosen = _table(writer)
    number = writer.chance.choice([n for n, column in enumerate(table.columns, start=1) if column.entity])
    return f"SELECT {writer.chance.choice(['#{n}', 'max(#{n})', '(#{n} % 3)']).replace('{n}', str(number))} AS a FROM {_from(chosen)}"


def _slip_beside(writer: Expressions, place: Place) -> str:
    """Rows that tie in a window, told apart by a key that no pseudonym stands for."""
    tables = [t for t in writer.schema.tables.values() if any(c.name == "slip_no" for c in t.columns)]
    if not tables:
        return ""
    alias = writer.fresh("t")
    by = writer.chance.choice([f"{alias}.seq % 2", f"{alias}.patient_key IS NULL"])
    function = writer.chance.choice(["row_number()", "ntile(2)"])
    beside = f"{alias}.slip_no IS NULL AS a, {function} OVER (ORDER BY {by}) AS n"
    return f"SELECT {beside} FROM {writer.chance.choice(tables).name} {alias}"


def _mixed(writer: Expressions, place: Place) -> str:
    """A column that holds keys and numbers, shown as pseudonyms."""
    alias = place.relations[0].alias
    key = writer.chance.choice([text for text, _ in place.all(KEY, "patient")])
    name = writer.fresh("k")
    if writer.chance.random() < 0.4:
        return f"SELECT pseudonym({key}) AS {name} FROM {_from(place)} UNION ALL SELECT {alias}.seq FROM {_from(place)}"
    mixed = writer.chance.choice(
        [
            f"CASE WHEN {writer.truth(place, 0)} THEN {key} ELSE {alias}.seq END",
            f"coalesce({key}, {alias}.seq)",
            f"if({writer.truth(place, 0)}, {key}, {writer.chance.randint(1, 5)})",
        ]
    )
    return f"SELECT pseudonym(q.k) AS {name} FROM (SELECT {mixed} AS k FROM {_from(place)}) q"


def _table_function(writer: Expressions, place: Place) -> str:
    table, _ = _table(writer)
    hidden = [column.name for column in table.columns if column.entity]
    return (
        f"SELECT count(*) AS n FROM query('SELECT 1 FROM source.{table.name}"
        f" WHERE {writer.chance.choice(hidden)} < {writer.chance.randint(2, 6)}') q"
    )


ORDER_SLIPS: Mapping[str, Slips] = {
    "window_order": ((WINDOW, _numbered), (WINDOW, _neighbour), (VIEW, _slip_beside)),
    "key_in_window": ((WINDOW, _key_in_window),),
}
VIEW_SLIPS: Mapping[str, Slips] = {
    "limit": ((VIEW, _limited("LIMIT 2")), (VIEW, _limited("LIMIT 3 OFFSET 1"))),
    "sample": ((VIEW, _limited("USING SAMPLE 2 ROWS")), (VIEW, _limited("TABLESAMPLE RESERVOIR(2 ROWS)"))),
    "aggregate_order": ((VIEW, _whole(_first_of)),),
    "distinct_on_order": ((VIEW, _whole(_distinct_on)),),
    "key_mixed": ((VIEW, _whole(_mixed)),),
    "positional_column": ((VIEW, _whole(_positional)),),
    "join_kind": ((VIEW, _whole(_joined)),),
    "columns_expression": ((VIEW, _whole(_columns)),),
    "table_function": ((VIEW, _whole(_table_function)),),
}
