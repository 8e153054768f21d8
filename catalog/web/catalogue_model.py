"""The catalogue as plain values: what a page shows, a program reads and a command prints as JSON."""

from typing import Any

from catalog.catalogue import PROVENANCE, Catalogue, CatalogueColumn, CatalogueTable, Hit, Use
from catalog.schema.columns import ColumnClass
from enclave.sentences import Sentence, say

CLASS_WORDS: dict[str, Sentence] = {
    ColumnClass.DIRECT_IDENTIFIER.value: say("direct identifier"),
    ColumnClass.LINKABLE.value: say("linkable key"),
    ColumnClass.STAFF.value: say("staff or institution"),
    ColumnClass.FREE_TEXT.value: say("free text"),
    ColumnClass.QUASI_IDENTIFIER.value: say("quasi-identifier"),
    ColumnClass.SENSITIVE.value: say("sensitive"),
    ColumnClass.CLINICAL.value: say("clinical"),
    ColumnClass.ADMINISTRATIVE.value: say("administrative"),
}
USE_WORDS: dict[str, tuple[str, Sentence]] = {
    Use.NEVER.value: ("past", say("not available")),
    Use.SCRUBBED.value: ("wait", say("scrubbed only")),
    Use.PSEUDONYM.value: ("go", say("as a pseudonym")),
    Use.VALUE.value: ("good", say("available")),
}
"""The tone and the words of what a project can be given of a column."""


def count_model(count: int | None, least: int) -> dict[str, int | None]:
    """A count, or that it is below the least that is shown."""
    return {"at_least": count, "below": least if count is None else None}


def table_model(table: CatalogueTable, least: int) -> dict[str, Any]:
    """A data set with its columns."""
    return {
        **summary_model(table, least),
        "columns": [column_model(column) for column in table.columns],
    }


def summary_model(table: CatalogueTable, least: int) -> dict[str, Any]:
    """A data set in a list."""
    return {
        "name": table.name,
        "label": {"ja": table.ja, "en": table.en},
        "own": table.own,
        "available": table.available,
        "empty": table.empty,
        "rows": count_model(table.rows, least) if table.available else None,
        "persons": count_model(table.persons, least) if table.available and table.of_people else None,
        "first": table.first or None,
        "last": table.last or None,
        "column_count": sum(column.name not in PROVENANCE for column in table.columns),
    }


def column_model(column: CatalogueColumn) -> dict[str, Any]:
    """A column."""
    return {
        "name": column.name,
        "label": {"ja": column.ja, "en": column.en},
        "class": column.column_class.value,
        "use": column.use.value,
        "type": column.type,
        "unit": column.unit or None,
        "codes": column.codes or None,
        "nature": column.nature or None,
        "filled_percent": column.filled,
        "shared_values": column.shared,
    }


def list_model(catalogue: Catalogue, hits: tuple[Hit, ...], least: int, words: str) -> dict[str, Any]:
    """The list of data sets that a search found."""
    return {
        "published_at": catalogue.published_at,
        "search": words,
        "datasets": [
            {**summary_model(hit.table, least), "found": [column_model(column) for column in hit.columns]}
            for hit in hits
        ],
    }
