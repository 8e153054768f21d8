"""Views that name a direct identifier or free text somewhere, with the rule that must refuse each."""

IDENTIFIERS: dict[str, tuple[str, str]] = {
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
    "pointer into the source": ("SELECT source_ref FROM claim", "direct_identifier"),
    "free text in the output": ("SELECT name_text FROM diagnosis", "free_text"),
    "free text in a condition": ("SELECT icd10 FROM diagnosis WHERE name_text LIKE '%寿限無%'", "free_text"),
    "free text of a document": ("SELECT kind FROM document WHERE text LIKE '%佐藤%'", "free_text"),
    "free text comment of a claim": ("SELECT comment_text AS c FROM claim_line", "free_text"),
    "local test name": ("SELECT local_name FROM lab_result", "free_text"),
    "REPLACE in a star": ("SELECT * REPLACE (1 AS sex) FROM patient", "direct_identifier"),
    "identifier in a named window": (
        "SELECT count(*) OVER w AS n FROM patient_identity WINDOW w AS (PARTITION BY phone)",
        "direct_identifier",
    ),
    "identifier in a named window nobody uses": (
        "SELECT 1 AS n FROM patient_identity WINDOW w AS (ORDER BY name_kana)",
        "direct_identifier",
    ),
    "identifier in a window refined": (
        "SELECT count(*) OVER (w ORDER BY phone) AS n FROM patient_identity WINDOW w AS (PARTITION BY patient_key)",
        "direct_identifier",
    ),
    "identifier in the order of a list": (
        "SELECT count(l) AS n FROM (SELECT list(source_system ORDER BY email) AS l FROM patient_identity) q",
        "direct_identifier",
    ),
    "identifier under WITHIN GROUP": (
        "SELECT mode() WITHIN GROUP (ORDER BY postal_code) AS m FROM patient_identity",
        "direct_identifier",
    ),
    "identifier in the measure of arg_max": (
        "SELECT arg_max(source_system, chart_no) AS m FROM patient_identity",
        "direct_identifier",
    ),
    "identifier in ROLLUP": (
        "SELECT count(*) AS n FROM patient_identity GROUP BY ROLLUP (postal_code)",
        "direct_identifier",
    ),
    "identifier in GROUPING SETS": (
        "SELECT count(*) AS n FROM patient_identity GROUP BY GROUPING SETS ((source_system), (employer))",
        "direct_identifier",
    ),
    "identifier in GROUPING()": (
        "SELECT grouping(employer) AS n FROM patient_identity GROUP BY CUBE (employer)",
        "direct_identifier",
    ),
    "identifier by its place in GROUP BY": (
        "SELECT employer AS a, count(*) AS n FROM patient_identity GROUP BY 1",
        "direct_identifier",
    ),
    "identifier under GROUP BY ALL": (
        "SELECT employer AS a, count(*) AS n FROM patient_identity GROUP BY ALL",
        "direct_identifier",
    ),
    "identifier in a struct": ("SELECT {'a': phone} AS s FROM patient_identity", "direct_identifier"),
    "identifier in a struct's field of a query": (
        "SELECT q.s.b AS a FROM (SELECT {'b': address} AS s FROM patient_identity) q",
        "direct_identifier",
    ),
    "identifier in a list": ("SELECT len([phone, email]) AS n FROM patient_identity", "direct_identifier"),
    "identifier as the key of a map": (
        "SELECT MAP {name_kana: 1} AS m FROM patient_identity",
        "direct_identifier",
    ),
    "identifier as the value of a map": (
        "SELECT map(['a'], [insured_no]) AS m FROM patient_identity",
        "direct_identifier",
    ),
    "identifier looked up in a list": (
        "SELECT [1, 2][length(phone)] AS m FROM patient_identity",
        "direct_identifier",
    ),
    "identifier in a row": ("SELECT row(phone, 1) AS m FROM patient_identity", "direct_identifier"),
    "identifier unnested": (
        "SELECT unnest(string_split(address, ' ')) AS a FROM patient_identity",
        "direct_identifier",
    ),
    "identifier unnested in FROM": (
        "SELECT u.x AS a FROM patient_identity i, unnest([i.email]) AS u(x)",
        "direct_identifier",
    ),
    "identifier in VALUES": (
        "SELECT v.a FROM patient_identity i, LATERAL (SELECT w.x AS a FROM (VALUES (i.phone)) AS w(x)) v",
        "direct_identifier",
    ),
    "identifier in LATERAL": (
        "SELECT u.a FROM patient_identity i, LATERAL (SELECT i.phone AS a) u",
        "direct_identifier",
    ),
    "identifier looked at sideways": (
        "SELECT u.a FROM patient_identity i, (SELECT i.phone AS a) u",
        "direct_identifier",
    ),
    "identifier deep in a correlated query": (
        "SELECT p.sex FROM patient p WHERE EXISTS (SELECT 1 FROM claim c WHERE c.patient_key = p.patient_key AND EXISTS (SELECT 1 FROM patient_identity i WHERE i.patient_key = c.patient_key AND i.address LIKE '東京%'))",
        "direct_identifier",
    ),
    "identifier in a tuple that is compared": (
        "SELECT sex FROM patient p WHERE (patient_key, sex) IN (SELECT patient_key, name_kana FROM patient_identity)",
        "direct_identifier",
    ),
    "identifier under ANY": (
        "SELECT sex FROM patient WHERE prefecture = ANY (SELECT postal_code FROM patient_identity)",
        "direct_identifier",
    ),
    "identifier in a list of IN": (
        "SELECT 1 AS a FROM patient_identity WHERE '1' IN (chart_no, my_number)",
        "direct_identifier",
    ),
    "identifier under INTERSECT": (
        "SELECT sex FROM patient INTERSECT SELECT kouhi_no FROM patient_identity",
        "direct_identifier",
    ),
    "identifier under UNION BY NAME": (
        "SELECT sex FROM patient UNION ALL BY NAME SELECT email AS sex FROM patient_identity",
        "direct_identifier",
    ),
    "identifier by REPLACE": (
        "SELECT * EXCLUDE (source_ref, patient_key) REPLACE (i.phone AS sex) FROM patient p SEMI JOIN claim c USING (patient_key), patient_identity i",
        "direct_identifier",
    ),
    "identifier by RENAME": ("SELECT * RENAME (phone AS sex) FROM patient_identity", "direct_identifier"),
    "identifier under a star in EXISTS": (
        "SELECT sex FROM patient p WHERE EXISTS (SELECT * FROM patient_identity i WHERE i.patient_key = p.patient_key)",
        "direct_identifier",
    ),
    "identifier in a star of a CTE nobody reads": (
        "WITH x AS (SELECT * FROM patient_identity) SELECT sex FROM patient",
        "direct_identifier",
    ),
    "identifier by the columns of a CTE": (
        "WITH x(a, b) AS (SELECT patient_key, name_kanji FROM patient_identity) SELECT b FROM x",
        "direct_identifier",
    ),
    "identifier in DISTINCT ON": (
        "SELECT DISTINCT ON (phone) source_system FROM patient_identity ORDER BY phone, row_version",
        "direct_identifier",
    ),
    "identifier in USING": (
        "SELECT a.sex FROM patient a JOIN claim b USING (source_ref)",
        "direct_identifier",
    ),
    "identifier in USING of a FULL join": (
        "SELECT a.sex FROM patient a FULL JOIN claim b USING (source_ref)",
        "direct_identifier",
    ),
    "identifier in a semi join's condition": (
        "SELECT sex FROM patient p SEMI JOIN patient_identity i ON p.patient_key = i.patient_key AND i.email LIKE '%.jp'",
        "direct_identifier",
    ),
    "identifier tested for NULL": (
        "SELECT count(*) AS n FROM patient_identity WHERE my_number IS NULL",
        "direct_identifier",
    ),
    "identifier reused by its alias": (
        "SELECT phone AS a, length(a) AS n FROM patient_identity",
        "direct_identifier",
    ),
    "identifier behind an alias in WHERE": (
        "SELECT length(phone) AS n FROM patient_identity WHERE n > 3",
        "direct_identifier",
    ),
    "identifier in coalesce": (
        "SELECT coalesce(NULL, email) AS a FROM patient_identity",
        "direct_identifier",
    ),
    "identifier in TRY": ("SELECT TRY(phone::BIGINT) AS a FROM patient_identity", "direct_identifier"),
    "identifier in quotes over lines and comments": (
        'SELECT /* x */ i . "phone"\n -- y\n AS a FROM patient_identity AS i',
        "direct_identifier",
    ),
    "identifier under a name that looks like it": (
        'SELECT "patient_\u212aey", "Phone" AS a FROM patient_identity',
        "direct_identifier",
    ),
    "identifier as an argument of any transform": (
        "SELECT region_up(postal_code) AS a, rare_to_other(employer) AS b FROM patient_identity",
        "direct_identifier",
    ),
    "identifier scrubbed": ("SELECT scrub(name_kanji) AS a FROM patient_identity", "direct_identifier"),
    "identifier in the frame of a window": (
        "SELECT sum(1) OVER (ORDER BY row_version ROWS BETWEEN length(phone) PRECEDING AND CURRENT ROW) AS a FROM patient_identity",
        "direct_identifier",
    ),
    "identifier in the default of LAG": (
        "SELECT lag(source_system, 1, phone) OVER (ORDER BY row_version) AS a FROM patient_identity",
        "direct_identifier",
    ),
    "free text scrubbed after it was changed": (
        "SELECT scrub(lower(text)) AS a FROM document",
        "scrub_argument",
    ),
    "free text beside its scrubbed form": (
        "SELECT scrub(text) AS a, length(text) AS n FROM document",
        "free_text",
    ),
    "free text scrubbed out of an inner query": (
        "SELECT scrub(q.text) AS a FROM (SELECT patient_key, text FROM document) q",
        "free_text",
    ),
    "free text of nobody scrubbed": ("SELECT scrub(name) AS a FROM code_icd10", "scrub_argument"),
    "what is no text scrubbed": ("SELECT scrub(n_chars) AS a FROM document", "scrub_argument"),
    "free text that decides rows": (
        "SELECT scrub(text) AS a FROM document WHERE text LIKE 'x%'",
        "free_text",
    ),
    "free text counted": ("SELECT count(DISTINCT value_text) AS n FROM lab_result", "free_text"),
    "free text through a star of an inner query": (
        "SELECT q.name_text FROM (SELECT * FROM diagnosis) q",
        "unknown_column",
    ),
    "an identifier through a star of an inner query": (
        "WITH x AS (SELECT * FROM dpc_ef) SELECT insurer_no FROM x",
        "unknown_column",
    ),
    "a vault under a star of an inner query": (
        "WITH x AS (SELECT * FROM patient_identity) SELECT 1 AS n FROM x",
        "direct_identifier",
    ),
    "free text grouped by": ("SELECT count(*) AS n FROM diagnosis GROUP BY name_text", "free_text"),
}
