"""Lineage: what a column is made of, what leaves in it, and what else can influence it."""

import pytest

from catalog.schema.canonical import CANONICAL
from catalog.view_compiler import CompiledView, compile_view


def accepted(text: str) -> CompiledView:
    compilation = compile_view(text, CANONICAL)
    assert compilation.view is not None, [(r.rule, r.sentence.en) for r in compilation.refusals]
    return compilation.view


def test_a_constant_is_made_of_nothing() -> None:
    (column,) = accepted("SELECT 1 AS a").columns
    assert (column.values, column.sources, column.open, column.transforms) == ((), (), (), ())


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
        ("SELECT sex FROM patient QUALIFY rank() OVER (ORDER BY height_cm) = 1", "patient.height_cm"),
        (
            "SELECT p.sex FROM patient p SEMI JOIN claim c ON c.patient_key = p.patient_key AND c.days = 9",
            "claim.days",
        ),
        ("SELECT CASE WHEN abo = 'A' THEN 1 END AS a FROM patient", "patient.abo"),
        ("SELECT if(abo = 'A', 1, 0) AS a FROM patient", "patient.abo"),
        ("SELECT count(*) FILTER (WHERE rh = '-') AS a FROM patient", "patient.rh"),
        ("SELECT sex FROM patient WHERE EXISTS (SELECT 1 FROM claim WHERE days = 3)", "claim.days"),
        ("SELECT sex FROM (SELECT sex FROM patient WHERE income_class = 1) q", "patient.income_class"),
        (
            "WITH a AS (SELECT sex FROM patient WHERE income_class = 1) SELECT sex FROM a",
            "patient.income_class",
        ),
        ("WITH a(x) AS (SELECT abo FROM patient) SELECT x FROM a", "patient.abo"),
        ("SELECT sex FROM patient EXCEPT SELECT abo FROM patient", "patient.abo"),
        ("SELECT sex FROM patient UNION ALL BY NAME SELECT abo AS sex FROM patient", "patient.abo"),
        ("SELECT sex FROM patient WHERE sex IN (SELECT abo FROM patient)", "patient.abo"),
        ("SELECT sex FROM patient WHERE (sex, abo) IN (SELECT kind, in_out FROM claim)", "claim.in_out"),
        ("SELECT sex FROM patient WHERE height_cm > ALL (SELECT days FROM claim)", "claim.days"),
        ("SELECT sum(days) OVER (PARTITION BY in_out) AS s FROM claim", "claim.in_out"),
        ("SELECT sum(days) OVER w AS s FROM claim WINDOW w AS (ORDER BY month)", "claim.month"),
        ("SELECT count(*) AS n FROM patient GROUP BY prefecture", "patient.prefecture"),
        ("SELECT sex, count(*) AS n FROM patient GROUP BY ALL", "patient.sex"),
        ("SELECT count(*) AS n FROM patient GROUP BY ROLLUP (prefecture, abo)", "patient.abo"),
        ("SELECT abo AS a, count(*) AS n FROM patient GROUP BY 1", "patient.abo"),
        ("SELECT {'a': 1, 'b': abo}.a AS x FROM patient", "patient.abo"),
        ("SELECT [1, 2][height_cm::INTEGER] AS x FROM patient", "patient.height_cm"),
        ("SELECT MAP {'A': 1}[abo] AS x FROM patient", "patient.abo"),
        ("SELECT 1 AS x, unnest(modifier_codes) AS y FROM diagnosis", "diagnosis.modifier_codes"),
        ("SELECT 1 AS x FROM diagnosis d, unnest(d.modifier_codes) u(m)", "diagnosis.modifier_codes"),
        ("SELECT u.n FROM patient p, LATERAL (SELECT 1 AS n WHERE p.abo = 'A') u", "patient.abo"),
        ("SELECT arg_max(sex, birth_date) AS s FROM patient", "patient.birth_date"),
        ("SELECT first(sex ORDER BY birth_date) AS s FROM patient", "patient.birth_date"),
        (
            "SELECT DISTINCT ON (sex) sex, abo FROM patient ORDER BY sex, birth_date",
            "patient.birth_date",
        ),
        (
            "SELECT row_number() OVER (ORDER BY birth_date) AS n, abo FROM patient",
            "patient.abo",
        ),
        ("SELECT p.sex FROM patient p FULL JOIN claim c USING (patient_key)", "claim.patient_key"),
    ],
)
def test_what_can_influence_a_view_is_in_its_lineage(text: str, source: str) -> None:
    view = accepted(text)
    assert source in view.columns[0].sources


@pytest.mark.parametrize(
    ("expression", "leaves"),
    [
        ("weight_kg", {"weight_kg"}),
        ("weight_kg + height_cm", {"weight_kg", "height_cm"}),
        ("round(weight_kg)::VARCHAR || abo", {"weight_kg", "abo"}),
        ("weight_kg > height_cm", set()),
        ("weight_kg BETWEEN 1 AND height_cm", set()),
        ("abo = rh", set()),
        ("abo IN ('A', rh)", set()),
        ("abo LIKE 'A%'", set()),
        ("regexp_matches(abo, 'A')", set()),
        ("abo IS NULL", set()),
        ("optout_flag", {"optout_flag"}),
        ("NOT optout_flag", {"optout_flag"}),
        ("optout_flag IS TRUE", {"optout_flag"}),
        ("CASE WHEN weight_kg > 50 THEN height_cm ELSE 1 END", {"height_cm"}),
        ("CASE abo WHEN 'A' THEN rh END", {"rh"}),
        ("if(weight_kg > 50, height_cm, 0)", {"height_cm"}),
        ("coalesce(abo, rh)", {"abo", "rh"}),
        ("nullif(abo, rh)", {"abo"}),
        ("count(weight_kg) OVER ()", set()),
        ("max(weight_kg) OVER (PARTITION BY abo ORDER BY height_cm)", {"weight_kg"}),
        ("rank() OVER (ORDER BY height_cm)", set()),
        ("row_number() OVER (ORDER BY height_cm)", set()),
        ("lag(abo) OVER (ORDER BY height_cm)", {"abo"}),
        ("(SELECT max(p.weight_kg) FROM patient p WHERE p.abo = patient.abo)", {"weight_kg"}),
        ("EXISTS (SELECT p.weight_kg FROM patient p WHERE p.abo = patient.abo)", set()),
        ("[weight_kg, height_cm][1]", {"weight_kg", "height_cm"}),
        ("{'a': abo}.a", {"abo"}),
        ("birth_month(birth_date)", set()),
    ],
)
def test_what_leaves_in_a_value_is_told_from_what_chose_it(expression: str, leaves: set[str]) -> None:
    (column,) = accepted(f"SELECT {expression} AS a FROM patient").columns
    assert {source.removeprefix("patient.") for source in column.open} == leaves


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("SELECT max(weight_kg) FILTER (WHERE abo = 'A') AS a FROM patient", {"patient.weight_kg"}),
        ("SELECT count(DISTINCT weight_kg) AS a FROM patient", set()),
        ("SELECT arg_max(abo, birth_date) AS a FROM patient", {"patient.abo"}),
        ("SELECT list(abo ORDER BY birth_date) AS a FROM patient", {"patient.abo"}),
        ("SELECT abo AS a FROM patient UNION SELECT in_out FROM claim", {"patient.abo", "claim.in_out"}),
        ("WITH x AS (SELECT weight_kg > 50 AS a FROM patient) SELECT a FROM x", set()),
        ("SELECT q.a FROM (SELECT abo AS a FROM patient WHERE rh = '+') q", {"patient.abo"}),
    ],
)
def test_what_leaves_passes_through_queries(text: str, leaves: set[str]) -> None:
    assert set(accepted(text).columns[0].open) == leaves


def test_what_leaves_is_part_of_what_influences() -> None:
    view = accepted(
        "SELECT CASE WHEN abo = 'A' THEN weight_kg ELSE height_cm END AS a FROM patient WHERE rh = '+'"
    )
    (column,) = view.columns
    assert set(column.open) < set(column.values) < set(column.sources)
