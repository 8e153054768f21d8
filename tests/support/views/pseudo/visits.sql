-- table: visits
-- label: 受診 / visits
-- profile: pseudo
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column visit: 受診日 / day of the visit
SELECT
    pseudonym(patient_key) AS patient_key,
    CAST(admit_ts AS DATE) AS visit
FROM encounter
