"""The code tables: the codes that stand in the other tables, with their words."""

import numpy as np

from catalog.hospital.coded import TableData, Tables, listed, same
from catalog.hospital.diseases import DISEASES
from catalog.hospital.drugs import DRUGS, INFUSIONS
from catalog.hospital.events import DEPARTMENTS
from catalog.hospital.lab_items import ITEMS, METHODS_BEFORE, OTHER_HBA1C
from catalog.hospital.places import all_places
from catalog.hospital.scale import GENERATOR_VERSION
from catalog.hospital.tables_of_care import PROCEDURES
from catalog.hospital.tables_of_people import ALLERGENS


def code_tables() -> Tables:
    """The codes that stand in the other tables, with their words."""
    places = all_places()
    first = [int(n) for n in np.searchsorted(places.municipality_of, np.arange(len(places.municipality)))]
    items = {item.jlac10: item for item in ITEMS} | {
        METHODS_BEFORE[i.name][0]: i for i in ITEMS if i.name in METHODS_BEFORE
    }
    items[OTHER_HBA1C] = next(i for i in ITEMS if i.name == "HbA1c")
    return {
        "code_icd10": _codes(code=[d.icd10 for d in DISEASES], name=[d.name for d in DISEASES]),
        "code_mdcdx2": _codes(
            code=[d.mdcdx2 for d in DISEASES],
            icd10=[d.icd10 for d in DISEASES],
            receipt_disease_code=[d.receipt for d in DISEASES],
            name=[d.name for d in DISEASES],
        ),
        "code_jlac10": _codes(
            code=list(items),
            name=[i.name for i in items.values()],
            unit_ucum=[i.unit for i in items.values()],
        ),
        "code_drug": _codes(
            hot9=[d.hot9 for d in DRUGS + INFUSIONS],
            yj=[d.yj for d in DRUGS + INFUSIONS],
            receipt=[d.receipt for d in DRUGS + INFUSIONS],
            name=[d.name for d in DRUGS + INFUSIONS],
        ),
        "code_procedure": _codes(
            code=[p[0] for p in PROCEDURES],
            k_code=[p[1] or None for p in PROCEDURES],
            name=[p[2] for p in PROCEDURES],
        ),
        "code_jfagy": _codes(code=[code for code, _ in ALLERGENS], name=[name for _, name in ALLERGENS]),
        "code_dept": _codes(code=list(DEPARTMENTS), name=list(DEPARTMENTS.values())),
        "code_municipality": _codes(
            code=list(places.municipality),
            secondary_area=list(places.secondary_area),
            prefecture=[code[:2] for code in places.municipality],
            name=[str(places.city[n]) for n in first],
        ),
    }


def _codes(**columns: "list[str] | list[str | None]") -> TableData:
    count = len(next(iter(columns.values())))
    return {
        **{name: listed(values) for name, values in columns.items()},
        "version": same(f"generated-{GENERATOR_VERSION}", count),
        "source_system": same("generated", count),
    }
