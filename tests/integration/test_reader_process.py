"""The reader as the worker starts it: one upload in, canonical bytes and an answer out."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

READER = Path(__file__).parents[2] / "images" / "reader"


@pytest.fixture
def job(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    return tmp_path


def run(
    job: Path, name: Any, content: bytes | None, **more: object
) -> tuple[int, dict[str, Any], bytes | None]:
    if content is not None:
        (job / "in" / "upload").write_bytes(content)
    (job / "in" / "job.json").write_text(json.dumps({"name": name, **more}), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "hanare_reader", str(job / "in" / "upload"), str(job / "out")],
        cwd=READER,
        env={"PYTHONPATH": str(READER), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.stdout == b""
    assert ended.stderr == b"", "a traceback could show the file"
    answer = json.loads((job / "out" / "result.json").read_text(encoding="utf-8"))
    canonical = job / "out" / "canonical-0"
    return ended.returncode, answer, canonical.read_bytes() if canonical.exists() else None


def test_a_csv_comes_out_canonical(job: Path) -> None:
    status, answer, content = run(job, "表1.csv", "年齢,人数\r\n40代,12\r\n".encode("cp932"))
    assert status == 0
    assert content == "年齢,人数\n40代,12\n".encode()
    shape = {"kind": "csv", "suffix": ".csv", "rows": 1, "columns": 2}
    assert answer == {
        "ok": True,
        "dropped": ["encoding_cp932", "line_endings"],
        "signs": [],
        "files": [{**shape, "dropped": [], "signs": [], "facts": {}}],
    }


def test_a_refusal_is_an_answer_of_a_code_and_numbers(job: Path) -> None:
    status, answer, content = run(job, "t.csv", b"a,b\n1\n")
    assert (status, content) == (0, None)
    assert answer == {"ok": False, "code": "ragged_row", "numbers": {"row": 2, "found": 1, "expected": 2}}


def test_the_same_file_gives_the_same_answer(job: Path) -> None:
    first = run(job, "t.md", "結果\r\n".encode())
    assert run(job, "t.md", "結果\r\n".encode()) == first


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("t.xlsx", "disagrees"),
        ("t", "format_refused"),
        ("t.zip", "archive_refused"),
        ("t.csv.exe", "program_refused"),
    ],
)
def test_other_kinds_are_refused(job: Path, name: str, code: str) -> None:
    _, answer, content = run(job, name, b"a\n1\n")
    assert (answer["code"], content) == (code, None)


def test_words_found_in_hidden_places_lie_beside_the_canonical_bytes(job: Path) -> None:
    _, answer, content = run(job, "t.csv", "a,b\nx\U000e0059\U000e0061,1\n".encode())
    assert (answer["signs"], content) == (["unseen_characters:2"], b"a,b\nx,1\n")
    (words,) = json.loads((job / "out" / "found.json").read_text(encoding="utf-8"))
    assert [(w["part"], w["text"], w["leaves"]) for w in words] == [("decoded", "Ya", False)]


@pytest.mark.parametrize("name", [None, 3, ["t.csv"]])
def test_a_job_without_a_name_is_unreadable(job: Path, name: object) -> None:
    _, answer, _ = run(job, name, b"a\n")
    assert answer["code"] == "job_unreadable"


def test_an_absent_upload_a_link_and_a_pipe_are_no_files(job: Path) -> None:
    _, answer, _ = run(job, "t.csv", None)
    assert answer["code"] == "not_a_file"
    (job / "in" / "upload").symlink_to(__file__)
    _, answer, _ = run(job, "t.txt", None)
    assert answer["code"] == "not_a_file"
    (job / "in" / "upload").unlink()
    os.mkfifo(job / "in" / "upload")
    _, answer, _ = run(job, "t.txt", None)
    assert answer["code"] == "not_a_file"


def test_a_large_file_is_refused_before_it_is_read(job: Path) -> None:
    with (job / "in" / "upload").open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    _, answer, _ = run(job, "t.csv", None)
    assert answer["code"] == "too_large"


def test_a_folder_that_cannot_be_written_leaves_no_answer(job: Path) -> None:
    (job / "in" / "upload").write_bytes(b"a\n1\n")
    (job / "in" / "job.json").write_text('{"name": "t.csv"}', encoding="utf-8")
    command = [sys.executable, "-m", "hanare_reader", str(job / "in" / "upload"), str(job / "absent")]
    ended = subprocess.run(command, cwd=READER, capture_output=True, check=False, timeout=60)
    assert ended.returncode != 0
    assert ended.stderr == b""
