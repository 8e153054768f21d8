"""What was measured or found: laboratory results, vital signs, allergies.

A value in words is free text whatever it usually says, and so is every name or code that a
facility gave a test itself.
"""

from catalog.schema.columns import Column, Table
from catalog.schema.standing import (
    AD,
    CL,
    code,
    encounter_key,
    event,
    facility_key,
    key,
    measure,
    patient_key,
    provenance,
    words,
)

LAB_RESULT = Table(
    "lab_result",
    "検査結果",
    "laboratory results",
    (
        key("result_key", "lab_result", "検査結果キー", "result key"),
        patient_key(),
        encounter_key(),
        event("specimen_ts", "TIMESTAMP", "採取日時", "specimen taken at"),
        Column("jlac10", CL, "VARCHAR", "JLAC10", "JLAC10", codes="JLAC10"),
        words("local_code", "院内検査コード", "local test code"),
        words("local_name", "院内検査名", "local test name"),
        Column("specimen_code", CL, "VARCHAR", "検体", "specimen", codes="JLAC10 10-12"),
        measure("value_num", "検査値", "value"),
        words("value_text", "検査値 (文字)", "value in words"),
        Column("comparator", CL, "VARCHAR", "比較記号", "comparator"),
        Column("ordinal", CL, "SMALLINT", "定性値", "ordinal value"),
        Column("unit_ucum", CL, "VARCHAR", "単位", "unit", codes="UCUM"),
        Column("unit_source", CL, "VARCHAR", "元の単位", "unit as it was sent"),
        Column("ref_low", CL, "DOUBLE", "基準値下限", "lower reference limit"),
        Column("ref_high", CL, "DOUBLE", "基準値上限", "upper reference limit"),
        words("ref_text", "基準値 (文字)", "reference in words"),
        Column("abn_flag", CL, "VARCHAR", "異常区分", "abnormal flag", codes="HL7 0078"),
        Column("method_code", CL, "VARCHAR", "測定法", "method", codes="JLAC10 13-15"),
        Column("status", AD, "VARCHAR", "状態", "status", codes="HL7 0085"),
        facility_key(),
        *provenance(),
    ),
)

VITAL = Table(
    "vital",
    "バイタルサイン",
    "vital signs",
    (
        key("vital_key", "vital", "バイタルキー", "vital sign key"),
        patient_key(),
        encounter_key(),
        event("ts", "TIMESTAMP", "測定日時", "measured at"),
        Column("code", CL, "VARCHAR", "測定項目", "item", codes="JLAC10 9P/9A"),
        measure("value_num", "測定値", "value"),
        Column("unit", CL, "VARCHAR", "単位", "unit", codes="UCUM"),
        Column("device_flag", AD, "BOOLEAN", "機器による測定", "measured by a device"),
        *provenance(),
    ),
)

ALLERGY = Table(
    "allergy",
    "アレルギー",
    "allergies",
    (
        key("allergy_key", "allergy", "アレルギーキー", "allergy key"),
        patient_key(),
        event("noted_date", "DATE", "登録日", "noted on"),
        code("jfagy", "J-FAGYコード", "J-FAGY code", "J-FAGY"),
        code("yj", "YJコード", "YJ code", "YJ"),
        words("text", "アレルギーの記載", "allergy in words"),
        Column("severity", CL, "VARCHAR", "重症度", "severity", codes="HL7 0128"),
        Column("criticality", CL, "VARCHAR", "危険度", "criticality", codes="FHIR"),
        *provenance(),
    ),
)
