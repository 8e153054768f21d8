"""Claims of the last year observed: one receipt per person, hospital, month and way of being seen."""

import numpy as np

from catalog.hospital.coded import Coded, Flags, Numbers, TableData, Tables, listed, same
from catalog.hospital.course import Course
from catalog.hospital.diseases import DISEASES
from catalog.hospital.facilities import PREFECTURES
from catalog.hospital.insurance import insurance_kind
from catalog.hospital.people import LAST_DAY

_A_YEAR = np.timedelta64(365, "D")
_VISIT, _REPEAT, _WARD = "111000110", "112007410", "190117710"
_COMMENT, _COMMENT_TEXTS = "810000001", ("１日１回　朝食後", "前回検査　別紙のとおり", "他院より継続")


def claims(course: Course) -> Tables:
    """Receipts and their lines."""
    visits, people = course.encounters, course.people
    recent = np.flatnonzero(visits.day > LAST_DAY - _A_YEAR)
    month = visits.day[recent].astype("datetime64[M]")
    named = np.column_stack(
        [visits.person[recent], visits.facility[recent], month.astype(np.int64), visits.inpatient[recent]]
    )
    distinct, first, place, times = np.unique(
        named, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    count = len(distinct)
    person, inside = distinct[:, 0], distinct[:, 3].astype(bool)
    days = np.where(inside, np.minimum(visits.stay[recent[first]], 28), np.minimum(times, 28))
    points = np.where(inside, 3_000 * np.maximum(days, 1), 288 + 73 * (times - 1)) + 7 * (person % 90)
    keys = course.part.keys("receipt", count)
    insurance = people.insurance
    receipt_month = distinct[:, 2].astype("datetime64[M]").astype("datetime64[D]")
    facility = distinct[:, 1]
    claim: TableData = {
        "receipt_key": keys,
        "patient_key": people.keys[person],
        "month": receipt_month,
        "kind": Coded(inside.astype(np.int8), ("1112", "1111")),
        "in_out": Coded(inside.astype(np.int8), ("OUT", "IN")),
        "admit_date": np.where(inside, visits.day[recent[first]], np.datetime64("NaT")),
        "insurer_no": insurance.insurer[person],
        "insured_symbol": insurance.symbol[person],
        "insured_no": insurance.number[person],
        "insured_branch": insurance.branch[person],
        "chart_no": people.chart[person],
        "insurance_kind": listed([insurance_kind(number) for number in insurance.insurer])[person],
        "total_points": points,
        "days": days,
        "facility_key": Coded(facility.astype(np.int8), tuple(course.facilities.keys.tolist())),
        "facility_prefecture": Coded(facility.astype(np.int8), tuple(f"{p:02d}" for p in PREFECTURES)),
        "source_system": same("receipt", count),
    }
    first_line = np.zeros(len(recent), dtype=bool)
    first_line[first] = True
    return {"claim": claim, "claim_line": _lines(course, recent, np.asarray(place).ravel(), first_line, keys)}


def _lines(course: Course, recent: Numbers, receipt: Numbers, first: Flags, keys: Numbers) -> TableData:
    """Per visit a charge, the disease and, one time in five, a comment."""
    visits, fresh = course.encounters, course.part.stream("claim lines")
    disease = visits.disease[recent]
    comment = np.flatnonzero(fresh.random(len(recent)) < 0.2)
    row = np.concatenate([np.arange(len(recent)), np.arange(len(recent)), comment])
    kind = np.repeat(np.array([0, 1, 2], dtype=np.int8), [len(recent), len(recent), len(comment)])
    order = np.lexsort((kind, row, receipt[row]))
    row, kind = row[order], kind[order]
    of_receipt = receipt[row]
    start = np.searchsorted(of_receipt, of_receipt)
    codes = (_VISIT, _REPEAT, _WARD, *(d.receipt for d in DISEASES))
    charge = np.where(visits.inpatient[recent], 2, np.where(first, 0, 1))[row]
    code = np.where(kind == 0, charge, np.where(kind == 1, 3 + disease[row], -1)).astype(np.int8)
    bits = 1 << (visits.day[recent] - visits.day[recent].astype("datetime64[M]")).astype(np.int64)[row]
    count = len(row)
    said = np.where(kind == 2, fresh.integers(0, len(_COMMENT_TEXTS), count), -1)
    return {
        "line_key": course.part.keys("claim_line", count),
        "receipt_key": keys[of_receipt],
        "patient_key": course.people.keys[visits.person[recent][row]],
        "month": visits.day[recent].astype("datetime64[M]").astype("datetime64[D]")[row],
        "line_no": np.arange(count) - start + 1,
        "rec": Coded(kind, ("SI", "SY", "CO")),
        "care_kind": Coded(np.where(kind == 0, np.minimum(charge, 2), -1), ("11", "12", "90")),
        "burden_kind": same("1", count),
        "code": Coded(code, codes),
        "qty": np.where(kind == 0, 1.0, np.nan),
        "points": Coded(np.where(kind == 0, charge, -1), (288, 73, 3000)),
        "times": Coded(np.where(kind == 0, 0, -1), (1,)),
        "day_bits": bits,
        "comment_code": Coded(np.where(kind == 2, 0, -1), (_COMMENT,)),
        "comment_text": Coded(said, _COMMENT_TEXTS),
        "source_system": same("receipt", count),
    }
