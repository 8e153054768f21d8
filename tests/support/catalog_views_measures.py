"""Honest views of measurements, time and text: series, pivots, calendars, percentiles, normalised codes."""

MEASURES: dict[str, str] = {
    "measure: HbA1c by quarter": """
        SELECT pseudonym(patient_key) AS patient_key, date_trunc('quarter', specimen_ts) AS q,
               AVG(value_num) AS mean_hba1c, MAX(value_num) - MIN(value_num) AS spread, COUNT(*) AS n
        FROM lab_result WHERE jlac10 LIKE '3D046%' AND value_num IS NOT NULL GROUP BY 1, 2""",
    "measure: eGFR of Japan": """
        SELECT pseudonym(l.patient_key) AS patient_key, CAST(l.specimen_ts AS DATE) AS measured,
               194 * POWER(l.value_num, -1.094) * POW(date_diff('year', p.birth_date, l.specimen_ts::DATE), -0.287)
                   * CASE WHEN p.sex = 'F' THEN 0.739 ELSE 1.0 END AS egfr
        FROM lab_result l JOIN patient p ON p.patient_key = l.patient_key
        WHERE l.jlac10 LIKE '3C015%' AND l.value_num > 0 AND p.birth_date IS NOT NULL""",
    "measure: stages of kidney disease": """
        WITH egfr AS (
            SELECT l.patient_key, l.specimen_ts, 194 * POWER(l.value_num, -1.094)
                 * POWER(GREATEST(1, date_diff('year', p.birth_date, l.specimen_ts)), -0.287) AS v
            FROM lab_result l JOIN patient p USING (patient_key) WHERE l.jlac10 LIKE '3C015%' AND l.value_num > 0
        )
        SELECT pseudonym(patient_key) AS patient_key,
               CASE WHEN v >= 90 THEN 'G1' WHEN v >= 60 THEN 'G2' WHEN v >= 45 THEN 'G3a' WHEN v >= 30 THEN 'G3b'
                    WHEN v >= 15 THEN 'G4' ELSE 'G5' END AS stage, MIN(specimen_ts) AS first_at
        FROM egfr GROUP BY patient_key, stage""",
    "measure: labs as columns": """
        SELECT pseudonym(patient_key) AS patient_key, specimen_ts::DATE AS day,
               MAX(CASE WHEN jlac10 LIKE '3D046%' THEN value_num END) AS hba1c,
               MAX(value_num) FILTER (WHERE jlac10 LIKE '3C015%') AS creatinine,
               AVG(IF(jlac10 LIKE '3F077%', value_num, NULL)) AS ldl
        FROM lab_result GROUP BY patient_key, day HAVING hba1c IS NOT NULL""",
    "measure: first and last in one row": """
        SELECT pseudonym(patient_key) AS patient_key, FIRST(value_num ORDER BY specimen_ts) AS first_value,
               LAST(value_num ORDER BY specimen_ts) AS last_value, arg_min(value_num, specimen_ts) AS also_first,
               max_by(value_num, specimen_ts) AS also_last
        FROM lab_result WHERE jlac10 LIKE '3F077%' GROUP BY patient_key""",
    "measure: nearest to the index date": """
        SELECT pseudonym(q.patient_key) AS patient_key, q.value_num, q.gap FROM (
            SELECT l.patient_key, l.value_num, ABS(date_diff('day', c.d0, l.specimen_ts::DATE)) AS gap,
                   ROW_NUMBER() OVER (PARTITION BY l.patient_key
                        ORDER BY ABS(date_diff('day', c.d0, l.specimen_ts::DATE)), l.specimen_ts DESC) AS rn
            FROM lab_result l JOIN (SELECT patient_key, MIN(admit_ts)::DATE AS d0 FROM encounter GROUP BY patient_key) c
              ON c.patient_key = l.patient_key) q
        WHERE q.rn = 1 AND q.gap <= 90""",
    "measure: percentiles by sex": """
        SELECT sex, quantile_cont(height_cm, [0.05, 0.5, 0.95]) AS q
        FROM patient GROUP BY sex""",
    "measure: percentiles within a group": """
        SELECT sex, PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY weight_kg) AS p25,
               PERCENTILE_DISC(0.75) WITHIN GROUP (ORDER BY weight_kg) AS p75, MODE(abo) AS abo
        FROM patient GROUP BY sex""",
    "measure: deciles of body mass": """
        SELECT pseudonym(patient_key) AS patient_key, weight_kg / ((height_cm / 100) ^ 2) AS bmi,
               NTILE(10) OVER (ORDER BY weight_kg / ((height_cm / 100) ** 2)) AS decile
        FROM patient WHERE height_cm > 0""",
    "measure: z scores": """
        SELECT pseudonym(patient_key) AS patient_key, jlac10,
               (value_num - AVG(value_num) OVER w) / NULLIF(STDDEV_POP(value_num) OVER w, 0) AS z
        FROM lab_result WINDOW w AS (PARTITION BY jlac10)""",
    "measure: slopes": """
        SELECT pseudonym(patient_key) AS patient_key, REGR_SLOPE(value_num, epoch(specimen_ts) / 86400.0) AS slope,
               REGR_R2(value_num, epoch(specimen_ts) / 86400.0) AS r2, CORR(value_num, ref_high)
        FROM lab_result WHERE jlac10 LIKE '3C015%' GROUP BY patient_key HAVING COUNT(*) >= 3""",
    "measure: a rolling mean of thirty days": """
        SELECT pseudonym(patient_key) AS patient_key, ts, AVG(value_num) OVER (
                   PARTITION BY patient_key, code ORDER BY ts
                   RANGE BETWEEN INTERVAL 30 DAYS PRECEDING AND CURRENT ROW) AS mean_30d,
               COUNT(*) OVER (PARTITION BY patient_key ORDER BY ts
                   RANGE BETWEEN INTERVAL '7 days' PRECEDING AND INTERVAL '7 days' FOLLOWING) AS around
        FROM vital""",
    "measure: a calendar of months": """
        WITH months AS (SELECT UNNEST(generate_series(DATE '2020-01-01', DATE '2020-12-01', INTERVAL '1 month'))::DATE AS m)
        SELECT months.m AS month_start, COUNT(e.encounter_key) AS stays
        FROM months LEFT JOIN encounter e ON e.admit_ts >= months.m AND e.admit_ts < months.m + INTERVAL '1 month'
        GROUP BY months.m ORDER BY months.m""",
    "measure: days of a calendar by range": """
        SELECT d.day::DATE AS day, COUNT(*) AS in_hospital
        FROM range(DATE '2021-01-01', DATE '2021-02-01', INTERVAL 1 DAY) AS d(day)
        JOIN encounter e ON d.day BETWEEN e.admit_ts AND COALESCE(e.discharge_ts, TIMESTAMP '2021-02-01 00:00:00')
        GROUP BY d.day""",
    "measure: persons by months they were seen": """
        SELECT pseudonym(p.patient_key) AS patient_key, s.n AS month_no
        FROM patient p CROSS JOIN generate_series(0, 11) AS s(n)
        WHERE p.first_seen + s.n * INTERVAL '1 month' <= p.last_seen""",
    "measure: person-months without a visit": """
        WITH grid AS (
            SELECT p.patient_key, m.m FROM patient p,
                   (SELECT UNNEST([DATE '2022-01-01', DATE '2022-02-01', DATE '2022-03-01']) AS m) m
        )
        SELECT g.m AS month, COUNT(*) FILTER (WHERE e.n IS NULL) AS without_visit FROM grid g
        LEFT JOIN (SELECT patient_key, date_trunc('month', admit_ts)::DATE AS m, COUNT(*) AS n
                   FROM encounter GROUP BY ALL) e ON e.patient_key = g.patient_key AND e.m = g.m
        GROUP BY g.m""",
    "measure: runs of abnormal results": """
        WITH x AS (
            SELECT patient_key, specimen_ts, abn_flag,
                   ROW_NUMBER() OVER (PARTITION BY patient_key ORDER BY specimen_ts)
                 - ROW_NUMBER() OVER (PARTITION BY patient_key, abn_flag ORDER BY specimen_ts) AS island
            FROM lab_result WHERE jlac10 LIKE '3C015%'
        )
        SELECT pseudonym(patient_key) AS patient_key, abn_flag, MIN(specimen_ts) AS s, MAX(specimen_ts) AS e, COUNT(*) AS n
        FROM x GROUP BY patient_key, abn_flag, island HAVING COUNT(*) >= 2""",
    "measure: codes normalised": """
        SELECT pseudonym(patient_key) AS patient_key, UPPER(TRIM(REPLACE(icd10, '.', ''))) AS icd,
               regexp_replace(icd10, '[^A-Z0-9]', '', 'g') AS clean, regexp_extract(icd10, '^([A-Z][0-9]{2})', 1) AS cat3,
               SUBSTRING(icd10 FROM 1 FOR 3) AS three, LPAD(CAST(LENGTH(icd10) AS VARCHAR), 2, '0') AS len,
               split_part(icd10, '.', 2) AS sub, icd10[1:3] AS sliced, icd10 ~ '^C[0-9]{2}' AS cancer
        FROM diagnosis""",
    "measure: ICD-10 chapters": """
        SELECT c.chapter, COUNT(DISTINCT d.patient_key) AS persons FROM diagnosis d
        JOIN (VALUES ('A00', 'B99', 'I'), ('C00', 'D48', 'II'), ('I00', 'I99', 'IX')) AS c(lo, hi, chapter)
          ON SUBSTR(d.icd10, 1, 3) BETWEEN c.lo AND c.hi GROUP BY c.chapter""",
    "measure: drug names from the code table": """
        SELECT pseudonym(r.patient_key) AS patient_key, COALESCE(c.name, r.drug_name, '不明') AS drug,
               r.dose || ' ' || r.dose_unit AS dose_text, r.days * r.daily_dose AS total
        FROM prescription r LEFT JOIN (SELECT DISTINCT yj, name FROM code_drug) c ON c.yj = r.yj""",
    "measure: lab names from the code table by date": """
        SELECT j.name, l.unit_ucum, COUNT(*) AS n, COUNT(DISTINCT l.patient_key) AS persons
        FROM lab_result l JOIN code_jlac10 j ON j.code = l.jlac10
         AND l.specimen_ts::DATE BETWEEN j.valid_from AND COALESCE(j.valid_until, DATE '9999-12-31')
        GROUP BY j.name, l.unit_ucum HAVING persons >= 10""",
    "measure: check-ups from year to year": """
        SELECT pseudonym(patient_key) AS patient_key, year(date) AS y, bmi,
               bmi - LAG(bmi, 1) OVER (PARTITION BY patient_key ORDER BY date) AS change,
               FIRST_VALUE(bmi) OVER (PARTITION BY patient_key ORDER BY date) AS at_start,
               smoking = '1' AS smokes
        FROM health_checkup WHERE type = '特定' AND bmi IS NOT NULL""",
    "measure: trends of check-ups": """
        SELECT EXTRACT(year FROM date) + CASE WHEN EXTRACT(month FROM date) < 4 THEN -1 ELSE 0 END AS fiscal_year,
               guidance_level, COUNT(*) AS n, ROUND(100 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY fiscal_year), 1) AS pct
        FROM health_checkup GROUP BY fiscal_year, guidance_level""",
    "measure: metabolic syndrome": """
        SELECT pseudonym(h.patient_key) AS patient_key, h.date AS examined,
               (CASE WHEN (p.sex = 'M' AND h.waist >= 85) OR (p.sex = 'F' AND h.waist >= 90) THEN 1 ELSE 0 END)
             + (h.bmi >= 25)::INT AS risk
        FROM health_checkup h JOIN patient p USING (patient_key)""",
    "measure: intervals of vaccination": """
        SELECT pseudonym(a.patient_key) AS patient_key, a.vaccine_code, b.date - a.date AS days_between
        FROM vaccination a JOIN vaccination b
          ON b.patient_key = a.patient_key AND b.vaccine_code = a.vaccine_code AND b.dose_no = a.dose_no + 1""",
    "measure: coverage of vaccination": """
        SELECT p.municipality_code, COUNT(DISTINCT v.patient_key) * 1.0 / COUNT(DISTINCT p.patient_key) AS coverage
        FROM patient p LEFT JOIN vaccination v ON v.patient_key = p.patient_key AND v.dose_no >= 2
        GROUP BY p.municipality_code HAVING COUNT(DISTINCT p.patient_key) >= 10""",
    "measure: events after vaccination": """
        SELECT v.vaccine_code, date_diff('day', v.date, d.start_date) AS day, COUNT(*) AS n
        FROM vaccination v INNER JOIN diagnosis d USING (patient_key)
        WHERE d.start_date BETWEEN v.date AND v.date + 28 GROUP BY 1, 2""",
    "measure: time of day": """
        SELECT hour(ts) AS h, dayofweek(ts) AS dow, isodow(ts) AS iso, weekofyear(ts) AS w, monthname(ts) AS mn,
               date_part('quarter', ts) AS q, COUNT(*) AS n FROM vital GROUP BY ALL""",
    "measure: blood pressure by minute": """
        SELECT pseudonym(s.patient_key) AS patient_key, s.ts, s.value_num AS sbp, d.value_num AS dbp,
               (s.value_num + 2 * d.value_num) / 3 AS map
        FROM vital s JOIN vital d ON s.patient_key = d.patient_key AND s.ts = d.ts
        WHERE s.code = '9A751000000000001' AND d.code = '9A752000000000001'""",
    "measure: a struct of a person's summary": """
        SELECT pseudonym(patient_key) AS patient_key, {'n': COUNT(*), 'top': MAX(value_num)} AS summary,
               map([1, 2], ['a', 'b'])[1] AS x, struct_pack(lo := MIN(value_num), hi := MAX(value_num)) AS bounds
        FROM lab_result GROUP BY patient_key""",
    "measure: infusion hours": """
        SELECT pseudonym(injection_key) AS injection_key, yj, rate,
               date_diff('minute', start_ts, stop_ts) / 60.0 AS hours, age(stop_ts, start_ts) AS lasted
        FROM injection WHERE performed_flag AND component_type = 'B'""",
    "measure: orders beside their injections": """
        SELECT pseudonym(r.rx_key) AS rx_key, r.yj, COUNT(i.injection_key) AS given, SUM(i.dose) AS dose,
               COUNT(*) FILTER (WHERE i.rx_no = r.rx_no) AS same_slip
        FROM prescription r LEFT JOIN injection i ON i.rx_key = r.rx_key GROUP BY r.rx_key, r.yj""",
    "measure: slips of a day in order": """
        SELECT pseudonym(patient_key) AS patient_key, ordered_ts,
               RANK() OVER (PARTITION BY patient_key ORDER BY ordered_ts) AS nth
        FROM prescription WHERE rx_no IS NOT NULL""",
    "measure: histogram of values": """
        SELECT FLOOR(value_num / 0.5) * 0.5 AS bucket, COUNT(*) AS n, REPEAT('*', (COUNT(*) // 10)::INT) AS bar
        FROM lab_result WHERE jlac10 LIKE '3D046%' GROUP BY bucket""",
    "measure: outliers by quartiles": """
        WITH q AS (SELECT jlac10, quantile_cont(value_num, 0.25) AS q1, quantile_cont(value_num, 0.75) AS q3
                   FROM lab_result GROUP BY jlac10)
        SELECT pseudonym(l.patient_key) AS patient_key, l.jlac10, l.value_num
        FROM lab_result l JOIN q ON q.jlac10 = l.jlac10
        WHERE l.value_num > q.q3 + 1.5 * (q.q3 - q.q1) OR l.value_num < q.q1 - 1.5 * (q.q3 - q.q1)""",
    "measure: completeness of columns": """
        SELECT COUNT(*) AS n, COUNT(birth_date) / COUNT(*) AS birth, AVG(CASE WHEN abo IS NULL THEN 0 ELSE 1 END) AS abo,
               SUM(IF(height_cm IS NULL, 1, 0)) AS no_height, COUNT_IF(weight_kg IS NULL) AS no_weight
        FROM patient""",
    "measure: duplicate results found": """
        SELECT jlac10, COUNT(*) AS doubled FROM (
            SELECT patient_key, jlac10, specimen_ts, COUNT(*) AS n FROM lab_result
            GROUP BY patient_key, jlac10, specimen_ts HAVING COUNT(*) > 1) GROUP BY jlac10""",
    "measure: nulls and zeros": """
        SELECT IFNULL(comparator, '=') AS op, NULLIF(value_num, 0) AS v, value_num IS NULL AS missing,
               COALESCE(ordinal, 0) AS o, ISNAN(value_num) AS nan, SIGN(value_num) AS s, TRUNC(value_num) AS t
        FROM lab_result""",
}
