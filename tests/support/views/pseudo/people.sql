-- table: people
-- label: 患者 / people
-- profile: pseudo
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column sex: 性別 / sex
-- column birth: 生年月日 / date of birth
-- column weight: 体重 (kg) / weight (kg)
SELECT
    pseudonym(p.patient_key) AS patient_key,
    p.sex,
    p.birth_date AS birth,
    p.weight_kg AS weight
FROM patient AS p
