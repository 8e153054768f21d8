"""Claims (レセプト): one row per receipt and one per line of it.

The numbers a claim carries (insurer, symbol, number, chart) stand in ``patient_identity`` and
not here; what remains of them is the kind of insurance, in ``patient``.
"""

from catalog.schema.columns import Column, ColumnClass, Table
from catalog.schema.people import patient_key, provenance

_LK, _ST, _QI = ColumnClass.LINKABLE, ColumnClass.STAFF, ColumnClass.QUASI_IDENTIFIER
_CL, _FT, _AD = ColumnClass.CLINICAL, ColumnClass.FREE_TEXT, ColumnClass.ADMINISTRATIVE


def _receipt_key() -> Column:
    return Column("receipt_key", _LK, "BIGINT", "レセプトキー", "receipt key", entity="receipt")


CLAIM = Table(
    "claim",
    "レセプト",
    "claims",
    (
        _receipt_key(),
        patient_key(),
        Column("month", _QI, "DATE", "診療年月", "month of treatment"),
        Column("kind", _AD, "VARCHAR", "レセプト種別", "kind of claim", codes="レセ電"),
        Column("in_out", _AD, "VARCHAR", "入外区分", "inpatient or outpatient", codes="IN/OUT"),
        Column("admit_date", _QI, "DATE", "入院年月日", "date of admission"),
        Column("total_points", _CL, "BIGINT", "合計点数", "total points"),
        Column("days", _CL, "INTEGER", "実日数", "days of treatment", unit="d"),
        Column("facility_key", _ST, "INTEGER", "施設", "facility"),
        Column("facility_prefecture", _ST, "VARCHAR", "施設の都道府県", "facility's prefecture"),
        *provenance(),
    ),
)

CLAIM_LINE = Table(
    "claim_line",
    "レセプト明細",
    "claim lines",
    (
        Column("line_key", _LK, "BIGINT", "明細キー", "line key", entity="claim_line"),
        _receipt_key(),
        patient_key(),
        Column("month", _QI, "DATE", "診療年月", "month of treatment"),
        Column("line_no", _AD, "INTEGER", "明細番号", "number of the line in its receipt"),
        Column("rec", _AD, "VARCHAR", "レコード種別", "kind of record", codes="SI/IY/TO/CO/SY/SJ"),
        Column("care_kind", _CL, "VARCHAR", "診療識別", "kind of care", codes="レセ電"),
        Column("burden_kind", _AD, "VARCHAR", "負担区分", "burden", codes="レセ電"),
        Column("code", _CL, "VARCHAR", "コード", "code", codes="レセ電"),
        Column("qty", _CL, "DOUBLE", "数量", "quantity"),
        Column("points", _CL, "BIGINT", "点数", "points"),
        Column("times", _CL, "INTEGER", "回数", "times"),
        Column("day_bits", _QI, "INTEGER", "算定日", "days of the month, bit 0 is the first"),
        Column("comment_code", _CL, "VARCHAR", "コメントコード", "comment code", codes="レセ電"),
        Column("comment_text", _FT, "VARCHAR", "コメント", "comment in words"),
        Column("modifier_codes", _CL, "VARCHAR", "修飾語コード", "modifier codes", codes="レセ電"),
        *provenance(),
    ),
)
