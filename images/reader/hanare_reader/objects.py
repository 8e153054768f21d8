"""The canonical form of json: keys in order, two spaces, each string without what cannot be seen.

A key that stands twice in an object is refused, because readers disagree about which one counts.
Numbers keep their digits up to the tenth significant one. What is a table in it (a list of records,
columns of values, a table split into columns and data, names with numbers) is read as a table as
well, for the rules; because a tree can hold more than tables, people look at each such file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from .decoding import check_characters, decode
from .figures import shorten
from .formats import Upload
from .refusals import MAX_CELL, MAX_ROWS, RefusedError
from .results import CSV, TEXT, Account, CanonicalFile, FoundText, Reading
from .unseen import clean

MAX_DEPTH: Final = 20
MAX_VALUES: Final = 100_000
MAX_FIGURE: Final = 400
"""Characters of a number: the longest that programs write have some three hundred digits."""
_INDENT: Final = "  "
_PLACES: Final = frozenset({"x", "y", "z", "lat", "lon", "r", "theta", "values"})
_DRAWN: Final = frozenset({"mode", "marker", "hovertext", "hovertemplate", "xaxis", "showlegend"})


class Figure(str):
    """A number as it was written; its digits are never turned into a float."""

    __slots__ = ()


def read_json(upload: Upload) -> Reading:
    """Read one json value."""
    account = Account()
    decoded = decode(upload.content)
    for code in decoded.dropped:
        account.drop(code)
    value = parse(decoded.text)
    if is_drawing(value):
        raise RefusedError("figure_data_refused")
    tidy = _Tidy(account)
    value = tidy.value(value, 0)
    text = "".join(_lines(value, "")) + "\n"
    lines = text.count("\n")
    if lines > MAX_ROWS:
        raise RefusedError("too_many_rows", limit=MAX_ROWS)
    if text != decoded.text:
        account.drop("key_order")
    account.sign("nested_data")
    found = [FoundText("table", table, CSV, leaves=True) for table in _tables(value)]
    if tidy.inner:
        found.append(FoundText("decoded", "\n".join(tidy.inner), leaves=True))
    return account.reading(CanonicalFile(text.encode("utf-8"), TEXT, ".json", lines, found=tuple(found)))


def parse(text: str) -> Any:
    """The value, objects as dictionaries, numbers as ``Figure``."""
    try:
        return json.loads(
            text, object_pairs_hook=_once, parse_float=Figure, parse_int=Figure, parse_constant=_no_number
        )
    except RecursionError:
        raise RefusedError("too_deep", limit=MAX_DEPTH) from None
    except ValueError:
        raise RefusedError("structure") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise RefusedError("duplicate_key")
    return made


def _no_number(_: str) -> None:
    """NaN and infinities have no form in json: nothing stands for them."""


def is_drawing(value: Any) -> bool:
    """Whether a value is the figure of a drawing library, or a map of points, with the data behind it."""
    if not isinstance(value, dict):
        return False
    traces = value.get("data")
    if isinstance(traces, list) and any(isinstance(trace, dict) for trace in traces):
        named = {name for trace in traces if isinstance(trace, dict) for name in trace}
        if named & _PLACES and (named & _DRAWN or "layout" in value):
            return True
    features = value.get("features")
    return (isinstance(features, list) and value.get("type") == "FeatureCollection") or (
        isinstance(value.get("$schema"), str) and "vega" in value["$schema"]
    )


class _Tidy:
    """One walk through a value: cleans every string and number, and holds the limits."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._seen = 0
        self.inner: list[str] = []
        """What strings spell that are json themselves, with its escapes resolved."""

    def value(self, value: Any, depth: int) -> Any:
        self._seen += 1
        if depth > MAX_DEPTH:
            raise RefusedError("too_deep", limit=MAX_DEPTH)
        if self._seen > MAX_VALUES:
            raise RefusedError("too_many_rows", limit=MAX_ROWS)
        if isinstance(value, Figure):
            if len(value) > MAX_FIGURE:
                raise RefusedError("cell_too_long", row=self._seen, limit=MAX_FIGURE)
            short = shorten(value)
            self._account.drop("excess_digits", short != value)
            return Figure(short)
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, dict):
            made = {self._string(key): self.value(value[key], depth + 1) for key in value}
            if len(made) != len(value):
                raise RefusedError("duplicate_key")
            return {key: made[key] for key in sorted(made)}
        if isinstance(value, list):
            return [self.value(item, depth + 1) for item in value]
        return value

    def _string(self, text: str) -> str:
        if len(text) > MAX_CELL:
            raise RefusedError("cell_too_long", row=self._seen, limit=MAX_CELL)
        plain = clean(text, self._account)
        check_characters(plain, row=self._seen, allowed="\n\t")
        if plain.lstrip().startswith(("{", "[", '"')):
            with suppress(ValueError, RecursionError):
                self.inner.append(json.dumps(json.loads(plain), ensure_ascii=False))
        return plain


def _lines(value: Any, indent: str) -> Iterator[str]:
    inner = indent + _INDENT
    if isinstance(value, dict) and value:
        yield "{\n"
        for index, key in enumerate(value):
            yield (",\n" if index else "") + inner + _scalar(key) + ": "
            yield from _lines(value[key], inner)
        yield "\n" + indent + "}"
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        yield "[\n"
        for index, item in enumerate(value):
            yield (",\n" if index else "") + inner
            yield from _lines(item, inner)
        yield "\n" + indent + "]"
    elif isinstance(value, list):
        yield "[" + ", ".join(_scalar(item) for item in value) + "]"
    else:
        yield _scalar(value)


def _scalar(value: Any) -> str:
    return str(value) if isinstance(value, Figure) else json.dumps(value, ensure_ascii=False)


def _tables(value: Any) -> Iterator[str]:
    """Every table in a value, as csv text."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        names = list(dict.fromkeys(name for item in value for name in item))
        yield _csv(names, ([item.get(name) for name in names] for item in value))
    elif isinstance(value, dict) and _is_split(value):
        yield _csv(value["columns"], value["data"])
    elif isinstance(value, dict) and value and all(isinstance(v, (dict, list)) for v in value.values()):
        columns = [list(v.values()) if isinstance(v, dict) else v for v in value.values()]
        longest = max(map(len, columns))
        rows = ([c[i] if i < len(c) else None for c in columns] for i in range(longest))
        yield _csv(list(value), rows)
    elif isinstance(value, dict) and value:
        yield _csv(
            ["", "value"], ([key, item] for key, item in value.items() if not isinstance(item, (dict, list)))
        )
    for item in _inner(value):
        yield from _tables(item)


def _inner(value: Any) -> Iterator[Any]:
    """What is nested in a value; the records of a list were read with it, what is nested in them was not."""
    if isinstance(value, dict):
        yield from (item for item in value.values() if isinstance(item, (dict, list)))
    elif isinstance(value, list):
        for item in value:
            yield from _inner(item) if isinstance(item, dict) else (item,) if isinstance(item, list) else ()


def _is_split(value: Mapping[str, Any]) -> bool:
    columns, data = value.get("columns"), value.get("data")
    return isinstance(columns, list) and isinstance(data, list) and all(isinstance(row, list) for row in data)


def _csv(names: Sequence[Any], rows: Any) -> str:
    def cell(value: Any) -> str:
        if isinstance(value, (dict, list)):
            return ""
        text = "" if value is None else str(value).replace("\n", " ")
        return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text

    return "".join(",".join(cell(item) for item in row) + "\n" for row in (names, *rows))
