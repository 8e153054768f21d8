"""What the kit's R functions call: the same deeds, with columns that R can take over one by one.

A column is its name, a kind, plain values and which of them are missing. The database's type
decides the kind, never the values: numbers that R's integers may not hold become doubles, days
and moments become numbers since 1970, and what R has no vector for becomes text. Rules and
sentences are the kit's own.
"""

from collections.abc import Mapping
from typing import Any, Final

import duckdb
import numpy as np

from . import checking, extract, outbox, states
from .sentences import KitError

_DAY: Final = np.timedelta64(1, "D")
_SECOND: Final = np.timedelta64(1, "s")
_SMALL: Final = frozenset({"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT"})
_OPEN: list[duckdb.DuckDBPyConnection] = []
"""The session's one connection, opened when it is first needed."""

Column = dict[str, Any]


def query(sql: str) -> list[Column]:
    """Give the columns of a query's result."""
    if not _OPEN:
        _OPEN.append(extract.connect())
    answer = _OPEN[0].execute(sql)
    if answer.description is None:
        return []
    kinds = [str(entry[1]) for entry in answer.description]
    arrays = answer.fetchnumpy()
    return [column(name, arrays[name], kind) for name, kind in zip(arrays, kinds, strict=True)]


def tables() -> list[Column]:
    """List tables and columns of the extract with their labels."""
    return query(extract.LISTING)


def releases() -> list[Column]:
    """List one's requests with their states."""
    rows = states.rows()
    return [
        {
            "name": name,
            "kind": "text",
            "values": [str(row.get(name, "")) for row in rows],
            "missing": [row.get(name) is None for row in rows],
        }
        for name in ("draft_id", "request_id", "title", "state", "round")
    ]


def request_release(files: Any, title: str, what_it_shows: str, sql: Mapping[str, str] | None = None) -> str:
    """Ask for files to be released; a table comes as the text of its csv."""
    return outbox.request_release(_files(files), title, what_it_shows, sql)


def check(files: Any) -> str:
    """Give what the checks would say, in words."""
    return repr(checking.check(_files(files)))


def fix(files: Any, remedy: str) -> str:
    """Give what became of a mended draft, in words."""
    return repr(checking.fix(_files(files), remedy))


def _files(files: Any) -> Any:
    if not isinstance(files, Mapping):
        return files
    return {name: _text(name, what) for name, what in files.items()}


def _text(name: str, what: Any) -> Any:
    if not isinstance(what, Mapping):
        return what
    if not name.lower().endswith(".csv"):
        raise KitError("table_as_csv", name=name)
    return what["csv"]


def column(name: str, values: Any, kind: str) -> Column:
    """Give one column in R's terms; ``kind`` is the database's own word for its type."""
    plain = np.asarray(values) if not isinstance(values, np.ma.MaskedArray) else values.data
    missing = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else _lacking(plain)
    told, taken = _taken(plain, missing, kind)
    return {"name": name, "kind": told, "values": taken, "missing": missing.tolist()}


def _lacking(plain: Any) -> Any:
    """Which values are missing where no mask says so; among words, a number is how that is written."""
    if plain.dtype.kind in "fM":
        return np.isnan(plain)
    return np.array([value is None or isinstance(value, float) for value in plain], dtype=bool)


def _taken(plain: Any, missing: Any, kind: str) -> tuple[str, Any]:
    code = plain.dtype.kind
    if code == "b":
        return "logical", plain.astype(np.int32)
    if kind in _SMALL:
        return "integer", np.where(missing, 0, plain).astype(np.int32)
    if code in "iuf":
        return "double", plain.astype(np.float64)
    if code == "M":
        since = np.where(missing, np.datetime64(0, "s"), plain) - np.datetime64(0, "s")
        return ("date", since / _DAY) if kind == "DATE" else ("moment", since / _SECOND)
    return "text", ["" if lacks else str(value) for value, lacks in zip(plain, missing, strict=True)]
