"""What happened in the hospital: encounters, diagnoses, prescriptions, results, procedures, documents.

Names that a facility writes itself (a local test name, a disease name in words, a result in
words) are free text: a patient's name was found in such a field of a real claims file.
"""

from catalog.schema.columns import Column, ColumnClass, Table
from catalog.schema.people import patient_key, provenance

_LK, _ST, _QI = ColumnClass.LINKABLE, ColumnClass.STAFF, ColumnClass.QUASI_IDENTIFIER
_SE, _CL, _FT, _AD = (
    ColumnClass.SENSITIVE,
    ColumnClass.CLINICAL,
    ColumnClass.FREE_TEXT,
    ColumnClass.ADMINISTRATIVE,
)


def _encounter_key() -> Column:
    return Column("encounter_key", _LK, "BIGINT", "受診キー", "encounter key", entity="encounter")


def _facility_key() -> Column:
    return Column("facility_key", _ST, "INTEGER", "施設", "facility")


ENCOUNTER = Table(
    "encounter",
    "受診",
    "encounters",
    (
        _encounter_key(),
        patient_key(),
        Column("kind", _AD, "VARCHAR", "受診区分", "kind of encounter", codes="AMB/IMP/EMER"),
        Column("dept_code", _QI, "VARCHAR", "診療科", "department", codes="SS-MIX2"),
        Column("ward_code", _ST, "VARCHAR", "病棟", "ward"),
        Column("admit_ts", _QI, "TIMESTAMP", "受診・入院日時", "start of the encounter"),
        Column("discharge_ts", _QI, "TIMESTAMP", "退院日時", "end of the encounter"),
        Column("disposition", _CL, "VARCHAR", "退院時転帰", "disposition", codes="HL7 0112"),
        Column("admit_route", _CL, "VARCHAR", "入院経路", "route of admission"),
        Column("planned_flag", _CL, "BOOLEAN", "予定入院", "planned admission"),
        Column("los_days", _CL, "INTEGER", "在院日数", "length of stay", unit="d"),
        Column("attending_staff", _ST, "VARCHAR", "主治医", "attending physician"),
        _facility_key(),
        Column("dpc_code", _CL, "VARCHAR", "DPCコード", "DPC code", codes="DPC"),
        Column("prior_discharge_month", _QI, "DATE", "前回退院年月", "month of the previous discharge"),
        *provenance(),
    ),
)

DIAGNOSIS = Table(
    "diagnosis",
    "傷病名",
    "diagnoses",
    (
        Column("diagnosis_key", _LK, "BIGINT", "傷病名キー", "diagnosis key", entity="diagnosis"),
        patient_key(),
        _encounter_key(),
        Column("mdcdx2_no", _CL, "VARCHAR", "病名管理番号", "disease control number", codes="MDCDX2"),
        Column("receipt_disease_code", _CL, "VARCHAR", "傷病名コード", "claims disease code", codes="レセ電"),
        Column("icd10", _CL, "VARCHAR", "ICD-10", "ICD-10", codes="ICD-10"),
        Column("icd10_version", _AD, "VARCHAR", "ICD-10版", "edition of ICD-10"),
        Column("modifier_codes", _CL, "VARCHAR", "修飾語コード", "modifier codes", codes="レセ電"),
        Column("name_text", _FT, "VARCHAR", "傷病名称", "name of the disease in words"),
        Column("category", _CL, "VARCHAR", "病名区分", "category"),
        Column("suspected", _CL, "BOOLEAN", "疑い", "suspected"),
        Column("onset_date", _QI, "DATE", "発症日", "date of onset"),
        Column("start_date", _QI, "DATE", "診療開始日", "first day of treatment"),
        Column("end_date", _QI, "DATE", "転帰日", "date of the outcome"),
        Column("outcome", _CL, "VARCHAR", "転帰", "outcome", codes="転帰区分"),
        Column("disclosure_flag", _SE, "BOOLEAN", "未告知", "not disclosed to the patient"),
        *provenance(),
    ),
)

PRESCRIPTION = Table(
    "prescription",
    "処方",
    "prescriptions",
    (
        Column("rx_key", _LK, "BIGINT", "処方キー", "prescription key", entity="prescription"),
        patient_key(),
        _encounter_key(),
        Column("ordered_ts", _QI, "TIMESTAMP", "処方日時", "ordered at"),
        Column("hot9", _CL, "VARCHAR", "HOT9", "HOT9", codes="HOT9"),
        Column("yj", _CL, "VARCHAR", "YJコード", "YJ code", codes="YJ"),
        Column("receipt_drug_code", _CL, "VARCHAR", "医薬品コード", "claims drug code", codes="レセ電"),
        Column("drug_name", _CL, "VARCHAR", "医薬品名", "name of the drug in the code table"),
        Column("dose", _CL, "DOUBLE", "用量", "dose"),
        Column("dose_unit", _CL, "VARCHAR", "用量単位", "unit of the dose", codes="MR9P"),
        Column("daily_dose", _CL, "DOUBLE", "一日量", "daily dose"),
        Column("days", _CL, "INTEGER", "日数", "days", unit="d"),
        Column("usage_code", _CL, "VARCHAR", "用法コード", "usage code", codes="JAMISDP01"),
        Column("route", _CL, "VARCHAR", "投与経路", "route", codes="HL7 0162"),
        Column("status", _AD, "VARCHAR", "状態", "status"),
        Column("start_date", _QI, "DATE", "開始日", "first day"),
        Column("end_date", _QI, "DATE", "終了日", "last day"),
        Column("dispensed_flag", _AD, "BOOLEAN", "調剤済み", "dispensed"),
        Column("rx_no", _LK, "VARCHAR", "処方番号", "prescription number", entity="prescription_number"),
        *provenance(),
    ),
)

LAB_RESULT = Table(
    "lab_result",
    "検査結果",
    "laboratory results",
    (
        Column("result_key", _LK, "BIGINT", "検査結果キー", "result key", entity="lab_result"),
        patient_key(),
        _encounter_key(),
        Column("specimen_ts", _QI, "TIMESTAMP", "採取日時", "specimen taken at"),
        Column("jlac10", _CL, "VARCHAR", "JLAC10", "JLAC10", codes="JLAC10"),
        Column("local_code", _FT, "VARCHAR", "院内検査コード", "local test code"),
        Column("local_name", _FT, "VARCHAR", "院内検査名", "local test name"),
        Column("specimen_code", _CL, "VARCHAR", "検体", "specimen", codes="JLAC10 10-12"),
        Column("value_num", _CL, "DOUBLE", "検査値", "value"),
        Column("value_text", _FT, "VARCHAR", "検査値 (文字)", "value in words"),
        Column("comparator", _CL, "VARCHAR", "比較記号", "comparator"),
        Column("ordinal", _CL, "SMALLINT", "定性値", "ordinal value"),
        Column("unit_ucum", _CL, "VARCHAR", "単位", "unit", codes="UCUM"),
        Column("ref_low", _CL, "DOUBLE", "基準値下限", "lower reference limit"),
        Column("ref_high", _CL, "DOUBLE", "基準値上限", "upper reference limit"),
        Column("abn_flag", _CL, "VARCHAR", "異常区分", "abnormal flag", codes="HL7 0078"),
        Column("method_code", _CL, "VARCHAR", "測定法", "method", codes="JLAC10 13-15"),
        Column("status", _AD, "VARCHAR", "状態", "status", codes="HL7 0085"),
        _facility_key(),
        *provenance(),
    ),
)

PROCEDURE = Table(
    "procedure",
    "診療行為",
    "procedures",
    (
        Column("procedure_key", _LK, "BIGINT", "診療行為キー", "procedure key", entity="procedure"),
        patient_key(),
        _encounter_key(),
        Column("ts", _QI, "TIMESTAMP", "実施日時", "performed at"),
        Column("shinryo_koui_code", _CL, "VARCHAR", "診療行為コード", "procedure code", codes="レセ電"),
        Column("k_code", _CL, "VARCHAR", "Kコード", "K code", codes="K"),
        Column("side", _CL, "VARCHAR", "左右", "side"),
        Column("times", _CL, "INTEGER", "回数", "times"),
        Column("anesthesia", _CL, "VARCHAR", "麻酔", "anaesthesia"),
        Column("staff", _ST, "VARCHAR", "実施者", "performed by"),
        *provenance(),
    ),
)

DOCUMENT = Table(
    "document",
    "文書",
    "documents",
    (
        Column("document_key", _LK, "BIGINT", "文書キー", "document key", entity="document"),
        patient_key(),
        Column("ts", _QI, "TIMESTAMP", "記載日時", "written at"),
        Column("kind", _AD, "VARCHAR", "文書種別", "kind of document", codes="LOINC"),
        Column("section", _FT, "VARCHAR", "見出し", "section"),
        Column("text", _FT, "VARCHAR", "本文", "text"),
        *provenance(),
    ),
)
