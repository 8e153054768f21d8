"""Views as stewards of medical data write them, which must be accepted and run."""

STEWARDS: dict[str, str] = {
    "type 2 diabetes cohort": """
        WITH dm AS (
            SELECT patient_key, MIN(start_date) AS index_date
            FROM diagnosis
            WHERE icd10 LIKE 'E11%' AND NOT COALESCE(suspected, FALSE)
            GROUP BY patient_key
            HAVING COUNT(DISTINCT start_date) >= 2
        )
        SELECT pseudonym(p.patient_key) AS patient_key, p.sex, dm.index_date,
               age_band(p.birth_date, dm.index_date, 5) AS age_at_index,
               date_diff('day', p.first_seen, dm.index_date) AS lookback_days
        FROM dm JOIN patient AS p USING (patient_key)
        WHERE date_diff('day', p.first_seen, dm.index_date) >= 180
        ORDER BY patient_key""",
    "HbA1c series": """
        SELECT pseudonym(l.patient_key) AS patient_key, l.specimen_ts::DATE AS specimen_date,
               ROUND(l.value_num, 1) AS hba1c,
               ROW_NUMBER() OVER (PARTITION BY l.patient_key ORDER BY l.specimen_ts) AS nth,
               l.value_num - LAG(l.value_num) OVER (PARTITION BY l.patient_key ORDER BY l.specimen_ts) AS change
        FROM lab_result AS l
        WHERE l.jlac10 LIKE '3D046%' AND l.status IN ('F', 'C') AND l.value_num BETWEEN 3 AND 20""",
    "HbA1c at baseline and after one year": """
        WITH a1c AS (SELECT patient_key, specimen_ts::DATE AS d, value_num FROM lab_result WHERE jlac10 LIKE '3D046%'),
        start AS (SELECT patient_key, MIN(start_date) AS d0 FROM prescription WHERE yj LIKE '3969%' GROUP BY 1)
        SELECT pseudonym(s.patient_key) AS patient_key,
               AVG(a.value_num) FILTER (WHERE a.d BETWEEN s.d0 - INTERVAL 90 DAY AND s.d0) AS baseline,
               AVG(a.value_num) FILTER (WHERE a.d BETWEEN s.d0 + INTERVAL 300 DAY AND s.d0 + INTERVAL 420 DAY) AS year1
        FROM start s LEFT JOIN a1c a ON a.patient_key = s.patient_key
        GROUP BY s.patient_key""",
    "first prescription per patient": """
        SELECT pseudonym(patient_key) AS patient_key, yj, drug_name, start_date, daily_dose
        FROM prescription
        WHERE yj LIKE '3969%'
        QUALIFY ROW_NUMBER() OVER (PARTITION BY patient_key ORDER BY start_date, yj) = 1""",
    "drug exposure windows": """
        WITH rx AS (
            SELECT patient_key, LEFT(yj, 7) AS ingredient, start_date,
                   COALESCE(end_date, start_date + CAST(days AS INTEGER)) AS until
            FROM prescription WHERE days > 0
        ), marked AS (
            SELECT *, CASE WHEN start_date <= LAG(until) OVER (PARTITION BY patient_key, ingredient ORDER BY start_date)
                                              + INTERVAL 30 DAY THEN 0 ELSE 1 END AS opens
            FROM rx
        ), numbered AS (
            SELECT *, SUM(opens) OVER (PARTITION BY patient_key, ingredient ORDER BY start_date
                                       ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode
            FROM marked
        )
        SELECT pseudonym(patient_key) AS patient_key, ingredient, episode,
               MIN(start_date) AS exposed_from, MAX(until) AS exposed_until
        FROM numbered GROUP BY patient_key, ingredient, episode""",
    "proportion of days covered": """
        SELECT pseudonym(patient_key) AS patient_key,
               LEAST(1.0, SUM(days) * 1.0 / NULLIF(date_diff('day', MIN(start_date), MAX(end_date)), 0)) AS pdc
        FROM prescription WHERE yj LIKE '2189%' GROUP BY patient_key HAVING COUNT(*) > 1""",
    "DPC stays with what they cost": """
        SELECT pseudonym(e.encounter_key) AS encounter_key, pseudonym(e.patient_key) AS patient_key,
               SUBSTR(e.dpc_code, 1, 6) AS dpc6, e.los_days, f.points
        FROM encounter e
        LEFT JOIN (SELECT patient_key, admit_date, SUM(points) AS points FROM dpc_ef GROUP BY patient_key, admit_date) f
          ON f.patient_key = e.patient_key AND f.admit_date = e.admit_ts::DATE
        WHERE e.kind = 'IMP' AND e.dpc_code IS NOT NULL""",
    "DPC form 1 with ADL": """
        SELECT pseudonym(d.form1_key) AS form1_key, pseudonym(d.patient_key) AS patient_key, d.main_icd10, d.k_code_1,
               date_diff('day', d.admit_date, d.discharge_date) + 1 AS los,
               list_sum([TRY_CAST(SUBSTRING(d.adl_in, 1, 1) AS INTEGER), TRY_CAST(SUBSTRING(d.adl_in, 2, 1) AS INTEGER)]) AS adl,
               d.smoking_index > 400 AS heavy_smoker
        FROM dpc_form1 d WHERE d.version IS NOT NULL""",
    "claims by month": """
        SELECT strftime(month, '%Y-%m') AS ym, in_out, COUNT(DISTINCT patient_key) AS persons,
               COUNT(*) AS claims, SUM(total_points) * 10 AS yen, MEDIAN(total_points) AS median_points
        FROM claim WHERE month BETWEEN DATE '2023-04-01' AND DATE '2024-03-01'
        GROUP BY ALL ORDER BY 1, 2""",
    "claim lines with their receipts": """
        SELECT pseudonym(c.receipt_key) AS receipt_key, pseudonym(c.patient_key) AS patient_key, c.month,
               l.line_no, l.code, l.qty * l.times AS amount, l.points
        FROM claim c INNER JOIN claim_line l ON l.receipt_key = c.receipt_key AND l.patient_key = c.patient_key
        WHERE l.rec = 'IY'""",
    "readmission within 30 days": """
        WITH stays AS (
            SELECT encounter_key, patient_key, admit_ts, discharge_ts,
                   LEAD(admit_ts) OVER (PARTITION BY patient_key ORDER BY admit_ts, discharge_ts) AS next_admit
            FROM encounter WHERE kind = 'IMP' AND discharge_ts IS NOT NULL
        )
        SELECT pseudonym(encounter_key) AS encounter_key, pseudonym(patient_key) AS patient_key,
               CAST(discharge_ts AS DATE) AS discharged,
               COALESCE(date_diff('day', discharge_ts, next_admit) <= 30, FALSE) AS readmitted_30d
        FROM stays""",
    "readmission by a self join": """
        SELECT pseudonym(a.encounter_key) AS encounter_key, COUNT(DISTINCT b.encounter_key) AS readmissions
        FROM encounter a
        LEFT JOIN encounter b ON b.patient_key = a.patient_key AND b.encounter_key <> a.encounter_key
             AND b.admit_ts > a.discharge_ts AND b.admit_ts <= a.discharge_ts + INTERVAL '30 days'
        WHERE a.kind = 'IMP' GROUP BY a.encounter_key""",
    "eGFR by the Japanese formula": """
        SELECT pseudonym(l.patient_key) AS patient_key, l.specimen_ts,
               ROUND(194 * POWER(l.value_num, -1.094) * POWER(date_sub('year', p.birth_date, l.specimen_ts::DATE), -0.287)
                     * CASE p.sex WHEN 'F' THEN 0.739 ELSE 1.0 END, 1) AS egfr
        FROM lab_result l JOIN patient p ON p.patient_key = l.patient_key
        WHERE l.jlac10 LIKE '3C015%' AND l.value_num > 0
          AND date_sub('year', p.birth_date, l.specimen_ts::DATE) >= 18""",
    "CKD stages": """
        SELECT stage, COUNT(*) AS persons FROM (
            SELECT patient_key, CASE WHEN v >= 90 THEN 'G1' WHEN v >= 60 THEN 'G2' WHEN v >= 45 THEN 'G3a'
                                     WHEN v >= 30 THEN 'G3b' WHEN v >= 15 THEN 'G4' ELSE 'G5' END AS stage
            FROM (SELECT patient_key, arg_max(value_num, specimen_ts) AS v FROM lab_result
                  WHERE jlac10 LIKE '8A065%' GROUP BY patient_key) AS latest
        ) AS staged GROUP BY stage HAVING COUNT(*) >= 10""",
    "Charlson flags": """
        SELECT pseudonym(patient_key) AS patient_key,
               bool_or(icd10 SIMILAR TO '(I21|I22|I252).*') AS mi,
               bool_or(regexp_matches(icd10, '^(I43|I50)')) AS chf,
               bool_or(starts_with(icd10, 'J44')) AS copd,
               MAX(CASE WHEN LEFT(icd10, 3) IN ('E10', 'E11', 'E12', 'E13', 'E14') THEN 1 ELSE 0 END) AS dm,
               MAX(CASE WHEN LEFT(icd10, 3) BETWEEN 'C00' AND 'C97' THEN 2 ELSE 0 END) AS cancer
        FROM diagnosis WHERE suspected IS NOT TRUE GROUP BY patient_key""",
    "Charlson score from a code list": """
        WITH weights(prefix, weight) AS (VALUES ('I21', 1), ('I50', 1), ('N18', 2), ('C78', 6))
        SELECT pseudonym(q.patient_key) AS patient_key, SUM(q.weight) AS score
        FROM (SELECT DISTINCT d.patient_key, w.prefix, w.weight FROM diagnosis d
              JOIN weights w ON d.icd10 LIKE w.prefix || '%') q
        GROUP BY q.patient_key""",
    "laboratory values side by side": """
        SELECT pseudonym(patient_key) AS patient_key, specimen_ts::DATE AS day,
               MAX(CASE WHEN jlac10 LIKE '3D046%' THEN value_num END) AS hba1c,
               MAX(CASE WHEN jlac10 LIKE '3C015%' THEN value_num END) AS creatinine,
               MAX(value_num) FILTER (WHERE jlac10 LIKE '3F077%') AS ldl
        FROM lab_result WHERE status = 'F' GROUP BY patient_key, specimen_ts::DATE""",
    "latest values by DISTINCT ON": """
        SELECT DISTINCT ON (patient_key, jlac10) pseudonym(patient_key) AS patient_key, jlac10, value_num, specimen_ts
        FROM lab_result WHERE status = 'F'
        ORDER BY patient_key, jlac10, specimen_ts DESC""",
    "latest values by a maximum": """
        SELECT pseudonym(l.patient_key) AS patient_key, l.jlac10, l.value_num
        FROM lab_result l
        WHERE (l.patient_key, l.jlac10, l.specimen_ts) IN
              (SELECT patient_key, jlac10, MAX(specimen_ts) FROM lab_result GROUP BY patient_key, jlac10)""",
    "patients without the outcome before": """
        SELECT pseudonym(p.patient_key) AS patient_key FROM patient p
        WHERE NOT EXISTS (SELECT * FROM diagnosis d WHERE d.patient_key = p.patient_key
                          AND d.icd10 LIKE 'I21%' AND d.start_date < DATE '2020-01-01')
          AND p.patient_key IN (SELECT patient_key FROM prescription WHERE yj LIKE '2189%')""",
    "case and controls": """
        WITH cases AS (SELECT p.patient_key, p.sex, year(p.birth_date) AS born FROM patient p
                       SEMI JOIN diagnosis d ON d.patient_key = p.patient_key AND d.icd10 LIKE 'C34%'),
        others AS (SELECT p.patient_key, p.sex, year(p.birth_date) AS born FROM patient p
                   ANTI JOIN diagnosis d ON d.patient_key = p.patient_key AND d.icd10 LIKE 'C34%')
        SELECT pseudonym(c.patient_key) AS case_key, pseudonym(o.patient_key) AS control_key
        FROM cases c JOIN others o ON o.sex = c.sex AND o.born = c.born""",
    "person-years at risk": """
        SELECT p.sex, age_band(p.birth_date, p.first_seen, 10) AS age,
               SUM(date_diff('day', p.first_seen, LEAST(p.last_seen, COALESCE(p.death_date, p.last_seen)))) / 365.25 AS years
        FROM patient p WHERE p.last_seen > p.first_seen GROUP BY 1, 2""",
    "prevalence by month": """
        SELECT m.month, COUNT(DISTINCT p.patient_key) AS observed,
               COUNT(DISTINCT d.patient_key) AS with_diabetes
        FROM generate_series(DATE '2022-01-01', DATE '2022-12-01', INTERVAL 1 MONTH) AS m(month)
        JOIN patient p ON p.first_seen <= m.month AND p.last_seen >= m.month
        LEFT JOIN diagnosis d ON d.patient_key = p.patient_key AND d.icd10 LIKE 'E11%' AND d.start_date <= m.month
        GROUP BY m.month""",
    "survival": """
        SELECT pseudonym(p.patient_key) AS patient_key, p.sex,
               (p.death_date IS NOT NULL)::INTEGER AS died,
               date_diff('month', i.d0, COALESCE(p.death_date, p.last_seen)) AS months
        FROM patient p JOIN (SELECT patient_key, MIN(start_date) AS d0 FROM diagnosis
                             WHERE icd10 LIKE 'C%' GROUP BY patient_key) i USING (patient_key)""",
    "deaths by cause": """
        SELECT LEFT(cause, 3) AS cause3, COUNT(*) AS n FROM death
        WHERE death_date >= MAKE_DATE(2020, 1, 1) GROUP BY cause3 HAVING n >= 10""",
    "check-ups with body mass index": """
        SELECT pseudonym(patient_key) AS patient_key, date AS examined, bmi, waist,
               CASE WHEN bmi >= 25 THEN 'obese' WHEN bmi < 18.5 THEN 'thin' ELSE 'normal' END AS build,
               NTILE(4) OVER (ORDER BY bmi) AS quartile
        FROM health_checkup WHERE bmi IS NOT NULL""",
    "blood pressure before and after": """
        SELECT pseudonym(v.patient_key) AS patient_key,
               AVG(v.value_num) FILTER (v.ts < rx.first_rx) AS before,
               AVG(v.value_num) FILTER (v.ts >= rx.first_rx) AS after
        FROM vital v, LATERAL (SELECT MIN(r.ordered_ts) AS first_rx FROM prescription r
                               WHERE r.patient_key = v.patient_key AND r.yj LIKE '2149%') rx
        WHERE v.code LIKE '9A751%' GROUP BY v.patient_key""",
    "operations and their anaesthesia": """
        SELECT pseudonym(o.procedure_key) AS procedure_key, pseudonym(o.encounter_key) AS encounter_key, o.k_code,
               o.ts::DATE AS operated, o.anesthesia, e.los_days,
               date_diff('day', e.admit_ts::DATE, o.ts::DATE) AS waited
        FROM procedure o LEFT OUTER JOIN encounter e USING (encounter_key) WHERE o.k_code LIKE 'K%'""",
    "all codes of a person": """
        SELECT pseudonym(patient_key) AS patient_key,
               STRING_AGG(DISTINCT LEFT(icd10, 3), '|' ORDER BY LEFT(icd10, 3)) AS codes, COUNT(DISTINCT icd10) AS n
        FROM diagnosis GROUP BY patient_key""",
    "events of several tables": """
        SELECT pseudonym(patient_key) AS patient_key, start_date AS at, 'diagnosis' AS what, icd10 AS code FROM diagnosis
        UNION ALL SELECT pseudonym(patient_key), start_date, 'prescription', yj FROM prescription
        UNION ALL SELECT pseudonym(patient_key), CAST(ts AS DATE), 'procedure', k_code FROM procedure
        ORDER BY 1, 2""",
    "regions by their names": """
        SELECT m.name AS municipality, COUNT(*) AS persons FROM patient p
        JOIN code_municipality m ON m.code = p.municipality_code GROUP BY m.name HAVING COUNT(*) >= 10""",
    "drugs by their names": """
        SELECT r.yj, MAX(c.name) AS drug, COUNT(DISTINCT r.patient_key) AS persons
        FROM prescription r LEFT JOIN code_drug c ON c.yj = r.yj GROUP BY r.yj""",
    "differences between institutions": """
        SELECT pseudonym(facility_key) AS facility_key, COUNT(DISTINCT patient_key) AS persons,
               AVG(los_days) AS mean_los, STDDEV_SAMP(los_days) AS sd_los, QUANTILE_CONT(los_days, 0.9) AS p90
        FROM encounter WHERE kind = 'IMP' GROUP BY facility_key HAVING COUNT(DISTINCT patient_key) >= 10""",
    "persons seen in two institutions": """
        SELECT pseudonym(patient_key) AS patient_key, COUNT(DISTINCT facility_key) AS institutions
        FROM encounter GROUP BY patient_key HAVING COUNT(DISTINCT facility_key) > 1""",
    "abnormal results against their limits": """
        SELECT jlac10, method_code, COUNT(*) AS n,
               SUM(CASE WHEN value_num > ref_high THEN 1 ELSE 0 END) AS high,
               ROUND(100.0 * COUNT(*) FILTER (WHERE value_num < ref_low) / COUNT(*), 2) AS low_percent
        FROM lab_result WHERE ref_low IS NOT NULL AND ref_high IS NOT NULL
        GROUP BY jlac10, method_code HAVING COUNT(DISTINCT patient_key) >= 10""",
    "births and their mothers": """
        SELECT pseudonym(b.birth_key) AS birth_key, pseudonym(b.mother_key) AS mother_key,
               CASE WHEN b.birth_weight < 2500 THEN 1 ELSE 0 END AS low_weight, b.gestational_weeks
        FROM birth b JOIN patient m ON m.patient_key = b.mother_key""",
    "care levels over time": """
        SELECT pseudonym(patient_key) AS patient_key, certified_date, level,
               FIRST_VALUE(level) OVER w AS first_level, LAST_VALUE(level) OVER w AS last_level
        FROM ltc_certification
        WINDOW w AS (PARTITION BY patient_key ORDER BY certified_date
                     ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)""",
    "vaccinations and their doses": """
        SELECT pseudonym(patient_key) AS patient_key, vaccine_code, dose_no, date AS given,
               date - LAG(date) OVER (PARTITION BY patient_key, vaccine_code ORDER BY dose_no) AS since_last
        FROM vaccination""",
    "documents without their words": """
        SELECT pseudonym(document_key) AS document_key, pseudonym(patient_key) AS patient_key, kind, ts, n_chars
        FROM document""",
    "days a drug was on the claim": """
        SELECT pseudonym(patient_key) AS patient_key, month, code, bit_count(day_bits) AS days,
               (day_bits & 1) = 1 AS on_the_first
        FROM claim_line WHERE rec = 'IY'""",
    "a mean over the past year": """
        SELECT pseudonym(patient_key) AS patient_key, specimen_ts,
               AVG(value_num) OVER (PARTITION BY patient_key ORDER BY specimen_ts
                   RANGE BETWEEN INTERVAL 365 DAY PRECEDING AND CURRENT ROW) AS mean_1y
        FROM lab_result WHERE jlac10 LIKE '3F077%'""",
    "in Japanese": """
        WITH 対象者 AS (SELECT patient_key AS 患者, MIN(start_date) AS 診断日 FROM diagnosis
                        WHERE icd10 LIKE 'E11%' GROUP BY 患者)
        SELECT pseudonym(患者) AS patient_key, 診断日 AS diagnosed FROM 対象者""",
    "everything of a claim but its identifiers": """
        SELECT pseudonym(c.receipt_key) AS receipt_key,
               c.* EXCLUDE (receipt_key, patient_key, facility_key, facility_prefecture, source_ref,
                            insurer_no, insured_symbol, insured_no, insured_branch, chart_no)
        FROM claim AS c""",
}
