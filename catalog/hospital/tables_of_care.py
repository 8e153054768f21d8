"""The tables of visits and stays: what was found, given and done."""

import numpy as np

from catalog.hospital.coded import Coded, Days, Numbers, TableData, listed, same
from catalog.hospital.course import Course
from catalog.hospital.diseases import DISEASES, RARE
from catalog.hospital.drugs import BASES, DRUGS, INFUSIONS, Drug
from catalog.hospital.events import staff_codes
from catalog.hospital.lab_tables import SOURCE_SYSTEM

_VITALS = (
    ("9P100000000000001", "Cel", 36.5, 0.5, 1),
    ("9P300000000000001", "/min", 76.0, 12.0, 0),
    ("9A751000000000001", "mm[Hg]", 128.0, 17.0, 0),
    ("9A761000000000001", "mm[Hg]", 75.0, 11.0, 0),
    ("3H065000000000001", "%", 97.0, 1.5, 0),
)
PROCEDURES = (
    ("160008010", "", "末梢血液一般検査", 21),
    ("160072510", "", "心電図検査", 130),
    ("140000610", "", "創傷処置", 52),
    ("150089110", "K333", "骨折観血的手術", 21_000),
    ("150166510", "K672-2", "腹腔鏡下胆嚢摘出術", 21_500),
    ("150274210", "K282", "水晶体再建術", 12_100),
    ("150160010", "K614", "血管移植術", 70_190),
)
_MODALITIES = (
    ("CR", "1000000000300000000000000000000G"),
    ("CT", "2000000000250000000000000000000G"),
    ("MR", "3000000000150000000000000000000G"),
    ("US", "4000000000250000000000000000000G"),
)
_WARDS = ("3A", "3B", "4A", "4B", "5A", "5B", "6A", "ICU")
_ALIVE, _DIED = "01", "20"


def encounters(course: Course) -> TableData:
    """Visits and stays."""
    made, fresh = course.encounters, course.part.stream("encounter rows")
    count = len(made.keys)
    gone = made.at + (made.stay * 24 * 60).astype("timedelta64[m]")
    inside = made.inpatient
    kind = np.where(inside, 1, np.where(made.emergency, 2, 0)).astype(np.int8)
    disease = made.disease.astype(np.int8)
    before = _stay_before(course)
    return {
        "encounter_key": made.keys,
        "patient_key": course.people.keys[made.person],
        "kind": Coded(kind, ("AMB", "IMP", "EMER")),
        "dept_code": Coded(disease, tuple(d.department for d in DISEASES)),
        "ward_code": Coded(np.where(inside, fresh.integers(0, len(_WARDS), count), -1), _WARDS),
        "room": Coded(
            np.where(inside, fresh.integers(0, 80, count), -1), tuple(str(301 + n) for n in range(80))
        ),
        "admit_ts": made.at,
        "discharge_ts": np.where(inside, gone, np.datetime64("NaT")),
        "disposition": Coded(np.where(inside, made.ends_in_death, -1).astype(np.int8), (_ALIVE, _DIED)),
        "admit_route": Coded(np.where(inside, fresh.integers(0, 3, count), -1), ("外来", "救急", "紹介")),
        "planned_flag": Coded(np.where(inside, fresh.integers(0, 2, count), -1), (False, True)),
        "los_days": made.stay,
        "attending_staff": staff_codes(made.doctor, made.facility),
        "facility_key": Coded(made.facility.astype(np.int8), tuple(course.facilities.keys.tolist())),
        "dpc_code": Coded(np.where(inside, disease, -1), dpc_codes()),
        "prior_discharge_month": before,
        "source_system": same(SOURCE_SYSTEM, count),
    }


def dpc_codes() -> tuple[str, ...]:
    """A code of fourteen characters for each disease."""
    return tuple(f"{n + 1:02d}{10 * n + 5:04d}xx99x0xx"[:14] for n in range(len(DISEASES)))


def _stay_before(course: Course) -> Days:
    """For a stay, the month in which the person's stay before it ended."""
    made = course.encounters
    stays = np.flatnonzero(made.inpatient)
    if not len(stays):
        return np.full(len(made.keys), np.datetime64("NaT"), dtype="datetime64[D]")
    follows = np.append(False, made.person[stays][1:] == made.person[stays][:-1])
    ended = (made.day + made.stay.astype("timedelta64[D]"))[stays].astype("datetime64[M]")
    before = np.full(len(made.keys), np.datetime64("NaT"), dtype="datetime64[D]")
    before[stays[follows]] = ended[:-1][follows[1:]]
    return before


def encounter_events(course: Course) -> TableData:
    """A change of ward during one stay in four."""
    made, fresh = course.encounters, course.part.stream("moves")
    rows = np.flatnonzero(made.inpatient & (made.stay > 2) & (fresh.random(len(made.keys)) < 0.25))
    left = fresh.integers(0, len(_WARDS), len(rows))
    entered = (left + fresh.integers(1, len(_WARDS), len(rows))) % len(_WARDS)
    return {
        "encounter_event_key": course.part.keys("encounter_event", len(rows)),
        "encounter_key": made.keys[rows],
        "patient_key": course.people.keys[made.person[rows]],
        "event": same("WARD", len(rows)),
        "event_ts": made.at[rows] + np.timedelta64(30, "h"),
        "from_ward": Coded(left, _WARDS),
        "to_ward": Coded(entered, _WARDS),
        "source_system": same(SOURCE_SYSTEM, len(rows)),
    }


def diagnoses(course: Course) -> TableData:
    """Diagnoses; the words for one are those of the table."""
    made, day = course.diagnoses, course.encounters.day
    count = len(made.keys)
    disease = made.disease.astype(np.int8)
    start = day[made.encounter]
    acute = ~course.people.has[made.person, made.disease]
    return {
        "diagnosis_key": made.keys,
        "patient_key": course.people.keys[made.person],
        "encounter_key": course.encounters.keys[made.encounter],
        "mdcdx2_no": Coded(disease, tuple(d.mdcdx2 for d in DISEASES)),
        "receipt_disease_code": Coded(disease, tuple(d.receipt for d in DISEASES)),
        "icd10": Coded(disease, tuple(d.icd10 for d in DISEASES)),
        "icd10_version": same("2013", count),
        "modifier_codes": Coded(np.where(made.suspected, 0, -1).astype(np.int8), ("[8002]",)),
        "name_text": Coded(disease, tuple(d.name for d in DISEASES)),
        "category": Coded(
            (made.disease == course.encounters.disease[made.encounter]).astype(np.int8), ("OTHER", "MAIN")
        ),
        "suspected": made.suspected,
        "onset_date": np.maximum(
            start - (made.keys % 90).astype("timedelta64[D]"), course.people.birth[made.person]
        ),
        "start_date": start,
        "end_date": np.where(acute, start + np.timedelta64(14, "D"), np.datetime64("NaT")),
        "outcome": Coded(acute.astype(np.int8), ("3", "1")),
        "rare_flag": np.isin(made.disease, RARE),
        "disclosure_flag": made.undisclosed,
        "source_system": same(SOURCE_SYSTEM, count),
    }


def _which(drugs: tuple[Drug, ...], chosen: Numbers) -> TableData:
    codes = chosen.astype(np.int8)
    return {
        "hot9": Coded(codes, tuple(d.hot9 for d in drugs)),
        "yj": Coded(codes, tuple(d.yj for d in drugs)),
        "receipt_drug_code": Coded(codes, tuple(d.receipt for d in drugs)),
        "drug_name": Coded(codes, tuple(d.name for d in drugs)),
        "dose": np.array([d.dose for d in drugs])[chosen],
        "dose_unit": Coded(codes, tuple(d.unit for d in drugs)),
        "daily_dose": np.array([d.dose for d in drugs])[chosen],
        "route": Coded(codes, tuple(d.route for d in drugs)),
    }


def prescriptions(course: Course) -> TableData:
    """Drugs to take."""
    made, visits = course.prescriptions, course.encounters
    count = len(made.keys)
    day = visits.day[made.encounter]
    return {
        "rx_key": made.keys,
        "patient_key": course.people.keys[visits.person[made.encounter]],
        "encounter_key": visits.keys[made.encounter],
        "ordered_ts": visits.at[made.encounter],
        **_which(DRUGS, made.drug),
        "days": made.days,
        "usage_code": same("1013044400000000", count),
        "status": same("F", count),
        "start_date": day,
        "end_date": day + made.days.astype("timedelta64[D]"),
        "dispensed_flag": same(value=True, count=count),
        "source_system": same(SOURCE_SYSTEM, count),
    }


def injections(course: Course) -> TableData:
    """During a stay, on its first days a base solution with something in it."""
    visits, fresh = course.encounters, course.part.stream("injections")
    days = np.where(visits.inpatient, np.minimum(visits.stay, 3), 0)
    visit = np.repeat(np.arange(len(visits.keys)), days)
    number = np.arange(len(visit)) - np.repeat(np.cumsum(days) - days, days)
    base = fresh.integers(0, BASES, len(visit))
    added = fresh.integers(BASES, len(INFUSIONS), len(visit))
    row, drug = np.repeat(visit, 2), np.column_stack([base, added]).ravel()
    start = visits.at[row] + np.repeat(number, 2).astype("timedelta64[D]")
    count = len(row)
    keys = course.part.keys("injection", count)
    return {
        "injection_key": keys,
        "patient_key": course.people.keys[visits.person[row]],
        "encounter_key": visits.keys[row],
        "ordered_ts": start,
        **_which(INFUSIONS, drug),
        "days": same(1, count),
        "status": same("F", count),
        "start_date": start.astype("datetime64[D]"),
        "component_type": Coded(np.tile(np.array([0, 1], dtype=np.int8), len(visit)), ("B", "A")),
        "rate": np.round(fresh.uniform(20, 120, count), 0),
        "start_ts": start,
        "stop_ts": start + np.timedelta64(6, "h"),
        "performed_flag": same(value=True, count=count),
        "source_system": same(SOURCE_SYSTEM, count),
    }


def vitals(course: Course) -> TableData:
    """Five signs at each day of a stay's first three, and at one visit in ten."""
    visits, fresh = course.encounters, course.part.stream("vitals")
    outside = (~visits.inpatient & (fresh.random(len(visits.keys)) < 0.1)).astype(np.int64)
    times = np.where(visits.inpatient, np.minimum(visits.stay, 3), outside)
    visit = np.repeat(np.arange(len(visits.keys)), times)
    number = np.arange(len(visit)) - np.repeat(np.cumsum(times) - times, times)
    row = np.repeat(visit, len(_VITALS))
    sign = np.tile(np.arange(len(_VITALS)), len(visit))
    value = np.array([v[2] for v in _VITALS])[sign] + np.array([v[3] for v in _VITALS])[
        sign
    ] * fresh.standard_normal(len(row))
    value = np.where(sign == 0, np.round(value, 1), np.round(value))
    value = np.where(sign == len(_VITALS) - 1, np.minimum(value, 100), value)
    return {
        "vital_key": course.part.keys("vital", len(row)),
        "patient_key": course.people.keys[visits.person[row]],
        "encounter_key": visits.keys[row],
        "ts": visits.at[row] + np.repeat(number, len(_VITALS)).astype("timedelta64[D]"),
        "code": Coded(sign.astype(np.int8), tuple(v[0] for v in _VITALS)),
        "value_num": value,
        "unit": Coded(sign.astype(np.int8), tuple(v[1] for v in _VITALS)),
        "device_flag": Coded((fresh.random(len(row)) < 0.8).astype(np.int8), (False, True)),
        "source_system": same(SOURCE_SYSTEM, len(row)),
    }


def procedures(course: Course) -> TableData:
    """Something done at one visit in twelve; the operations only during a stay."""
    visits, fresh = course.encounters, course.part.stream("procedures")
    rows = np.flatnonzero(
        (fresh.random(len(visits.keys)) < 0.06) | (visits.inpatient & (fresh.random(len(visits.keys)) < 0.5))
    )
    inside = visits.inpatient[rows]
    which = np.where(inside, fresh.integers(0, len(PROCEDURES), len(rows)), fresh.integers(0, 3, len(rows)))
    return {
        "procedure_key": course.part.keys("procedure", len(rows)),
        "patient_key": course.people.keys[visits.person[rows]],
        "encounter_key": visits.keys[rows],
        "ts": visits.at[rows] + np.timedelta64(90, "m"),
        "shinryo_koui_code": Coded(which, tuple(p[0] for p in PROCEDURES)),
        "k_code": Coded(np.where(which < 3, -1, which), tuple(p[1] for p in PROCEDURES)),
        "side": Coded(np.where(which < 3, -1, fresh.integers(0, 2, len(rows))), ("R", "L")),
        "times": same(1, len(rows)),
        "anesthesia": Coded(
            np.where(which < 3, -1, fresh.integers(0, 2, len(rows))), ("全身麻酔", "局所麻酔")
        ),
        "staff": staff_codes(visits.doctor[rows], visits.facility[rows]),
        "source_system": same(SOURCE_SYSTEM, len(rows)),
    }


def imaging_studies(course: Course) -> TableData:
    """Pictures at one visit in twelve."""
    visits, fresh = course.encounters, course.part.stream("pictures")
    rows = np.flatnonzero(fresh.random(len(visits.keys)) < 0.08)
    which = fresh.choice(len(_MODALITIES), len(rows), p=(0.5, 0.25, 0.1, 0.15))
    keys = course.part.keys("imaging_study", len(rows))
    return {
        "study_key": keys,
        "patient_key": course.people.keys[visits.person[rows]],
        "encounter_key": visits.keys[rows],
        "ts": visits.at[rows] + np.timedelta64(60, "m"),
        "modality": Coded(which, tuple(m[0] for m in _MODALITIES)),
        "jj1017": Coded(which, tuple(m[1] for m in _MODALITIES)),
        "n_images": np.array([2, 180, 240, 12])[which],
        "header_scrub_status": same("none", len(rows)),
        "face_removed": same(value=False, count=len(rows)),
        "study_uid": listed([f"1.2.392.200036.9999.{key}" for key in keys.tolist()]),
        "accession_no": listed([f"A{key % 10**10:010d}" for key in keys.tolist()]),
        "facility_key": Coded(visits.facility[rows].astype(np.int8), tuple(course.facilities.keys.tolist())),
        "source_system": same(SOURCE_SYSTEM, len(rows)),
    }
