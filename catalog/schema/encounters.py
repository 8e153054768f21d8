"""Visits and stays: the encounter, what moved during it, what was diagnosed, what was written down.

Names that a facility writes itself (a disease name in words, a heading) are free text: a
patient's name was found in such a field of a real claims file. A ward or room of a small
hospital on a known day is a person, so it is held as the institution's own and never leaves.
"""

from catalog.schema.columns import Column, Nature, Table
from catalog.schema.standing import (
    AD,
    CL,
    DI,
    QI,
    SE,
    ST,
    code,
    encounter_key,
    event,
    facility_key,
    key,
    patient_key,
    provenance,
    words,
)

ENCOUNTER = Table(
    "encounter",
    "受診",
    "encounters",
    (
        encounter_key(),
        patient_key(),
        Column("kind", AD, "VARCHAR", "受診区分", "kind of encounter", codes="AMB/IMP/EMER"),
        Column("dept_code", QI, "VARCHAR", "診療科", "department", codes="SS-MIX2"),
        Column("ward_code", ST, "VARCHAR", "病棟", "ward"),
        Column("room", ST, "VARCHAR", "病室", "room"),
        event("admit_ts", "TIMESTAMP", "受診・入院日時", "start of the encounter"),
        event("discharge_ts", "TIMESTAMP", "退院日時", "end of the encounter"),
        Column("disposition", CL, "VARCHAR", "退院時転帰", "disposition", codes="HL7 0112"),
        Column("admit_route", CL, "VARCHAR", "入院経路", "route of admission"),
        Column("planned_flag", CL, "BOOLEAN", "予定入院", "planned admission"),
        Column("los_days", CL, "INTEGER", "在院日数", "length of stay", unit="d"),
        Column("attending_staff", ST, "VARCHAR", "主治医", "attending physician"),
        facility_key(),
        code("dpc_code", "DPCコード", "DPC code", "DPC"),
        event("prior_discharge_month", "DATE", "前回退院年月", "month of the previous discharge"),
        *provenance(),
    ),
)

ENCOUNTER_EVENT = Table(
    "encounter_event",
    "入院中の移動",
    "moves during a stay",
    (
        key("encounter_event_key", "encounter_event", "移動キー", "event key"),
        encounter_key(),
        patient_key(),
        Column("event", CL, "VARCHAR", "移動の種別", "kind of move", codes="TRANSFER/LEAVE/RETURN/WARD"),
        event("event_ts", "TIMESTAMP", "移動日時", "moved at"),
        Column("from_ward", ST, "VARCHAR", "移動前の病棟", "ward left"),
        Column("to_ward", ST, "VARCHAR", "移動後の病棟", "ward entered"),
        *provenance(),
    ),
)

DIAGNOSIS = Table(
    "diagnosis",
    "傷病名",
    "diagnoses",
    (
        key("diagnosis_key", "diagnosis", "傷病名キー", "diagnosis key"),
        patient_key(),
        encounter_key(),
        code("mdcdx2_no", "病名管理番号", "disease control number", "MDCDX2"),
        code("receipt_disease_code", "傷病名コード", "claims disease code", "レセ電"),
        code("icd10", "ICD-10", "ICD-10", "ICD-10", SE),
        Column("icd10_version", AD, "VARCHAR", "ICD-10版", "edition of ICD-10", codes="2003/2013"),
        Column(
            "modifier_codes",
            CL,
            "VARCHAR[]",
            "修飾語コード",
            "modifier codes",
            codes="レセ電",
            nature=Nature.CODE,
        ),
        words("name_text", "傷病名称", "name of the disease in words"),
        Column("category", CL, "VARCHAR", "病名区分", "category"),
        Column("suspected", CL, "BOOLEAN", "疑い", "suspected"),
        event("onset_date", "DATE", "発症日", "date of onset"),
        event("start_date", "DATE", "診療開始日", "first day of treatment"),
        event("end_date", "DATE", "転帰日", "date of the outcome"),
        Column("outcome", CL, "VARCHAR", "転帰", "outcome", codes="転帰区分"),
        Column("rare_flag", QI, "BOOLEAN", "希少病名", "rare among the source's people"),
        Column("disclosure_flag", SE, "BOOLEAN", "未告知", "not disclosed to the patient"),
        *provenance(),
    ),
)

DOCUMENT = Table(
    "document",
    "文書",
    "documents",
    (
        key("document_key", "document", "文書キー", "document key"),
        patient_key(),
        event("ts", "TIMESTAMP", "記載日時", "written at"),
        Column("kind", AD, "VARCHAR", "文書種別", "kind of document", codes="LOINC"),
        words("section", "見出し", "section"),
        words("text", "本文", "text"),
        Column("n_chars", AD, "INTEGER", "文字数", "number of characters"),
        Column("scrub_version", AD, "VARCHAR", "識別子除去の版", "version of the scrubber"),
        Column("scrub_hits", AD, "INTEGER", "識別子除去の件数", "replacements by the scrubber"),
        Column("scrub_reviewed_by", ST, "VARCHAR", "識別子除去の確認者", "checked after scrubbing by"),
        Column("status", AD, "VARCHAR", "状態", "status", codes="quarantine/released"),
        Column("source_hash", DI, "VARCHAR", "元文書のハッシュ", "hash of the original"),
        *provenance(),
    ),
)
