-- table: patients
-- label: 患者 / patients
-- profile: pseudo
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column sex: 性別 / sex
-- column birth_month: 生年月 / month of birth
-- column prefecture: 都道府県 (JIS) / prefecture (JIS)
-- column first_seen: 観察開始日 / first day of observation
-- column last_seen: 観察終了日 / last day of observation
SELECT
    pseudonym(patient_key) AS patient_key,
    sex,
    birth_month(birth_date) AS birth_month,
    prefecture,
    first_seen,
    last_seen
FROM patient
