-- table: pressures
-- label: 収縮期血圧 / systolic blood pressure
-- profile: anon
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column measured: 測定日時 / measured at
-- column systolic: 収縮期血圧 (mmHg) / systolic pressure (mmHg)
SELECT
    pseudonym(patient_key) AS patient_key,
    date_shift(ts) AS measured,
    top_code(value_num, 200) AS systolic
FROM vital
WHERE code = '9A755000000000001'
