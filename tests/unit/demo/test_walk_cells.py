"""The cells of the walk, run here against a small extract behind a stand-in for the kit."""

import contextlib
import io
import json
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from demo import walk_cells
from output_review.disclosure.headers import Topic, classify_header

LISTING = """
SELECT table_name AS "table", NULL AS table_label, column_name AS "column", NULL AS column_label
FROM duckdb_columns() WHERE NOT internal ORDER BY 1, column_index
"""


class Outbox:
    """What was handed in."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, pd.DataFrame], str, str]] = []
        self.checked: list[dict[str, pd.DataFrame]] = []

    def check(self, files: dict[str, pd.DataFrame]) -> types.SimpleNamespace:
        self.checked.append(files)
        finding = {"rule": "SDC.small_cell", "where": {"row": 2}}
        return types.SimpleNamespace(
            verdict="fix", findings=[finding], remedies=[{"kind": "merge", "left": []}]
        )

    def fix(self, files: dict[str, pd.DataFrame], remedy: str) -> types.SimpleNamespace:
        self.checked.append(files)
        return types.SimpleNamespace(verdict="review" if remedy == "merge" else "")

    def request_release(self, files: dict[str, pd.DataFrame], title: str, what_it_shows: str) -> str:
        self.asked.append((files, title, what_it_shows))
        return "draft-1"


def kit_over(place: Path, outbox: Outbox) -> types.ModuleType:
    kit = types.ModuleType("enclave_kit")

    def connect() -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(place), read_only=True)

    def tables(connection: Any = None) -> pd.DataFrame:
        return (connection or connect()).execute(LISTING).fetchdf()

    for name, value in {
        "connect": connect,
        "tables": tables,
        "request_release": outbox.request_release,
        "check": outbox.check,
        "fix": outbox.fix,
    }.items():
        setattr(kit, name, value)
    return kit


AGES = {
    "as dates": "make_date(2026 - a, 4, 1)",
    "as months": "printf('%d-04', 2026 - a)",
    "as bands": "printf('%d-%d', a - a % 5, a - a % 5 + 4)",
}


@pytest.fixture(params=sorted(AGES))
def outbox(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Outbox]:
    """An extract of 600 people, the very old few, with ages written in one of three ways."""
    name = (
        "age_band"
        if request.param == "as bands"
        else "birth_month"
        if "month" in request.param
        else "birth_date"
    )
    with duckdb.connect(str(tmp_path / "extract.duckdb")) as made:
        made.execute(f"""
            CREATE TABLE patient AS
            SELECT uuid() AS patient_key, CASE WHEN n % 2 = 0 THEN 'F' ELSE 'M' END AS sex, {AGES[request.param]} AS {name}
            FROM (SELECT n, CASE WHEN n < 6 THEN 95 ELSE 20 + (n * 7) % 65 END AS a FROM range(600) r(n))
        """)
        made.execute("CREATE TABLE diagnosis AS SELECT patient_key, 'E11' AS icd10 FROM patient")
    found = Outbox()
    monkeypatch.setitem(sys.modules, "enclave_kit", kit_over(tmp_path / "extract.duckdb", found))
    yield found


def ran(code: str) -> Any:
    """The JSON that a cell prints last."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "cell", "exec"), {"__name__": "__main__"})
    return json.loads(out.getvalue().strip().splitlines()[-1])


def test_the_first_table_has_small_cells_and_names_their_rows(outbox: Outbox) -> None:
    asked = ran(walk_cells.ask_with_small_cells("初回"))
    ((files, title, _),) = outbox.asked
    written = files["table1.csv"].to_csv(index=False).splitlines()
    assert title == "初回"
    assert asked["small_rows"]
    for number, line in enumerate(written[1:], start=2):
        assert (0 < int(line.rsplit(",", 1)[1]) < 10) is (number in asked["small_rows"])


def test_the_corrected_table_has_none_and_loses_nobody(outbox: Outbox) -> None:
    first = ran(walk_cells.ask_with_small_cells("初回"))
    second = ran(walk_cells.ask_corrected("訂正"))
    assert second["small_rows"] == []
    assert sum(int(row[-1]) for row in second["rows"]) == sum(int(row[-1]) for row in first["rows"]) == 600
    assert len(second["rows"]) > 2


def test_the_counted_column_says_that_it_counts_persons(outbox: Outbox) -> None:
    header = ran(walk_cells.ask_corrected("訂正"))["header"]
    assert [classify_header(name) for name in header] == [Topic.LABEL, Topic.LABEL, Topic.PERSONS]


def test_reading_tells_rows_by_table(outbox: Outbox) -> None:
    assert outbox.asked == []
    assert ran(walk_cells.READ_EXTRACT)["rows"] == {"diagnosis": 600, "patient": 600}


@pytest.mark.parametrize(
    "cell",
    [walk_cells.TRY_NETWORK, walk_cells.LOOK_AROUND, walk_cells.LEAVE_A_FILE, walk_cells.read_answer("x")],
)
def test_every_cell_is_python(cell: str) -> None:
    compile(cell, "cell", "exec")


def test_asking_first_hands_nothing_in(outbox: Outbox) -> None:
    told = ran(walk_cells.check_first())
    assert (told["verdict"], told["rows"], told["remedies"], told["mended"]) == (
        "fix",
        [2],
        ["merge"],
        "review",
    )
    assert told["small_rows"]
    assert outbox.asked == []
    assert len(outbox.checked) == 2
