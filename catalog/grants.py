"""Whether a project's permit names what exists, and a compiled view stays within what it names.

Every source column that can influence a view, in its output or in which rows it has, must be
listed for its table. A key is needed to join and to count; it may be used when its table is
listed at all, and leaves only as a pseudonym.
"""

from collections.abc import Collection, Mapping

from catalog.schema.columns import ColumnClass, Schema
from catalog.view_compiler import CompiledView
from enclave.errors import InvalidInputError
from enclave.projects import LineOf
from enclave.sentences import say


def check_datasets(
    datasets: Mapping[str, tuple[str, ...]], known: Mapping[str, Collection[str]], line_of: LineOf
) -> None:
    """That every table and column of a permit is one of those that are known.

    Raises:
        InvalidInputError: the first that is not, with its line.
    """
    for table, columns in datasets.items():
        if table not in known:
            raise InvalidInputError(
                "unknown_dataset",
                say(
                    "Line {line} of the permit: there is no table {table}. Look into 'catalog datasets'.",
                    line=line_of(("datasets", table)),
                    table=table[:60],
                ),
            )
        for place, column in enumerate(columns):
            if column not in known[table]:
                raise InvalidInputError(
                    "unknown_dataset",
                    say(
                        "Line {line} of the permit: the table {table} has no column {column}. Correct it.",
                        line=line_of(("datasets", table, place)),
                        table=table,
                        column=column[:60],
                    ),
                )


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
