"""The invented hospital as tables of the canonical schema, part by part.

A part's tables come together, so that taking a hospital in needs the memory of one part; the
code tables come with the first. ``planted`` is told what stands in the texts of each part.
"""

from collections.abc import Callable, Iterator, Sequence

from catalog.hospital import tables_of_care as care
from catalog.hospital import tables_of_people as of_people
from catalog.hospital.coded import Coded, ColumnData, TableData, Tables
from catalog.hospital.course import Course, make_course
from catalog.hospital.lab_tables import SOURCE_SYSTEM, lab_results
from catalog.hospital.labs import make_lab_results
from catalog.hospital.notes import documents
from catalog.hospital.planting import Planted
from catalog.hospital.scale import PART, Part, Scale
from catalog.hospital.tables_of_claims import claims
from catalog.hospital.tables_of_codes import code_tables
from catalog.hospital.tables_of_dpc import dpc

__all__ = ["SOURCE_SYSTEM", "Coded", "ColumnData", "TableData", "Tables", "make_parts", "make_tables"]

Tell = Callable[[Sequence[Planted]], None]


def make_parts(scale: Scale, planted: Tell | None = None) -> Iterator[Tables]:
    """Every table of a hospital of this scale, by name, a part of its people at a time."""
    for part in scale.parts:
        yield _tables(part, planted)


def make_tables(scale: Scale) -> Tables:
    """The same for a hospital that is small enough to be one part."""
    if scale.patients > PART:
        raise ValueError(f"more than {PART} patients come in parts")
    return next(make_parts(scale))


def lab_table(course: Course) -> TableData:
    """The largest table of a part."""
    made = make_lab_results(
        course.part, course.people, course.encounters, course.facilities, course.abo, course.rh
    )
    return lab_results(course.part, course.people, course.encounters, course.facilities, made)


def _tables(part: Part, planted: Tell | None) -> Tables:
    course = make_course(part)
    texts, told = documents(course)
    if planted is not None:
        planted(told)
    pregnancy, birth = of_people.pregnancies(course)
    return {
        "patient": of_people.patients(course),
        "patient_identity": of_people.identities(course),
        "encounter": care.encounters(course),
        "encounter_event": care.encounter_events(course),
        "diagnosis": care.diagnoses(course),
        "prescription": care.prescriptions(course),
        "injection": care.injections(course),
        "lab_result": lab_table(course),
        "vital": care.vitals(course),
        "procedure": care.procedures(course),
        **dpc(course),
        **claims(course),
        "health_checkup": of_people.checkups(course),
        "ltc_certification": of_people.care_certifications(course),
        "ltc_benefit": of_people.care_benefits(course),
        "vaccination": of_people.vaccinations(course),
        "death": of_people.deaths(course),
        "allergy": of_people.allergies(course),
        "pregnancy": pregnancy,
        "birth": birth,
        "imaging_study": care.imaging_studies(course),
        "document": texts,
        **(code_tables() if part.number == 0 else {}),
    }
