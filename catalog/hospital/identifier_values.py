"""The forty kinds of identifier a note can hold, and how a value of each is made for a person.

The person's own numbers are those of ``patient_identity``; what the source does not hold (a
passport, a driving licence) is invented on the spot. Where a kind has a check digit, one value
of ten is written with a wrong one. ``NEAR_MISSES`` are numbers of other kinds that only look
like identifiers: codes of tests and drugs, order and lot numbers, points.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from catalog.hospital.check_digits import with_corporate_check, with_insurer_check
from catalog.hospital.course import Course
from catalog.hospital.dice import Dice
from catalog.hospital.diseases import DISEASES
from catalog.hospital.drugs import DRUGS
from catalog.hospital.given_names import GIVEN, GIVEN_A_COHORT
from catalog.hospital.lab_items import ITEMS
from catalog.hospital.places import DIALS, all_places
from catalog.hospital.surnames import all_surnames

_WRONG_EVERY = 10
VALID, INVALID, NONE = "valid", "invalid", "none"


@dataclass(frozen=True, slots=True)
class Scene:
    """Whose note it is: one encounter of one person."""

    course: Course
    person: int
    encounter: int
    dice: Dice

    @property
    def family(self) -> str:
        """The family's name; a single name stands for it."""
        names = self.course.people.names
        return str(names.family[self.person] or names.given[self.person])


def _checked(scene: Scene, number: str, *, first: bool = False) -> tuple[str, str]:
    """The number, or one time in ten the number with a wrong check digit."""
    if scene.dice.below(_WRONG_EVERY):
        return number, VALID
    wrong = str((int(number[0 if first else -1]) + 1 + scene.dice.below(8)) % 10)
    return (wrong + number[1:], INVALID) if first else (number[:-1] + wrong, INVALID)


def _weighted(scene: Scene, width: int) -> tuple[str, str]:
    body = int(scene.dice.digits(width - 1))
    return _checked(scene, str(int(with_insurer_check(np.array([body]), width - 1)[0])))


def _corporate(scene: Scene) -> tuple[str, str]:
    body = 100_000_000_000 + scene.dice.below(899_999_999_999)
    return _checked(scene, str(int(with_corporate_check(np.array([body]))[0])), first=True)


def _licence(scene: Scene) -> tuple[str, str]:
    digits = scene.dice.digits(10)
    rest = sum(int(d) * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return _checked(scene, digits + str((11 - rest) % 11 % 10))[0] + str(scene.dice.below(3)), NONE


def _card(scene: Scene) -> tuple[str, str]:
    body = "4" + scene.dice.digits(14)
    doubled = [int(d) * 2 if place % 2 == 0 else int(d) for place, d in enumerate(body)]
    total = sum(d // 10 + d % 10 for d in doubled)
    return _checked(scene, body + str((10 - total % 10) % 10))


def _relative(scene: Scene) -> str:
    """Wife or husband: the same family name and a given name of the other sex."""
    women = not scene.course.people.female[scene.person]
    given = GIVEN[(3 * women + 1) * GIVEN_A_COHORT + scene.dice.below(GIVEN_A_COHORT)][0]
    return f"{scene.family}　{given}"


def _nurse(scene: Scene) -> str:
    family = all_surnames()[0]
    return (
        f"{family[scene.dice.below(400)]}　{GIVEN[4 * GIVEN_A_COHORT + scene.dice.below(GIVEN_A_COHORT)][0]}"
    )


def _doctor(scene: Scene) -> str:
    visits = scene.course.encounters
    hospital = scene.course.facilities.doctors[int(visits.facility[scene.encounter])]
    return hospital[int(visits.doctor[scene.encounter])]


def _hospital(scene: Scene) -> int:
    return int(scene.course.encounters.facility[scene.encounter])


def _telephone(scene: Scene) -> str:
    dial = DIALS[int(all_places().prefecture[scene.course.people.place[scene.person]]) - 1]
    return f"{dial}-{2 + scene.dice.below(8)}{scene.dice.digits(5 - len(dial))}-{scene.dice.digits(4)}"


def _postal(scene: Scene) -> str:
    code = str(all_places().postal[scene.course.people.place[scene.person]])
    return f"{code[:3]}-{code[3:]}"


def _insured(scene: Scene) -> str:
    held, person = scene.course.people.insurance, scene.person
    return f"{held.symbol[person]}・{held.number[person]}（枝番）{held.branch[person]}"


def _institution(scene: Scene) -> tuple[str, str]:
    return _checked(scene, str(scene.course.facilities.keys[_hospital(scene)]))


Value = Callable[[Scene], "str | tuple[str, str]"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of identifier: its shape (what variants it has) and where a value comes from."""

    shape: str
    value: Value


KINDS: Mapping[str, Kind] = {
    "patient_name": Kind("name", lambda s: s.course.people.name(s.person)),
    "patient_kana": Kind("kana", lambda s: s.course.people.kana(s.person)),
    "relative_name": Kind("name", _relative),
    "doctor_name": Kind("name", _doctor),
    "nurse_name": Kind("name", _nurse),
    "hospital_name": Kind("text", lambda s: s.course.facilities.names[_hospital(s)]),
    "address": Kind("text", lambda s: str(s.course.people.address[s.person])),
    "hospital_address": Kind("text", lambda s: s.course.facilities.addresses[_hospital(s)]),
    "postal_code": Kind("hyphened", _postal),
    "phone": Kind("hyphened", lambda s: str(s.course.people.phone[s.person])),
    "mobile_phone": Kind(
        "hyphened", lambda s: f"0{7 + s.dice.below(3)}0-{s.dice.digits(4)}-{s.dice.digits(4)}"
    ),
    "fax": Kind("hyphened", _telephone),
    "email": Kind("text", lambda s: s.course.people.email[s.person] or f"u{s.dice.digits(5)}@example.jp"),
    "birth_date": Kind("date", lambda s: str(s.course.people.birth[s.person])),
    "visit_date": Kind("date", lambda s: str(s.course.encounters.day[s.encounter])),
    "employer": Kind("text", lambda s: s.course.people.employer[s.person] or f"{s.family}商店"),
    "my_number": Kind("number", lambda s: _checked(s, str(s.course.people.my_number[s.person]))),
    "insurer_no": Kind("number", lambda s: _checked(s, str(s.course.people.insurance.insurer[s.person]))),
    "insured_number": Kind("text", _insured),
    "public_payer_no": Kind("number", lambda s: _weighted(s, 8)),
    "public_recipient_no": Kind("number", lambda s: _weighted(s, 7)),
    "old_age_insured_no": Kind("number", lambda s: s.dice.digits(8)),
    "care_insured_no": Kind("number", lambda s: s.dice.digits(10)),
    "institution_code": Kind("number", _institution),
    "care_provider_no": Kind("number", lambda s: _weighted(s, 10)),
    "pension_no": Kind("hyphened", lambda s: f"{s.dice.digits(4)}-{s.dice.digits(6)}"),
    "employment_insurance_no": Kind(
        "hyphened", lambda s: f"{s.dice.digits(4)}-{s.dice.digits(6)}-{s.dice.below(10)}"
    ),
    "driving_licence": Kind("number", _licence),
    "passport": Kind("text", lambda s: f"T{chr(65 + s.dice.below(26))}{s.dice.digits(7)}"),
    "residence_card": Kind("text", lambda s: f"A{chr(65 + s.dice.below(26))}{s.dice.digits(8)}CD"),
    "physician_registration": Kind("number", lambda s: s.dice.digits(6)),
    "narcotics_licence": Kind("text", lambda s: f"第{s.dice.digits(2)}-{s.dice.digits(4)}号"),
    "chart_no": Kind("number", lambda s: str(s.course.people.chart[s.person])),
    "corporate_no": Kind("number", _corporate),
    "url": Kind("text", lambda s: f"https://karte.example.jp/p/{s.dice.digits(8)}"),
    "dicom_uid": Kind("text", lambda s: f"1.2.392.200036.9116.{s.dice.digits(9)}.{s.dice.digits(6)}"),
    "accession_no": Kind("text", lambda s: f"A{s.dice.digits(10)}"),
    "card_number": Kind("number", _card),
    "claim_search_no": Kind("number", lambda s: s.dice.digits(18)),
    "ip_address": Kind("text", lambda s: f"10.{s.dice.below(256)}.{s.dice.below(256)}.{s.dice.below(256)}"),
}
NEAR_MISSES: Mapping[str, Callable[[Dice], str]] = {
    "jlac10": lambda dice: dice.one_of(ITEMS).jlac10,
    "hot9": lambda dice: dice.one_of(DRUGS).hot9,
    "yj": lambda dice: dice.one_of(DRUGS).yj,
    "disease_control_no": lambda dice: dice.one_of(DISEASES).mdcdx2,
    "order_no": lambda dice: dice.digits(15),
    "lot_no": lambda dice: f"{chr(65 + dice.below(26))}{chr(65 + dice.below(26))}{dice.digits(4)}",
    "points": lambda dice: f"{dice.digits(3)}-{dice.digits(4)}",
    "device_no": lambda dice: f"{dice.digits(2)}-{dice.digits(4)}-{dice.digits(4)}",
}
