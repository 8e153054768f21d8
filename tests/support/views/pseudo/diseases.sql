-- table: diseases
-- label: 傷病名 / diseases
-- profile: pseudo
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column began: 診療開始日 / first day of treatment
-- column disease: 病名 / disease
SELECT
    pseudonym(d.patient_key) AS patient_key,
    d.start_date AS began,
    c.name AS disease
FROM diagnosis AS d
INNER JOIN code_mdcdx2 AS c ON d.mdcdx2_no = c.code
