"""From an author's SQL to the SQL that counts again: only what the compiler renders, or nothing."""

import pytest

from output_review.recount_sql import CountingPlan, extract_schema, plan_counting

SCHEMA = extract_schema(
    [
        ("patients", "patient_key", "UUID"),
        ("patients", "sex", "VARCHAR"),
        ("patients", "birth_year", "INTEGER"),
        ("claims", "claim_key", "UUID"),
        ("claims", "patient_key", "UUID"),
        ("claims", "icd10", "VARCHAR"),
    ]
)


def plan(sql: str) -> CountingPlan:
    return plan_counting(sql, SCHEMA)


def test_every_set_of_labels_is_counted_with_rows_and_distinct_persons() -> None:
    counted = plan(
        "SELECT p.sex AS 性別, c.icd10, count(*) AS n FROM patients p JOIN claims c USING (patient_key)"
        " GROUP BY 1, 2 HAVING count(*) >= 10 ORDER BY 3 DESC LIMIT 5"
    )
    assert [query.headers for query in counted.queries] == [("性別", "icd10"), ("性別",), ("icd10",), ()]
    for query in counted.queries:
        assert "COUNT(DISTINCT" in query.sql
        assert '"source"."' in query.sql
        assert "HAVING" not in query.sql
        assert "LIMIT" not in query.sql


def test_nothing_of_the_authors_text_is_run() -> None:
    counted = plan("SELECT sex, count(*) AS n FROM patients /* here */ GROUP BY sex -- and here")
    assert counted.queries
    assert all("here" not in query.sql for query in counted.queries)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT birth_year // 10 * 10 AS decade, count(*) FROM patients GROUP BY ALL",
        "WITH x AS (SELECT patient_key, sex FROM patients WHERE birth_year < 1950) SELECT sex, count(*) FROM x GROUP BY sex",
        "SELECT count(DISTINCT patient_key) FROM patients",
        "SELECT sex, avg(birth_year), count(*) FILTER (WHERE birth_year > 1950) FROM patients GROUP BY sex",
    ],
)
def test_honest_sql_is_counted_again(sql: str) -> None:
    assert plan(sql).queries


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "nonsense (",
        "DROP TABLE patients",
        "SELECT sex, count(*) FROM patients GROUP BY sex; DROP TABLE patients",
        "SELECT sex, count(*) FROM read_csv('/etc/passwd') GROUP BY sex",
        "SELECT sex, count(*) FROM 'file.parquet' GROUP BY sex",
        "SELECT getenv('HOME') AS x, count(*) FROM patients GROUP BY 1",
        "SELECT patient_key, count(*) FROM patients GROUP BY patient_key",
        "SELECT sex FROM patients",
        "SELECT DISTINCT sex, count(*) FROM patients GROUP BY sex",
        "SELECT * FROM patients",
        "SELECT count(*) FROM other.patients",
        "SELECT current_setting('memory_limit') AS s, count(*) FROM patients GROUP BY 1",
        "COPY patients TO '/out/x.csv'",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "SELECT icd10, count(*) FROM (SELECT icd10 FROM claims) GROUP BY icd10",
        "SELECT x.n, count(*) FROM (SELECT sex AS n FROM patients) x GROUP BY 1",
        "SELECT sex, count(*) FROM patients GROUP BY sex" + " " * 20_000,
    ],
)
def test_what_cannot_be_checked_is_not_run(sql: str) -> None:
    counted = plan(sql)
    assert counted.queries == ()
    assert counted.code
