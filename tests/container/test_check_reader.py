"""``enclave check`` on formats that only a reader container may parse."""

import gc
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from hub import check_reader
from hub.check_reader import local_reader
from hub.cli import main
from output_review import check_cli
from tests.support import office_files as office

KEY = "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47"


def check(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, dict[str, Any]]:
    status = main(["check", "--json", *map(str, words)])
    return status, json.loads(capsys.readouterr().out)


def rules(report: dict[str, Any], number: int = 0) -> set[str]:
    return {finding["rule"] for finding in report["files"][number]["findings"]}


def test_a_workbook_is_judged_by_its_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.xlsx").write_bytes(office.plain_workbook())
    status, report = check(capsys, tmp_path / "t.xlsx")
    assert (status, report["verdict"]) == (0, "pass")
    assert report["files"][0]["path"] == str(tmp_path / "t.xlsx")
    book = office.workbook()
    book.create_sheet("二").append(["群", "人数"])
    book["二"].append(["A", 7])
    (tmp_path / "t.xlsx").write_bytes(office.saved(book))
    status, report = check(capsys, tmp_path / "t.xlsx")
    assert (status, report["verdict"]) == (3, "fix")
    assert [file["path"].rpartition("#")[2] for file in report["files"]] == ["1", "2"]


def test_what_hides_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.xlsx").write_bytes(office.hiding_workbooks(KEY)["veryHidden"])
    (tmp_path / "ids.txt").write_text(KEY + "\n")
    status, report = check(capsys, tmp_path / "t.xlsx", "--ids", tmp_path / "ids.txt")
    assert (status, report["verdict"]) == (3, "reject")
    assert {"ID.pseudonym", "FILE.hidden_content"} <= rules(report)
    (where,) = [f["where"] for f in report["files"][0]["findings"] if f["rule"] == "ID.pseudonym"]
    assert where == {"part": "hidden_sheet", "page": 2}
    assert KEY not in json.dumps(report)


def test_a_refusal_says_what_to_send(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.pkl").write_bytes(b"\x80\x04N.")
    status, report = check(capsys, tmp_path / "m.pkl")
    assert (status, report["verdict"], rules(report)) == (3, "reject", {"FILE.model_refused"})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # docker-py's own socket
def test_without_an_engine_nothing_is_parsed_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_reader, "ENGINE", f"http+unix://{tmp_path}/none.sock")
    (tmp_path / "t.xlsx").write_bytes(office.plain_workbook())
    status, report = check(capsys, tmp_path / "t.xlsx")
    assert (status, report["verdict"], rules(report)) == (3, "reject", {"FILE.unknown_format"})
    assert "reader container" in report["files"][0]["findings"][0]["message"]["en"]
    gc.collect()


def test_the_command_on_its_own_has_no_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.docx").write_bytes(office.plain_document())
    assert check_cli.main([str(tmp_path / "t.docx"), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["verdict"] == "reject"


def test_its_folder_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with local_reader() as reader:
        assert reader is not None
        assert reader.read("one", "t.json", b'{"n": 120}').admitted
        assert [path.name.startswith("hanare-check-") for path in tmp_path.iterdir()] == [True]
    assert list(tmp_path.iterdir()) == []
