"""What was given and done: prescriptions, injections, procedures, imaging.

Numbers by which a hospital finds an order or a study again (prescription, accession, study
identifiers) are identifiers. Who performed something is staff.
"""

from catalog.schema.columns import Column, Nature, Table
from catalog.schema.standing import (
    AD,
    CL,
    DI,
    LK,
    ST,
    code,
    encounter_key,
    event,
    facility_key,
    key,
    patient_key,
    provenance,
)


def _drug() -> tuple[Column, ...]:
    """Which drug, how much, how it is taken: the same for both ways of giving it."""
    return (
        event("ordered_ts", "TIMESTAMP", "指示日時", "ordered at"),
        code("hot9", "HOT9", "HOT9", "HOT9"),
        code("yj", "YJコード", "YJ code", "YJ"),
        code("receipt_drug_code", "医薬品コード", "claims drug code", "レセ電"),
        Column(
            "drug_name", CL, "VARCHAR", "医薬品名", "name of the drug in the code table", nature=Nature.CODE
        ),
        Column("dose", CL, "DOUBLE", "用量", "dose"),
        Column("dose_unit", CL, "VARCHAR", "用量単位", "unit of the dose", codes="MR9P"),
        Column("daily_dose", CL, "DOUBLE", "一日量", "daily dose"),
        Column("days", CL, "INTEGER", "日数", "days", unit="d"),
        Column("usage_code", CL, "VARCHAR", "用法コード", "usage code", codes="JAMISDP01"),
        Column("route", CL, "VARCHAR", "投与経路", "route", codes="HL7 0162"),
        Column("form", CL, "VARCHAR", "剤形", "form", codes="MERIT-9"),
        Column("status", AD, "VARCHAR", "状態", "status"),
        event("start_date", "DATE", "開始日", "first day"),
        event("end_date", "DATE", "終了日", "last day"),
        Column("dispensed_flag", AD, "BOOLEAN", "調剤済み", "dispensed"),
        Column("rx_no", LK, "VARCHAR", "処方番号", "prescription number", entity="prescription_number"),
    )


PRESCRIPTION = Table(
    "prescription",
    "処方",
    "prescriptions",
    (
        key("rx_key", "prescription", "処方キー", "prescription key"),
        patient_key(),
        encounter_key(),
        *_drug(),
        *provenance(),
    ),
)

INJECTION = Table(
    "injection",
    "注射",
    "injections",
    (
        key("injection_key", "injection", "注射キー", "injection key"),
        key("rx_key", "prescription", "処方キー", "prescription key"),
        patient_key(),
        encounter_key(),
        *_drug(),
        Column("component_type", CL, "VARCHAR", "成分区分", "base or additive", codes="B/A"),
        Column("rate", CL, "DOUBLE", "投与速度", "rate"),
        event("start_ts", "TIMESTAMP", "投与開始日時", "started at"),
        event("stop_ts", "TIMESTAMP", "投与終了日時", "stopped at"),
        Column("performed_flag", AD, "BOOLEAN", "実施済み", "performed"),
        Column("performer", ST, "VARCHAR", "実施者", "performed by"),
        *provenance(),
    ),
)

PROCEDURE = Table(
    "procedure",
    "診療行為",
    "procedures",
    (
        key("procedure_key", "procedure", "診療行為キー", "procedure key"),
        patient_key(),
        encounter_key(),
        event("ts", "TIMESTAMP", "実施日時", "performed at"),
        code("shinryo_koui_code", "診療行為コード", "procedure code", "レセ電"),
        code("k_code", "Kコード", "K code", "K"),
        code("jj1017", "画像検査コード", "imaging procedure code", "JJ1017"),
        Column("side", CL, "VARCHAR", "左右", "side"),
        Column("times", CL, "INTEGER", "回数", "times"),
        Column("anesthesia", CL, "VARCHAR", "麻酔", "anaesthesia"),
        Column("staff", ST, "VARCHAR", "実施者", "performed by"),
        key("report_key", "document", "報告書キー", "key of the report"),
        *provenance(),
    ),
)

IMAGING_STUDY = Table(
    "imaging_study",
    "画像検査",
    "imaging studies",
    (
        key("study_key", "imaging_study", "画像検査キー", "study key"),
        patient_key(),
        encounter_key(),
        event("ts", "TIMESTAMP", "撮影日時", "taken at"),
        Column("modality", CL, "VARCHAR", "モダリティ", "modality", codes="DICOM CS"),
        code("jj1017", "画像検査コード", "imaging procedure code", "JJ1017"),
        Column("n_images", CL, "INTEGER", "画像枚数", "number of images"),
        Column(
            "header_scrub_status", AD, "VARCHAR", "ヘッダーの識別子除去", "state of the header's scrubbing"
        ),
        Column("face_removed", AD, "BOOLEAN", "顔面除去済み", "face removed"),
        Column("study_uid", DI, "VARCHAR", "検査インスタンスUID", "study instance UID"),
        Column("accession_no", DI, "VARCHAR", "受付番号", "accession number"),
        facility_key(),
        *provenance(),
    ),
)
