"""Counting who hides in whom: sizes, rules of quasi-identifiers, k, and what is shown of it."""

import json
from datetime import UTC, datetime

import pytest

from catalog.combination_risk import (
    BUCKETS,
    Classes,
    RareCodes,
    RiskReport,
    TableRisk,
    below,
    classes_of,
    code_columns,
    person_column,
    plan_basis,
    quasi_identifiers,
    report_of,
)
from catalog.extracts import ExtractPlan, PlannedView
from catalog.policy import TransformRules
from catalog.profiles import ANON, PSEUDO, Profile
from catalog.risk_picture import bucket_name, risk_picture
from catalog.schema.canonical import CANONICAL
from catalog.view_compiler import compile_view
from catalog.views.files import read_view
from enclave.projects import Cohort

AT = datetime(2026, 4, 1, tzinfo=UTC)


def planned(sql: str, profile: Profile = PSEUDO, table: str = "t") -> PlannedView:
    compilation = compile_view(sql, CANONICAL, profile)
    assert compilation.view is not None, compilation.refusals
    return PlannedView(read_view(table, sql), "d" * 64, compilation.view)


def plan(**changed: str) -> ExtractPlan:
    facts = {"permit_digest": "p", "policy_digest": "q", "source_version": "s"} | changed
    return ExtractPlan(
        project="p-x",
        version=facts.pop("version", "next"),
        views=(planned("SELECT sex FROM patient"),),
        cohort=Cohort(everyone=True),
        schema_digest="c",
        planned_at=AT,
        transforms=TransformRules(10, 30),
        permit_digest=facts["permit_digest"],
        policy_digest=facts["policy_digest"],
        source_version=facts["source_version"],
    )


def report(smallest: int, steady: int | None = None, profile: str = "anon", quasi: str = "sex") -> RiskReport:
    classes = classes_of({smallest: smallest})
    return RiskReport(
        "b" * 64,
        profile,
        (TableRisk("people", (quasi,) if quasi else (), 3, by_person=True, classes=classes),),
        None if steady is None else classes_of({steady: steady}),
        None,
        (RareCodes("diagnoses", "icd10", 40, 3, 5),),
    )


def test_nobody_is_in_no_class() -> None:
    assert classes_of({}) == Classes(0, 0, 0, (0,) * len(BUCKETS))


def test_members_are_counted_by_the_size_of_their_smallest_class() -> None:
    counted = classes_of({1: 4, 2: 6, 3: 3, 4: 8, 9: 9, 10: 10, 49: 49, 50: 50, 1000: 2000})
    assert counted.members == 4 + 6 + 3 + 8 + 9 + 10 + 49 + 50 + 2000
    assert (counted.smallest, counted.unique) == (1, 4)
    assert counted.histogram == (4, 6, 11, 9, 10, 49, 2050)


def test_every_size_has_exactly_one_bucket() -> None:
    for size in range(1, 200):
        assert sum(low <= size and (high is None or size <= high) for low, high in BUCKETS) == 1


def test_quasi_identifiers_are_columns_made_of_such_columns() -> None:
    view = planned(
        "SELECT pseudonym(patient_key) AS patient_key, sex, abo, birth_month(birth_date) AS born,"
        " CASE WHEN sex = 'F' THEN 1 ELSE 0 END AS woman FROM patient"
    )
    assert quasi_identifiers(view, CANONICAL) == ("sex", "born", "woman")
    assert person_column(view) == "patient_key"


def test_a_shifted_date_is_no_quasi_identifier_and_a_true_one_is() -> None:
    sql = "SELECT pseudonym(patient_key) AS patient_key, {} AS seen FROM diagnosis"
    assert quasi_identifiers(planned(sql.format("start_date")), CANONICAL) == ("seen",)
    assert quasi_identifiers(planned(sql.format("date_shift(start_date)"), ANON), CANONICAL) == ()


def test_codes_are_found_through_expressions() -> None:
    view = planned("SELECT pseudonym(patient_key) AS patient_key, left(icd10, 3) AS code FROM diagnosis")
    assert code_columns(view, CANONICAL) == ("code",)
    assert person_column(planned("SELECT sex FROM patient")) is None


@pytest.mark.parametrize(
    ("smallest", "steady", "short"),
    [
        (10, None, []),
        (9, None, ["people"]),
        (10, 9, ["(joined)"]),
        (1, 1, ["people", "(joined)"]),
        (10, 10, []),
    ],
)
def test_what_is_smaller_than_k(smallest: int, steady: int | None, short: list[str]) -> None:
    assert list(below(report(smallest, steady), 10)) == short


def test_a_table_without_quasi_identifiers_falls_short_of_nothing() -> None:
    assert list(below(report(1, quasi=""), 10)) == []
    assert report(1, quasi="").smallest is None


def test_the_smallest_class_is_over_tables_and_the_steady_columns() -> None:
    assert report(12, 7).smallest == 7
    assert report(4, 7).smallest == 4


def test_a_report_reads_back_from_its_document() -> None:
    for one in (report(3), report(3, 5)):
        again = report_of(json.loads(json.dumps(one.document())))
        assert again == one
        assert again.digest == one.digest
    assert report(3).digest != report(4).digest


@pytest.mark.parametrize("moved", ["permit_digest", "policy_digest", "source_version"])
def test_an_assessment_rests_on_everything_that_decides_the_rows(moved: str) -> None:
    assert plan_basis(plan()) != plan_basis(plan(**{moved: "other"}))


def test_the_number_of_the_version_does_not_matter() -> None:
    assert plan_basis(plan()) == plan_basis(plan(version="v7"))


def test_the_picture_shows_every_row_and_escapes_names() -> None:
    drawn = risk_picture(report(3, 5))
    assert drawn.count("people") == 1
    assert "(steady)" in drawn
    assert "(everything)" not in drawn
    strange = RiskReport(
        "b", "anon", (TableRisk("<t>", ("a",), 1, True, classes_of({1: 1})),), None, None, ()
    )
    assert "<t>" not in risk_picture(strange)


def test_the_bars_of_a_row_fill_its_whole_width() -> None:
    drawn = risk_picture(
        RiskReport(
            "b",
            "pseudo",
            (TableRisk("t", ("a",), 9, True, classes_of({1: 1, 2: 2, 60: 60})),),
            None,
            None,
            (),
        )
    )
    widths = [int(part.split('"')[0]) for part in drawn.split('width="')[1:]]
    legend = len(BUCKETS) * 14
    assert sum(widths) - legend == 820 - 190


def test_buckets_read_as_people_write_them() -> None:
    assert [bucket_name(b) for b in BUCKETS] == ["1", "2", "3–4", "5–9", "10–19", "20–49", "50+"]
