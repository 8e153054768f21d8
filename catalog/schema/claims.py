"""Claims (レセプト): one row per receipt and one per line of it.

The numbers a claim carries (insurer, symbol, number, branch, chart) have their columns here so
that a view which names one is refused for what it is; what may be studied of them is the kind
of insurance, in ``patient``.
"""

from catalog.schema.columns import Column, Nature, Table
from catalog.schema.standing import (
    AD,
    CL,
    DI,
    QI,
    ST,
    code,
    event,
    facility_key,
    key,
    patient_key,
    provenance,
    words,
)

CLAIM = Table(
    "claim",
    "レセプト",
    "claims",
    (
        key("receipt_key", "receipt", "レセプトキー", "receipt key"),
        patient_key(),
        event("month", "DATE", "診療年月", "month of treatment"),
        Column("kind", AD, "VARCHAR", "レセプト種別", "kind of claim", codes="レセ電"),
        Column("in_out", AD, "VARCHAR", "入外区分", "inpatient or outpatient", codes="IN/OUT"),
        event("admit_date", "DATE", "入院年月日", "date of admission"),
        Column("insurer_no", DI, "VARCHAR", "保険者番号", "insurer number"),
        Column("insured_symbol", DI, "VARCHAR", "被保険者証記号", "insured person's symbol"),
        Column("insured_no", DI, "VARCHAR", "被保険者証番号", "insured person's number"),
        Column("insured_branch", DI, "VARCHAR", "枝番", "insured person's branch number"),
        Column("chart_no", DI, "VARCHAR", "カルテ番号", "chart number"),
        Column("insurance_kind", QI, "VARCHAR", "保険種別", "kind of insurance", codes="JHSD0001"),
        Column("total_points", CL, "BIGINT", "合計点数", "total points"),
        Column("days", CL, "INTEGER", "実日数", "days of treatment", unit="d"),
        facility_key(),
        Column("facility_prefecture", ST, "VARCHAR", "施設の都道府県", "facility's prefecture"),
        *provenance(),
    ),
)

CLAIM_LINE = Table(
    "claim_line",
    "レセプト明細",
    "claim lines",
    (
        key("line_key", "claim_line", "明細キー", "line key"),
        key("receipt_key", "receipt", "レセプトキー", "receipt key"),
        patient_key(),
        event("month", "DATE", "診療年月", "month of treatment"),
        Column("line_no", AD, "INTEGER", "明細番号", "number of the line in its receipt"),
        Column("rec", AD, "VARCHAR", "レコード種別", "kind of record", codes="SI/IY/TO/CO/SY/SJ"),
        Column("care_kind", CL, "VARCHAR", "診療識別", "kind of care", codes="レセ電"),
        Column("burden_kind", AD, "VARCHAR", "負担区分", "burden", codes="レセ電"),
        code("code", "コード", "code", "レセ電"),
        Column("qty", CL, "DOUBLE", "数量", "quantity"),
        Column("points", CL, "BIGINT", "点数", "points"),
        Column("times", CL, "INTEGER", "回数", "times"),
        event("day_bits", "INTEGER", "算定日", "days of the month, bit 0 is the first"),
        Column("comment_code", CL, "VARCHAR", "コメントコード", "comment code", codes="レセ電"),
        words("comment_text", "コメント", "comment in words"),
        Column(
            "modifier_codes",
            CL,
            "VARCHAR[]",
            "修飾語コード",
            "modifier codes",
            codes="レセ電",
            nature=Nature.CODE,
        ),
        *provenance(),
    ),
)
