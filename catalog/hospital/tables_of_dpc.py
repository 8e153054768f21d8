"""The DPC tables, in modest form: 様式1 with its items side by side, EF, D, H and K of every stay."""

import hashlib

import numpy as np

from catalog.hospital.coded import Coded, ColumnData, Numbers, TableData, Tables, listed, same
from catalog.hospital.course import Course
from catalog.hospital.diseases import DISEASES
from catalog.hospital.drugs import INFUSIONS
from catalog.hospital.places import all_places
from catalog.hospital.tables_of_care import PROCEDURES, dpc_codes

_WARD = "190117710"


def dpc(course: Course) -> Tables:
    """The five tables."""
    visits, people, part = course.encounters, course.people, course.part
    fresh = part.stream("dpc")
    stays = np.flatnonzero(visits.inpatient)
    count, person = len(stays), visits.person[stays]
    admitted = visits.day[stays]
    left = admitted + visits.stay[stays].astype("timedelta64[D]")
    stay: TableData = {
        "patient_key": people.keys[person],
        "facility_key": Coded(visits.facility[stays].astype(np.int8), tuple(course.facilities.keys.tolist())),
        "admit_date": admitted,
        "discharge_date": left,
        "source_system": same("dpc", count),
    }
    return {
        "dpc_form1": _form(course, stays, stay),
        "dpc_ef": _charges(course, stays, stay),
        "dpc_d": {
            "d_key": part.keys("dpc_d", count),
            **stay,
            "service_date": admitted,
            "seq": same(1, count),
            "points": 2_000 * np.maximum(visits.stay[stays], 1),
            "billing_start_date": admitted,
            "billing_end_date": left,
            "dpc_code": Coded(visits.disease[stays].astype(np.int8), dpc_codes()),
        },
        "dpc_h": {
            "h_key": part.keys("dpc_h", count),
            **stay,
            "service_date": admitted,
            "item_code": same("ASS0013", count),
            "seq": same(1, count),
            "payload1": Coded(fresh.integers(0, 3, count), ("0", "1", "2")),
        },
        "dpc_k": {
            "k_key": part.keys("dpc_k", count),
            **stay,
            "k_hash": listed([_hashed(number) for number in people.my_number[person]]),
            "birth_date": people.birth[person],
            "sex": Coded(people.female[person].astype(np.int8), ("M", "F")),
        },
    }


def _form(course: Course, stays: Numbers, stay: TableData) -> TableData:
    visits, people, places = course.encounters, course.people, all_places()
    fresh, count, person = course.part.stream("dpc form 1"), len(stays), visits.person[stays]
    disease = visits.disease[stays].astype(np.int8)
    icd10 = tuple(d.icd10 for d in DISEASES)
    age = (visits.day[stays] - people.birth[person]).astype(np.float64)
    municipality = places.municipality_of[people.place[person]].astype(np.int16)
    return {
        "form1_key": course.part.keys("dpc_form1", count),
        **stay,
        "birth_date": people.birth[person],
        "sex": Coded(people.female[person].astype(np.int8), ("M", "F")),
        "age_in_days": np.maximum(age, 0),
        "age_in_years": np.floor(np.maximum(age, 0) / 365.25),
        "zip": places.postal[people.place[person]],
        "municipality_code": Coded(municipality, places.municipality),
        "planned_flag": Coded(fresh.integers(0, 2, count).astype(np.int8), (False, True)),
        "disposition": Coded(visits.ends_in_death[stays].astype(np.int8), ("1", "7")),
        "main_icd10": Coded(disease, icd10),
        "trigger_icd10": Coded(disease, icd10),
        "resource_icd10": Coded(disease, icd10),
        "jcs": Coded((fresh.random(count) < 0.06).astype(np.int8), ("0", "10")),
        "smoking_index": np.round(np.maximum(fresh.normal(120, 260, count), 0)),
        "death24h": visits.ends_in_death[stays] & (visits.stay[stays] < 1),
    }


def _charges(course: Course, stays: Numbers, stay: TableData) -> TableData:
    count, fresh = len(stays), course.part.stream("dpc charges")
    charge = np.tile(np.arange(3), count)
    three = np.repeat(np.arange(count), 3)
    repeated = {name: _taken(column, three) for name, column in stay.items()}
    return {
        "ef_key": course.part.keys("dpc_ef", 3 * count),
        **repeated,
        "service_date": np.repeat(course.encounters.day[stays], 3),
        "data_kbn": Coded(charge, ("90", "33", "60")),
        "seq": charge + 1,
        "detail_seq": same(1, 3 * count),
        "receipt_code": Coded(charge, (_WARD, INFUSIONS[0].receipt, PROCEDURES[0][0])),
        "name": Coded(charge, ("急性期一般入院料１", INFUSIONS[0].name, PROCEDURES[0][2])),
        "qty": same(1.0, 3 * count),
        "points": fresh.integers(10, 3000, 3 * count),
        "times": same(1, 3 * count),
        "in_out": same("1", 3 * count),
    }


def _taken(column: ColumnData, rows: Numbers) -> ColumnData:
    return Coded(column.codes[rows], column.listed) if isinstance(column, Coded) else column[rows]


def _hashed(number: str) -> str:
    """What links a person between the K files of hospitals."""
    return hashlib.sha256(f"K{number}".encode()).hexdigest()[:32]
