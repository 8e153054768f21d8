"""From the records of a レセプト電算 file to rows of the canonical schema.

Who a receipt speaks of is decided by insurer, symbol, number, branch, date of birth and name
in kana, each in its plain form (full and half width made one). A receipt without insurance
uses the public expense numbers; without those, the institution and its chart number. What is
written in words (names of diseases, comments, 症状詳記) goes into free-text columns and
nowhere else, whatever its code says: a person's name was found in such a field.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from catalog.rows import Cell, RowSet
from catalog.schema.canonical import CANONICAL
from catalog.source_keys import plain_form, source_key
from catalog.uke import Record, UkeFile
from catalog.uke_layout import SI_DAYS, TO_DAYS, read_day, read_month

SOURCE_SYSTEM = "receipt"
_SUSPECTED = "8002"
"""The modifier の疑い."""
_MEDICAL = frozenset({"SI", "IY", "TO"})


@dataclass(slots=True)
class _Receipt:
    """The records between one RE and the next."""

    head: Record
    records: list[Record] = field(default_factory=list)

    def first(self, kind: str) -> Record | None:
        return next((record for record in self.records if record.kind == kind), None)


@dataclass(frozen=True, slots=True)
class _Institution:
    prefecture: str
    code: str
    month: date | None
    digest: str

    def place(self, record: Record) -> str:
        """Where a record stands: the file by its hash, and the line."""
        return f"{self.digest[:16]}:{record.line}"


def rows_of(uke: UkeFile, digest: str) -> RowSet:
    """The canonical rows of a file whose bytes have this SHA-256."""
    rows = RowSet(CANONICAL)
    institution: _Institution | None = None
    for receipt in _receipts(uke.records):
        if receipt.head.kind == "IR":
            head = receipt.head
            institution = _Institution(head.field(2), head.field(4), read_month(head.field(7)), digest)
        elif institution is not None:
            _add_receipt(rows, institution, receipt)
    return rows


def _receipts(records: Iterable[Record]) -> list[_Receipt]:
    receipts: list[_Receipt] = []
    for record in records:
        if record.kind in {"IR", "RE"}:
            receipts.append(_Receipt(record))
        elif record.kind != "GO":
            receipts[-1].records.append(record)
    return receipts


def _add_receipt(rows: RowSet, institution: _Institution, receipt: _Receipt) -> None:
    head = receipt.head
    month = read_month(head.field(3))
    born = read_day(head.field(6))
    if month is None or born is None:  # the layout has already checked both
        raise ValueError("a record without a readable month or birth date was let through")
    patient = _add_patient(rows, institution, receipt, born)
    last_day = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    rows.widen("patient", patient, "first_seen", "last_seen", month)
    rows.widen("patient", patient, "first_seen", "last_seen", last_day)
    submitted = institution.month.isoformat() if institution.month else ""
    key = source_key(
        "receipt",
        [institution.prefecture, institution.code, submitted, month.isoformat(), head.field(1), str(patient)],
    )
    payer = receipt.first("HO") or receipt.first("KO")
    rows.add(
        "claim",
        {
            "receipt_key": key,
            "patient_key": patient,
            "month": month,
            "kind": head.field(2),
            "in_out": "IN" if int(head.field(2)[-1]) % 2 else "OUT",
            "admit_date": read_day(head.field(8)),
            "total_points": _whole(payer.field(5)) if payer else None,
            "days": _whole(payer.field(4)) if payer else None,
            "facility_key": int(institution.code),
            "facility_prefecture": institution.prefecture,
            "source_system": SOURCE_SYSTEM,
            "source_ref": institution.place(head),
        },
    )
    _add_lines(rows, institution, receipt, _Owner(patient, key, month))


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose line it is."""

    patient: int
    receipt: int
    month: date


def _add_patient(rows: RowSet, institution: _Institution, receipt: _Receipt, born: date) -> int:
    head = receipt.head
    insurer, public, confirmed = receipt.first("HO"), receipt.first("KO"), receipt.first("SN")
    numbers = [insurer.field(i) if insurer else "" for i in (1, 2, 3)]
    branch = confirmed.field(6) if confirmed else ""
    kouhi = f"{public.field(1)}:{public.field(2)}" if public else ""
    kana = plain_form(head.field(36)) or plain_form(head.field(4))
    if insurer:
        identity = ["insured", *map(plain_form, numbers), plain_form(branch)]
    elif public:
        identity = ["public", plain_form(kouhi)]
    else:
        identity = ["chart", institution.prefecture, institution.code, plain_form(head.field(13))]
    key = source_key("patient", [*identity, born.isoformat(), kana])
    shared: dict[str, Cell] = {
        "patient_key": key,
        "source_system": SOURCE_SYSTEM,
        "source_ref": institution.place(head),
    }
    rows.add(
        "patient",
        {
            **shared,
            "birth_date": born,
            "sex": {"1": "M", "2": "F"}[head.field(5)],
            "insurance_kind": _insurance_kind(numbers[0]),
            "copay_ratio": head.field(7) or None,
        },
    )
    rows.add(
        "patient_identity",
        {
            **shared,
            "name_kanji": head.field(4),
            "name_kana": head.field(36) or None,
            "insurer_no": numbers[0] or None,
            "insured_symbol": numbers[1] or None,
            "insured_no": numbers[2] or None,
            "insured_branch": branch or None,
            "chart_no": head.field(13) or None,
            "kouhi_no": kouhi or None,
        },
    )
    return key


def _insurance_kind(insurer_no: str) -> str | None:
    """The 法別 digits of an insurer's number, or 国保 for the six-digit kind; not the number."""
    if not insurer_no:
        return None
    return "NHI" if len(insurer_no) == 6 else insurer_no[:2]


def _add_lines(rows: RowSet, institution: _Institution, receipt: _Receipt, owner: _Owner) -> None:
    care = ""
    lines = [r for r in receipt.records if r.kind in _MEDICAL | {"SY", "CO", "SJ"}]
    for number, record in enumerate(lines, start=1):
        if record.kind in _MEDICAL | {"CO"}:
            care = record.field(1) or care  # an empty 診療識別 continues the one above
        shared: dict[str, Cell] = {
            "patient_key": owner.patient,
            "source_system": SOURCE_SYSTEM,
            "source_ref": institution.place(record),
        }
        rows.add(
            "claim_line",
            {
                **shared,
                **_line(record, care),
                "line_key": source_key("claim_line", [str(owner.receipt), str(number)]),
                "receipt_key": owner.receipt,
                "month": owner.month,
                "line_no": number,
                "rec": record.kind,
            },
        )
        place = [str(owner.receipt), str(number)]
        if record.kind == "SY":
            rows.add("diagnosis", {**shared, **_diagnosis(record, place)})
        elif record.kind == "SJ":
            rows.add(
                "document",
                {
                    **shared,
                    "document_key": source_key("document", place),
                    "kind": "SJ",
                    "section": record.field(1),
                    "text": record.field(2),
                },
            )


def _line(record: Record, care: str) -> dict[str, Cell]:
    if record.kind == "SY":
        return {
            "code": record.field(1),
            "modifier_codes": _modifiers(record) or None,
            "comment_text": _words(record, (5, 7)),
        }
    if record.kind == "SJ":
        return {"code": record.field(1), "comment_text": record.field(2)}
    if record.kind == "CO":
        return {
            "care_kind": care or None,
            "burden_kind": record.field(2) or None,
            "comment_code": record.field(3),
            "comment_text": record.field(4) or None,
        }
    comments = (11, 13, 15) if record.kind == "TO" else (7, 9, 11)
    first_day = TO_DAYS if record.kind == "TO" else SI_DAYS
    words = [10] if record.kind == "TO" else []  # the product's name of 特定器材 is written by hand
    return {
        "care_kind": care or None,
        "burden_kind": record.field(2) or None,
        "code": record.field(3),
        "qty": float(record.field(4)) if record.field(4) else None,
        "points": _whole(record.field(5)),
        "times": _whole(record.field(6)),
        "day_bits": _day_bits(record, first_day),
        "comment_code": record.field(comments[0]) or None,
        "comment_text": _words(record, [*words, *(at + 1 for at in comments)]),
    }


def _words(record: Record, positions: Iterable[int]) -> str | None:
    return " / ".join(record.field(at) for at in positions if record.field(at)) or None


def _day_bits(record: Record, first: int) -> int | None:
    bits = sum(1 << day for day in range(31) if record.field(first + day).lstrip("0"))
    return bits or None


def _diagnosis(record: Record, place: list[str]) -> dict[str, Cell]:
    modifiers = _modifiers(record)
    return {
        "diagnosis_key": source_key("diagnosis", place),
        "receipt_disease_code": record.field(1),
        "modifier_codes": modifiers or None,
        "name_text": _words(record, (5, 7)),
        "category": "MAIN" if record.field(6) == "01" else "OTHER",
        "suspected": _SUSPECTED in modifiers,
        "start_date": read_day(record.field(2)),
        "outcome": record.field(3) or None,
    }


def _modifiers(record: Record) -> tuple[str, ...]:
    """The 修飾語 of a disease, four digits each, written without anything between them."""
    written = record.field(4)
    return tuple(written[at : at + 4] for at in range(0, len(written), 4))


def _whole(text: str) -> int | None:
    return int(text) if text else None
