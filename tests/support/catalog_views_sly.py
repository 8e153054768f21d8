"""Hostile views that look like a study: an identifier, or the order of the source, through a side door."""

_PEOPLE = "patient_identity i"

SLY: dict[str, tuple[str, str]] = {
    "a pattern of any of a list": ("SELECT icd10 FROM diagnosis WHERE icd10 LIKE ANY (['E1%'])", "construct"),
    "a running sum by ALL": ("SELECT sum(days) OVER (ORDER BY ALL) AS a FROM claim", "construct"),
    "a name that looks like another": ('SELECT days AS "d\u0430ys" FROM claim', "column_name"),
    "a name in full-width letters": ('SELECT days AS "\uff41" FROM claim', "column_name"),
    # names given by the view's text
    "a name that looks like one of ours": ('SELECT 1 AS "unnamed x""y" FROM patient', "column_name"),
    "a name that ends its quotes": (
        'SELECT sex AS "unnamed 0 a"" AS x, (SELECT max(phone) FROM source.patient_identity) AS ""b" FROM patient',
        "column_name",
    ),
    "such a name from inside": (
        'SELECT "unnamed x""y" FROM (SELECT 1 AS "unnamed x""y" FROM patient) q',
        "column_name",
    ),
    "such a name by a list": (
        'SELECT q.* FROM (SELECT 1 AS a FROM patient) AS q("unnamed 0 v""v")',
        "column_name",
    ),
    "such a name by RENAME": (
        'SELECT q.* RENAME (a AS "unnamed 0 v""v") FROM (SELECT 1 AS a) AS q',
        "column_name",
    ),
    # stars
    "a star outside over free text": (
        "SELECT * EXCLUDE (patient_key, source_ref, diagnosis_key, encounter_key) FROM diagnosis",
        "free_text",
    ),
    "a star inside over the vault": (
        "SELECT count(*) AS n FROM (SELECT * FROM patient_identity) q",
        "direct_identifier",
    ),
    "a star inside over the vault, joined": (
        "WITH x AS (SELECT * FROM patient p JOIN patient_identity i USING (patient_key)) SELECT sex FROM x",
        "direct_identifier",
    ),
    "an identifier left out of a star, named": (
        "WITH x AS (SELECT * FROM claim) SELECT insured_no FROM x",
        "unknown_column",
    ),
    "an identifier left out of a star, renamed": (
        "WITH x AS (SELECT * RENAME (chart_no AS c) FROM claim) SELECT c FROM x",
        "unknown_column",
    ),
    "an identifier put back by REPLACE": (
        "WITH x AS (SELECT * REPLACE (insured_no || '' AS in_out) FROM claim) SELECT in_out FROM x",
        "direct_identifier",
    ),
    "a star inside carries a key out": ("SELECT q.* FROM (SELECT * FROM vital) AS q", "key_in_output"),
    "stars of two tables laid on each other": (
        "SELECT a FROM (SELECT patient_key AS a, * FROM patient UNION ALL SELECT sex, * FROM patient) q",
        "key_mixed",
    ),
    "a second column of one name": (
        "SELECT patient_key_1 FROM (SELECT sex, patient_key, patient_key FROM patient) q",
        "key_in_output",
    ),
    "UNION of a vault's star by name": (
        "SELECT sex FROM patient UNION ALL BY NAME SELECT * FROM patient_identity",
        "direct_identifier",
    ),
    "a star inside with nothing left": (
        "SELECT count(*) AS n FROM (SELECT q.* EXCLUDE (a) FROM (SELECT 1 AS a) q) w",
        "no_columns",
    ),
    # order of the source
    "a slip's number beside tied rows": (
        "SELECT rx_no IS NULL AS a, row_number() OVER (ORDER BY start_date) AS n FROM prescription",
        "window_order",
    ),
    "a lot beside tied rows": (
        "SELECT count(lot) OVER () AS a, ntile(4) OVER (ORDER BY date) AS n FROM vaccination",
        "window_order",
    ),
    "a lot in QUALIFY beside tied rows": (
        "SELECT manufacturer FROM vaccination QUALIFY lag(manufacturer) OVER (ORDER BY date) = 'A' AND lot IS NOT NULL",
        "window_order",
    ),
    "a slip's number looked up beside tied rows": (
        (
            "SELECT (SELECT count(*) FROM injection i WHERE i.rx_no = r.rx_no) AS a,"
            " row_number() OVER (ORDER BY r.start_date) AS n FROM prescription r"
        ),
        "window_order",
    ),
    "slips numbered by their sizes": (
        "SELECT row_number() OVER (ORDER BY count(*)) AS n, rx_no IS NULL AS a FROM prescription GROUP BY rx_no",
        "window_order",
    ),
    "the first of a list": ("SELECT (list(patient_key))[1] AS a FROM patient", "key_in_aggregate"),
    "any key": ("SELECT any_value(patient_key) AS a FROM patient", "key_in_aggregate"),
    "a list of DISTINCT keys, counted": (
        "SELECT len(list(DISTINCT patient_key)) AS a FROM patient",
        "key_in_aggregate",
    ),
    "keys in one text": ("SELECT string_agg(patient_key::VARCHAR, ',') AS a FROM patient", "key_in_cast"),
    "names in one text": (f"SELECT string_agg(i.name_kanji, ',') AS a FROM {_PEOPLE}", "direct_identifier"),
    "any name": (f"SELECT any_value(i.name_kana) AS a FROM {_PEOPLE}", "direct_identifier"),
    "the last without an order": ("SELECT last(birth_date) AS a FROM patient", "aggregate_order"),
    "the first ordered by nothing": (
        "SELECT first(birth_date ORDER BY 1) AS a FROM patient",
        "aggregate_order",
    ),
    "values ordered by their keys": (
        "SELECT list(sex ORDER BY patient_key) AS a FROM patient",
        "key_in_order",
    ),
    "values ordered by names": (
        "SELECT list(p.sex ORDER BY i.name_kana) AS a FROM patient p JOIN patient_identity i USING (patient_key)",
        "direct_identifier",
    ),
    "arg_max by a key": ("SELECT arg_max(birth_date, patient_key) AS a FROM patient", "key_in_function"),
    "a window by ALL": ("SELECT row_number() OVER (ORDER BY ALL) AS a FROM patient", "construct"),
    # keys as numbers and texts
    "a key in GROUPING SETS and ordered": (
        "SELECT sex, rank() OVER (ORDER BY patient_key) AS r FROM patient GROUP BY GROUPING SETS ((sex, patient_key))",
        "key_in_order",
    ),
    "a key by its bits": ("SELECT patient_key & 1 AS a FROM patient", "key_in_arithmetic"),
    "a key modulo in GROUP BY": (
        "SELECT count(*) AS n FROM patient GROUP BY patient_key % 100",
        "key_in_arithmetic",
    ),
    "a key in a date": ("SELECT DATE '2000-01-01' + patient_key::INTEGER AS a FROM patient", "key_in_cast"),
    "a key as an interval": ("SELECT birth_date + to_days(patient_key) AS a FROM patient", "key_in_function"),
    "a key as the bound of a series": (
        "SELECT s.n FROM patient p, generate_series(1, p.patient_key) AS s(n)",
        "key_in_collection",
    ),
    "a key as the width of a frame": (
        "SELECT sum(days) OVER (ORDER BY month ROWS BETWEEN patient_key PRECEDING AND CURRENT ROW) AS s FROM claim",
        "key_in_function",
    ),
    "a key as the bins of NTILE": (
        "SELECT ntile(patient_key) OVER (ORDER BY month) AS a FROM claim",
        "key_in_window",
    ),
    "a key as a percentile": (
        "SELECT quantile_cont(days, patient_key) AS a FROM claim GROUP BY patient_key",
        "key_in_aggregate",
    ),
    "a key as the width of a bin": (
        "SELECT bin(weight_kg, patient_key) AS a FROM patient",
        "key_in_function",
    ),
    "a key in simple CASE": (
        "SELECT CASE patient_key WHEN 42 THEN 1 END AS a FROM patient",
        "key_with_value",
    ),
    "a key in a row compared": (
        "SELECT sex FROM patient WHERE (patient_key, sex) = (42, 'F')",
        "key_with_value",
    ),
    "a key in NOT IN of numbers": (
        "SELECT sex FROM patient WHERE patient_key NOT IN (SELECT days FROM claim)",
        "key_with_value",
    ),
    "a key in a list of VALUES": (
        "SELECT sex FROM patient WHERE patient_key IN (VALUES (1), (2))",
        "key_with_value",
    ),
    "a key against ANY of a series": (
        "SELECT sex FROM patient WHERE patient_key = ANY (SELECT n FROM generate_series(1, 9) AS s(n))",
        "key_with_value",
    ),
    "a code list of keys": (
        "WITH w(k) AS (VALUES (101), (102)) SELECT p.sex FROM patient p JOIN w ON w.k = p.patient_key",
        "key_with_value",
    ),
    "a code list of keys by USING": (
        "WITH w(patient_key) AS (VALUES (101), (102)) SELECT p.sex FROM patient p JOIN w USING (patient_key)",
        "key_with_value",
    ),
    "a code list of keys by INTERSECT": (
        "SELECT pseudonym(patient_key) AS a FROM (SELECT patient_key FROM patient INTERSECT SELECT 101) q",
        "key_mixed",
    ),
    "a pseudonym of the other's choice": (
        "SELECT pseudonym(k) AS a FROM (SELECT coalesce(patient_key, 5) AS k FROM patient) q",
        "key_mixed",
    ),
    "a pseudonym compared with a text": (
        "SELECT sex FROM patient WHERE pseudonym(patient_key) = 'abc'",
        "key_with_value",
    ),
    "a pseudonym cut": ("SELECT left(pseudonym(patient_key), 2) AS a FROM patient", "key_in_function"),
    "a pseudonym of a number in a list": (
        "SELECT pseudonym(n) AS a FROM generate_series(1, 1000) AS s(n)",
        "pseudonym_argument",
    ),
    "a pseudonym of an identifier": (
        f"SELECT pseudonym(i.my_number) AS a FROM {_PEOPLE}",
        "direct_identifier",
    ),
    # identifiers decide
    "a name's length decides the sample": (
        "SELECT p.sex FROM patient p JOIN patient_identity i USING (patient_key) WHERE length(i.name_kanji) = 4",
        "direct_identifier",
    ),
    "a postal code as a region": (
        "SELECT left(zip, 3) AS area, count(*) AS n FROM dpc_form1 GROUP BY area",
        "direct_identifier",
    ),
    "an insured number as a household": (
        "SELECT count(*) AS n FROM claim GROUP BY insurer_no, insured_symbol, insured_no",
        "direct_identifier",
    ),
    "records linked by an identifier": (
        (
            "SELECT a.sex FROM patient a JOIN patient_identity i ON a.patient_key = i.patient_key"
            " JOIN claim c ON c.chart_no = i.chart_no"
        ),
        "direct_identifier",
    ),
    "an identifier made coarse": ("SELECT top_code(length(payload1), 3) AS a FROM dpc_form1", "free_text"),
    "a hash of K files": ("SELECT count(DISTINCT k_hash) AS n FROM dpc_k", "direct_identifier"),
    "an identifier in EXISTS alone": (
        "SELECT sex FROM patient p WHERE EXISTS (SELECT i.phone FROM patient_identity i WHERE i.patient_key = p.patient_key)",
        "direct_identifier",
    ),
    "an identifier in an unused CTE of a CTE": (
        "WITH x AS (WITH y AS (SELECT email FROM patient_identity) SELECT 1 AS a) SELECT sex FROM patient",
        "direct_identifier",
    ),
    "an identifier in an unused window": (
        "SELECT sex FROM patient p JOIN patient_identity i USING (patient_key) WINDOW w AS (ORDER BY i.phone)",
        "direct_identifier",
    ),
    "an identifier in ORDER BY of a set operation": (
        "SELECT sex FROM patient UNION ALL SELECT abo FROM patient ORDER BY (SELECT max(phone) FROM patient_identity)",
        "direct_identifier",
    ),
    "free text searched": ("SELECT count(*) AS n FROM document WHERE text LIKE '%山田%'", "free_text"),
    "staff by the number of their cases": (
        "SELECT attending_staff, count(*) AS n FROM encounter GROUP BY attending_staff",
        "staff_in_output",
    ),
}
