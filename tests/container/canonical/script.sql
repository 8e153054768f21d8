SELECT sex, count(DISTINCT patient_key)  
FROM visits
GROUP BY sex;
