"""Honest views of whole studies: cohorts, exposures, claims, stays in hospital, and scores."""

STUDIES: dict[str, str] = {
    "study: new users after a washout": """
        WITH rx AS (
            SELECT patient_key, start_date, LAG(start_date) OVER (PARTITION BY patient_key ORDER BY start_date) AS prev
            FROM prescription WHERE yj LIKE '3969%'
        )
        SELECT pseudonym(patient_key) AS pid, MIN(start_date) AS index_date
        FROM rx WHERE prev IS NULL OR start_date - prev > 365 GROUP BY patient_key""",
    "study: two outpatient codes or one inpatient": """
        SELECT pseudonym(d.patient_key) AS patient_key, MIN(d.start_date) AS first_code
        FROM diagnosis d LEFT JOIN encounter e ON d.encounter_key = e.encounter_key
        WHERE d.icd10 SIMILAR TO 'I2[0-5].*' AND d.suspected IS NOT TRUE
        GROUP BY d.patient_key
        HAVING SUM(CASE WHEN e.kind = 'IMP' THEN 1 ELSE 0 END) >= 1 OR COUNT(DISTINCT d.start_date) >= 2""",
    "study: everything of a table in WITH": """
        WITH lab AS (SELECT * FROM lab_result WHERE jlac10 LIKE '3D046%'), pt AS (SELECT * FROM patient WHERE sex = 'F')
        SELECT pseudonym(lab.patient_key) AS patient_key, lab.specimen_ts, lab.value_num, pt.birth_date
        FROM lab INNER JOIN pt ON lab.patient_key = pt.patient_key""",
    "study: a star of two joined tables inside": """
        WITH j AS (SELECT * FROM diagnosis JOIN patient USING (patient_key))
        SELECT sex, icd10, COUNT(DISTINCT patient_key) AS n FROM j GROUP BY sex, icd10""",
    "study: one table's star and a column": """
        SELECT pseudonym(q.patient_key) AS patient_key, q.icd10, q.sex
        FROM (SELECT d.*, p.sex FROM diagnosis AS d JOIN patient AS p ON p.patient_key = d.patient_key) AS q""",
    "study: exposure windows": """
        SELECT pseudonym(r.patient_key) AS patient_key, r.yj, r.start_date,
               COALESCE(r.end_date, r.start_date + CAST(r.days - 1 AS INTEGER)) AS stop_date,
               EXISTS (SELECT 1 FROM encounter e WHERE e.patient_key = r.patient_key AND e.kind = 'EMER'
                       AND e.admit_ts >= r.start_date
                       AND e.admit_ts < r.start_date + INTERVAL '30 days') AS er_within_30d
        FROM prescription r WHERE r.yj LIKE '1149%'""",
    "study: treatment episodes as islands": """
        WITH ordered AS (
            SELECT patient_key, start_date, start_date + days AS stop_date,
                   MAX(start_date + days) OVER (PARTITION BY patient_key ORDER BY start_date
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
            FROM prescription WHERE yj LIKE '2149%'
        ), marked AS (
            SELECT *, CASE WHEN covered IS NULL OR start_date > covered + 30 THEN 1 ELSE 0 END AS is_new FROM ordered
        ), numbered AS (
            SELECT *, SUM(is_new) OVER (PARTITION BY patient_key ORDER BY start_date, stop_date
                        ROWS UNBOUNDED PRECEDING) AS episode FROM marked
        )
        SELECT pseudonym(patient_key) AS patient_key, episode, MIN(start_date) AS began, MAX(stop_date) AS ended,
               MAX(stop_date) - MIN(start_date) AS length_days
        FROM numbered GROUP BY patient_key, episode""",
    "study: medication possession ratio": """
        SELECT pseudonym(patient_key) AS patient_key,
               LEAST(1.0, SUM(days)::DOUBLE / NULLIF(MAX(start_date) - MIN(start_date) + 1, 0)) AS mpr
        FROM prescription WHERE LEFT(yj, 4) = '2189' GROUP BY patient_key HAVING COUNT(*) > 1""",
    "study: readmission within thirty days": """
        WITH stay AS (
            SELECT encounter_key, patient_key, admit_ts, discharge_ts,
                   LEAD(admit_ts) OVER (PARTITION BY patient_key ORDER BY admit_ts) AS next_admit
            FROM encounter WHERE kind = 'IMP'
        )
        SELECT pseudonym(encounter_key) AS encounter_key, pseudonym(patient_key) AS patient_key,
               date_diff('day', discharge_ts, next_admit) AS days_to_next,
               COALESCE(next_admit <= discharge_ts + INTERVAL 30 DAY, FALSE) AS readmitted_30d
        FROM stay""",
    "study: overlapping stays by self join": """
        SELECT COUNT(*) AS overlaps FROM encounter a JOIN encounter b
        ON a.patient_key = b.patient_key AND a.encounter_key <> b.encounter_key
        AND a.admit_ts < b.discharge_ts AND b.admit_ts < a.discharge_ts""",
    "study: Charlson index": """
        WITH w(prefix, points) AS (VALUES ('I21', 1), ('I50', 1), ('E11', 1), ('N18', 2), ('C77', 6), ('B20', 6)),
        hit AS (
            SELECT DISTINCT d.patient_key, w.prefix, w.points FROM diagnosis d JOIN w ON d.icd10 LIKE w.prefix || '%'
        )
        SELECT pseudonym(p.patient_key) AS patient_key, COALESCE(SUM(hit.points), 0) AS charlson
        FROM patient p LEFT JOIN hit ON hit.patient_key = p.patient_key GROUP BY p.patient_key""",
    "study: comorbidities as flags": """
        SELECT pseudonym(patient_key) AS patient_key,
               MAX(CASE WHEN icd10 LIKE 'I10%' THEN 1 ELSE 0 END) AS hypertension,
               MAX(icd10 LIKE 'E78%') AS lipids,
               BOOL_OR(icd10 >= 'C00' AND icd10 < 'C98') AS cancer,
               COUNT(*) FILTER (WHERE icd10 LIKE 'J44%') > 0 AS copd
        FROM diagnosis GROUP BY patient_key""",
    "study: DPC cases and their resource": """
        SELECT pseudonym(f.patient_key) AS patient_key, f.admit_date, f.discharge_date,
               f.discharge_date - f.admit_date + 1 AS los, f.main_icd10, f.resource_icd10,
               CASE f.disposition WHEN '01' THEN 'home' WHEN '20' THEN 'dead' ELSE 'other' END AS left_for,
               TRY_CAST(SUBSTR(f.adl_in, 1, 1) AS INTEGER) AS feeding_in
        FROM dpc_form1 f WHERE f.admit_date BETWEEN '2022-04-01' AND '2023-03-31'""",
    "study: comorbid codes of form 1 unpivoted": """
        SELECT pseudonym(patient_key) AS patient_key, admit_date, icd10, place FROM (
            SELECT patient_key, admit_date, comorbid_icd10_1 AS icd10, 1 AS place FROM dpc_form1
            UNION ALL SELECT patient_key, admit_date, comorbid_icd10_2, 2 FROM dpc_form1
            UNION ALL SELECT patient_key, admit_date, comorbid_icd10_3, 3 FROM dpc_form1
            UNION ALL SELECT patient_key, admit_date, comorbid_icd10_4, 4 FROM dpc_form1
        ) AS c WHERE icd10 IS NOT NULL AND icd10 <> ''""",
    "study: operations of form 1 as a list": """
        SELECT pseudonym(patient_key) AS patient_key, admit_date, k.code
        FROM dpc_form1, UNNEST([k_code_1, k_code_2, k_code_3]) AS k(code) WHERE k.code IS NOT NULL""",
    "study: cost per case of EF": """
        SELECT pseudonym(patient_key) AS patient_key, admit_date, data_kbn, SUM(points * times) AS points,
               SUM(drug_yen) AS drug_yen, ROUND(SUM(points * times) * 10.0, 0) AS yen
        FROM dpc_ef GROUP BY patient_key, admit_date, data_kbn""",
    "study: ICU days of H files": """
        SELECT pseudonym(h.patient_key) AS patient_key, h.admit_date, COUNT(DISTINCT h.service_date) AS days,
               AVG(TRY_CAST(h.payload1 AS DOUBLE)) AS mean_a
        FROM dpc_h h WHERE h.item_code = 'ASS0013' GROUP BY ALL""",
    "study: claims per month and kind": """
        SELECT strftime(month, '%Y%m') AS ym, in_out, COUNT(*), SUM(total_points), AVG(days), MEDIAN(total_points)
        FROM claim GROUP BY ym, in_out ORDER BY ym""",
    "study: lines of claims with their heads": """
        SELECT pseudonym(c.patient_key) AS patient_key, pseudonym(c.receipt_key) AS receipt, c.month, l.rec, l.code, l.qty
        FROM claim c JOIN claim_line l USING (receipt_key) WHERE l.rec IN ('SI', 'IY', 'TO')""",
    "study: claims without drugs": """
        SELECT c.month, COUNT(*) AS n FROM claim c
        WHERE c.receipt_key NOT IN (SELECT receipt_key FROM claim_line WHERE rec = 'IY' AND receipt_key IS NOT NULL)
        GROUP BY c.month""",
    "study: persons in claims and in charts": """
        SELECT COUNT(DISTINCT c.patient_key) AS claims, COUNT(DISTINCT e.patient_key) AS charts,
               COUNT(DISTINCT CASE WHEN e.patient_key IS NOT NULL THEN c.patient_key END) AS both_of_them
        FROM claim c FULL OUTER JOIN encounter e ON c.patient_key = e.patient_key""",
    "study: the heaviest claims by rank": """
        SELECT pseudonym(receipt_key) AS receipt, total_points,
               DENSE_RANK() OVER (ORDER BY total_points DESC) AS place,
               PERCENT_RANK() OVER (PARTITION BY in_out ORDER BY total_points) AS pr
        FROM claim QUALIFY place <= 100""",
    "study: matched controls": """
        WITH pool AS (
            SELECT c.patient_key AS case_key, o.patient_key AS control_key, ABS(c.birth_date - o.birth_date) AS apart,
                   ROW_NUMBER() OVER (PARTITION BY c.patient_key ORDER BY ABS(c.birth_date - o.birth_date)) AS nth
            FROM patient c JOIN patient o ON o.sex = c.sex AND o.patient_key <> c.patient_key
            WHERE EXISTS (SELECT 1 FROM diagnosis d WHERE d.patient_key = c.patient_key AND d.icd10 LIKE 'K74%')
              AND NOT EXISTS (SELECT 1 FROM diagnosis d WHERE d.patient_key = o.patient_key AND d.icd10 LIKE 'K74%')
        )
        SELECT pseudonym(case_key) AS case_id, pseudonym(control_key) AS control_id, apart FROM pool WHERE nth <= 4""",
    "study: incidence by age and sex": """
        SELECT p.sex, FLOOR(date_diff('year', p.birth_date, i.d) / 10) * 10 AS decade, COUNT(*) AS events
        FROM patient p, (SELECT patient_key, MIN(start_date) AS d FROM diagnosis WHERE icd10 LIKE 'I63%' GROUP BY 1) i
        WHERE i.patient_key = p.patient_key GROUP BY p.sex, decade""",
    "study: era of birth": """
        SELECT CASE WHEN birth_date >= DATE '2019-05-01' THEN '令和' WHEN birth_date >= DATE '1989-01-08' THEN '平成'
                    WHEN birth_date >= DATE '1926-12-25' THEN '昭和' ELSE '大正以前' END AS era,
               CASE WHEN birth_date >= DATE '1989-01-08' AND birth_date < DATE '2019-05-01'
                    THEN year(birth_date) - 1988 END AS heisei_year, COUNT(*) AS n
        FROM patient GROUP BY 1, 2""",
    "study: birth cohorts": """
        SELECT (year(birth_date) // 5) * 5 AS born_from, sex, COUNT(*) AS persons,
               COUNT(death_date) AS dead, ROUND(AVG((death_date IS NOT NULL)::INT) * 100, 1) AS percent
        FROM patient WHERE birth_date IS NOT NULL GROUP BY ROLLUP (born_from, sex)""",
    "study: cause of death beside the last diagnosis": """
        SELECT pseudonym(x.patient_key) AS patient_key, x.cause, last_dx.icd10
        FROM death AS x LEFT JOIN LATERAL (
            SELECT arg_max(d.icd10, d.start_date) AS icd10 FROM diagnosis d
            WHERE d.patient_key = x.patient_key AND d.start_date <= x.death_date) AS last_dx ON TRUE""",
    "study: any value of a constant of the person": """
        SELECT pseudonym(p.patient_key) AS patient_key, ANY_VALUE(p.sex) AS sex, COUNT(*) AS n
        FROM patient p JOIN encounter e ON e.patient_key = p.patient_key GROUP BY p.patient_key""",
    "study: allergies in a list": """
        SELECT pseudonym(patient_key) AS patient_key, LIST(DISTINCT jfagy) AS codes,
               STRING_AGG(DISTINCT severity, ',') AS severities
        FROM allergy GROUP BY patient_key""",
    "study: drugs of a person in order": """
        SELECT pseudonym(patient_key) AS patient_key, ARRAY_AGG(yj ORDER BY start_date) AS sequence,
               LIST(DISTINCT LEFT(yj, 4) ORDER BY LEFT(yj, 4)) AS classes, LEN(LIST(DISTINCT LEFT(yj, 4))) AS n_classes
        FROM prescription GROUP BY patient_key""",
    "study: first and last ward day with staff in a condition": """
        SELECT pseudonym(encounter_key) AS encounter_key, MIN(event_ts), MAX(event_ts), COUNT(*) FILTER (event = 'TRANSFER')
        FROM encounter_event WHERE from_ward IS DISTINCT FROM to_ward GROUP BY encounter_key""",
    "study: mothers and their children": """
        SELECT pseudonym(m.patient_key) AS mother, pseudonym(b.patient_key) AS child, b.birth_weight, g.parity,
               age_band(m.birth_date, b.birth_date, 5) AS mother_age
        FROM birth b JOIN patient m ON m.patient_key = b.mother_key
        LEFT JOIN pregnancy g ON g.pregnancy_key = b.pregnancy_key""",
    "study: care need and service": """
        WITH latest AS (
            SELECT patient_key, level, certified_date FROM ltc_certification
            QUALIFY ROW_NUMBER() OVER (PARTITION BY patient_key ORDER BY certified_date DESC) = 1
        )
        SELECT l.level, b.service_code, COUNT(DISTINCT b.patient_key) AS users, SUM(b.units) AS units
        FROM ltc_benefit AS b JOIN latest AS l USING (patient_key) GROUP BY CUBE (l.level, b.service_code)""",
    "study: anti join by LEFT JOIN": """
        SELECT p.sex, COUNT(*) AS n FROM patient p LEFT JOIN health_checkup h ON h.patient_key = p.patient_key
        WHERE h.patient_key IS NULL GROUP BY p.sex""",
    "study: rows with a window after an ANTI JOIN": """
        SELECT pseudonym(d.patient_key) AS patient_key, d.icd10,
               ROW_NUMBER() OVER (PARTITION BY d.patient_key ORDER BY d.start_date) AS nth
        FROM diagnosis d ANTI JOIN death x USING (patient_key)""",
    "study: the first of a SEMI JOIN": """
        SELECT pseudonym(l.patient_key) AS patient_key, l.value_num FROM lab_result l
        SEMI JOIN prescription r ON r.patient_key = l.patient_key AND l.specimen_ts >= r.ordered_ts
        QUALIFY ROW_NUMBER() OVER (PARTITION BY l.patient_key, l.jlac10 ORDER BY l.specimen_ts) = 1""",
    "study: ranked codes by ALL": """
        SELECT icd10, COUNT(DISTINCT patient_key) AS persons, ROW_NUMBER() OVER (ORDER BY persons DESC) AS place
        FROM diagnosis GROUP BY ALL""",
    "study: ranked persons by ALL": """
        SELECT pseudonym(patient_key) AS patient_key, COUNT(*) AS claims, ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC) AS place
        FROM claim GROUP BY ALL""",
    "study: two kinds of persons on each side": """
        SELECT pseudonym(b.mother_key) AS a, pseudonym(b.patient_key) AS b FROM birth b
        UNION SELECT pseudonym(p.patient_key), pseudonym(p.patient_key) FROM patient p""",
    "study: kinds of studies of images": """
        SELECT modality, LEFT(jj1017, 1) AS region, date_trunc('year', ts) AS y, COUNT(*) AS studies, SUM(n_images) AS images
        FROM imaging_study WHERE face_removed GROUP BY GROUPING SETS ((modality, region, y), (modality), ())""",
}
