"""``enclave check`` on real files: exit status, JSON, encodings, identifiers, history."""

import argparse
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pytest

from output_review.check_cli import main, register

KEY = "5a" * 32


def _run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    status = main([*map(str, arguments), "--json"])
    return status, json.loads(capsys.readouterr().out)


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_no_finding_is_zero_and_findings_are_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = _file(tmp_path, "good.csv", "診断,人数\nA,12\nB,30\n")
    bad = _file(tmp_path, "bad.csv", "診断,人数\nA,12\nB,7\n")
    assert _run(capsys, good) == (
        0,
        {"verdict": "pass", "files": [{"path": str(good), "verdict": "pass", "findings": []}]},
    )
    status, report = _run(capsys, bad)
    assert status == 3
    assert report["verdict"] == "fix"
    assert report["files"][0]["findings"][0]["where"] == {"row": 3, "column": "人数"}


def test_a_folder_is_one_submission_and_an_empty_one_is_not_passed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, report = _run(capsys, tmp_path)
    assert (status, report["verdict"]) == (3, "reject")
    (tmp_path / "sub").mkdir()
    _file(tmp_path, "a.csv", "診断,人数\nA,12\n")
    _file(tmp_path / "sub", "b.md", "対象は三名。\n")
    _file(tmp_path, "c.pkl", b"\x80\x04N.")
    (tmp_path / "d.csv").symlink_to(tmp_path / "a.csv")
    status, report = _run(capsys, tmp_path)
    verdicts = {
        Path(file["path"]).name: (file["verdict"], [f["rule"] for f in file["findings"]])
        for file in report["files"]
    }
    assert verdicts["a.csv"] == ("pass", [])
    assert verdicts["b.md"] == ("fix", ["SDC.small_cell"])
    assert verdicts["c.pkl"] == ("reject", ["FILE.unknown_format"])
    assert verdicts["d.csv"] == ("reject", ["FILE.unreadable"])


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        ("診断,人数\r\nA,12\r\nB,７\r\n".encode("cp932"), "fix"),
        ("診断,人数\r\nA,12\r\nB,70\r\n".encode("cp932"), "pass"),
        ("診断,人数\nA,12\n".encode("utf-8-sig"), "pass"),
        ("診断,人数\nA,12\n".encode("utf-16"), "reject"),
        ("診断,人数\nA,12\n".encode("iso2022_jp"), "reject"),
        (b"dx,n\nA,12\x00\n", "reject"),
        (b'dx,n\n"A,12\n', "reject"),
        (b"", "reject"),
    ],
)
def test_bytes_are_decoded_strictly_or_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, verdict: str
) -> None:
    _, report = _run(capsys, _file(tmp_path, "t.CSV", content))
    assert report["verdict"] == verdict


def test_offsets_count_the_characters_of_the_file_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "結果\r\n\r\n女性は7例であった。\r\n"
    _, report = _run(capsys, _file(tmp_path, "t.txt", text.encode("cp932")))
    where = report["files"][0]["findings"][0]["where"]
    assert text[where["offset"] : where["offset"] + where["length"]] == "7例"
    assert where["row"] == 3


def test_earlier_releases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tmp_path / "before"
    before.mkdir()
    _file(before, "t.csv", "診断,人数\nA,1204\n")
    now = _file(tmp_path, "t.csv", "診断,人数\nA,1203\n")
    assert _run(capsys, now)[0] == 0
    status, report = _run(capsys, now, "--earlier", before)
    assert status == 3
    assert report["files"][0]["findings"][0]["rule"] == "SDC.differencing"


@pytest.mark.parametrize("encrypted", [False, True])
def test_pseudonyms_of_an_extract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encrypted: bool
) -> None:
    extract = tmp_path / "extract.duckdb"
    with duckdb.connect(":memory:") as connection:
        extension = (
            files("duckdb_extension_httpfs") / f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"
        )
        connection.execute(f"LOAD '{extension}'")
        options = f"(ENCRYPTION_KEY '{KEY}')" if encrypted else ""
        connection.execute(f"ATTACH '{extract}' AS x {options}")
        connection.execute(
            "CREATE TABLE x.t AS SELECT uuid() AS patient_key, uuid()::VARCHAR AS visit_key, 7 AS n"
        )
        keys = connection.execute("SELECT patient_key, visit_key FROM x.t").fetchone()
    assert keys is not None
    key_file: list[str | Path] = ["--key-file", _file(tmp_path, "key", KEY + "\n")] if encrypted else []
    for key in map(str, keys):
        table = _file(tmp_path, "t.csv", f"群,人数\n{key},12\n")
        status, report = _run(capsys, table, "--extract", extract, *key_file)
        assert (status, report["files"][0]["findings"][0]["rule"]) == (3, "ID.pseudonym")
    if encrypted:
        assert main([str(table), "--extract", str(extract)]) == 2
        wrong = _file(tmp_path, "wrong", "00" * 32)
        assert main([str(table), "--extract", str(extract), "--key-file", str(wrong)]) == 2
        assert KEY not in "".join(capsys.readouterr())


def test_a_list_of_pseudonyms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = _file(tmp_path, "ids.txt", "3f0c9f4e-7a51-4c0e-9d3a-0b6d5c1e2f47\n\nP-00123\n")
    table = _file(tmp_path, "t.csv", "群,人数\nP-00123,12\n")
    assert _run(capsys, table)[0] == 0
    assert _run(capsys, table, "--ids", ids)[1]["verdict"] == "reject"


def test_wrong_use_is_two_and_says_so_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = _file(tmp_path, "t.csv", "群,人数\nA,12\n")
    empty = _file(tmp_path, "empty", "\n")
    for arguments in (
        [tmp_path / "absent.csv"],
        [table, "--profile", "absent"],
        [table, "--earlier", tmp_path / "absent"],
        [table, "--ids", empty],
        [table, "--ids", tmp_path / "absent"],
        [table, "--extract", tmp_path / "absent"],
        [table, "--extract", table],
        [table, "--extract", table, "--key-file", empty],
    ):
        assert main([*map(str, arguments)]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        japanese, english = printed.err.strip().splitlines()
        assert japanese != english
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 2


def test_the_words_for_a_terminal_name_the_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(_file(tmp_path, "t.csv", "群,人数\nA,7\n"))]) == 3
    printed = capsys.readouterr().out
    assert "SDC.small_cell (row 2, column 人数)" in printed
    assert "10 人未満" in printed


def test_the_command_registers_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    args = parser.parse_args(["check", str(_file(tmp_path, "t.csv", "群,人数\nA,12\n"))])
    assert args.run(args) == 0
    assert "PASS" in capsys.readouterr().out
