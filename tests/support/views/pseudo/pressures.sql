-- table: pressures
-- label: 収縮期血圧 / systolic blood pressure
-- profile: pseudo
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column measured: 測定日時 / measured at
-- column systolic: 収縮期血圧 (mmHg) / systolic pressure (mmHg)
SELECT
    pseudonym(patient_key) AS patient_key,
    ts AS measured,
    value_num AS systolic
FROM vital
WHERE code = '9A755000000000001'
