"""What transforms write, over real rows: every value exact, wherever in a view a transform stands."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from catalog.profiles import ANON
from tests.support.transformed import column, compiled, offsets, run

DAY = date(2020, 8, 3)
HALF_PAST_NINE = datetime.combine(DAY, time(9, 30))


def people(*facts: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {"patient": [{"patient_key": n, **fact} for n, fact in enumerate(facts, start=1)]}


def diagnoses(*facts: tuple[int, str | None], opted_out: tuple[int, ...] = ()) -> dict[str, Any]:
    keys = sorted({key for key, _ in facts})
    return {
        "patient": [{"patient_key": key, "optout_flag": key in opted_out} for key in keys],
        "diagnosis": [
            {"diagnosis_key": n, "patient_key": key, "icd10": code, "start_date": DAY + timedelta(days=n)}
            for n, (key, code) in enumerate(facts)
        ],
    }


@pytest.mark.parametrize(
    ("written", "value", "shown"),
    [
        ("bin(weight_kg, 5)", 53.4, "50～55"),
        ("bin(weight_kg, 5)", 55, "55～60"),
        ("bin(weight_kg, 5)", -0.1, "-5～0"),
        ("bin(weight_kg, 0.1)", 0.7, "0.7～0.8"),
        ("bin(weight_kg, 2.5)", 53.4, "52.5～55.0"),
        ("bin(weight_kg, 5)", 1e300, None),
        ("bin(weight_kg, 5)", None, None),
        ("top_code(weight_kg, 200)", 211, "201以上"),
        ("top_code(weight_kg, 200)", 200.4, "200.4"),
        ("top_code(weight_kg, 200)", 200.5, "201以上"),
        ("top_code(weight_kg, 200)", 200, "200"),
        ("top_code(weight_kg, 200)", float("inf"), "201以上"),
        ("top_code(weight_kg, 200)", None, None),
        ("top_code(weight_kg, 200.0)", 200.1, "200.0超"),
        ("top_code(weight_kg, 1.5)", 1.5, "1.5"),
        ("top_code(weight_kg, -5)", -4, "-4以上"),
        ("bottom_code(weight_kg, 40)", 39.4, "39以下"),
        ("bottom_code(weight_kg, 40)", 40, "40"),
        ("bottom_code(weight_kg, 36.5)", 36.4, "36.5未満"),
        (
            "CASE WHEN weight_kg > 40 THEN top_code(weight_kg, 200) ELSE bottom_code(weight_kg, 40) END",
            12,
            "39以下",
        ),
    ],
)
def test_a_measure_is_made_coarse(written: str, value: float | None, shown: str | None) -> None:
    rows = people({"weight_kg": value})
    assert column(f"SELECT {written} AS v FROM patient", rows, ANON) == [shown]


def test_a_birth_leaves_as_its_month_or_as_a_band_of_ages() -> None:
    rows = people({"birth_date": date(2003, 2, 26)}, {"birth_date": None})
    assert column("SELECT birth_month(birth_date) AS m FROM patient", rows, ANON) == ["2003-02", None]
    bands = "SELECT age_band(birth_date, DATE '2020-02-25', 5) AS a FROM patient"
    assert column(bands, rows, ANON) == [15, None]


@pytest.mark.parametrize(
    ("code", "up"),
    [
        ("01", "北海道"),
        ("07", "東北"),
        ("13", "関東"),
        ("23", "中部"),
        ("27", "近畿"),
        ("34", "中国"),
        ("39", "四国"),
        ("47", "九州・沖縄"),
        ("99", None),
        (None, None),
    ],
)
def test_a_prefecture_becomes_its_region(code: str | None, up: str | None) -> None:
    assert column("SELECT region_up(prefecture) AS r FROM patient", people({"prefecture": code}), ANON) == [
        up
    ]


def test_a_municipality_and_a_medical_area_become_their_prefecture() -> None:
    rows = people({"municipality_code": "13104", "secondary_area": "2703"})
    text = (
        "SELECT region_up(municipality_code) AS a, region_up(secondary_area) AS b,"
        " region_up(region_up(municipality_code)) AS c FROM patient"
    )
    assert run(text, rows, ANON) == [("13", "27", "関東")]


def test_everyone_has_one_offset_in_every_table_and_type() -> None:
    rows: dict[str, Any] = {
        "patient": [{"patient_key": n, "first_seen": DAY} for n in (1, 2, 3)],
        "diagnosis": [{"diagnosis_key": n, "patient_key": n, "start_date": DAY} for n in (1, 2, 3)],
        "lab_result": [{"result_key": n, "patient_key": n, "specimen_ts": HALF_PAST_NINE} for n in (1, 2, 3)],
    }
    text = (
        "SELECT date_shift(p.first_seen) AS a, date_shift(d.start_date) AS b, date_shift(l.specimen_ts) AS c,"
        " date_shift(CAST(l.specimen_ts AS DATE)) AS d"
        " FROM patient p JOIN diagnosis d USING (patient_key) JOIN lab_result l ON l.patient_key = p.patient_key"
    )
    days = offsets([1, 2, 3])
    moved = [DAY + timedelta(days=n) for n in days]
    at = [HALF_PAST_NINE + timedelta(days=n) for n in days]
    assert len(set(days)) == 3
    assert sorted(run(text, rows, ANON)) == sorted((m, m, t, m) for m, t in zip(moved, at, strict=True))


def test_between_shifted_dates_differences_stay_true() -> None:
    rows: dict[str, Any] = {
        "patient": [{"patient_key": 1}],
        "encounter": [
            {
                "encounter_key": 1,
                "patient_key": 1,
                "admit_ts": HALF_PAST_NINE,
                "discharge_ts": HALF_PAST_NINE + timedelta(days=7),
            }
        ],
    }
    text = "SELECT date_diff('day', date_shift(admit_ts), date_shift(discharge_ts)) AS d FROM encounter"
    assert column(text, rows, ANON) == [7]


SHIFTED_SOMEWHERE = (
    (
        "WITH f AS (SELECT patient_key, min(start_date) AS d FROM diagnosis GROUP BY patient_key)"
        " SELECT date_shift(d) AS d FROM f"
    ),
    (
        "WITH f AS (SELECT patient_key, min(date_shift(start_date)) AS d FROM diagnosis GROUP BY patient_key)"
        " SELECT d FROM f"
    ),
    "SELECT date_shift(min(start_date)) AS d FROM diagnosis GROUP BY patient_key",
    "SELECT min(date_shift(start_date)) AS d FROM diagnosis GROUP BY patient_key",
    (
        "SELECT date_shift(q.d) AS d FROM (SELECT x.k, x.d FROM (SELECT patient_key AS k, start_date AS d FROM diagnosis) x) q"
        " GROUP BY 1"
    ),
    "SELECT date_shift(start_date) AS d FROM diagnosis GROUP BY d",
    "SELECT date_shift(start_date) AS d FROM diagnosis GROUP BY date_shift(start_date)",
    "SELECT (SELECT max(date_shift(d.start_date)) FROM diagnosis d WHERE d.patient_key = p.patient_key) AS d FROM patient p",
    "SELECT date_shift(start_date) AS d FROM diagnosis UNION SELECT date_shift(start_date) FROM diagnosis",
    (
        "SELECT date_shift(start_date) AS d FROM diagnosis"
        " QUALIFY row_number() OVER (PARTITION BY patient_key ORDER BY date_shift(start_date)) = 1"
    ),
)


@pytest.mark.parametrize("text", SHIFTED_SOMEWHERE)
def test_dates_are_shifted_wherever_they_are_read(text: str) -> None:
    rows = diagnoses((1, "E11"), (2, "I10"))
    moved = [DAY + timedelta(days=n + days) for n, days in enumerate(offsets([1, 2]))]
    assert column(text, rows, ANON) == sorted(moved)


def test_a_code_that_too_few_persons_have_is_other() -> None:
    rows = diagnoses((1, "E11"), (1, "E11"), (2, "E11"), (1, "D137"), (1, "D137"), (2, None))
    text = "SELECT rare_to_other(icd10) AS c FROM diagnosis"
    assert column(text, rows, ANON) == ["E11", "E11", "E11", "その他", "その他", None]


def test_persons_are_counted_not_rows_and_only_those_who_are_in() -> None:
    rows = diagnoses((1, "E11"), (2, "E11"), (3, "E11"), opted_out=(2, 3))
    assert column("SELECT rare_to_other(icd10) AS c FROM diagnosis", rows, ANON) == ["その他"]


def test_where_nobody_is_in_everything_is_rare() -> None:
    assert column("SELECT rare_to_other(icd10) AS c FROM diagnosis", diagnoses((1, "E11")), ANON) == [
        "その他"
    ]


def test_rare_codes_are_grouped_and_compared_as_other() -> None:
    rows = diagnoses((1, "E11"), (2, "E11"), (1, "D137"), (2, "D138"))
    grouped = "SELECT rare_to_other(icd10) AS c, count(*) AS n FROM diagnosis GROUP BY rare_to_other(icd10)"
    assert sorted(run(grouped, rows, ANON)) == [("E11", 2), ("その他", 2)]
    kept = "WITH x AS (SELECT icd10 AS c FROM diagnosis) SELECT rare_to_other(x.c) AS c FROM x WHERE rare_to_other(x.c) <> 'その他'"
    assert column(kept, rows, ANON) == ["E11", "E11"]


def test_the_words_for_a_code_are_as_rare_as_the_persons_who_have_it() -> None:
    rows = diagnoses((1, "E11"), (2, "E11"), (1, "D137"))
    rows["code_icd10"] = [{"code": "E11", "name": "２型糖尿病"}, {"code": "D137", "name": "膵島細胞症"}]
    text = "SELECT rare_to_other(c.name) AS c FROM diagnosis d JOIN code_icd10 c ON c.code = d.icd10"
    assert column(text, rows, ANON) == ["その他", "２型糖尿病", "２型糖尿病"]


def test_words_are_counted_by_the_column_they_were_joined_to() -> None:
    rows = diagnoses((1, "E11"), (2, "E11"), (3, "I10"))
    rows["patient"] = [
        {"patient_key": n, "death_cause_icd10": c} for n, c in ((1, "E11"), (2, None), (3, "I10"))
    ]
    rows["code_icd10"] = [{"code": "E11", "name": "２型糖尿病"}, {"code": "I10", "name": "高血圧症"}]
    text = (
        "SELECT rare_to_other(c.name) AS c FROM patient p JOIN code_icd10 c ON p.death_cause_icd10 = c.code"
    )
    assert column(text, rows, ANON) == ["その他", "その他"], "two have E11, and one died of it"


def test_sql_says_nothing_of_offsets_and_numbers_of_persons() -> None:
    view = compiled("SELECT date_shift(start_date) AS d, rare_to_other(icd10) AS c FROM diagnosis", ANON)
    assert [need.table for need in view.needs] == ["common_diagnosis_icd10", "shift"]
    assert not any(sign in view.sql for sign in ("30", "10)", "hmac", "days_most"))
