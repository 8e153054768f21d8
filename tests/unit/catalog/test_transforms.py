"""Where transforms are refused, by which rule, and what a profile demands of what leaves a view."""

import re
from pathlib import Path

import pytest
from sqlglot import exp

from catalog.profiles import ANON, PROFILES, PSEUDO, SCRUBS, TRANSFORMS, Profile, find_profile
from catalog.schema.canonical import CANONICAL
from catalog.view_compiler import compile_view
from catalog.views import transforms
from catalog.views.refusals import Refusals
from catalog.views.rules import OTHER_RULES
from catalog.views.transforms import Transforms
from catalog.views.transforms_needs import Common, Scrubbed, Shift, needs_of, side_table
from enclave.errors import InvalidInputError
from tests.support.transformed import compiled, refused

MISUSED = {
    "birth_month()": "transform_arguments",
    "birth_month(birth_date, 1)": "transform_arguments",
    "birth_month(sex)": "transform_type",
    "age_band(birth_date, first_seen)": "transform_arguments",
    "age_band(birth_date, first_seen, 0)": "transform_arguments",
    "age_band(birth_date, first_seen, 51)": "transform_arguments",
    "age_band(birth_date, first_seen, 2.5)": "transform_arguments",
    "age_band(birth_date, first_seen, '5')": "transform_arguments",
    "age_band(birth_date, first_seen, income_class)": "transform_arguments",
    "age_band(birth_date, 5, 5)": "transform_type",
    "bin(weight_kg)": "transform_arguments",
    "bin(weight_kg, 0)": "transform_arguments",
    "bin(weight_kg, -5)": "transform_arguments",
    "bin(weight_kg, height_cm)": "transform_arguments",
    "bin(weight_kg, 1e3)": "transform_arguments",
    "bin(weight_kg, 0.0000001)": "transform_arguments",
    "bin(sex, 5)": "transform_type",
    "top_code(weight_kg, '200')": "transform_arguments",
    "top_code(bin(weight_kg, 5), 200)": "transform_type",
    "bottom_code(birth_date, 40)": "transform_type",
    "region_up(birth_date)": "transform_type",
    "rare_to_other(left(abo, 1))": "rare_argument",
    "rare_to_other('A')": "rare_argument",
    "rare_to_other(coalesce(abo, 'A'))": "rare_argument",
    "date_shift()": "transform_arguments",
    "date_shift(first_seen, 3)": "transform_arguments",
    "date_shift(weight_kg)": "transform_type",
    "date_shift(date_shift(first_seen))": "shift_twice",
    "date_shift(DATE '2020-01-01')": "shift_person",
    "scrub(sex)": "scrub_argument",
    "scrub(sex || sex)": "scrub_argument",
    "scrub_status(sex)": "scrub_argument",
    "scrub_hits()": "scrub_argument",
    "birth_month(patient_key)": "transform_type",
}


@pytest.mark.parametrize("written", MISUSED)
def test_a_misused_transform_is_refused_by_its_rule(written: str) -> None:
    rules = refused(f"SELECT {written} AS v FROM patient")
    assert MISUSED[written] in rules


@pytest.mark.parametrize(
    "source",
    [
        "code_icd10 c",
        "code_icd10 c CROSS JOIN diagnosis d",
        "diagnosis d JOIN code_icd10 c ON d.icd10 > c.code",
        "diagnosis d JOIN code_icd10 c ON d.icd10 = c.code OR d.suspected",
        "code_mdcdx2 m JOIN code_icd10 c ON m.icd10 = c.code",
    ],
)
def test_words_that_nobody_can_be_counted_for_are_not_called_common(source: str) -> None:
    assert "rare_argument" in refused(f"SELECT rare_to_other(c.name) AS v FROM {source}")


def test_free_text_leaves_through_scrub_alone_and_under_pseudo_alone() -> None:
    text = "SELECT scrub(d.text) AS t, scrub_status(text) AS s, scrub_hits(text) AS n FROM document d"
    view = compiled(text, PSEUDO)
    assert view.needs == (Scrubbed("document", "text"),)
    assert [column.transforms for column in view.columns] == [("scrub",), ("scrub_status",), ("scrub_hits",)]
    assert all("document.text" in column.sources and not column.open for column in view.columns)
    assert "transform_profile" in refused(text, ANON)
    for transform in sorted(TRANSFORMS - SCRUBS):
        for profile in PROFILES.values():
            assert "free_text" in refused(f"SELECT {transform}(text) AS t FROM document", profile)


@pytest.mark.parametrize("transform", sorted(TRANSFORMS))
@pytest.mark.parametrize("column", ["name_kanji", "my_number", "patient_key"])
def test_no_transform_takes_an_identifier(transform: str, column: str) -> None:
    if (transform, column) == ("pseudonym", "patient_key"):
        return  # the one place where a key leaves
    further = {"age_band": ", DATE '2020-01-01', 5", "bin": ", 5", "top_code": ", 5", "bottom_code": ", 5"}
    text = f"SELECT {transform}({column}{further.get(transform, '')}) AS v FROM patient_identity"
    for profile in PROFILES.values():
        rules = refused(text, profile)
        assert any(
            rule.startswith(("direct_identifier", "key_", "pseudonym", "column_name")) for rule in rules
        )


PEOPLE_APART = {
    "another row's person": "WITH f AS (SELECT a.patient_key, b.start_date AS d FROM diagnosis a"
    " JOIN diagnosis b ON a.icd10 = b.icd10) SELECT date_shift(d) AS d FROM f",
    "through a window": "WITH f AS (SELECT patient_key, min(start_date) OVER (PARTITION BY icd10) AS d FROM diagnosis)"
    " SELECT date_shift(d) AS d FROM f",
    "without the key": "SELECT date_shift(d) AS d FROM (SELECT start_date AS d FROM diagnosis) q",
    "one name, two sides": "SELECT date_shift(q.d) AS d FROM"
    " (SELECT patient_key, start_date AS d FROM diagnosis UNION SELECT patient_key, end_date FROM diagnosis) q",
    "two persons in one expression": "SELECT date_shift(coalesce(a.start_date, b.start_date)) AS d"
    " FROM diagnosis a JOIN diagnosis b ON a.icd10 = b.icd10",
    "a name of ours for something else": "WITH a AS (SELECT patient_key, start_date AS d FROM diagnosis) SELECT q.d FROM"
    " (WITH b AS (SELECT date_shift(a.d) AS d, 1 AS n FROM (SELECT d FROM a) a), c1 AS"
    " (SELECT patient_key, start_date AS d FROM diagnosis) SELECT b.d FROM b CROSS JOIN c1) q",
    "a name used twice": "WITH f AS (SELECT patient_key, start_date AS d FROM diagnosis), g AS"
    " (SELECT a.patient_key, b.d FROM f a JOIN f b ON a.d = b.d) SELECT date_shift(d) AS d FROM g",
}


@pytest.mark.parametrize("name", PEOPLE_APART)
def test_a_date_is_not_shifted_where_its_person_cannot_be_said(name: str) -> None:
    assert "shift_person" in refused(PEOPLE_APART[name])


OFFSETS_GIVEN_AWAY = {
    "difference": (
        "SELECT date_diff('day', start_date, date_shift(start_date)) AS d FROM diagnosis",
        "shift_mixed",
    ),
    "subtraction": ("SELECT date_shift(start_date) - end_date AS d FROM diagnosis", "shift_mixed"),
    "comparison": ("SELECT date_shift(start_date) > end_date AS d FROM diagnosis", "shift_mixed"),
    "equality": ("SELECT icd10 FROM diagnosis WHERE date_shift(start_date) = end_date", "shift_mixed"),
    "twice": (
        "WITH f AS (SELECT patient_key, date_shift(start_date) AS d FROM diagnosis) SELECT date_shift(d) AS d FROM f",
        "shift_twice",
    ),
    "in one column": (
        "SELECT date_shift(start_date) AS d FROM diagnosis UNION SELECT start_date FROM diagnosis",
        "shift_mixed",
    ),
    "who is in both": (
        "SELECT date_shift(start_date) AS d FROM diagnosis INTERSECT SELECT start_date FROM diagnosis",
        "shift_mixed",
    ),
    "in one band": (
        "SELECT age_band(start_date, date_shift(start_date), 1) AS n FROM diagnosis",
        "shift_mixed",
    ),
    "in a list": ("SELECT icd10 FROM diagnosis WHERE date_shift(start_date) IN (start_date)", "shift_mixed"),
    "between": (
        "SELECT icd10 FROM diagnosis WHERE date_shift(start_date) BETWEEN start_date AND end_date",
        "shift_mixed",
    ),
    "in a join": (
        "SELECT a.icd10 FROM diagnosis a JOIN diagnosis b ON date_shift(a.start_date) = b.start_date",
        "shift_mixed",
    ),
    "side by side": ("SELECT date_shift(start_date) AS a, start_date AS b FROM diagnosis", "shift_undone"),
}


@pytest.mark.parametrize("name", OFFSETS_GIVEN_AWAY)
def test_an_offset_is_not_given_away(name: str) -> None:
    text, rule = OFFSETS_GIVEN_AWAY[name]
    assert rule in refused(text)


def test_dates_that_were_not_shifted_may_stand_beside_other_shifted_ones() -> None:
    compiled("SELECT date_shift(start_date) AS a FROM diagnosis WHERE start_date >= DATE '2020-01-01'")
    compiled(
        "SELECT age_band(p.birth_date, d.start_date, 5) AS a, date_shift(d.start_date) AS b"
        " FROM patient p JOIN diagnosis d USING (patient_key)"
    )


RAW = {
    "SELECT birth_date AS v FROM patient": "anon_birth",
    "SELECT year(birth_date) AS v FROM patient": "anon_birth",
    "SELECT date_shift(birth_date) AS v FROM patient": "anon_birth",
    "SELECT max(birth_date) AS v FROM patient GROUP BY sex": "anon_birth",
    "SELECT date_diff('day', birth_date, first_seen) AS v FROM patient": "anon_event",
    "SELECT start_date AS v FROM diagnosis": "anon_event",
    "SELECT birth_month(start_date) AS v FROM diagnosis": "anon_event",
    "SELECT CAST(specimen_ts AS DATE) AS v FROM lab_result": "anon_event",
    "SELECT month(specimen_ts) AS v FROM lab_result": "anon_event",
    "SELECT age_band(DATE '2000-01-01', start_date, 1) AS v FROM diagnosis": "anon_event",
    "SELECT date_diff('day', start_date, end_date) AS v FROM diagnosis": "anon_event",
    "SELECT value_num AS v FROM lab_result": "anon_measure",
    "SELECT value_num + 1 AS v FROM lab_result": "anon_measure",
    "SELECT avg(value_num) AS v FROM lab_result GROUP BY jlac10": "anon_measure",
    "SELECT min(weight_kg) AS v FROM patient": "anon_measure",
    "SELECT sum(weight_kg) AS v FROM patient": "anon_measure",
    "SELECT CASE WHEN sex = 'F' THEN weight_kg ELSE 0 END AS v FROM patient": "anon_measure",
    "SELECT lag(weight_kg) OVER (PARTITION BY sex ORDER BY weight_kg) AS v FROM patient": "anon_measure",
    "SELECT (SELECT max(value_num) FROM lab_result) AS v FROM patient": "anon_measure",
    "WITH x AS (SELECT weight_kg AS w FROM patient) SELECT w AS v FROM x": "anon_measure",
    "SELECT bin(weight_kg, 5) AS v FROM patient UNION ALL SELECT CAST(height_cm AS VARCHAR) FROM patient": "anon_measure",
    "SELECT icd10 AS v FROM diagnosis": "anon_code",
    "SELECT left(icd10, 1) AS v FROM diagnosis": "anon_code",
    "SELECT region_up(icd10) AS v FROM diagnosis": "anon_code",
    "SELECT name AS v FROM code_icd10": "anon_code",
    "SELECT prefecture AS v FROM patient": "anon_region",
    "SELECT left(municipality_code, 2) AS v FROM patient": "anon_region",
    "SELECT rare_to_other(municipality_code) AS v FROM patient": "anon_region",
}


@pytest.mark.parametrize("text", RAW)
def test_anon_demands_a_transform_where_pseudo_leaves_the_value(text: str) -> None:
    assert RAW[text] in refused(text, ANON)
    assert compile_view(text, CANONICAL, PSEUDO).view is not None


COARSE = (
    "SELECT birth_month(birth_date) AS v FROM patient",
    "SELECT age_band(birth_date, first_seen, 5) AS v FROM patient",
    "SELECT date_shift(start_date) AS v FROM diagnosis",
    "SELECT year(date_shift(start_date)) AS v FROM diagnosis",
    "SELECT min(date_shift(start_date)) AS v FROM diagnosis GROUP BY patient_key",
    "SELECT date_diff('day', date_shift(start_date), date_shift(end_date)) AS v FROM diagnosis",
    "SELECT bin(value_num, 5) AS v FROM lab_result",
    "SELECT bin(avg(value_num), 0.5) AS v FROM lab_result GROUP BY patient_key",
    "SELECT value_num > 6.5 AS v FROM lab_result",
    "SELECT CASE WHEN value_num > 6.5 THEN 'high' ELSE 'low' END AS v FROM lab_result",
    "SELECT icd10 LIKE 'E11%' AS v FROM diagnosis",
    "SELECT birth_date IS NULL AS v FROM patient",
    "SELECT birth_date BETWEEN DATE '1990-01-01' AND DATE '1999-12-31' AS v FROM patient",
    "SELECT count(DISTINCT icd10) AS v FROM diagnosis GROUP BY patient_key",
    "SELECT count(*) AS v FROM diagnosis WHERE icd10 = 'E11' GROUP BY patient_key",
    "SELECT EXISTS (SELECT 1 FROM diagnosis d WHERE d.patient_key = p.patient_key AND d.icd10 = 'E11') AS v FROM patient p",
    "SELECT rare_to_other(icd10) AS v FROM diagnosis",
    "SELECT left(rare_to_other(icd10), 1) AS v FROM diagnosis",
    "SELECT region_up(municipality_code) AS v FROM patient",
    "SELECT sex AS v FROM patient",
)


@pytest.mark.parametrize("text", COARSE)
def test_anon_accepts_what_was_transformed_compared_or_counted(text: str) -> None:
    compiled(text, ANON)


def test_every_rule_of_transforms_and_profiles_is_listed() -> None:
    text = Path(transforms.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'"((?:transform|shift|rare|scrub)_[a-z]+)",\n', text))
    rules = {demand.rule for demand in ANON.demands.values()} | named
    assert {"shift_mixed", "rare_argument"} <= rules <= set(OTHER_RULES)


def test_every_demand_names_a_transform_and_each_has_its_own_rule() -> None:
    rules = [demand.rule for demand in ANON.demands.values()]
    assert len(set(rules)) == len(rules) == 5
    for demand in ANON.demands.values():
        assert any(transform in demand.remedy.en for transform in TRANSFORMS)
    assert not PSEUDO.demands


def test_a_profile_that_is_not_written_down_does_not_exist() -> None:
    assert [find_profile(name).name for name in ("pseudo", "anon")] == ["pseudo", "anon"]
    for name in ("", "ANON", "none"):
        with pytest.raises(InvalidInputError):
            find_profile(name)


def test_a_profile_without_transforms_allows_none() -> None:
    bare = Profile("bare", frozenset(), {})
    assert "transform_profile" in refused("SELECT birth_month(birth_date) AS m FROM patient", bare)


def test_every_transform_but_pseudonym_is_read_here() -> None:
    reader = Transforms(Refusals(""), CANONICAL, PSEUDO)
    assert {*reader._readers, *SCRUBS, "pseudonym"} == TRANSFORMS


def test_needs_are_read_off_the_tree_each_once() -> None:
    need = Common("diagnosis", "icd10")
    tree = exp.union(exp.select("*").from_(side_table(need)), exp.select("*").from_(side_table(need).copy()))
    assert needs_of(tree) == (need,)
    assert Shift().table == "shift"
    assert needs_of(exp.select("1")) == ()


def test_a_transform_is_told_of_its_column() -> None:
    view = compiled(
        "SELECT date_shift(start_date) AS d, bin(days, 7) AS b FROM prescription JOIN diagnosis USING (patient_key)".replace(
            "start_date", "onset_date"
        )
    )
    day, bins = view.columns
    assert (day.values, day.transforms, day.open) == (
        ("diagnosis.onset_date", "diagnosis.patient_key"),
        ("date_shift",),
        (),
    )
    assert bins.transforms == ("bin",)
