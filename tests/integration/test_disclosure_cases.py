"""Every case of small cells, statistics and disguised rows as a file, through ``enclave check --json``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from output_review.check_cli import main
from tests.support.disclosure_cases_controls import H
from tests.support.disclosure_cases_counts import A, E
from tests.support.disclosure_cases_models import MODELS
from tests.support.disclosure_cases_positions import POSITIONS
from tests.support.disclosure_written import Case, turned, written

WEIGHT = ["pass", "review", "fix", "reject"]
ENDING = {"tex": "txt"}
POPULATIONS = "code,name,population,source\n" + "".join(
    f",{name},{people},2020 census\n"
    for name, people in (
        ("横浜市", 3777491),
        ("川崎市", 1538262),
        ("文京区", 240069),
        ("青梅市", 133535),
        ("東京都西多摩郡奥多摩町", 4750),
        ("東京都西多摩郡檜原村", 2003),
    )
)


def _files(case: Case) -> Iterator[tuple[str, str]]:
    """Name and content of every form of a case."""
    if case.grid is None:
        yield f"text.{case.kind}", case.text or ""
        return
    for kind in case.kinds:
        yield f"{kind}.{ENDING.get(kind, kind)}", written(case.grid, kind, case.notes)
        if case.turned:
            yield f"{kind}-turned.{ENDING.get(kind, kind)}", written(turned(case.grid), kind, case.notes)


def _reports(folder: Path, case: Case, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    table = folder / "populations.csv"
    table.write_text(POPULATIONS, "utf-8")
    paths = []
    for name, content in _files(case):
        path = folder / "result" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
        paths.append(str(path))
    main([*paths, "--json", "--populations", str(table)])
    report = json.loads(capsys.readouterr().out)
    return {Path(file["path"]).name: file for file in report["files"]}


@pytest.mark.parametrize("case", [*A, *POSITIONS, *MODELS, *E], ids=lambda case: case.name)
def test_what_betrays_people_is_found_however_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: Case
) -> None:
    for name, file in _reports(tmp_path, case, capsys).items():
        rules = [finding["rule"] for finding in file["findings"]]
        assert "SDC.unchecked" not in rules, name
        assert WEIGHT.index(case.least) <= WEIGHT.index(file["verdict"]) <= WEIGHT.index(case.worst), name
        assert all(finding.get("remedy") for finding in file["findings"]), name
        assert all(finding["message"]["ja"] != finding["message"]["en"] for finding in file["findings"]), name


@pytest.mark.parametrize("case", H, ids=lambda case: case.name)
def test_honest_results_are_not_sent_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: Case
) -> None:
    for name, file in _reports(tmp_path, case, capsys).items():
        assert WEIGHT.index(file["verdict"]) <= WEIGHT.index(case.worst), (name, file["findings"])


def test_a_control_in_another_encoding_reads_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    honest = next(case for case in H if case.name.startswith("H05"))
    path = tmp_path / "h21.csv"
    path.write_bytes(written(honest.grid or [], "csv").encode("cp932"))
    assert main([str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "pass"


def test_a_municipality_that_nobody_knows_is_the_smallest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, full = tmp_path / "empty.csv", tmp_path / "full.csv"
    empty.write_text("code,name,population,source\n", "utf-8")
    full.write_text(POPULATIONS, "utf-8")
    path = tmp_path / "t.csv"
    path.write_text("市区町村,患者数\n横浜市,1200\n川崎市,340\n", "utf-8")
    assert main([str(path), "--json", "--populations", str(full)]) == 0
    capsys.readouterr()
    assert main([str(path), "--json", "--populations", str(empty)]) == 3
    assert json.loads(capsys.readouterr().out)["verdict"] == "fix"
