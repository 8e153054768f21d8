"""Views that must be refused, with the rule that must refuse them, and views that must not be."""

HOSTILE: dict[str, tuple[str, str]] = {
    "identifier in the output": ("SELECT name_kanji FROM patient_identity", "direct_identifier"),
    "identifier under a star": ("SELECT * FROM patient_identity", "direct_identifier"),
    "star on a table with a source pointer": ("SELECT i.* FROM patient i", "direct_identifier"),
    "identifier under a star with EXCLUDE": (
        "SELECT * EXCLUDE (name_kanji, patient_key) FROM patient_identity",
        "direct_identifier",
    ),
    "identifier renamed": ("SELECT phone AS sex FROM patient_identity", "direct_identifier"),
    "identifier in quotes and capitals": (
        'SELECT "NAME_KANJI" AS a FROM PATIENT_IDENTITY',
        "direct_identifier",
    ),
    "identifier in WHERE": (
        "SELECT p.sex FROM patient p JOIN patient_identity i USING (patient_key) WHERE i.phone LIKE '03%'",
        "direct_identifier",
    ),
    "identifier in a join condition": (
        "SELECT p.sex FROM patient p JOIN patient_identity i ON i.address LIKE p.prefecture || '%'",
        "direct_identifier",
    ),
    "identifier in a CASE condition": (
        "SELECT CASE WHEN i.email IS NULL THEN 0 ELSE 1 END AS a FROM patient_identity i",
        "direct_identifier",
    ),
    "identifier counted": (
        "SELECT count(DISTINCT my_number) AS n FROM patient_identity",
        "direct_identifier",
    ),
    "identifier's length": ("SELECT length(name_kanji) AS n FROM patient_identity", "direct_identifier"),
    "identifier in GROUP BY": (
        "SELECT count(*) AS n FROM patient_identity GROUP BY postal_code",
        "direct_identifier",
    ),
    "identifier in HAVING": (
        "SELECT count(*) AS n FROM patient_identity HAVING max(chart_no) > '5'",
        "direct_identifier",
    ),
    "identifier in QUALIFY": (
        "SELECT 1 AS n FROM patient_identity QUALIFY row_number() OVER (ORDER BY name_kana) = 1",
        "direct_identifier",
    ),
    "identifier in a window's partition": (
        "SELECT count(*) OVER (PARTITION BY insurer_no) AS n FROM patient_identity",
        "direct_identifier",
    ),
    "identifier in ORDER BY": (
        "SELECT p.sex FROM patient p JOIN patient_identity i USING (patient_key) ORDER BY i.name_kana",
        "direct_identifier",
    ),
    "identifier in a CTE nobody reads": (
        "WITH x AS (SELECT email FROM patient_identity) SELECT sex FROM patient",
        "direct_identifier",
    ),
    "identifier in a derived table": (
        "SELECT q.e AS a FROM (SELECT email AS e FROM patient_identity) q",
        "direct_identifier",
    ),
    "identifier in a scalar subquery": (
        "SELECT (SELECT max(address) FROM patient_identity) AS a FROM patient",
        "direct_identifier",
    ),
    "identifier in EXISTS": (
        "SELECT sex FROM patient p WHERE EXISTS (SELECT 1 FROM patient_identity i WHERE i.name_kanji = '内閣花子')",
        "direct_identifier",
    ),
    "identifier in IN": (
        "SELECT sex FROM patient WHERE prefecture IN (SELECT substring(postal_code, 1, 2) FROM patient_identity)",
        "direct_identifier",
    ),
    "identifier on the second side of UNION": (
        "SELECT sex FROM patient UNION SELECT name_kanji FROM patient_identity",
        "direct_identifier",
    ),
    "identifier on the right of EXCEPT": (
        "SELECT sex FROM patient EXCEPT SELECT employer FROM patient_identity",
        "direct_identifier",
    ),
    "identifier in FILTER": (
        "SELECT count(*) FILTER (WHERE kouhi_no IS NOT NULL) AS n FROM patient_identity",
        "direct_identifier",
    ),
    "identifier by an outer name in a subquery": (
        "SELECT (SELECT count(*) FROM diagnosis d WHERE i.chart_no = '1') AS n FROM patient_identity i",
        "direct_identifier",
    ),
    "identifier in an approved transform": (
        "SELECT birth_month(insured_no) AS a FROM patient_identity",
        "direct_identifier",
    ),
    "identifier joined by USING": (
        "SELECT a.sex FROM (SELECT sex, patient_key FROM patient) a SEMI JOIN patient_identity i USING (source_ref)",
        "unknown_column",
    ),
    "pointer into the source": ("SELECT source_ref FROM claim", "direct_identifier"),
    "free text in the output": ("SELECT name_text FROM diagnosis", "free_text"),
    "free text in a condition": ("SELECT icd10 FROM diagnosis WHERE name_text LIKE '%寿限無%'", "free_text"),
    "free text of a document": ("SELECT kind FROM document WHERE text LIKE '%佐藤%'", "free_text"),
    "free text comment of a claim": ("SELECT comment_text AS c FROM claim_line", "free_text"),
    "local test name": ("SELECT local_name FROM lab_result", "free_text"),
    "bare key in the output": ("SELECT patient_key FROM patient", "key_in_output"),
    "bare key renamed": ("SELECT patient_key AS person FROM patient", "key_in_output"),
    "bare key through a CTE": (
        "WITH x AS (SELECT patient_key AS k FROM patient) SELECT k FROM x",
        "key_in_output",
    ),
    "key hashed": ("SELECT md5(CAST(patient_key AS VARCHAR)) AS h FROM patient", "function"),
    "key cast": ("SELECT CAST(patient_key AS VARCHAR) AS h FROM patient", "key_in_expression"),
    "key in arithmetic": ("SELECT patient_key % 1000 AS h FROM patient", "key_in_expression"),
    "key under MIN": ("SELECT min(patient_key) AS h FROM patient", "key_in_expression"),
    "key under SUM": ("SELECT sum(patient_key) AS h FROM patient", "key_in_expression"),
    "key against a constant": ("SELECT sex FROM patient WHERE patient_key = 42", "key_comparison"),
    "key against a constant the other way": (
        "SELECT sex FROM patient WHERE 42 = patient_key",
        "key_comparison",
    ),
    "key in a list": ("SELECT sex FROM patient WHERE patient_key IN (1, 2)", "key_in_expression"),
    "key in a range": ("SELECT sex FROM patient WHERE patient_key < 5", "key_in_expression"),
    "key BETWEEN": ("SELECT sex FROM patient WHERE patient_key BETWEEN 1 AND 5", "key_in_expression"),
    "key in ORDER BY": ("SELECT sex FROM patient ORDER BY patient_key", "key_in_expression"),
    "key in a window's order": (
        "SELECT row_number() OVER (ORDER BY patient_key) AS n FROM patient",
        "key_in_expression",
    ),
    "key through LAG": (
        "SELECT lag(patient_key) OVER (ORDER BY birth_date) AS n FROM patient",
        "key_in_expression",
    ),
    "key in COALESCE": ("SELECT coalesce(patient_key, 0) AS k FROM patient", "key_in_expression"),
    "key in CASE": ("SELECT CASE WHEN sex = 'F' THEN patient_key END AS k FROM patient", "key_in_expression"),
    "key in a simple CASE": (
        "SELECT CASE patient_key WHEN 1 THEN 1 END AS k FROM patient",
        "key_in_expression",
    ),
    "key against the key of something else": (
        "SELECT p.sex FROM patient p JOIN encounter e ON p.patient_key = e.encounter_key",
        "key_comparison",
    ),
    "key against a number of a query": (
        "SELECT sex FROM patient WHERE patient_key IN (SELECT total_points FROM claim)",
        "key_comparison",
    ),
    "key against a subquery's number": (
        "SELECT sex FROM patient WHERE patient_key = (SELECT max(days) FROM claim)",
        "key_comparison",
    ),
    "key united with a number": (
        "SELECT pseudonym(patient_key) AS patient_key FROM patient UNION SELECT days FROM claim",
        "key_comparison",
    ),
    "key united with another key": (
        "SELECT pseudonym(patient_key) AS patient_key FROM claim UNION SELECT pseudonym(receipt_key) FROM claim",
        "key_comparison",
    ),
    "key under a name given in SELECT": (
        "SELECT pseudonym(patient_key) AS k, k + 1 AS n FROM patient",
        "key_in_expression",
    ),
    "key in a Boolean place": ("SELECT sex FROM patient WHERE patient_key", "key_in_expression"),
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
        "pseudonym_place",
    ),
    "pseudonym in a function": ("SELECT lower(pseudonym(patient_key)) AS k FROM patient", "pseudonym_place"),
    "pseudonym in a CTE": (
        "WITH x AS (SELECT pseudonym(patient_key) AS k FROM patient) SELECT k FROM x",
        "pseudonym_place",
    ),
    "staff in the output": ("SELECT attending_staff FROM encounter", "staff_in_output"),
    "institution under a function": ("SELECT facility_key % 2 AS f FROM claim", "staff_in_output"),
    "institution through a CTE": (
        "WITH x AS (SELECT facility_key AS f FROM claim) SELECT f FROM x",
        "staff_in_output",
    ),
    "a name that promises a pseudonym": ("SELECT days AS patient_key FROM claim", "column_name"),
    "a column without a name": ("SELECT days + 1 FROM claim", "column_name"),
    "a name with a quote in it": ('SELECT days AS "a""b" FROM claim', "column_name"),
    "two columns of one name": ("SELECT days, total_points AS days FROM claim", "duplicate_column"),
    "a file read": ("SELECT * FROM read_csv('/etc/passwd')", "function"),
    "a file as a table": ("SELECT * FROM '/etc/passwd'", "unknown_table"),
    "a parquet file as a table": ('SELECT a FROM "x.parquet"', "unknown_table"),
    "a table function under our name": ("SELECT 1 AS a FROM pseudonym(1)", "unknown_table"),
    "query()": ("SELECT * FROM query('SELECT * FROM patient_identity')", "function"),
    "another schema": ("SELECT sex FROM origin.patient", "construct"),
    "another schema's column": ("SELECT origin.patient.sex FROM patient", "construct"),
    "information_schema": ("SELECT table_name FROM information_schema.tables", "construct"),
    "a table nobody has": ("SELECT a FROM nothing", "unknown_table"),
    "a column nobody has": ("SELECT nothing FROM patient", "unknown_column"),
    "the row's number": ("SELECT rowid AS n FROM patient", "unknown_column"),
    "the whole row": ("SELECT p FROM patient p", "unknown_column"),
    "a column by its number": ("SELECT #1 AS a FROM patient_identity", "construct"),
    "COLUMNS()": ("SELECT COLUMNS('name.*') FROM patient_identity", "function"),
    "a star in a function": ("SELECT concat(*) AS a FROM patient_identity", "construct"),
    "a star in COUNT with EXCLUDE": (
        "SELECT count(* EXCLUDE (email)) AS a FROM patient_identity",
        "construct",
    ),
    "REPLACE in a star": ("SELECT * REPLACE (1 AS sex) FROM patient", "construct"),
    "NATURAL JOIN": ("SELECT sex FROM patient NATURAL JOIN patient_identity", "construct"),
    "POSITIONAL JOIN": ("SELECT a.sex FROM patient a POSITIONAL JOIN patient_identity b", "construct"),
    "ASOF JOIN": ("SELECT a.sex FROM patient a ASOF JOIN claim b ON a.first_seen >= b.month", "construct"),
    "LATERAL": ("SELECT u.a FROM patient p, LATERAL (SELECT p.sex AS a) u", "construct"),
    "looking sideways without LATERAL": (
        "SELECT u.a FROM patient p, (SELECT p.sex AS a) u",
        "unknown_column",
    ),
    "PIVOT": ("PIVOT patient ON sex USING count(*)", "not_a_select"),
    "UNPIVOT": ("UNPIVOT patient_identity ON phone, email INTO NAME n VALUE v", "not_a_select"),
    "TABLESAMPLE": ("SELECT sex FROM patient TABLESAMPLE 1 ROWS", "limit"),
    "USING SAMPLE": ("SELECT sex FROM patient USING SAMPLE 1", "limit"),
    "LIMIT": ("SELECT sex FROM patient LIMIT 1", "limit"),
    "LIMIT in a subquery": ("SELECT s.sex FROM (SELECT sex FROM patient LIMIT 1 OFFSET 5) s", "limit"),
    "DISTINCT ON": ("SELECT DISTINCT ON (sex) birth_date FROM patient", "construct"),
    "WITH RECURSIVE": (
        "WITH RECURSIVE x AS (SELECT 1 AS n UNION SELECT n + 1 FROM x) SELECT n FROM x",
        "construct",
    ),
    "VALUES": ("SELECT v.a FROM (VALUES (1)) v(a)", "construct"),
    "renamed columns of a table": ("SELECT a FROM patient AS p(a)", "construct"),
    "UNION BY NAME": ("SELECT sex FROM patient UNION BY NAME SELECT abo FROM patient", "construct"),
    "GROUPING SETS": ("SELECT sex FROM patient GROUP BY GROUPING SETS ((sex), ())", "construct"),
    "CUBE": ("SELECT sex FROM patient GROUP BY CUBE (sex)", "construct"),
    "a struct": ("SELECT {'a': sex} AS s FROM patient", "construct"),
    "a list": ("SELECT [sex] AS s FROM patient", "function"),
    "a lambda": ("SELECT list_transform([1], x -> x) AS s FROM patient", "function"),
    "unnest": ("SELECT unnest([1]) AS s FROM patient", "function"),
    "getenv": ("SELECT getenv('HOME') AS s FROM patient", "function"),
    "getvariable": ("SELECT getvariable('x') AS s FROM patient", "function"),
    "a parameter": ("SELECT ? AS s FROM patient", "construct"),
    "random": ("SELECT random() AS s FROM patient", "function"),
    "the clock": ("SELECT current_date AS s FROM patient", "function"),
    "any_value": ("SELECT any_value(sex) AS s FROM patient", "function"),
    "string_agg": ("SELECT string_agg(sex, ',') AS s FROM patient", "function"),
    "hash": ("SELECT hash(patient_key) AS s FROM patient", "function"),
    "a function nobody knows": ("SELECT frobnicate(sex) AS s FROM patient", "function"),
    "SQL in a function's name": ('SELECT "pseudonym); DROP TABLE x; --"(sex) AS s FROM patient', "function"),
    "a cast to a blob": ("SELECT CAST(sex AS BLOB) AS s FROM patient", "type"),
    "two statements": ("SELECT sex FROM patient; SELECT abo FROM patient", "one_statement"),
    "a statement behind": ("SELECT sex FROM patient; DROP TABLE patient", "one_statement"),
    "nothing": ("", "one_statement"),
    "a comment only": ("-- nothing", "one_statement"),
    "COPY": ("COPY patient TO 'x.csv'", "not_a_select"),
    "ATTACH": ("ATTACH 'x.duckdb' AS x", "not_a_select"),
    "SET": ("SET enable_external_access = true", "not_a_select"),
    "PRAGMA": ("PRAGMA database_list", "not_a_select"),
    "CREATE MACRO": ("CREATE MACRO f(a) AS a", "not_a_select"),
    "INSTALL": ("INSTALL httpfs", "not_a_select"),
    "CALL": ("CALL pragma_version()", "not_a_select"),
    "SELECT INTO": ("SELECT sex INTO x FROM patient", "construct"),
    "FOR UPDATE": ("SELECT sex FROM patient FOR UPDATE", "construct"),
    "DESCRIBE": ("DESCRIBE patient", "not_a_select"),
    "SHOW": ("SHOW TABLES", "not_a_select"),
    "unreadable SQL": ("SELECT FROM WHERE", "syntax"),
    "an open quote": ("SELECT 'abc FROM patient", "syntax"),
    "an ambiguous name": ("SELECT source_system FROM patient, encounter", "ambiguous"),
    "one name for two relations": ("SELECT x.sex FROM patient x, encounter x", "ambiguous"),
    "USING a column of two relations": (
        "SELECT a.sex FROM patient a, encounter b JOIN claim c USING (patient_key)",
        "ambiguous",
    ),
    "age_band of a width that is data": (
        "SELECT age_band(birth_date, first_seen, height_cm) AS a FROM patient",
        "transform_arguments",
    ),
    "age_band of no width": (
        "SELECT age_band(birth_date, first_seen, 0) AS a FROM patient",
        "transform_arguments",
    ),
    "birth_month of two": (
        "SELECT birth_month(birth_date, first_seen) AS a FROM patient",
        "transform_arguments",
    ),
    "GROUP BY a place that is not there": ("SELECT sex FROM patient GROUP BY 3", "construct"),
    "GROUP BY ALL": ("SELECT sex FROM patient GROUP BY ALL", "construct"),
}

HONEST: dict[str, str] = {
    "people": "SELECT pseudonym(patient_key) AS patient_key, sex, birth_date FROM patient",
    "an own name for a pseudonym": "SELECT pseudonym(p.patient_key) AS person FROM patient p",
    "a pseudonym without a name": "SELECT pseudonym(patient_key), sex FROM patient",
    "a star with EXCLUDE": "SELECT * EXCLUDE (patient_key, source_ref) FROM patient",
    "birth_month": "SELECT birth_month(birth_date) AS born FROM patient",
    "age_band": (
        "SELECT age_band(p.birth_date, e.admit_ts, 5) AS age, count(*) AS n"
        " FROM patient p JOIN encounter e ON e.patient_key = p.patient_key GROUP BY 1"
    ),
    "USING": "SELECT p.sex, d.icd10 FROM patient p JOIN diagnosis d USING (patient_key)",
    "LEFT JOIN USING three": (
        "SELECT pseudonym(patient_key) AS patient_key, d.icd10, c.days FROM patient"
        " LEFT JOIN diagnosis d USING (patient_key) LEFT JOIN claim c USING (patient_key)"
    ),
    "RIGHT JOIN": (
        "SELECT pseudonym(patient_key) AS patient_key FROM diagnosis RIGHT JOIN patient USING (patient_key)"
    ),
    "FULL JOIN ON": (
        "SELECT pseudonym(a.patient_key) AS a_key, pseudonym(b.patient_key) AS b_key"
        " FROM diagnosis a FULL JOIN claim b ON a.patient_key = b.patient_key"
    ),
    "comma join": "SELECT p.sex FROM patient p, claim c WHERE p.patient_key = c.patient_key AND c.days > 1",
    "SEMI JOIN": "SELECT p.sex FROM patient p SEMI JOIN diagnosis d ON d.patient_key = p.patient_key",
    "ANTI JOIN": "SELECT p.sex FROM patient p ANTI JOIN diagnosis d USING (patient_key)",
    "EXISTS": (
        "SELECT sex FROM patient p WHERE EXISTS"
        " (SELECT 1 FROM diagnosis d WHERE d.patient_key = p.patient_key AND d.icd10 LIKE 'E11%')"
    ),
    "IN a query of keys": "SELECT sex FROM patient WHERE patient_key IN (SELECT patient_key FROM claim)",
    "NOT IN a query of keys": "SELECT sex FROM patient WHERE patient_key NOT IN (SELECT patient_key FROM claim)",
    "COUNT(DISTINCT key)": "SELECT icd10, count(DISTINCT patient_key) AS persons FROM diagnosis GROUP BY icd10",
    "HAVING on persons": (
        "SELECT icd10, count(*) AS n FROM diagnosis GROUP BY icd10 HAVING count(DISTINCT patient_key) >= 10"
    ),
    "key grouped, pseudonym shown": (
        "SELECT pseudonym(patient_key) AS patient_key, max(value_num) AS top FROM lab_result GROUP BY patient_key"
    ),
    "pseudonym in GROUP BY": (
        "SELECT pseudonym(patient_key) AS patient_key, count(*) AS n FROM claim GROUP BY pseudonym(patient_key)"
    ),
    "pseudonym grouped by place": "SELECT pseudonym(patient_key) AS patient_key, count(*) AS n FROM claim GROUP BY 1",
    "last value per person": (
        "SELECT pseudonym(patient_key) AS patient_key, value_num FROM lab_result"
        " WHERE jlac10 = '3D046000001920402' QUALIFY row_number() OVER (PARTITION BY patient_key ORDER BY specimen_ts DESC) = 1"
    ),
    "first and later by CTE": (
        "WITH f AS (SELECT patient_key, min(specimen_ts) AS t FROM lab_result GROUP BY patient_key)"
        " SELECT pseudonym(f.patient_key) AS patient_key, date_diff('day', f.t, l.specimen_ts) AS d, l.value_num"
        " FROM f JOIN lab_result l ON l.patient_key = f.patient_key"
    ),
    "CTE of a CTE": (
        "WITH a AS (SELECT patient_key, sex FROM patient), b AS (SELECT * FROM a WHERE sex = 'F')"
        " SELECT pseudonym(patient_key) AS patient_key FROM b"
    ),
    "derived table": "SELECT q.s, count(*) AS n FROM (SELECT sex AS s FROM patient) AS q GROUP BY q.s",
    "UNION ALL": (
        "SELECT pseudonym(patient_key) AS patient_key, month AS at FROM claim"
        " UNION ALL SELECT pseudonym(patient_key), start_date FROM diagnosis"
    ),
    "EXCEPT": "SELECT icd10 FROM diagnosis EXCEPT SELECT icd10 FROM diagnosis WHERE suspected",
    "CASE on values": (
        "SELECT CASE WHEN value_num >= 6.5 THEN 'high' WHEN value_num IS NULL THEN 'none' ELSE 'low' END AS c"
        " FROM lab_result"
    ),
    "FILTER": "SELECT count(*) FILTER (WHERE sex = 'F') AS women, count(*) AS n FROM patient",
    "window over a person": (
        "SELECT pseudonym(patient_key) AS patient_key,"
        " value_num - lag(value_num) OVER (PARTITION BY patient_key ORDER BY specimen_ts) AS change"
        " FROM lab_result WHERE jlac10 = '3D046000001920402'"
    ),
    "frame": (
        "SELECT avg(value_num) OVER (PARTITION BY patient_key ORDER BY specimen_ts"
        " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS m FROM lab_result WHERE jlac10 = '3D046000001920402'"
    ),
    "correlated scalar": (
        "SELECT pseudonym(p.patient_key) AS patient_key,"
        " (SELECT count(*) FROM claim c WHERE c.patient_key = p.patient_key) AS n FROM patient p"
    ),
    "names given in SELECT": "SELECT days * 2 AS twice, twice + 1 AS more FROM claim WHERE twice > 3",
    "ORDER BY a value": "SELECT sex FROM patient ORDER BY birth_date DESC",
    "dates": (
        "SELECT extract(year FROM month) AS y, date_trunc('quarter', month) AS q, month + INTERVAL 1 MONTH AS next,"
        " strftime(month, '%Y-%m') AS ym FROM claim WHERE month >= DATE '2024-01-01'"
    ),
    "text": "SELECT upper(left(icd10, 3)) AS c, replace(icd10, '.', '') AS d, icd10 || '!' AS e FROM diagnosis",
    "numbers": "SELECT round(value_num, 1) AS a, greatest(value_num, 0) AS b, ln(value_num) AS c FROM lab_result",
    "statistics": (
        "SELECT median(value_num) AS a, stddev(value_num) AS b, quantile_cont(value_num, 0.9) AS c FROM lab_result"
    ),
    "staff in a condition": "SELECT count(*) AS n FROM encounter WHERE ward_code IS NOT NULL",
    "encounters with both keys": (
        "SELECT pseudonym(encounter_key) AS encounter_key, pseudonym(patient_key) AS patient_key, los_days FROM encounter"
    ),
    "the join table of identities, by key only": (
        "SELECT p.sex FROM patient p SEMI JOIN patient_identity i ON i.patient_key = p.patient_key"
    ),
    "key not null": "SELECT sex FROM patient WHERE patient_key IS NOT NULL",
    "comments and capitals": "-- a view\nSELECT SEX /* not mine */ FROM Patient -- end",
    "an ending semicolon": "SELECT sex FROM patient;",
    "a statement that begins with WITH in brackets": "(SELECT sex FROM patient)",
    "DISTINCT": "SELECT DISTINCT sex, prefecture FROM patient",
}
