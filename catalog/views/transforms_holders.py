"""Who holds a value: the persons that ``rare_to_other`` counts.

A value of a table of persons is held by the persons of its rows. A code table speaks of no person:
what it says of a code is held by everybody who has that code in the column that it is joined to.
"""

from dataclasses import dataclass

from catalog.schema.columns import Schema
from catalog.views.transforms_needs import Common
from catalog.views.transforms_rows import person_column


@dataclass(frozen=True, slots=True)
class Holders:
    """Rows of persons: their table, its column of keys, the column that holds the value or its code."""

    table: str
    key: str
    column: str
    code: str = ""
    """The column of the code table that equals the code; empty where ``column`` is the value itself."""


def holders(schema: Schema, need: Common) -> tuple[Holders, ...]:
    """Everybody who can hold a value of this column; nobody when it cannot be said."""
    key = _key(schema, need.source_table)
    if key:
        return (Holders(need.source_table, key, need.source_column),)
    found = (Holders(link.table, _key(schema, link.table), link.column, link.code) for link in need.through)
    return tuple(held for held in found if held.key)


def _key(schema: Schema, name: str) -> str:
    table = schema.table(name)
    return person_column(table) if table is not None else ""
