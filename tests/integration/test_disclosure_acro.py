"""Tables of ACRO's synthetic data as bare csv, judged without the data.

The data is made again from its description (three levels in four variables, eleven rows a cell, five where
the first, third and fourth are C). What must be found is known from the data; ACRO 1.0.2 computes the same.
"""

import itertools
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from output_review.check_cli import main

DIMENSIONS = ["indvar1", "indvar2", "indvar3", "indvar4"]


def _rows() -> pd.DataFrame:
    rows = [
        [*labels, repeat]
        for labels in itertools.product("ABC", repeat=4)
        for repeat in range(5 if labels[0] == labels[2] == labels[3] == "C" else 11)
    ]
    return pd.DataFrame(rows, columns=[*DIMENSIONS, "depvar"])


def _is_small(data: pd.DataFrame) -> "pd.Series[bool]":
    return (data["indvar1"] == "C") & (data["indvar3"] == "C") & (data["indvar4"] == "C")


ALL = _rows()
DATA = {
    4: ALL,
    3: ALL[ALL["indvar4"] == "C"],
    2: ALL[(ALL["indvar4"] == "C") & (ALL["indvar3"] == "C")],
    1: ALL[(ALL["indvar4"] == "C") & (ALL["indvar3"] == "C") & (ALL["indvar2"] == "C")],
}
SHAPES = {
    1: (["indvar1"], []),
    2: (["indvar1"], ["indvar2"]),
    3: (["indvar1", "indvar2"], ["indvar3"]),
    4: (["indvar1", "indvar2"], ["indvar3", "indvar4"]),
}


def _judged(
    folder: Path, capsys: pytest.CaptureFixture[str], table: "pd.DataFrame", profile: str = "jp-health-1"
) -> dict[str, Any]:
    path = folder / "table.csv"
    table.to_csv(path)
    main([str(path), "--json", "--profile", profile])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert isinstance(file, dict)
    return file


def _pivot(data: pd.DataFrame, dimensions: int, functions: Any) -> pd.DataFrame:
    index, columns = SHAPES[dimensions]
    return pd.pivot_table(data, index=index, columns=columns, values="depvar", aggfunc=functions)


@pytest.mark.parametrize("functions", ["count", ["count"], ["count", "mean"]])
@pytest.mark.parametrize(("dimensions", "unsafe"), [(1, 1), (2, 3), (3, 3), (4, 3)])
def test_every_unsafe_cell_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], dimensions: int, unsafe: int, functions: Any
) -> None:
    file = _judged(tmp_path, capsys, _pivot(DATA[dimensions], dimensions, functions))
    small = [f["where"] for f in file["findings"] if f["rule"] == "SDC.small_cell"]
    assert file["verdict"] in {"fix", "reject"}
    # Two columns may have the same lowest name, so places are counted by rows where names repeat.
    assert len({where["row"] for where in small}) == (1 if dimensions == 2 else unsafe)


@pytest.mark.parametrize("dimensions", [1, 2])
def test_their_safe_twins_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str], dimensions: int) -> None:
    safe = DATA[dimensions][~_is_small(DATA[dimensions])]
    assert _judged(tmp_path, capsys, _pivot(safe, dimensions, "count"))["verdict"] == "pass"


@pytest.mark.parametrize("function", ["mean", "sum", ["mean", "std"], ["sum"]])
def test_one_value_that_makes_up_a_cell_does_not_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], function: Any
) -> None:
    data = ALL.copy()
    last = data[(data[DIMENSIONS] == "C").all(axis=1)].index[-1]
    data.loc[last, "depvar"] = 10_000
    assert _judged(tmp_path, capsys, _pivot(data, 2, function))["verdict"] != "pass"


def test_a_cell_whose_values_are_all_nothing_does_not_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = DATA[2][~_is_small(DATA[2])].copy()
    data.loc[(data["indvar1"] == "A") & (data["indvar2"] == "A"), "depvar"] = 0
    assert _judged(tmp_path, capsys, _pivot(data, 2, ["mean"]))["verdict"] != "pass"


def test_what_is_missing_counts_where_zero_may_not_be_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    safe = DATA[3][~_is_small(DATA[3])]
    assert _judged(tmp_path, capsys, _pivot(safe, 3, "count"), "acro")["verdict"] in {"fix", "reject"}


def test_rows_are_no_entities(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """48 grants of eight charities: ACRO passes them."""
    table = pd.DataFrame(
        {"件数": [90 * 4, 354, 426, 48]}, index=pd.Index(["G", "N", "R", "R/G"], name="grant_type")
    )
    file = _judged(tmp_path, capsys, table)
    assert file["verdict"] == "fix"
    assert [f["where"]["row"] for f in file["findings"] if f["rule"] == "SDC.rows_not_persons"] == [5]
