"""The view compiler: what is refused, by which rule and where, and what is let through as what."""

import logging

import duckdb
import pytest

from catalog.adapters.extract_duckdb import DuckdbTrial
from catalog.grants import columns_not_permitted
from catalog.profiles import ANON
from catalog.schema.canonical import CANONICAL
from catalog.view_compiler import CompiledView, compile_view
from catalog.views.rules import INTERFERENCE_RULES, OTHER_RULES
from tests.support.catalog_views import HONEST, HONEST_ANONYMOUS, HOSTILE
from tests.support.catalog_views_rules import ALONE


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


@pytest.mark.slow
@pytest.mark.parametrize("name", HONEST)
def test_an_honest_view_is_accepted_and_runs(name: str) -> None:
    view = accepted(HONEST[name])
    types = DuckdbTrial(CANONICAL).types_of(view)
    assert [column for column, _ in types] == [column.name for column in view.columns]


@pytest.mark.parametrize("name", HONEST_ANONYMOUS)
def test_an_honest_view_of_the_anonymous_profile_is_accepted_and_runs(name: str) -> None:
    compilation = compile_view(HONEST_ANONYMOUS[name], CANONICAL, ANON)
    assert compilation.view is not None, [(r.rule, r.sentence.en) for r in compilation.refusals]
    assert DuckdbTrial(CANONICAL).types_of(compilation.view)


def test_there_are_as_many_views_as_promised() -> None:
    assert len(HOSTILE) >= 380
    assert len(HONEST) >= 180
    assert len({text for text, _ in HOSTILE.values()}) == len(HOSTILE)
    assert len(set(HONEST.values())) == len(HONEST)


def test_every_refusal_of_the_corpus_is_a_rule_that_is_written_down() -> None:
    known = {*INTERFERENCE_RULES, *OTHER_RULES}
    assert len(known) == len(INTERFERENCE_RULES) + len(OTHER_RULES)
    found = {r.rule for text, _ in HOSTILE.values() for r in compile_view(text, CANONICAL).refusals}
    assert found <= known


@pytest.mark.parametrize("rule", INTERFERENCE_RULES)
def test_each_rule_alone_refuses_a_view_that_would_run(rule: str) -> None:
    assert {refusal.rule for refusal in compile_view(ALONE[rule], CANONICAL).refusals} == {rule}
    view = compile_view(ALONE[rule], CANONICAL, without=frozenset({rule})).view
    assert view is not None
    assert DuckdbTrial(CANONICAL).types_of(view)


def test_a_refusal_names_its_line_and_column() -> None:
    text = "-- head\nSELECT p.sex,\n    i.name_kanji AS name\nFROM patient p JOIN patient_identity i USING (patient_key)"
    (refusal,) = compile_view(text, CANONICAL).refusals
    assert (refusal.rule, refusal.line, refusal.column) == ("direct_identifier", 3, 5)


def test_all_refusals_are_told_at_once() -> None:
    text = "SELECT name_kanji, phone, patient_key FROM patient_identity WHERE email IS NULL"
    rules = [refusal.rule for refusal in compile_view(text, CANONICAL).refusals]
    assert rules.count("direct_identifier") == 3
    assert "key_in_output" in rules


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


def test_names_mean_what_was_checked_whatever_they_look_like() -> None:
    view = accepted(
        'SELECT days AS sex, "sex" + 1 AS n, p."SEX" AS s FROM claim c, patient p WHERE p.sex = \'F\''
    )
    assert {column.name: column.values for column in view.columns} == {
        "sex": ("claim.days",),
        "n": ("patient.sex",),
        "s": ("patient.sex",),
    }
    shadowed = accepted("WITH patient AS (SELECT days AS sex FROM claim) SELECT sex FROM patient")
    assert shadowed.columns[0].values == ("claim.days",)
    assert "patient" not in shadowed.sql


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


def test_the_parser_says_nothing_of_a_view_anywhere_else(caplog: pytest.LogCaptureFixture) -> None:
    assert compile_view("EXPLAIN SELECT sex FROM patient", CANONICAL).refusals
    assert not caplog.records
    logging.getLogger("sqlglot").warning("of another")
    assert [record.message for record in caplog.records] == ["of another"]


def test_columns_without_names_get_each_their_own() -> None:
    view = accepted("SELECT count(*), sum(1) AS count_2, count(*), 1 + 1 FROM patient")
    assert [column.name for column in view.columns] == ["count", "count_2", "count_3", "value"]


def test_a_person_whose_offset_moves_a_date_tells_rows_apart() -> None:
    text = "SELECT row_number() OVER (ORDER BY icd10) AS n, date_shift(start_date) AS at FROM diagnosis"
    assert accepted(text).ordered_by == {"patient"}


def test_a_star_inside_leaves_out_what_may_not_be_used() -> None:
    view = accepted("SELECT count(*) AS n FROM (SELECT * FROM lab_result) q")
    assert "source_ref" not in view.sql
    assert "local_name" not in view.sql
    assert "value_num" in view.sql


def test_a_very_deep_view_is_refused_and_not_a_crash() -> None:
    deep = "SELECT " + "(" * 3000 + "1" + ")" * 3000 + " AS a FROM patient"
    assert compile_view(deep, CANONICAL).view is None


def test_a_very_long_view_is_refused_unread() -> None:
    (refusal,) = compile_view("SELECT sex FROM patient --" + "x" * 65_536, CANONICAL).refusals
    assert refusal.rule == "too_long"
