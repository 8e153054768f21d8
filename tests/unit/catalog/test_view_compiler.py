"""The view compiler: what is refused, by which rule and where, and what is let through as what."""

import duckdb
import pytest

from catalog.adapters.extract_duckdb import DuckdbTrial
from catalog.grants import columns_not_permitted
from catalog.schema.canonical import CANONICAL
from catalog.view_compiler import CompiledView, compile_view
from tests.support.catalog_views import HONEST, HOSTILE


def accepted(text: str) -> CompiledView:
    compilation = compile_view(text, CANONICAL)
    assert compilation.view is not None, [(r.rule, r.sentence.en) for r in compilation.refusals]
    return compilation.view


def test_empty_means_no() -> None:
    assert compile_view("", CANONICAL).view is None
    assert compile_view("", CANONICAL).refusals


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_view_is_refused_by_its_rule(name: str) -> None:
    text, rule = HOSTILE[name]
    compilation = compile_view(text, CANONICAL)
    assert compilation.view is None
    assert rule in {refusal.rule for refusal in compilation.refusals}
    for refusal in compilation.refusals:
        assert refusal.line >= 1
        assert refusal.column >= 1
        assert refusal.remedy.en


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_view_is_accepted_and_runs(name: str) -> None:
    view = accepted(HONEST[name])
    types = DuckdbTrial(CANONICAL).types_of(view)
    assert [column for column, _ in types] == [column.name for column in view.columns]


def test_there_are_as_many_views_as_promised() -> None:
    assert len(HOSTILE) >= 120
    assert len(HONEST) >= 45


def test_a_refusal_names_its_line_and_column() -> None:
    text = "-- head\nSELECT p.sex,\n    i.name_kanji AS name\nFROM patient p JOIN patient_identity i USING (patient_key)"
    (refusal,) = compile_view(text, CANONICAL).refusals
    assert (refusal.rule, refusal.line, refusal.column) == ("direct_identifier", 3, 5)


def test_all_refusals_are_told_at_once() -> None:
    text = "SELECT name_kanji, phone, patient_key FROM patient_identity WHERE email IS NULL"
    rules = [refusal.rule for refusal in compile_view(text, CANONICAL).refusals]
    assert rules.count("direct_identifier") == 3
    assert "key_in_output" in rules


def test_a_column_tells_what_is_in_it_and_what_else_influences_it() -> None:
    view = accepted(
        "SELECT pseudonym(p.patient_key) AS patient_key, age_band(p.birth_date, d.start_date, 5) AS age"
        " FROM patient p JOIN diagnosis d USING (patient_key) WHERE d.icd10 LIKE 'E11%'"
    )
    key, age = view.columns
    assert (key.values, key.transforms, key.entity) == (("patient.patient_key",), ("pseudonym",), "patient")
    assert (age.values, age.transforms) == (("diagnosis.start_date", "patient.birth_date"), ("age_band",))
    assert "diagnosis.icd10" in age.sources
    assert "diagnosis.icd10" in view.influence


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("SELECT count(*) AS n FROM patient WHERE abo = 'A'", "patient.abo"),
        ("SELECT sex FROM patient GROUP BY sex HAVING max(weight_kg) > 100", "patient.weight_kg"),
        (
            "SELECT sex FROM patient QUALIFY rank() OVER (ORDER BY height_cm) = 1",
            "patient.height_cm",
        ),
        (
            "SELECT p.sex FROM patient p SEMI JOIN claim c ON c.patient_key = p.patient_key AND c.days = 9",
            "claim.days",
        ),
        ("SELECT CASE WHEN abo = 'A' THEN 1 END AS a FROM patient", "patient.abo"),
        ("SELECT count(*) FILTER (WHERE rh = '-') AS a FROM patient", "patient.rh"),
        ("SELECT sex FROM patient WHERE EXISTS (SELECT 1 FROM claim WHERE days = 3)", "claim.days"),
        ("SELECT sex FROM (SELECT sex FROM patient WHERE income_class = 1) q", "patient.income_class"),
        (
            "WITH a AS (SELECT sex FROM patient WHERE income_class = 1) SELECT sex FROM a",
            "patient.income_class",
        ),
        ("SELECT sex FROM patient EXCEPT SELECT abo FROM patient", "patient.abo"),
        ("SELECT sex FROM patient WHERE sex IN (SELECT abo FROM patient)", "patient.abo"),
        ("SELECT sum(days) OVER (PARTITION BY in_out) AS s FROM claim", "claim.in_out"),
        ("SELECT count(*) AS n FROM patient GROUP BY prefecture", "patient.prefecture"),
    ],
)
def test_what_can_influence_a_view_is_in_its_lineage(text: str, source: str) -> None:
    view = accepted(text)
    assert source in view.columns[0].sources


def test_the_permit_bounds_output_and_conditions() -> None:
    view = accepted("SELECT pseudonym(patient_key) AS patient_key, sex FROM patient WHERE abo = 'A'")
    assert columns_not_permitted(view, {"patient": ("sex",)}, CANONICAL) == ("patient.abo",)
    assert columns_not_permitted(view, {"patient": ("sex", "abo")}, CANONICAL) == ()
    assert "patient.patient_key" in columns_not_permitted(view, {}, CANONICAL)


def test_the_sql_is_rendered_from_the_tree_and_not_the_stewards_text() -> None:
    view = accepted("/* 内閣花子 */ SELECT sex -- secret\nFROM patient")
    assert "内閣花子" not in view.sql
    assert "secret" not in view.sql
    assert '"source"."patient"' in view.sql


def test_rows_leave_in_the_order_of_their_pseudonyms() -> None:
    view = accepted("SELECT sex, pseudonym(patient_key) AS patient_key FROM patient ORDER BY birth_date")
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE SCHEMA source; CREATE SCHEMA pseudonym")
        connection.execute("CREATE TABLE source.patient (patient_key BIGINT, sex VARCHAR, birth_date DATE)")
        connection.execute("CREATE TABLE pseudonym.patient (source_key BIGINT, pseudonym UUID)")
        connection.execute("INSERT INTO source.patient SELECT i, 'F', NULL FROM range(50) t(i)")
        connection.execute("INSERT INTO pseudonym.patient SELECT i, uuid() FROM range(50) t(i)")
        keys = [row[1] for row in connection.execute(view.sql).fetchall()]
    assert len(set(keys)) == 50
    assert keys == sorted(keys)


def test_a_very_deep_view_is_refused_and_not_a_crash() -> None:
    deep = "SELECT " + "(" * 3000 + "1" + ")" * 3000 + " AS a FROM patient"
    assert compile_view(deep, CANONICAL).view is None
