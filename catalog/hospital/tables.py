"""The invented hospital as tables of the canonical schema, column by column.

A column is an array, or ``Coded``: small integers into a list of values (-1 is empty), which
is how a hundred million test codes fit into memory. A column that is not named here is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from catalog.hospital.check_digits import Numbers
from catalog.hospital.events import (
    Encounters,
    make_diagnoses,
    make_encounters,
    make_lab_results,
    make_prescriptions,
)
from catalog.hospital.people import Days, People, Scale, make_people
from catalog.hospital.vocabulary import DISEASES, DRUGS, LAB_ITEMS, MUNICIPALITIES

SOURCE_SYSTEM = "generated"
_FACILITY = 9_900_001


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of repeated values."""

    codes: NDArray[Any]
    listed: tuple[Any, ...]


ColumnData: TypeAlias = "NDArray[Any] | Coded"
TableData: TypeAlias = "Mapping[str, ColumnData]"


def make_tables(scale: Scale) -> dict[str, TableData]:
    """Every table of a hospital of this scale, by name."""
    people = make_people(scale)
    encounters = make_encounters(scale, people)
    return {
        "patient": _patients(scale, people, encounters),
        "patient_identity": _identities(people),
        "encounter": _encounters(people, encounters),
        "diagnosis": _diagnoses(scale, people, encounters),
        "prescription": _prescriptions(scale, people, encounters),
        "lab_result": _lab_results(scale, people, encounters),
        "document": _documents(scale, people, encounters),
    }


def _same(value: object, count: int) -> Coded:
    return Coded(np.zeros(count, dtype=np.int8), (value,))


def _at(encounters: Encounters) -> Days:
    at: Days = encounters.day.astype("datetime64[m]") + encounters.minute.astype("timedelta64[m]")
    return at


def _shares(scale: Scale, name: str, shares: tuple[float, ...], values: tuple[str, ...]) -> Coded:
    return Coded(scale.stream(name).choice(len(shares), scale.patients, p=shares), values)


def _patients(scale: Scale, people: People, encounters: Encounters) -> TableData:
    count = len(people.keys)
    starts = np.searchsorted(encounters.person, np.arange(count))
    ends = np.append(starts[1:], len(encounters.person)) - 1
    fresh = scale.stream("bodies")
    height = np.where(people.female, 157.5, 170.2) + fresh.normal(0, 6.0, count)
    return {
        "patient_key": people.keys,
        "birth_date": people.birth,
        "sex": Coded(people.female.astype(np.int8), ("M", "F")),
        "death_date": people.death,
        "prefecture": Coded(people.place, tuple(m.prefecture for m in MUNICIPALITIES)),
        "municipality_code": Coded(people.place, tuple(m.code for m in MUNICIPALITIES)),
        "insurance_kind": np.array([number[:2] for number in people.insurer], dtype=object),
        "copay_ratio": Coded(np.where(people.age >= 75, 0, 1), ("10", "30")),
        "abo": _shares(scale, "abo", (0.38, 0.31, 0.22, 0.09), ("A", "O", "B", "AB")),
        "rh": _shares(scale, "rh", (0.995, 0.005), ("+", "-")),
        "height_cm": np.round(height, 1),
        "weight_kg": np.round((height / 100) ** 2 * np.clip(fresh.normal(22.6, 3.4, count), 14, 45), 1),
        "first_seen": encounters.day[starts],
        "last_seen": encounters.day[ends],
        "optout_flag": np.zeros(count, dtype=bool),
        "source_system": _same(SOURCE_SYSTEM, count),
    }


def _identities(people: People) -> TableData:
    persons = range(len(people.keys))
    return {
        "patient_key": people.keys,
        "name_kanji": np.array([people.name(p) for p in persons], dtype=object),
        "name_kana": np.array([people.kana(p) for p in persons], dtype=object),
        "address": np.array([people.address(p) for p in persons], dtype=object),
        "postal_code": Coded(people.place, tuple(m.postal for m in MUNICIPALITIES)),
        "phone": people.phone,
        "email": np.array([f"p{number}@example.jp" for number in people.number], dtype=object),
        "insurer_no": people.insurer,
        "insured_symbol": people.symbol,
        "insured_no": people.number,
        "insured_branch": people.branch,
        "my_number": people.my_number,
        "chart_no": np.array([f"9{number}" for number in people.number], dtype=object),
        "source_system": _same(SOURCE_SYSTEM, len(people.keys)),
    }


def _encounters(people: People, encounters: Encounters) -> TableData:
    count = len(encounters.keys)
    start = _at(encounters)
    gone = start + (encounters.stay * 24 * 60).astype("timedelta64[m]")
    return {
        "encounter_key": encounters.keys,
        "patient_key": people.keys[encounters.person],
        "kind": Coded(encounters.inpatient.astype(np.int8), ("AMB", "IMP")),
        "dept_code": Coded(encounters.department, tuple(d.department for d in DISEASES)),
        "admit_ts": start,
        "discharge_ts": np.where(encounters.inpatient, gone, np.datetime64("NaT")),
        "los_days": np.where(encounters.inpatient, encounters.stay, 0),
        "facility_key": np.full(count, _FACILITY, dtype=np.int32),
        "source_system": _same(SOURCE_SYSTEM, count),
    }


def _diagnoses(scale: Scale, people: People, encounters: Encounters) -> TableData:
    made = make_diagnoses(scale, people, encounters)
    count = len(made.keys)
    day = encounters.day[made.encounter]
    return {
        "diagnosis_key": made.keys,
        "patient_key": people.keys[made.person],
        "encounter_key": encounters.keys[made.encounter],
        "mdcdx2_no": Coded(made.disease, tuple(d.mdcdx2 for d in DISEASES)),
        "receipt_disease_code": Coded(made.disease, tuple(d.receipt for d in DISEASES)),
        "icd10": Coded(made.disease, tuple(d.icd10 for d in DISEASES)),
        "icd10_version": _same("2013", count),
        "modifier_codes": Coded(np.where(made.suspected, 0, -1), ("8002",)),
        "name_text": Coded(made.disease, tuple(d.name for d in DISEASES)),
        "category": _same("OTHER", count),
        "suspected": made.suspected,
        "start_date": day,
        "outcome": _same("3", count),
        "source_system": _same(SOURCE_SYSTEM, count),
    }


def _prescriptions(scale: Scale, people: People, encounters: Encounters) -> TableData:
    made = make_prescriptions(scale, people, encounters)
    day = encounters.day[made.encounter]
    dose = np.array([d.dose for d in DRUGS])[made.drug]
    return {
        "rx_key": made.keys,
        "patient_key": people.keys[encounters.person[made.encounter]],
        "encounter_key": encounters.keys[made.encounter],
        "ordered_ts": _at(encounters)[made.encounter],
        "yj": Coded(made.drug, tuple(d.yj for d in DRUGS)),
        "receipt_drug_code": Coded(made.drug, tuple(d.receipt for d in DRUGS)),
        "drug_name": Coded(made.drug, tuple(d.name for d in DRUGS)),
        "dose": dose,
        "dose_unit": Coded(made.drug, tuple(d.unit for d in DRUGS)),
        "daily_dose": dose,
        "days": made.days,
        "status": _same("F", len(made.keys)),
        "start_date": day,
        "end_date": day + made.days.astype("timedelta64[D]"),
        "dispensed_flag": np.ones(len(made.keys), dtype=bool),
        "source_system": _same(SOURCE_SYSTEM, len(made.keys)),
    }


def _lab_results(scale: Scale, people: People, encounters: Encounters) -> TableData:
    made = make_lab_results(scale, people, encounters)
    low = np.array([i.low for i in LAB_ITEMS])
    high = np.array([i.high for i in LAB_ITEMS])
    flag = np.where(made.value < low[made.item], 0, np.where(made.value > high[made.item], 1, 2))
    count = len(made.keys)
    return {
        "result_key": made.keys,
        "patient_key": people.keys[encounters.person[made.encounter]],
        "encounter_key": encounters.keys[made.encounter],
        "specimen_ts": _at(encounters)[made.encounter],
        "jlac10": Coded(made.item, tuple(i.jlac10 for i in LAB_ITEMS)),
        "local_name": Coded(made.item, tuple(i.name for i in LAB_ITEMS)),
        "specimen_code": Coded(made.item, tuple(i.jlac10[9:12] for i in LAB_ITEMS)),
        "value_num": made.value,
        "unit_ucum": Coded(made.item, tuple(i.unit for i in LAB_ITEMS)),
        "ref_low": Coded(made.item, tuple(i.low for i in LAB_ITEMS)),
        "ref_high": Coded(made.item, tuple(i.high for i in LAB_ITEMS)),
        "abn_flag": Coded(flag, ("L", "H", "N")),
        "method_code": Coded(made.item, tuple(i.jlac10[12:15] for i in LAB_ITEMS)),
        "status": _same("F", count),
        "facility_key": _same(_FACILITY, count),
        "source_system": _same(SOURCE_SYSTEM, count),
    }


def _documents(scale: Scale, people: People, encounters: Encounters) -> TableData:
    """One note at every tenth encounter, with the patient's name in it, as real notes have."""
    chosen: Numbers = np.arange(0, len(encounters.keys), 10)
    person = encounters.person[chosen]
    text = [
        f"{people.name(p)}様（{people.address(p)}）は{DISEASES[d].name}で通院中。連絡先{people.phone[p]}。"
        for p, d in zip(person.tolist(), encounters.department[chosen].tolist(), strict=True)
    ]
    return {
        "document_key": scale.keys("document", len(chosen)),
        "patient_key": people.keys[person],
        "ts": _at(encounters)[chosen],
        "kind": _same("11506-3", len(chosen)),
        "text": np.array(text, dtype=object),
        "source_system": _same(SOURCE_SYSTEM, len(chosen)),
    }
