"""Making an invented hospital's laboratory results, and taking them into a source.

``generator_lab_rows``: the rows of ``lab_result`` as the generator makes them (on one core, people
and visits already made), against plain numpy drawing columns of the same types and shares of
distinct values with nothing in them. ``generator_into_source``: making a part's rows and inserting
them into DuckDB, against the same insert of the plain columns. Seconds per million rows; the rows a
second stand in each line's name. ``HANARE_BENCH_PATIENTS`` makes it smaller.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # before numpy is loaded: one core is measured

import duckdb  # noqa: E402
import numpy as np  # noqa: E402

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.measured import tell, whole_number  # noqa: E402  the folder above must be known first
from catalog.adapters.duckdb_setup import create_tables  # noqa: E402
from catalog.adapters.source_duckdb import frame_of  # noqa: E402
from catalog.hospital.coded import Coded, TableData  # noqa: E402
from catalog.hospital.course import make_course  # noqa: E402
from catalog.hospital.scale import PART, Part, Scale  # noqa: E402
from catalog.hospital.tables import lab_table  # noqa: E402
from catalog.schema.canonical import CANONICAL  # noqa: E402

PATIENTS = whole_number("HANARE_BENCH_PATIENTS", PART)
TIMES = whole_number("HANARE_BENCH_TIMES", 3)


def plain(table: TableData, seed: int) -> dict[str, Any]:
    """Columns of the same types and numbers of distinct values, drawn without any thought."""
    fresh = np.random.default_rng(seed)
    count = len(table["result_key"])
    drawn: dict[str, Any] = {}
    for name, column in table.items():
        if isinstance(column, Coded):
            codes = fresh.integers(0, len(column.listed), count, dtype=np.int16)
            drawn[name] = Coded(codes.astype(column.codes.dtype), column.listed)
        elif column.dtype.kind == "M":
            drawn[name] = np.datetime64("2020-01-01", "m") + fresh.integers(0, 2_000_000, count)
        elif column.dtype.kind == "f":
            drawn[name] = np.round(fresh.normal(100, 20, count), 1)
        else:
            drawn[name] = fresh.integers(0, 2**40, count)
    return drawn


def insert(table: TableData) -> None:
    """All of it into a new database's table."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "x.duckdb")) as made:
        made.execute("SET threads = 1")
        create_tables(made, CANONICAL, "")
        made.register("arriving", frame_of(table))
        made.execute("INSERT INTO lab_result BY NAME SELECT * FROM arriving")
        made.execute("CHECKPOINT")


def processor_seconds(act: Any) -> float:
    """What it took of one core, whoever else is using the machine."""
    began = time.process_time()
    act()
    return time.process_time() - began


def main() -> int:
    """Both benchmarks."""
    course = make_course(Part(Scale(PATIENTS, 1)))
    table = lab_table(course)
    rows = len(table["result_key"])
    make, draw, both, peer = [], [], [], []
    for turn in range(TIMES):
        make.append(processor_seconds(lambda: lab_table(course)))
        draw.append(processor_seconds(lambda turn=turn: plain(table, turn)))
        both.append(processor_seconds(lambda: insert(lab_table(course))))
        peer.append(processor_seconds(lambda turn=turn: insert(plain(table, turn))))
    million = rows / 1e6
    for name, ours, theirs, other in (
        ("generator_lab_rows", make, draw, "numpy, columns of the same shape"),
        ("generator_into_source", both, peer, "numpy and one DuckDB insert of the same shape"),
    ):
        value, against = float(np.median(ours)) / million, float(np.median(theirs)) / million
        speed = f"{name} ({1 / value:.2f} M rows/s on one core, peer {1 / against:.2f})"
        tell(speed, value, "core-s per 1M rows", f"{other}, {rows} rows", against)
    return 0


if __name__ == "__main__":
    sys.exit(main())
