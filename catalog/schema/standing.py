"""Columns that stand in more than one table, and the short ways of writing the rest.

A key means the same wherever it stands. Where a row came from is said in every table: the data
set and its version are administrative; the place in the source is itself an identifier.
"""

from catalog.schema.columns import Column, ColumnClass, Nature

DI, LK, ST = ColumnClass.DIRECT_IDENTIFIER, ColumnClass.LINKABLE, ColumnClass.STAFF
QI, SE, CL = ColumnClass.QUASI_IDENTIFIER, ColumnClass.SENSITIVE, ColumnClass.CLINICAL
FT, AD = ColumnClass.FREE_TEXT, ColumnClass.ADMINISTRATIVE


def key(name: str, entity: str, ja: str, en: str) -> Column:
    """The key of a kind of thing."""
    return Column(name, LK, "BIGINT", ja, en, entity=entity)


def patient_key() -> Column:
    """The key of a person, the same in every table."""
    return key("patient_key", "patient", "患者キー", "patient key")


def encounter_key() -> Column:
    """The key of a visit or stay."""
    return key("encounter_key", "encounter", "受診キー", "encounter key")


def facility_key() -> Column:
    """The institution: known to the steward, shown to nobody."""
    return Column("facility_key", ST, "INTEGER", "施設", "facility")


def event(name: str, type_: str, ja: str, en: str) -> Column:
    """When something happened to a person."""
    return Column(name, QI, type_, ja, en, nature=Nature.EVENT)


def code(name: str, ja: str, en: str, codes: str, sort: ColumnClass = CL) -> Column:
    """A diagnosis, procedure or drug code."""
    return Column(name, sort, "VARCHAR", ja, en, codes=codes, nature=Nature.CODE)


def measure(name: str, ja: str, en: str, unit: str = "", sort: ColumnClass = CL) -> Column:
    """A measured value of a body."""
    return Column(name, sort, "DOUBLE", ja, en, unit=unit, nature=Nature.MEASURE)


def words(name: str, ja: str, en: str) -> Column:
    """What people wrote: free text."""
    return Column(name, FT, "VARCHAR", ja, en)


def provenance() -> tuple[Column, ...]:
    """Where a row came from, and whether it still holds."""
    return (
        Column("dataset_id", AD, "VARCHAR", "データセット", "data set"),
        Column("source_system", AD, "VARCHAR", "元システム", "source system"),
        Column("source_ref", DI, "VARCHAR", "元資料の場所", "place in the source"),
        Column("row_version", AD, "INTEGER", "行の版", "version of the row"),
        Column("valid_from", AD, "TIMESTAMP", "有効開始", "valid from", nature=Nature.EVENT),
        Column("deleted_flag", AD, "BOOLEAN", "削除済み", "deleted at its source"),
    )
