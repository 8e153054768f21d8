-- table: people
-- label: 患者 / people
-- profile: anon
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column sex: 性別 / sex
-- column birth: 生年月 / month of birth
-- column weight: 体重 (kg) / weight (kg)
SELECT
    pseudonym(p.patient_key) AS patient_key,
    p.sex,
    birth_month(p.birth_date) AS birth,
    bin(p.weight_kg, 5) AS weight
FROM patient AS p
