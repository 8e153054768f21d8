"""A catalogue as a producer could have published it."""

from datetime import UTC, datetime

from catalog.catalogue import Catalogue, CatalogueTable, Figures, described
from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import Column, ColumnClass, Table

AT = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"


def _tables() -> tuple[CatalogueTable, ...]:
    odd = Table(
        "odd_registry",
        f"外部{HOSTILE}",
        'odd "registry" & co',
        (
            Column("case_key", ColumnClass.LINKABLE, "BIGINT", "症例キー", "case key", entity="odd_case"),
            Column(
                "note",
                ColumnClass.CLINICAL,
                "VARCHAR",
                f"記載{HOSTILE}",
                "note",
                unit="<b>mg</b>",
                codes="'\"><i>",
            ),
        ),
    )
    schema = CANONICAL.joined_with([odd])
    figures = {name: Figures(0, 0) for name in schema.tables}
    lab = schema.tables["lab_result"]
    figures["patient_identity"] = Figures(None, None)
    figures["patient"] = Figures(1_990, 1_990, "2022-04", "2025-03")
    figures["lab_result"] = Figures(
        1_234_560,
        1_870,
        "2022-04",
        "2025-03",
        tuple(97 for _ in lab.columns),
        tuple(41 if column.name == "jlac10" else None for column in lab.columns),
    )
    figures["death"] = Figures(None, None)
    figures["code_icd10"] = Figures(14_321, None)
    figures["odd_registry"] = Figures(40, 40)
    return described(schema, CANONICAL, figures.items())


def published() -> Catalogue:
    """Data sets with rows, with too few people, without rows, not available, and of another's making."""
    return Catalogue(_tables(), AT.isoformat(), 10, 100)
