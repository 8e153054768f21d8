"""Whether a compiled view stays within what a project's permit names.

Every source column that can influence a view, in its output or in which rows it has, must be
listed for its table. A key is needed to join and to count; it may be used when its table is
listed at all, and leaves only as a pseudonym.
"""

from collections.abc import Mapping

from catalog.schema.columns import ColumnClass, Schema
from catalog.view_compiler import CompiledView


def columns_not_permitted(
    view: CompiledView, datasets: Mapping[str, tuple[str, ...]], schema: Schema
) -> tuple[str, ...]:
    """The source columns of a view that the permit does not name, sorted."""
    missing = []
    for source in sorted(view.influence):
        table, _, name = source.partition(".")
        column = schema.column(table, name)
        listed = datasets.get(table)
        is_key = column is not None and column.column_class is ColumnClass.LINKABLE
        if listed is None or (name not in listed and not is_key):
            missing.append(source)
    return tuple(missing)
