"""DPC files: 様式1, the E and F files as one, D, H and K.

様式1 stands in both its forms: a row with an ``item_code`` is one item of the long form, whose
payloads may hold anything a hospital writes and are free text; a row without one is a stay with
its items side by side. Post codes, insurers' numbers and the hashes of the K file are direct
identifiers; a hospital's own codes, its physicians and its wards are the institution's own.
"""

from catalog.schema.columns import Column, ColumnClass, Nature, Table
from catalog.schema.standing import (
    AD,
    CL,
    DI,
    QI,
    SE,
    ST,
    code,
    event,
    facility_key,
    key,
    measure,
    patient_key,
    provenance,
    words,
)

_PAYLOADS, _DISEASES, _OPERATIONS = 9, 10, 5


def _stay() -> tuple[Column, ...]:
    return (
        patient_key(),
        facility_key(),
        event("admit_date", "DATE", "入院年月日", "date of admission"),
        event("discharge_date", "DATE", "退院年月日", "date of discharge"),
    )


def _payloads(sort: ColumnClass) -> tuple[Column, ...]:
    return tuple(
        Column(f"payload{n}", sort, "VARCHAR", f"ペイロード{n}", f"payload {n}")
        for n in range(1, _PAYLOADS + 1)
    )


def _numbered_codes(name: str, ja: str, en: str) -> tuple[Column, ...]:
    return tuple(code(f"{name}_{n}", f"{ja}{n}", f"{en} {n}", "ICD-10", SE) for n in range(1, _DISEASES + 1))


def _operations() -> tuple[Column, ...]:
    return tuple(
        column
        for n in range(1, _OPERATIONS + 1)
        for column in (
            code(f"k_code_{n}", f"手術{n} Kコード", f"operation {n}, K code", "K"),
            event(f"k_date_{n}", "DATE", f"手術{n} 実施日", f"operation {n}, date"),
        )
    )


DPC_FORM1 = Table(
    "dpc_form1",
    "DPC 様式1",
    "DPC form 1",
    (
        key("form1_key", "dpc_form1", "様式1キー", "form 1 key"),
        *_stay(),
        Column("item_code", AD, "VARCHAR", "項目コード", "item code", codes="DPC 様式1"),
        Column("version", AD, "VARCHAR", "項目の版", "version of the item"),
        Column("seq", AD, "INTEGER", "連番", "sequence number"),
        *_payloads(ColumnClass.FREE_TEXT),
        Column("birth_date", QI, "DATE", "生年月日", "date of birth", nature=Nature.BIRTH),
        Column("sex", QI, "VARCHAR", "性別", "sex", codes="HL7 0001"),
        measure("age_in_days", "入院時日齢", "age at admission in days", "d", QI),
        measure("age_in_years", "入院時年齢", "age at admission in years", "a", QI),
        Column("zip", DI, "VARCHAR", "郵便番号", "postal code"),
        Column(
            "municipality_code",
            QI,
            "VARCHAR",
            "市区町村",
            "municipality",
            codes="JIS X 0402",
            nature=Nature.REGION,
        ),
        Column("admit_route", CL, "VARCHAR", "入院経路", "route of admission", codes="DPC 様式1"),
        Column("planned_flag", CL, "BOOLEAN", "予定入院", "planned admission"),
        Column("disposition", CL, "VARCHAR", "退院時転帰", "outcome at discharge", codes="DPC 様式1"),
        event("prior_discharge_month", "DATE", "前回退院年月", "month of the previous discharge"),
        code("main_icd10", "主傷病", "main diagnosis", "ICD-10", SE),
        code("trigger_icd10", "入院契機傷病", "diagnosis that led to the stay", "ICD-10", SE),
        code("resource_icd10", "医療資源傷病", "diagnosis that took most resources", "ICD-10", SE),
        code("resource2_icd10", "医療資源第2傷病", "diagnosis second in resources", "ICD-10", SE),
        *_numbered_codes("comorbid_icd10", "併存症", "comorbidity"),
        *_numbered_codes("post_icd10", "後発症", "complication"),
        *_operations(),
        Column("jcs", CL, "VARCHAR", "JCS", "Japan Coma Scale", codes="JCS"),
        Column("adl_in", CL, "VARCHAR", "入院時ADL", "ADL at admission", codes="DPC 様式1"),
        Column("adl_out", CL, "VARCHAR", "退院時ADL", "ADL at discharge", codes="DPC 様式1"),
        measure("burn_index", "Burn Index", "burn index"),
        measure("smoking_index", "喫煙指数", "smoking index", sort=SE),
        measure("height_cm", "身長", "height", "cm"),
        measure("weight_kg", "体重", "weight", "kg"),
        measure("birth_weight_g", "出生時体重", "birth weight", "g", QI),
        measure("gestational_weeks", "在胎週数", "weeks of gestation", "wk", QI),
        Column("tnm", CL, "VARCHAR", "TNM分類", "TNM", codes="UICC"),
        Column("stage", CL, "VARCHAR", "病期", "stage", codes="UICC"),
        Column("death24h", SE, "BOOLEAN", "24時間以内死亡", "death within 24 hours"),
        *provenance(),
    ),
)


def _charges() -> tuple[Column, ...]:
    """What the E and F files and the D file say of a charge."""
    return (
        event("service_date", "DATE", "実施年月日", "date of service"),
        Column("data_kbn", AD, "VARCHAR", "データ区分", "kind of data", codes="DPC"),
        Column("seq", AD, "INTEGER", "順序番号", "sequence number"),
        Column("detail_seq", AD, "INTEGER", "行為明細番号", "number of the detail"),
        Column("hospital_point_code", ST, "VARCHAR", "病院点数マスタコード", "hospital's own point code"),
        code("receipt_code", "レセプト電算コード", "claims code", "レセ電"),
        Column("kaishaku_no", CL, "VARCHAR", "解釈番号", "tariff number", codes="K", nature=Nature.CODE),
        words("name", "診療明細名称", "name of the detail in words"),
        Column("qty", CL, "DOUBLE", "使用量", "quantity"),
        Column("unit", CL, "VARCHAR", "基準単位", "unit", codes="レセ電"),
        Column("points", CL, "BIGINT", "点数", "points"),
        Column("drug_yen", CL, "BIGINT", "薬剤料", "cost of drugs", unit="JPY"),
        Column("material_yen", CL, "BIGINT", "材料料", "cost of materials", unit="JPY"),
        Column("per_point_kbn", AD, "VARCHAR", "円・点区分", "yen or points", codes="DPC"),
        Column("times", CL, "INTEGER", "行為回数", "times"),
        Column("insurer_no", DI, "VARCHAR", "保険者番号", "insurer number"),
        Column("receipt_kind", AD, "VARCHAR", "レセプト種別", "kind of claim", codes="レセ電"),
        Column("dept", QI, "VARCHAR", "診療科区分", "department", codes="DPC"),
        Column("staff", ST, "VARCHAR", "医師コード", "physician's code"),
        Column("ward", ST, "VARCHAR", "病棟コード", "ward"),
        Column("in_out", AD, "VARCHAR", "入外区分", "inpatient or outpatient", codes="DPC"),
        Column("facility_type", AD, "VARCHAR", "施設タイプ", "type of facility", codes="DPC"),
    )


DPC_EF = Table(
    "dpc_ef",
    "DPC EF統合ファイル",
    "DPC files E and F",
    (key("ef_key", "dpc_ef", "EFキー", "EF key"), *_stay(), *_charges(), *provenance()),
)

DPC_D = Table(
    "dpc_d",
    "DPC Dファイル",
    "DPC file D",
    (
        key("d_key", "dpc_d", "Dキー", "D key"),
        *_stay(),
        *_charges(),
        event("billing_start_date", "DATE", "算定開始日", "billed from"),
        event("billing_end_date", "DATE", "算定終了日", "billed until"),
        event("billing_origin_date", "DATE", "算定起算日", "billing counted from"),
        code("dpc_code", "分類番号", "DPC code", "DPC"),
        Column("facility_coefficient", ST, "DOUBLE", "医療機関別係数", "facility's coefficient"),
        *provenance(),
    ),
)

DPC_H = Table(
    "dpc_h",
    "DPC Hファイル",
    "DPC file H",
    (
        key("h_key", "dpc_h", "Hキー", "H key"),
        *_stay(),
        Column("ward", ST, "VARCHAR", "病棟コード", "ward"),
        event("service_date", "DATE", "実施年月日", "date of the assessment"),
        Column("item_code", AD, "VARCHAR", "項目コード", "item code", codes="DPC H"),
        Column("version", AD, "VARCHAR", "項目の版", "version of the item"),
        Column("seq", AD, "INTEGER", "連番", "sequence number"),
        *_payloads(CL),
        *provenance(),
    ),
)

DPC_K = Table(
    "dpc_k",
    "DPC Kファイル",
    "DPC file K",
    (
        key("k_key", "dpc_k", "Kキー", "K key"),
        *_stay(),
        Column("k_hash", DI, "VARCHAR", "一次共通ID", "hashed identifier for linkage"),
        Column("birth_date", QI, "DATE", "生年月日", "date of birth", nature=Nature.BIRTH),
        Column("sex", QI, "VARCHAR", "性別", "sex", codes="HL7 0001"),
        *provenance(),
    ),
)
