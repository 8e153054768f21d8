"""A source for benchmarks of extracts: as many laboratory results as asked, their people beside them.

One part of an invented hospital is made, and repeated under other keys until there are enough
rows: values and their shares are the generator's, and a hundred million rows take minutes.
"""

from pathlib import Path

import duckdb

from catalog.adapters.duckdb_setup import create_tables, name
from catalog.adapters.source_duckdb import frame_of
from catalog.hospital.course import make_course
from catalog.hospital.scale import PART, Part, Scale
from catalog.hospital.tables import lab_table
from catalog.hospital.tables_of_people import patients
from catalog.schema.canonical import CANONICAL

_KEYS = {"patient": ("patient_key",), "lab_result": ("patient_key", "result_key")}
_APART = 1 << 26
"""Keys of one part lie closer together than this."""
_MEMORY = "2GB"


def make_source(path: Path, rows: int) -> None:
    """A source file with exactly so many laboratory results."""
    people = min(PART, max(50, rows // 100))
    course = make_course(Part(Scale(people, 5)))
    made = {"patient": patients(course), "lab_result": lab_table(course)}
    each = len(made["lab_result"]["result_key"])
    with duckdb.connect(str(path), config={"memory_limit": _MEMORY}) as source:
        create_tables(source, CANONICAL, "")
        for table, columns in made.items():
            source.register("made", frame_of(columns))
            source.execute("CREATE TEMP TABLE one AS SELECT * FROM made")
            source.unregister("made")
            moved = ", ".join(f"{name(key)} + $moved AS {name(key)}" for key in _KEYS[table])
            for number in range(-(-rows // each)):
                limit = f"LIMIT {rows - number * each}" if table == "lab_result" else ""
                source.execute(
                    f"INSERT INTO {table} BY NAME SELECT * REPLACE ({moved}) FROM one {limit}",
                    {"moved": number * _APART},
                )
            source.execute("DROP TABLE one")
