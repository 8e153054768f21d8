"""The invented hospital's claims for one month, written as a レセプト電算 file.

The format is the one ``catalog.uke`` reads: cp932, CRLF, no quoting. Where a real file hides
a name, so does this one: every twentieth receipt has an uncoded disease in whose words the
patient's own name stands, and comments name a place and a time.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from catalog.hospital.course import make_course
from catalog.hospital.diseases import DISEASES
from catalog.hospital.drugs import DRUGS
from catalog.hospital.events import Encounters
from catalog.hospital.people import People
from catalog.hospital.scale import Part, Scale

_UNCODED = "0000999"
_VISIT, _REPEAT = "111000110", "112007410"
_COMMENT = "810000001"
_NAME_HIDDEN_EVERY = 20


@dataclass(frozen=True, slots=True)
class _Hospital:
    people: People
    encounters: Encounters
    diseases: dict[int, list[tuple[int, date]]]
    drugs: dict[int, list[tuple[int, int]]]


def write_uke(scale: Scale, month: date, most_receipts: int) -> bytes:
    """The claims of a month, at most so many receipts, of the first part of a hospital's people."""
    hospital = _hospital(scale)
    days = hospital.encounters.day.astype("datetime64[M]") == np.datetime64(month, "M")
    wanted = np.flatnonzero(days & ~hospital.encounters.inpatient)
    by_person: dict[int, list[int]] = {}
    for encounter in wanted.tolist():
        by_person.setdefault(int(hospital.encounters.person[encounter]), []).append(encounter)
    stamp = f"{month:%Y%m}"
    lines = [["IR", "1", "13", "1", "9900001", "", "", stamp, "00", "0300000000"]]
    total = 0
    receipts = list(by_person.items())[:most_receipts]
    for number, (person, encounters) in enumerate(receipts, start=1):
        written, points = _receipt(hospital, number, person, encounters, stamp)
        lines.extend(written)
        total += points
    lines.append(["GO", str(len(receipts)), str(total), "99"])
    return b"".join((",".join(line) + "\r\n").encode("cp932") for line in lines)


def _hospital(scale: Scale) -> _Hospital:
    course = make_course(Part(scale))
    people, encounters = course.people, course.encounters
    diagnoses, ordered = course.diagnoses, course.prescriptions
    diseases: dict[int, list[tuple[int, date]]] = {}
    for person, disease, encounter in zip(
        diagnoses.person.tolist(), diagnoses.disease.tolist(), diagnoses.encounter.tolist(), strict=True
    ):
        begun: date = encounters.day[encounter].item()
        diseases.setdefault(person, []).append((disease, begun))
    drugs: dict[int, list[tuple[int, int]]] = {}
    for encounter, drug, days in zip(
        ordered.encounter.tolist(), ordered.drug.tolist(), ordered.days.tolist(), strict=True
    ):
        drugs.setdefault(encounter, []).append((drug, days))
    return _Hospital(people, encounters, diseases, drugs)


def _receipt(
    hospital: _Hospital, number: int, person: int, encounters: list[int], stamp: str
) -> tuple[list[list[str]], int]:
    """One receipt's records, and its points."""
    people = hospital.people
    visit_days = [hospital.encounters.day[e].item().day for e in encounters]
    body: list[list[str]] = []
    points = 0
    for care, code, price, days in (
        ("11", _VISIT, 288, visit_days[:1]),
        ("12", _REPEAT, 73, visit_days[1:]),
    ):
        if days:
            body.append(_medical("SI", care, code, "", price, days))
            points += price * len(days)
    for encounter, day in zip(encounters, visit_days, strict=True):
        for drug, supply in hospital.drugs.get(encounter, []):
            price = 3 * supply
            body.append(_medical("IY", "21", DRUGS[drug].receipt, str(supply), price, [day]))
            body.append(["CO", "21", "1", _COMMENT, "１日１回　朝食後"])
            points += price
    head = [""] * 38
    head[:7] = [
        "RE",
        str(number),
        "1112",
        stamp,
        people.name(person),
        "2" if people.female[person] else "1",
        people.birth[person].item().strftime("%Y%m%d"),
    ]
    head[13], head[36] = people.chart[person], people.kana(person)
    insurance = people.insurance
    insurer = ["HO", insurance.insurer[person], insurance.symbol[person], insurance.number[person]]
    insurer += [str(len(set(visit_days))), str(points), *[""] * 9]
    confirmed = ["SN", "1", "01", "", "", "", insurance.branch[person], "", ""]
    return [head, insurer, confirmed, *_diseases(hospital, number, person, stamp), *body], points


def _diseases(hospital: _Hospital, number: int, person: int, stamp: str) -> list[list[str]]:
    until = date(int(stamp[:4]), int(stamp[4:]), 28)
    written = [
        ["SY", DISEASES[disease].receipt, f"{min(begun, until):%Y%m%d}", "1", "", "", "", ""]
        for disease, begun in hospital.diseases.get(person, [])
    ]
    if number % _NAME_HIDDEN_EVERY == 1 or not written:
        words = f"{hospital.people.name(person, '')}氏の遠縁に遺伝性疾患の疑い"
        written.append(["SY", _UNCODED, f"{stamp}01", "1", "", words, "", ""])
    return written


def _medical(kind: str, care: str, code: str, quantity: str, points: int, days: list[int]) -> list[str]:
    calendar = [""] * 31
    for day in days:
        calendar[day - 1] = "1"
    head = [kind, care, "1", code, quantity, str(points), str(len(days)), *[""] * 6]
    return [*head, *calendar]
