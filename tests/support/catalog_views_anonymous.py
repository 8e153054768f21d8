"""Honest views for the profile ``anon``: each fact through the transform that the profile demands."""

ANONYMOUS: dict[str, str] = {
    "anon: people": """
        SELECT pseudonym(patient_key) AS patient_key, sex, birth_month(birth_date) AS born,
               region_up(municipality_code) AS prefecture, region_up(prefecture) AS area
        FROM patient""",
    "anon: diagnoses": """
        SELECT pseudonym(patient_key) AS patient_key, rare_to_other(icd10) AS icd10, date_shift(start_date) AS started
        FROM diagnosis WHERE NOT suspected""",
    "anon: values": """
        SELECT pseudonym(l.patient_key) AS patient_key, date_shift(l.specimen_ts) AS at, bin(l.value_num, 0.5) AS hba1c,
               age_band(p.birth_date, l.specimen_ts, 10) AS age
        FROM lab_result l JOIN patient p ON p.patient_key = l.patient_key WHERE l.jlac10 LIKE '3D046%'""",
    "anon: heights and weights": """
        SELECT sex, top_code(height_cm, 190) AS height, bottom_code(weight_kg, 40) AS weight FROM patient""",
    "anon: counts": "SELECT sex, COUNT(*) AS n, COUNT(DISTINCT municipality_code) AS places FROM patient GROUP BY sex",
    "anon: stays": """
        SELECT pseudonym(encounter_key) AS encounter_key, date_shift(admit_ts) AS admitted, top_code(los_days, 60) AS los
        FROM encounter WHERE kind = 'IMP'""",
    "anon: first drug of a person": """
        WITH x AS (
            SELECT patient_key, yj, start_date FROM prescription
            QUALIFY ROW_NUMBER() OVER (PARTITION BY patient_key ORDER BY start_date) = 1)
        SELECT pseudonym(patient_key) AS patient_key, rare_to_other(yj) AS yj, date_shift(start_date) AS started FROM x""",
    "anon: has a disease": """
        SELECT pseudonym(p.patient_key) AS patient_key, p.sex,
               EXISTS (SELECT 1 FROM diagnosis d WHERE d.patient_key = p.patient_key AND d.icd10 LIKE 'E11%') AS diabetes
        FROM patient p""",
    "anon: whether a value is high": """
        SELECT pseudonym(patient_key) AS patient_key, CASE WHEN value_num >= 6.5 THEN 'high' ELSE 'not high' END AS level,
               date_shift(specimen_ts) AS at FROM lab_result WHERE jlac10 LIKE '3D046%'""",
    "anon: deaths by age": """
        SELECT age_band(p.birth_date, d.death_date, 10) AS age, p.sex, COUNT(*) AS n
        FROM death d JOIN patient p USING (patient_key) GROUP BY 1, 2""",
    "anon: groups of ages": """
        SELECT age_band(birth_date, DATE '2024-04-01', 5) AS age, COUNT(*) AS n FROM patient GROUP BY age HAVING COUNT(*) >= 10""",
    "anon: days of a stay": """
        SELECT pseudonym(encounter_key) AS encounter_key,
               date_diff('day', date_shift(admit_ts), date_shift(discharge_ts)) AS days
        FROM encounter""",
    "anon: the first of a sex, with a shifted date": """
        SELECT DISTINCT ON (p.sex) p.sex, date_shift(d.start_date) AS at
        FROM patient p JOIN diagnosis d ON d.encounter_key IS NOT NULL AND d.icd10 = 'E11' ORDER BY p.sex, p.abo""",
    "anon: regions grouped": "SELECT region_up(prefecture) AS area, COUNT(*) AS n FROM patient GROUP BY area",
    "anon: events in one column": """
        SELECT pseudonym(patient_key) AS patient_key, date_shift(start_date) AS at, rare_to_other(icd10) AS code FROM diagnosis
        UNION ALL SELECT pseudonym(patient_key), date_shift(start_date), rare_to_other(yj) FROM prescription""",
}
"""They must be accepted in the profile ``anon``, and run."""
