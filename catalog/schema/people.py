"""The people of the source: what may be studied about them, and, apart from it, who they are.

``patient_identity`` is the vault of the source. Nothing in it but the key that joins it to
``patient`` can stand in any view, in any position.
"""

from catalog.schema.columns import Column, ColumnClass, Table

_DI, _LK, _QI = ColumnClass.DIRECT_IDENTIFIER, ColumnClass.LINKABLE, ColumnClass.QUASI_IDENTIFIER
_SE, _CL, _AD = ColumnClass.SENSITIVE, ColumnClass.CLINICAL, ColumnClass.ADMINISTRATIVE


def patient_key() -> Column:
    """The key of a person, the same in every table."""
    return Column("patient_key", _LK, "BIGINT", "患者キー", "patient key", entity="patient")


def provenance() -> tuple[Column, ...]:
    """Where a row came from: the system, and the place in its file (which is itself an identifier)."""
    return (
        Column("source_system", _AD, "VARCHAR", "元システム", "source system"),
        Column("source_ref", _DI, "VARCHAR", "元資料の場所", "place in the source"),
    )


PATIENT = Table(
    "patient",
    "患者",
    "patients",
    (
        patient_key(),
        Column("birth_date", _QI, "DATE", "生年月日", "date of birth"),
        Column("sex", _QI, "VARCHAR", "性別", "sex", codes="HL7 0001"),
        Column("death_date", _QI, "DATE", "死亡日", "date of death"),
        Column(
            "death_cause_icd10", _SE, "VARCHAR", "死因 (ICD-10)", "cause of death (ICD-10)", codes="ICD-10"
        ),
        Column("prefecture", _QI, "VARCHAR", "都道府県", "prefecture", codes="JIS X 0401"),
        Column("secondary_area", _QI, "VARCHAR", "二次医療圏", "secondary medical area"),
        Column("municipality_code", _QI, "VARCHAR", "市区町村", "municipality", codes="JIS X 0402"),
        Column("insurance_kind", _QI, "VARCHAR", "保険種別", "kind of insurance", codes="JHSD0001"),
        Column("copay_ratio", _QI, "VARCHAR", "負担割合", "share of costs borne"),
        Column("income_class", _SE, "SMALLINT", "課税所得区分", "income class"),
        Column("abo", _CL, "VARCHAR", "血液型 ABO", "blood group ABO"),
        Column("rh", _CL, "VARCHAR", "血液型 Rh", "blood group Rh"),
        Column("height_cm", _CL, "DOUBLE", "身長", "height", unit="cm"),
        Column("weight_kg", _CL, "DOUBLE", "体重", "weight", unit="kg"),
        Column("first_seen", _AD, "DATE", "観察開始日", "first day of observation"),
        Column("last_seen", _AD, "DATE", "観察終了日", "last day of observation"),
        Column("optout_flag", _AD, "BOOLEAN", "オプトアウト", "opted out"),
        Column("optout_at", _AD, "TIMESTAMP", "オプトアウト日時", "opted out at"),
        *provenance(),
    ),
)

PATIENT_IDENTITY = Table(
    "patient_identity",
    "患者識別情報",
    "identities of patients",
    (
        patient_key(),
        Column("name_kanji", _DI, "VARCHAR", "氏名", "name"),
        Column("name_kana", _DI, "VARCHAR", "カナ氏名", "name in kana"),
        Column("address", _DI, "VARCHAR", "住所", "address"),
        Column("postal_code", _DI, "VARCHAR", "郵便番号", "postal code"),
        Column("phone", _DI, "VARCHAR", "電話番号", "telephone number"),
        Column("email", _DI, "VARCHAR", "電子メール", "e-mail address"),
        Column("employer", _DI, "VARCHAR", "勤務先", "employer"),
        Column("insurer_no", _DI, "VARCHAR", "保険者番号", "insurer number"),
        Column("insured_symbol", _DI, "VARCHAR", "被保険者証記号", "insured person's symbol"),
        Column("insured_no", _DI, "VARCHAR", "被保険者証番号", "insured person's number"),
        Column("insured_branch", _DI, "VARCHAR", "枝番", "insured person's branch number"),
        Column("my_number", _DI, "VARCHAR", "個人番号", "individual number"),
        Column("chart_no", _DI, "VARCHAR", "カルテ番号", "chart number"),
        Column("kouhi_no", _DI, "VARCHAR", "公費負担番号", "public expense number"),
        *provenance(),
    ),
)
