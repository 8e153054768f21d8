"""Views that use a key, a pseudonym or an institution for more than it is, with the rule that must refuse each."""

KEYS: dict[str, tuple[str, str]] = {
    "bare key in the output": ("SELECT patient_key FROM patient", "key_in_output"),
    "bare key renamed": ("SELECT patient_key AS person FROM patient", "key_in_output"),
    "bare key through a CTE": (
        "WITH x AS (SELECT patient_key AS k FROM patient) SELECT k FROM x",
        "key_in_output",
    ),
    "key cast": ("SELECT CAST(patient_key AS VARCHAR) AS h FROM patient", "key_in_cast"),
    "key in arithmetic": ("SELECT patient_key % 1000 AS h FROM patient", "key_in_arithmetic"),
    "key under MIN": ("SELECT min(patient_key) AS h FROM patient", "key_in_aggregate"),
    "key under SUM": ("SELECT sum(patient_key) AS h FROM patient", "key_in_aggregate"),
    "key against a constant": ("SELECT sex FROM patient WHERE patient_key = 42", "key_with_value"),
    "key against a constant the other way": (
        "SELECT sex FROM patient WHERE 42 = patient_key",
        "key_with_value",
    ),
    "key in a list": ("SELECT sex FROM patient WHERE patient_key IN (1, 2)", "key_with_value"),
    "key in a range": ("SELECT sex FROM patient WHERE patient_key < 5", "key_in_range"),
    "key BETWEEN": ("SELECT sex FROM patient WHERE patient_key BETWEEN 1 AND 5", "key_in_range"),
    "key in ORDER BY": ("SELECT sex FROM patient ORDER BY patient_key", "key_in_order"),
    "key in a window's order": (
        "SELECT row_number() OVER (ORDER BY patient_key) AS n FROM patient",
        "key_in_order",
    ),
    "key through LAG": (
        "SELECT lag(patient_key) OVER (ORDER BY birth_date) AS n FROM patient",
        "key_in_window",
    ),
    "key in COALESCE": ("SELECT coalesce(patient_key, 0) AS k FROM patient", "key_mixed"),
    "key in CASE": ("SELECT CASE WHEN sex = 'F' THEN patient_key END AS k FROM patient", "key_in_output"),
    "key in a simple CASE": ("SELECT CASE patient_key WHEN 1 THEN 1 END AS k FROM patient", "key_with_value"),
    "key against the key of something else": (
        "SELECT p.sex FROM patient p JOIN encounter e ON p.patient_key = e.encounter_key",
        "key_of_other_kind",
    ),
    "key against a number of a query": (
        "SELECT sex FROM patient WHERE patient_key IN (SELECT total_points FROM claim)",
        "key_with_value",
    ),
    "key against a subquery's number": (
        "SELECT sex FROM patient WHERE patient_key = (SELECT max(days) FROM claim)",
        "key_with_value",
    ),
    "key united with a number": (
        "SELECT pseudonym(patient_key) AS patient_key FROM patient UNION SELECT days FROM claim",
        "key_mixed",
    ),
    "key united with another key": (
        "SELECT pseudonym(patient_key) AS patient_key FROM claim UNION SELECT pseudonym(receipt_key) FROM claim",
        "key_mixed",
    ),
    "key under a name given in SELECT": (
        "SELECT pseudonym(patient_key) AS k, k + 1 AS n FROM patient",
        "key_in_arithmetic",
    ),
    "key in a Boolean place": ("SELECT sex FROM patient WHERE patient_key", "key_in_cast"),
    "pseudonym of an expression": (
        "SELECT pseudonym(patient_key + 1) AS k FROM patient",
        "pseudonym_argument",
    ),
    "pseudonym of a constant": ("SELECT pseudonym(7) AS k FROM patient", "pseudonym_argument"),
    "pseudonym of a non-key": ("SELECT pseudonym(birth_date) AS k FROM patient", "pseudonym_argument"),
    "pseudonym of two": (
        "SELECT pseudonym(patient_key, encounter_key) AS k FROM encounter",
        "pseudonym_argument",
    ),
    "pseudonym of nothing": ("SELECT pseudonym() AS k FROM encounter", "pseudonym_argument"),
    "pseudonym of a subquery": (
        "SELECT pseudonym((SELECT patient_key FROM claim)) AS k FROM patient",
        "pseudonym_argument",
    ),
    "pseudonym of a key without a home": (
        "SELECT pseudonym(rx_no) AS rx_key FROM prescription",
        "pseudonym_argument",
    ),
    "pseudonym in a condition": (
        "SELECT sex FROM patient WHERE pseudonym(patient_key) = 'x'",
        "key_with_value",
    ),
    "pseudonym in a function": ("SELECT lower(pseudonym(patient_key)) AS k FROM patient", "key_in_function"),
    "staff in the output": ("SELECT attending_staff FROM encounter", "staff_in_output"),
    "institution under a function": ("SELECT facility_key % 2 AS f FROM claim", "staff_in_output"),
    "institution through a CTE": (
        "WITH x AS (SELECT facility_key AS f FROM claim) SELECT f FROM x",
        "staff_in_output",
    ),
    "key in a list literal": ("SELECT [patient_key] AS l FROM patient", "key_in_collection"),
    "key in a struct": ("SELECT {'k': patient_key} AS l FROM patient", "key_in_collection"),
    "key in a map": ("SELECT MAP {patient_key: 1} AS l FROM patient", "key_in_collection"),
    "key in a row": ("SELECT row(patient_key) AS l FROM patient", "key_in_function"),
    "key in VALUES": (
        "SELECT u.x FROM patient p, LATERAL (SELECT v.a + 1 AS x FROM (VALUES (p.patient_key)) v(a)) u",
        "key_in_collection",
    ),
    "key unnested": ("SELECT u.x FROM patient p, unnest([p.patient_key]) u(x)", "key_in_collection"),
    "keys gathered in a list": (
        "SELECT list(patient_key ORDER BY birth_date) AS l FROM patient",
        "key_in_aggregate",
    ),
    "key in the order of a list": ("SELECT list(sex ORDER BY patient_key) AS l FROM patient", "key_in_order"),
    "key under arg_max": ("SELECT arg_max(patient_key, birth_date) AS k FROM patient", "key_in_aggregate"),
    "key as what arg_max measures": ("SELECT arg_max(sex, patient_key) AS k FROM patient", "key_in_function"),
    "key under any_value": (
        "SELECT any_value(patient_key ORDER BY sex) AS k FROM patient",
        "key_in_aggregate",
    ),
    "key under first_value": (
        "SELECT first_value(patient_key) OVER (ORDER BY birth_date) AS k FROM patient",
        "key_in_window",
    ),
    "key under a named window": (
        "SELECT rank() OVER w AS r FROM patient WINDOW w AS (ORDER BY patient_key)",
        "key_in_order",
    ),
    "key hashed by hand": (
        "SELECT (patient_key * 2654435761) % 4294967296 AS h FROM patient",
        "key_in_arithmetic",
    ),
    "key's bits": ("SELECT patient_key & 255 AS h FROM patient", "key_in_arithmetic"),
    "key negated": ("SELECT -patient_key AS h FROM patient", "key_in_arithmetic"),
    "key as text by ||": ("SELECT patient_key || '' AS h FROM patient", "key_in_function"),
    "key formatted": ("SELECT printf('%d', patient_key) AS h FROM patient", "key_in_function"),
    "key LIKE": ("SELECT sex FROM patient WHERE patient_key LIKE '1%'", "key_in_function"),
    "key cast in a condition": (
        "SELECT sex FROM patient WHERE patient_key::VARCHAR LIKE '1%'",
        "key_in_cast",
    ),
    "key negated in logic": ("SELECT sex FROM patient WHERE NOT patient_key", "key_in_cast"),
    "key under greatest": (
        "SELECT greatest(a.patient_key, b.patient_key) AS k FROM patient a, patient b",
        "key_in_range",
    ),
    "keys ordered in a join": (
        "SELECT a.sex FROM patient a JOIN patient b ON a.patient_key < b.patient_key",
        "key_in_range",
    ),
    "key against a list of values": (
        "SELECT sex FROM patient WHERE patient_key IN (SELECT v.a FROM (VALUES (1), (2)) v(a))",
        "key_with_value",
    ),
    "key joined to a series": (
        "SELECT p.sex FROM patient p JOIN range(10) t(i) ON p.patient_key = t.i",
        "key_with_value",
    ),
    "key under ANY of a list": ("SELECT sex FROM patient WHERE patient_key = ANY ([1, 2])", "key_with_value"),
    "key in a tuple against constants": (
        "SELECT sex FROM patient WHERE (patient_key, sex) = (1, 'F')",
        "key_with_value",
    ),
    "key IS DISTINCT FROM a constant": (
        "SELECT sex FROM patient WHERE patient_key IS DISTINCT FROM 5",
        "key_with_value",
    ),
    "key NULLIF a constant": (
        "SELECT pseudonym(k) AS p_key FROM (SELECT nullif(patient_key, 1) AS k FROM patient) q",
        "key_with_value",
    ),
    "key in CASE beside a number": (
        "SELECT pseudonym(k) AS p_key FROM (SELECT CASE WHEN sex = 'F' THEN patient_key ELSE 1 END AS k FROM patient) q",
        "key_mixed",
    ),
    "key in IF beside a number": (
        "SELECT pseudonym(k) AS p_key FROM (SELECT if(sex = 'F', patient_key, 7) AS k FROM patient) q",
        "key_mixed",
    ),
    "keys of two kinds in CASE": (
        "SELECT pseudonym(k) AS p_key FROM (SELECT CASE WHEN kind = 'AMB' THEN patient_key ELSE encounter_key END AS k FROM encounter) q",
        "key_mixed",
    ),
    "key united by name with a number": (
        "SELECT pseudonym(patient_key) AS a_key FROM patient UNION ALL BY NAME SELECT days AS a_key FROM claim",
        "key_mixed",
    ),
    "keys of two kinds in USING": (
        "SELECT a.kind FROM (SELECT patient_key AS k, kind FROM encounter) a JOIN (SELECT encounter_key AS k FROM diagnosis) b USING (k)",
        "key_of_other_kind",
    ),
    "keys of two kinds in a tuple": (
        "SELECT kind FROM encounter WHERE (patient_key, encounter_key) IN (SELECT encounter_key, patient_key FROM diagnosis)",
        "key_of_other_kind",
    ),
    "pseudonym against a text": (
        "SELECT sex FROM patient WHERE pseudonym(patient_key) = '00000000-0000-0000-0000-000000000000'",
        "key_with_value",
    ),
    "pseudonym cast": ("SELECT pseudonym(patient_key)::VARCHAR AS k FROM patient", "key_in_cast"),
    "pseudonym of a CTE cut": (
        "WITH x AS (SELECT pseudonym(patient_key) AS k FROM patient) SELECT left(k, 4) AS a FROM x",
        "key_in_function",
    ),
    "pseudonym as an order of rows": (
        "SELECT row_number() OVER (ORDER BY pseudonym(patient_key)) AS n FROM patient",
        "key_in_order",
    ),
    "pseudonym of a pseudonym": (
        "SELECT pseudonym(pseudonym(patient_key)) AS k FROM patient",
        "pseudonym_argument",
    ),
    "pseudonym of a case": (
        "SELECT pseudonym(CASE WHEN sex = 'F' THEN patient_key END) AS k FROM patient",
        "pseudonym_argument",
    ),
    "pseudonym of a name that is a constant": (
        "SELECT 7 AS seven, pseudonym(seven) AS k FROM patient",
        "pseudonym_argument",
    ),
    "pseudonym of a constant of a query": (
        "SELECT pseudonym(q.k) AS k FROM (SELECT 7 AS k) q",
        "pseudonym_argument",
    ),
    "pseudonym of staff": ("SELECT pseudonym(attending_staff) AS k FROM encounter", "pseudonym_argument"),
    "institution under max": ("SELECT max(facility_key) AS f FROM claim", "staff_in_output"),
    "institution by CASE": (
        "SELECT CASE WHEN days > 3 THEN facility_key END AS f FROM claim",
        "staff_in_output",
    ),
    "ward in a list": (
        "SELECT list(DISTINCT ward_code ORDER BY ward_code) AS w FROM encounter",
        "staff_in_output",
    ),
    "staff by a star": (
        "SELECT * EXCLUDE (source_ref, patient_key, encounter_key) FROM encounter",
        "staff_in_output",
    ),
    "a pseudonym on one side only": (
        "SELECT pseudonym(patient_key) AS patient_key FROM patient UNION SELECT patient_key FROM claim",
        "key_in_output",
    ),
    "key under a name of a pseudonym": ("SELECT patient_key AS patient_key FROM patient", "key_in_output"),
    "key in a scalar query": (
        "SELECT (SELECT max(patient_key) FROM claim) AS k FROM patient",
        "key_in_aggregate",
    ),
    "key grouped and shown": (
        "SELECT patient_key AS k, count(*) AS n FROM claim GROUP BY ROLLUP (patient_key)",
        "key_in_output",
    ),
    "key by DISTINCT ON": (
        "SELECT DISTINCT ON (sex) sex, birth_date FROM patient ORDER BY sex, patient_key",
        "key_in_order",
    ),
}
