"""For each rule that keeps identifiers out of extracts, a view that this rule alone refuses.

With the rule taken away the view compiles, runs, and its extract shows, counts or orders by what
the source's identifiers happen to be.
"""

ALONE: dict[str, str] = {
    "direct_identifier": "SELECT phone AS a FROM patient_identity",
    "free_text": "SELECT name_text AS a FROM diagnosis",
    "key_in_output": "SELECT patient_key AS a FROM patient",
    "key_with_value": "SELECT count(*) AS n FROM patient WHERE patient_key IN (1, 2, 3, 4, 5)",
    "key_of_other_kind": (
        "SELECT count(*) AS n FROM patient p JOIN encounter e ON p.patient_key = e.encounter_key"
    ),
    "key_in_arithmetic": "SELECT patient_key % 10 AS a FROM patient",
    "key_in_range": (
        "SELECT count(*) AS n FROM patient a JOIN patient b"
        " ON a.patient_key < b.patient_key AND a.birth_date < b.birth_date"
    ),
    "key_in_order": "SELECT birth_date, row_number() OVER (ORDER BY patient_key) AS n FROM patient",
    "key_in_cast": "SELECT CAST(patient_key AS VARCHAR) AS a FROM patient",
    "key_in_aggregate": "SELECT max(patient_key) AS a FROM patient",
    "key_in_function": "SELECT printf('%d', patient_key) AS a FROM patient",
    "key_in_collection": "SELECT [patient_key] AS a FROM patient",
    "key_in_window": "SELECT lag(patient_key) OVER (ORDER BY birth_date) AS a FROM patient",
    "key_mixed": (
        "SELECT pseudonym(k) AS a_key FROM"
        " (SELECT patient_key AS k FROM patient WHERE sex = 'F' UNION ALL SELECT total_points FROM claim) q"
    ),
    "pseudonym_argument": "SELECT pseudonym(1) AS a_key FROM patient",
    "limit": "SELECT birth_date FROM patient LIMIT 1",
    "sample": "SELECT birth_date FROM patient USING SAMPLE 50%",
    "window_order": "SELECT birth_date, row_number() OVER () AS n FROM patient",
    "aggregate_order": "SELECT first(birth_date) AS a FROM patient",
    "distinct_on_order": "SELECT DISTINCT ON (sex) sex, birth_date FROM patient",
    "join_kind": "SELECT count(*) AS n FROM patient NATURAL JOIN patient_identity",
    "unknown_column": "SELECT birth_date, rowid AS n FROM patient",
    "positional_column": "SELECT #2 AS a FROM patient_identity",
    "columns_expression": "SELECT COLUMNS('^phone$') AS phone FROM patient_identity",
    "table_function": "SELECT count(*) AS n FROM query('SELECT 1 FROM source.patient_identity WHERE phone LIKE ''%1%''')",
    "changing_function": "SELECT birth_date, random() AS a FROM patient",
}
