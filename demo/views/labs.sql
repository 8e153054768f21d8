-- table: labs
-- label: 検査結果 / laboratory results
-- profile: pseudo
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column specimen_date: 採取日 / day of the specimen
-- column jlac10: 検査項目 (JLAC10) / item (JLAC10)
-- column item: 検査項目名 / name of the item
-- column value: 検査値 / value
-- column unit: 単位 (UCUM) / unit (UCUM)
-- column abn_flag: 異常区分 (H/L/N) / abnormal flag (H/L/N)
SELECT
    pseudonym(patient_key) AS patient_key,
    CAST(specimen_ts AS DATE) AS specimen_date,
    jlac10,
    CASE
        WHEN jlac10 = '3D046000001920402' THEN 'HbA1c'
        WHEN jlac10 = '3D010000002327101' THEN 'グルコース'
        WHEN jlac10 = '3C015000002327101' THEN 'クレアチニン'
        WHEN jlac10 = '8A065000002391901' THEN 'eGFR'
        WHEN jlac10 = '3F077000002327101' THEN 'LDL-C'
        ELSE 'その他'
    END AS item,
    value_num AS value,
    unit_ucum AS unit,
    abn_flag
FROM lab_result
WHERE status IN ('F', 'C')
