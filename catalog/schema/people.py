"""The people of the source: what may be studied about them, and, apart from it, who they are.

``patient_identity`` is the vault of the source. Nothing in it but the key that joins it to
``patient`` can stand in any view, in any position.
"""

from catalog.schema.columns import Column, Nature, Table
from catalog.schema.standing import AD, CL, DI, QI, SE, code, event, measure, patient_key, provenance

PATIENT = Table(
    "patient",
    "患者",
    "patients",
    (
        patient_key(),
        Column("birth_date", QI, "DATE", "生年月日", "date of birth", nature=Nature.BIRTH),
        Column("sex", QI, "VARCHAR", "性別", "sex", codes="HL7 0001"),
        event("death_date", "DATE", "死亡日", "date of death"),
        code("death_cause_icd10", "死因 (ICD-10)", "cause of death (ICD-10)", "ICD-10", SE),
        Column(
            "prefecture", QI, "VARCHAR", "都道府県", "prefecture", codes="JIS X 0401", nature=Nature.REGION
        ),
        Column("secondary_area", QI, "VARCHAR", "二次医療圏", "secondary medical area", nature=Nature.REGION),
        Column(
            "municipality_code",
            QI,
            "VARCHAR",
            "市区町村",
            "municipality",
            codes="JIS X 0402",
            nature=Nature.REGION,
        ),
        Column("insurance_kind", QI, "VARCHAR", "保険種別", "kind of insurance", codes="JHSD0001"),
        Column("copay_ratio", QI, "VARCHAR", "負担割合", "share of costs borne"),
        Column("income_class", SE, "SMALLINT", "課税所得区分", "income class"),
        Column("abo", CL, "VARCHAR", "血液型 ABO", "blood group ABO"),
        Column("rh", CL, "VARCHAR", "血液型 Rh", "blood group Rh"),
        measure("height_cm", "身長", "height", "cm"),
        measure("weight_kg", "体重", "weight", "kg"),
        Column("first_seen", AD, "DATE", "観察開始日", "first day of observation", nature=Nature.EVENT),
        Column("last_seen", AD, "DATE", "観察終了日", "last day of observation", nature=Nature.EVENT),
        Column("optout_flag", AD, "BOOLEAN", "オプトアウト", "opted out"),
        Column("optout_at", AD, "TIMESTAMP", "オプトアウト日時", "opted out at", nature=Nature.EVENT),
        *provenance(),
    ),
)

PATIENT_IDENTITY = Table(
    "patient_identity",
    "患者識別情報",
    "identities of patients",
    (
        patient_key(),
        Column("name_kanji", DI, "VARCHAR", "氏名", "name"),
        Column("name_kana", DI, "VARCHAR", "カナ氏名", "name in kana"),
        Column("address", DI, "VARCHAR", "住所", "address"),
        Column("postal_code", DI, "VARCHAR", "郵便番号", "postal code"),
        Column("phone", DI, "VARCHAR", "電話番号", "telephone number"),
        Column("email", DI, "VARCHAR", "電子メール", "e-mail address"),
        Column("employer", DI, "VARCHAR", "勤務先", "employer"),
        Column("insurer_no", DI, "VARCHAR", "保険者番号", "insurer number"),
        Column("insured_symbol", DI, "VARCHAR", "被保険者証記号", "insured person's symbol"),
        Column("insured_no", DI, "VARCHAR", "被保険者証番号", "insured person's number"),
        Column("insured_branch", DI, "VARCHAR", "枝番", "insured person's branch number"),
        Column("my_number", DI, "VARCHAR", "個人番号", "individual number"),
        Column("chart_no", DI, "VARCHAR", "カルテ番号", "chart number"),
        Column("kouhi_no", DI, "VARCHAR", "公費負担番号", "public expense number"),
        Column("source_system", AD, "VARCHAR", "元システム", "source system"),
        Column("source_ref", DI, "VARCHAR", "元資料の場所", "place in the source"),
    ),
)
