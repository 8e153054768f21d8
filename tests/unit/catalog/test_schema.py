"""The canonical schema: every table and column of it, and what each of them is."""

import pytest

from catalog.schema.canonical import CANONICAL
from catalog.schema.columns import Column, ColumnClass, Nature, Table, schema_digest, schema_of
from catalog.views.reads import schema_read_by

TABLES = """patient patient_identity encounter encounter_event diagnosis prescription injection
lab_result vital procedure dpc_form1 dpc_ef dpc_d dpc_h dpc_k claim claim_line health_checkup
ltc_certification ltc_benefit vaccination death allergy pregnancy birth imaging_study document
code_icd10 code_mdcdx2 code_jlac10 code_drug code_procedure code_jfagy code_dept code_municipality"""
DATES = {"DATE", "TIMESTAMP"}
COLUMNS = [(table, column) for table in CANONICAL.tables.values() for column in table.columns]


def test_a_schema_of_nothing_has_nothing() -> None:
    empty = schema_of(())
    assert empty.tables == {}
    assert empty.table("patient") is None
    assert empty.entities == {}


def test_the_tables_are_those_that_were_agreed() -> None:
    assert set(CANONICAL.tables) == set(TABLES.split())


def test_every_column_has_a_class_a_type_and_both_labels() -> None:
    for table in CANONICAL.tables.values():
        assert table.ja
        assert table.en
        for column in table.columns:
            assert column.column_class in ColumnClass
            assert column.type
            assert column.ja
            assert column.en


def test_identities_hold_nothing_but_identifiers_and_their_key() -> None:
    identity = CANONICAL.tables["patient_identity"]
    open_columns = {c.name for c in identity.columns if c.column_class is not ColumnClass.DIRECT_IDENTIFIER}
    assert open_columns == {"patient_key", "source_system"}


def test_every_table_belongs_to_a_person_but_the_code_tables() -> None:
    for table in CANONICAL.tables.values():
        speaks_of_nobody = table.name.startswith("code_")
        assert (table.column("patient_key") is None) == speaks_of_nobody, table.name


def test_code_tables_hold_no_identifier_and_say_from_when_until_when() -> None:
    closed = {ColumnClass.DIRECT_IDENTIFIER, ColumnClass.LINKABLE, ColumnClass.STAFF, ColumnClass.FREE_TEXT}
    for table in CANONICAL.tables.values():
        if table.name.startswith("code_"):
            assert not closed & {column.column_class for column in table.columns}
            assert {"version", "valid_from", "valid_until"} <= set(table.names)


def test_the_first_column_of_a_persons_table_is_its_key() -> None:
    for table in CANONICAL.tables.values():
        if table.column("patient_key"):
            assert table.columns[0].column_class is ColumnClass.LINKABLE, table.name
            assert table.columns[0].type == "BIGINT"


@pytest.mark.parametrize(
    ("place", "sort"),
    [
        ("encounter.attending_staff", ColumnClass.STAFF),
        ("encounter.room", ColumnClass.STAFF),
        ("encounter.facility_key", ColumnClass.STAFF),
        ("dpc_ef.insurer_no", ColumnClass.DIRECT_IDENTIFIER),
        ("dpc_ef.staff", ColumnClass.STAFF),
        ("dpc_ef.name", ColumnClass.FREE_TEXT),
        ("dpc_k.k_hash", ColumnClass.DIRECT_IDENTIFIER),
        ("dpc_form1.zip", ColumnClass.DIRECT_IDENTIFIER),
        ("dpc_form1.payload1", ColumnClass.FREE_TEXT),
        ("claim.chart_no", ColumnClass.DIRECT_IDENTIFIER),
        ("claim.insured_symbol", ColumnClass.DIRECT_IDENTIFIER),
        ("ltc_certification.insured_no", ColumnClass.DIRECT_IDENTIFIER),
        ("ltc_certification.level", ColumnClass.SENSITIVE),
        ("ltc_benefit.provider", ColumnClass.STAFF),
        ("vaccination.lot", ColumnClass.LINKABLE),
        ("diagnosis.icd10", ColumnClass.SENSITIVE),
        ("death.cause", ColumnClass.SENSITIVE),
        ("lab_result.value_text", ColumnClass.FREE_TEXT),
        ("document.text", ColumnClass.FREE_TEXT),
        ("document.scrub_reviewed_by", ColumnClass.STAFF),
        ("imaging_study.study_uid", ColumnClass.DIRECT_IDENTIFIER),
    ],
)
def test_what_fits_two_classes_has_the_stricter(place: str, sort: ColumnClass) -> None:
    column = CANONICAL.column(*place.split("."))
    assert column is not None
    assert column.column_class is sort


def test_dates_of_people_say_whether_they_are_a_birth_or_an_event() -> None:
    for table, column in COLUMNS:
        if column.type in DATES and table.column("patient_key"):
            assert column.nature in {Nature.BIRTH, Nature.EVENT}, f"{table.name}.{column.name}"
        if column.name == "birth_date":
            assert column.nature is Nature.BIRTH


def test_codes_of_disease_procedure_and_drug_are_codes_wherever_they_stand() -> None:
    systems = {"ICD-10", "MDCDX2", "HOT9", "YJ", "K", "JJ1017", "J-FAGY", "DPC"}
    for table, column in COLUMNS:
        clinical = column.column_class in {ColumnClass.CLINICAL, ColumnClass.SENSITIVE}
        if column.codes in systems and clinical and column.name not in {"jcs", "adl_in", "adl_out"}:
            assert column.nature is Nature.CODE, f"{table.name}.{column.name}"


def test_bodies_are_measured_and_regions_are_regions() -> None:
    for place in ("patient.weight_kg", "lab_result.value_num", "vital.value_num", "birth.birth_weight"):
        column = CANONICAL.column(*place.split("."))
        assert column is not None
        assert column.nature is Nature.MEASURE
    for place in ("patient.prefecture", "patient.municipality_code", "code_municipality.name"):
        column = CANONICAL.column(*place.split("."))
        assert column is not None
        assert column.nature is Nature.REGION


def test_a_schema_narrowed_to_a_views_tables_does_not_move_with_the_others() -> None:
    one = Table("t", "表", "table", (Column("a", ColumnClass.CLINICAL, "VARCHAR", "あ", "a"),))
    grown = schema_of([*CANONICAL.tables.values(), one])
    tables = ("patient", "diagnosis")
    assert schema_digest(grown) != schema_digest(CANONICAL)
    assert schema_digest(grown.restricted_to(tables)) == schema_digest(CANONICAL.restricted_to(tables))
    assert set(grown.restricted_to(("T", "nowhere")).tables) == {"t"}
    assert grown.restricted_to(()).tables == {}


def test_a_view_rests_on_every_table_its_text_names() -> None:
    def tables(text: str) -> set[str]:
        return set(schema_read_by(text, CANONICAL).tables)

    assert tables("SELECT 1 AS n") == set()
    assert tables("SELECT count(*) AS n FROM Patient") == {"patient"}
    assert tables("WITH x AS (SELECT * FROM diagnosis) SELECT 1 FROM x JOIN patient USING (patient_key)") == {
        "diagnosis",
        "patient",
    }
    nested = "SELECT (SELECT count(*) FROM vital) AS n FROM claim WHERE EXISTS (SELECT 1 FROM death)"
    assert tables(nested) == {"vital", "claim", "death"}
    assert tables("SELECT 'unfinished") == set(CANONICAL.tables)
