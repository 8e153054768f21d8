-- table: diagnoses
-- label: 傷病名 / diagnoses
-- profile: pseudo
-- column patient_key: 患者 (仮名) / person (pseudonym)
-- column icd10: ICD-10 / ICD-10
-- column receipt_disease_code: 傷病名コード (レセ電) / claims disease code
-- column suspected: 疑い / suspected
-- column start_date: 診療開始日 / first day of treatment
-- column age_band: 診療開始時の年齢 (5歳階級の下限) / age at the start, lower bound of five years
SELECT
    pseudonym(d.patient_key) AS patient_key,
    d.icd10,
    d.receipt_disease_code,
    d.suspected,
    d.start_date,
    age_band(p.birth_date, d.start_date, 5) AS age_band
FROM diagnosis AS d
INNER JOIN patient AS p USING (patient_key)
