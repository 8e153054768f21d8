"""Where the keys behind a kind of pseudonym stand: of things by their home table, of institutions anywhere.

An institution's key (class ST, an integer, its name ends in ``_key``) may leave under a pseudonym
made for that kind of institution alone. It has no table of its own in the source, so that its keys
are those of every table that names one.
"""

from catalog.schema.columns import Column, ColumnClass, Schema

_ENDING = "_key"
_WHOLE_NUMBERS = frozenset({"INTEGER", "BIGINT", "SMALLINT"})


def institution(column: Column) -> str:
    """The kind of institution that a column is the key of, or empty."""
    coded = (
        column.column_class is ColumnClass.STAFF
        and column.name.endswith(_ENDING)
        and column.type.upper() in _WHOLE_NUMBERS
    )
    return column.name.removesuffix(_ENDING) if coded else ""


def key_places(schema: Schema, entity: str) -> tuple[tuple[str, str], ...]:
    """The tables and columns that hold every key of a kind of thing; none when there is no such kind."""
    home = schema.entities.get(entity)
    if home is not None:
        return (home,)
    return tuple(
        (table.name, column.name)
        for table in schema.tables.values()
        for column in table.columns
        if institution(column) == entity and entity
    )


def shown_kinds(schema: Schema) -> tuple[str, ...]:
    """Every kind of thing that can have a pseudonym, people first where the schema has them first."""
    kinds = dict.fromkeys(schema.entities)
    for table in schema.tables.values():
        kinds.update(dict.fromkeys(kind for column in table.columns if (kind := institution(column))))
    return tuple(kinds)
