"""One part of a hospital before it is tables: its people and what happened to them."""

from dataclasses import dataclass

from catalog.hospital.coded import Numbers
from catalog.hospital.events import (
    Diagnoses,
    Encounters,
    Prescriptions,
    make_diagnoses,
    make_encounters,
    make_prescriptions,
)
from catalog.hospital.facilities import Facilities, make_facilities
from catalog.hospital.people import People, make_people
from catalog.hospital.scale import Part

_ABO_SHARES, _RH_SHARES = (0.38, 0.31, 0.22, 0.09), (0.995, 0.005)


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that more than one table needs."""

    part: Part
    facilities: Facilities
    people: People
    encounters: Encounters
    diagnoses: Diagnoses
    prescriptions: Prescriptions
    abo: Numbers
    rh: Numbers


def make_course(part: Part) -> Course:
    """The people of a part and what happened to them."""
    people = make_people(part.scale, part.number)
    facilities = make_facilities(part.scale)
    encounters = make_encounters(part, people, facilities)
    fresh = part.stream("blood groups")
    abo = fresh.choice(len(_ABO_SHARES), part.count, p=_ABO_SHARES)[people.same_as]
    rh = fresh.choice(len(_RH_SHARES), part.count, p=_RH_SHARES)[people.same_as]
    return Course(
        part,
        facilities,
        people,
        encounters,
        make_diagnoses(part, people, encounters),
        make_prescriptions(part, people, encounters),
        abo,
        rh,
    )
