"""Which part of a schema a view reads: what its approval rests on, and no more.

Every name that stands where a table can stand counts, a name of WITH as well: too much makes an
approval void once too often, too little would let a class change under it. A text that cannot
be read rests on the whole schema.
"""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from catalog.schema.columns import Schema
from catalog.views.quiet import quiet


def schema_read_by(text: str, schema: Schema) -> Schema:
    """The tables of the schema that this view's text names."""
    try:
        with quiet():
            statements = sqlglot.parse(text, dialect="duckdb")
    except (SqlglotError, RecursionError):
        return schema
    return schema.restricted_to(
        table.name
        for statement in statements
        if statement is not None
        for table in statement.find_all(exp.Table)
    )
