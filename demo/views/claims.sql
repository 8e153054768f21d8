-- table: claims
-- label: レセプト / claims
-- profile: pseudo
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column receipt_key: レセプト (仮名) / claim (pseudonym)
-- column month: 診療年月 / month of treatment
-- column in_out: 入外区分 / inpatient or outpatient
-- column total_points: 合計点数 / total points
-- column days: 実日数 / days of treatment
SELECT
    pseudonym(patient_key) AS patient_key,
    pseudonym(receipt_key) AS receipt_key,
    month,
    in_out,
    total_points,
    days
FROM claim
