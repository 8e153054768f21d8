"""The kit from R, run by R in the kernel image: asking, mending, and naming the SQL behind a table.

The desk is played by this test: it takes the question out of the outbox and writes the answer, as the real one does.
"""

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

KIT = Path(__file__).resolve().parents[2] / "images" / "analysis" / "kit"
SITE = "/opt/analysis/lib/python3.13/site-packages/enclave_kit"
SECONDS = 120
TABLE = 'table <- data.frame(`診断` = c("A", "B"), n = c(120L, 7L), check.names = FALSE)\n'
ANSWER = {
    "verdict": "fix",
    "files": [{"path": "t.csv", "verdict": "fix"}],
    "findings": [
        {
            "file": "t.csv",
            "rule": "SDC.small_cell",
            "severity": "fix",
            "where": {"row": 3, "column": "n"},
            "message": {"ja": "少ない人数です。", "en": "Too few persons."},
        }
    ],
    "remedies": [
        {
            "kind": "round",
            "file": "t.csv",
            "verdict": "pass",
            "message": {"ja": "丸めます。", "en": "Round it."},
            "text": "診断,n\nA,120\nB,10\n",
        }
    ],
}


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Path]:
    for folder in (tmp_path, tmp_path / "outbox", tmp_path / ".hanare"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)
    yield tmp_path


def _r(work: Path, program: str) -> "subprocess.CompletedProcess[str]":
    """What R says of a program in which the kit is attached as a kernel attaches it."""
    begin = 'sys.source("/kit/r/enclave_kit.R", envir = attach(NULL, name = "enclave_kit"))\n'
    command = ["docker", "run", "--rm", "--network", "none", "--user", "65534:65534", "--cap-drop", "ALL"]
    command += ["--env", "RETICULATE_PYTHON=/opt/analysis/bin/python"]
    mounts = ["-v", f"{work}:/work", "-v", f"{KIT}:/kit:ro", "-v", f"{KIT / 'enclave_kit'}:{SITE}:ro"]
    image = ["hanare/kernel:local", "Rscript", "--vanilla", "-e", begin + program]
    whole = [*command, *mounts, *image]
    return subprocess.run(whole, check=False, capture_output=True, text=True, timeout=SECONDS)


def _answering(work: Path, asked: list[dict[str, Any]], ended: threading.Event) -> None:
    """The desk's part: every question is answered once."""
    while not ended.wait(0.05):
        for folder in (work / "outbox").glob("check-*"):
            if (folder / "check.json").is_file():
                question = json.loads((folder / "check.json").read_bytes())
                files = {name: (folder / name).read_text("utf-8") for name in question["files"]}
                asked.append({**question, "contents": files})
                answer = work / ".hanare" / f"{folder.name}.json"
                answer.write_text(json.dumps(ANSWER, ensure_ascii=False), "utf-8")
                answer.chmod(0o666)
                ended.wait(1)


def _asked_in_r(work: Path, program: str) -> "tuple[subprocess.CompletedProcess[str], list[dict[str, Any]]]":
    asked: list[dict[str, Any]] = []
    ended = threading.Event()
    desk = threading.Thread(target=_answering, args=(work, asked, ended))
    desk.start()
    try:
        return _r(work, program), asked
    finally:
        ended.set()
        desk.join()


def test_check_asks_of_a_data_frame_and_says_the_answer(work: Path) -> None:
    done, asked = _asked_in_r(work, TABLE + 'check(list("t.csv" = table))')
    assert done.returncode == 0, done.stderr
    assert asked[0]["contents"] == {"t.csv": '"診断","n"\n"A",120\n"B",7\n'}
    assert asked[0]["remedy"] == ""
    assert "FIX" in done.stdout
    assert "fix row 3 column n SDC.small_cell" in done.stdout.replace("t.csv ", "")
    assert "少ない人数です。" in done.stdout


def test_fix_writes_the_mended_file_beside_the_work(work: Path) -> None:
    done, asked = _asked_in_r(work, TABLE + 'fix(list("t.csv" = table), "round")')
    assert done.returncode == 0, done.stderr
    assert asked[0]["remedy"] == "round"
    assert (work / "mended-t.csv").read_text("utf-8") == "診断,n\nA,120\nB,10\n"
    assert "mended-t.csv" in done.stdout


def test_a_remedy_that_was_not_offered_is_an_error_of_r_in_both_languages(work: Path) -> None:
    done, _ = _asked_in_r(work, TABLE + 'fix(list("t.csv" = table), "merge")')
    assert done.returncode != 0
    assert "No file can be mended by" in done.stderr
    assert "直せるファイルはありません" in done.stderr
    unknown, asked = _asked_in_r(work, TABLE + 'fix(list("t.csv" = table), "hide")')
    assert (unknown.returncode != 0, asked) == (True, [])
    assert "A remedy is one of" in unknown.stderr


def test_the_sql_behind_a_table_goes_with_the_request(work: Path) -> None:
    sql = "SELECT sex, count(DISTINCT person_key) FROM person GROUP BY sex"
    program = f'request_release(list("t.csv" = table), "題", "何を示すか", sql = list("t.csv" = "{sql}"))'
    done = _r(work, TABLE + program)
    assert done.returncode == 0, done.stderr
    (request,) = (work / "outbox").glob("*/request.json")
    told = json.loads(request.read_bytes())
    assert told["sql"] == {"t.csv": sql}
    assert (request.parent / "t.csv").read_text("utf-8") == '"診断","n"\n"A",120\n"B",7\n'


def test_sql_of_a_file_that_is_not_there_is_refused(work: Path) -> None:
    done = _r(
        work, TABLE + 'request_release(list("t.csv" = table), "題", "x", sql = list("u.csv" = "SELECT 1"))'
    )
    assert done.returncode != 0
    assert "cannot be used" in done.stderr
    assert not list((work / "outbox").glob("*/request.json"))
