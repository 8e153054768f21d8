"""What municipalities and insurers hold: checkups, long-term care, vaccination, birth and death.

Answers to questionnaires, levels of care, pregnancies and causes of death are sensitive. The
number under which long-term care knows a person is a direct identifier; the lot of a vaccine
can be followed to whom it was given and is held as a linkable identifier.
"""

from catalog.schema.columns import Column, Nature, Table
from catalog.schema.standing import (
    AD,
    CL,
    DI,
    LK,
    QI,
    SE,
    ST,
    code,
    encounter_key,
    event,
    key,
    measure,
    patient_key,
    provenance,
    words,
)

HEALTH_CHECKUP = Table(
    "health_checkup",
    "健診",
    "health checkups",
    (
        key("checkup_key", "health_checkup", "健診キー", "checkup key"),
        patient_key(),
        event("date", "DATE", "受診日", "date of the checkup"),
        Column("type", QI, "VARCHAR", "健診種別", "kind of checkup", codes="特定/妊婦/乳幼児/学校/後期/…"),
        Column("item", CL, "VARCHAR", "項目", "item", codes="JLAC10"),
        measure("value_num", "結果値", "value"),
        words("value_text", "結果値 (文字)", "value in words"),
        Column("unit", CL, "VARCHAR", "単位", "unit", codes="UCUM"),
        Column("smoking", SE, "VARCHAR", "喫煙", "smoking", codes="特定健診"),
        Column("drinking", SE, "VARCHAR", "飲酒", "drinking", codes="特定健診"),
        Column("exercise", SE, "VARCHAR", "運動習慣", "exercise", codes="特定健診"),
        Column("medication", SE, "VARCHAR", "服薬", "medication", codes="特定健診"),
        measure("waist", "腹囲", "waist", "cm"),
        measure("bmi", "BMI", "body mass index", "kg/m2"),
        Column("guidance_level", SE, "VARCHAR", "保健指導レベル", "level of guidance", codes="特定健診"),
        Column("result_category", CL, "VARCHAR", "判定", "result", codes="特定健診"),
        *provenance(),
    ),
)

LTC_CERTIFICATION = Table(
    "ltc_certification",
    "要介護認定",
    "certifications of long-term care",
    (
        key("certification_key", "ltc_certification", "要介護認定キー", "certification key"),
        patient_key(),
        Column("insured_no", DI, "VARCHAR", "介護被保険者番号", "insured person's number"),
        event("application_date", "DATE", "申請日", "date of application"),
        event("survey_date", "DATE", "認定調査日", "date of the survey"),
        event("certified_date", "DATE", "認定日", "date of certification"),
        Column("level", SE, "VARCHAR", "要介護度", "level of care", codes="非該当/支援1-2/介護1-5"),
        Column("disability_level", SE, "VARCHAR", "障害高齢者の日常生活自立度", "daily living, disability"),
        Column("dementia_level", SE, "VARCHAR", "認知症高齢者の日常生活自立度", "daily living, dementia"),
        Column("care_service_code", CL, "VARCHAR", "介護サービスコード", "care service", codes="介護"),
        Column("units", CL, "INTEGER", "単位数", "units"),
        Column("provider_no", ST, "VARCHAR", "事業所番号", "provider's number"),
        *provenance(),
    ),
)

LTC_BENEFIT = Table(
    "ltc_benefit",
    "介護給付",
    "benefits of long-term care",
    (
        key("benefit_key", "ltc_benefit", "介護給付キー", "benefit key"),
        patient_key(),
        event("month", "DATE", "サービス提供年月", "month of service"),
        Column("service_code", CL, "VARCHAR", "サービスコード", "service code", codes="介護"),
        Column("units", CL, "INTEGER", "単位数", "units"),
        Column("provider", ST, "VARCHAR", "事業所", "provider"),
        *provenance(),
    ),
)

VACCINATION = Table(
    "vaccination",
    "予防接種",
    "vaccinations",
    (
        key("vaccination_key", "vaccination", "予防接種キー", "vaccination key"),
        patient_key(),
        event("date", "DATE", "接種日", "date of vaccination"),
        code("vaccine_code", "ワクチンコード", "vaccine code", "国コード"),
        Column("lot", LK, "VARCHAR", "ロット番号", "lot number", entity="vaccine_lot"),
        Column("dose_no", CL, "SMALLINT", "接種回数", "number of the dose"),
        Column("manufacturer", CL, "VARCHAR", "製造販売業者", "manufacturer"),
        Column("site", CL, "VARCHAR", "接種部位", "site"),
        words("adverse", "副反応", "adverse reaction in words"),
        *provenance(),
    ),
)

DEATH = Table(
    "death",
    "死亡",
    "deaths",
    (
        key("death_key", "death", "死亡キー", "death key"),
        patient_key(),
        event("death_date", "DATE", "死亡日", "date of death"),
        event("death_hour", "SMALLINT", "死亡時刻 (2時間単位)", "hour of death, in steps of two"),
        code("cause", "死因 (Ⅰ欄)", "cause of death, part I", "ICD-10", SE),
        code("cause_ii", "死因 (Ⅱ欄)", "cause of death, part II", "ICD-10", SE),
        Column("place", QI, "VARCHAR", "死亡場所の種別", "kind of place", codes="死亡診断書"),
        words("certificate_text", "死亡診断書の記載", "certificate in words"),
        Column("source", AD, "VARCHAR", "情報源", "source", codes="住民票除票/死亡診断書"),
        *provenance(),
    ),
)

PREGNANCY = Table(
    "pregnancy",
    "妊娠",
    "pregnancies",
    (
        key("pregnancy_key", "pregnancy", "妊娠キー", "pregnancy key"),
        patient_key(),
        encounter_key(),
        event("last_period_date", "DATE", "最終月経日", "first day of the last period"),
        event("expected_date", "DATE", "分娩予定日", "expected date of delivery"),
        event("delivery_date", "DATE", "分娩日", "date of delivery"),
        Column("delivery", SE, "VARCHAR", "分娩様式", "mode of delivery"),
        Column("outcome", SE, "VARCHAR", "妊娠の転帰", "outcome of the pregnancy"),
        Column("gravidity", SE, "SMALLINT", "妊娠回数", "number of pregnancies"),
        Column("parity", SE, "SMALLINT", "分娩回数", "number of deliveries"),
        measure("gestational_weeks", "在胎週数", "weeks of gestation", "wk", SE),
        *provenance(),
    ),
)

BIRTH = Table(
    "birth",
    "出生",
    "births",
    (
        key("birth_key", "birth", "出生キー", "birth key"),
        patient_key(),
        key("mother_key", "patient", "母の患者キー", "mother's patient key"),
        key("pregnancy_key", "pregnancy", "妊娠キー", "pregnancy key"),
        Column("birth_date", QI, "DATE", "出生日", "date of birth", nature=Nature.BIRTH),
        Column("delivery", SE, "VARCHAR", "分娩様式", "mode of delivery"),
        measure("apgar", "アプガースコア (5分)", "Apgar score at five minutes"),
        measure("apgar_1min", "アプガースコア (1分)", "Apgar score at one minute"),
        measure("birth_weight", "出生体重 (100 g単位)", "birth weight, in steps of 100 g", "g", QI),
        measure("gestational_weeks", "在胎週数", "weeks of gestation", "wk", QI),
        Column("multiple_birth", QI, "BOOLEAN", "多胎", "multiple birth"),
        *provenance(),
    ),
)
