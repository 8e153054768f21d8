"""Cases C as files: ``enclave check --earlier`` finds in files what the worker finds in the store."""

import contextlib
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from output_review.check_cli import main
from output_review.disclosure.examined import examine
from output_review.disclosure.history import History, KeptFile
from output_review.disclosure.history_numbers import file_as_mapping, file_from_mapping
from output_review.disclosure.history_rules import check_history, history_of, state_files
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.support.planted_differences import THREE, TWO, Planted
from tests.unit.output_review.disclosure.checked_files import shipped_policy

CASES = {
    "C01": ({"t.csv": "性別,患者数\n男,1204\n女,980\n"}, {"t.csv": "性別,患者数\n男,1203\n女,980\n"}),
    "C02": (
        {"t.csv": "対象コード: E10-E12,\n性別,患者数\n男,500\n女,600\n"},
        {"t.csv": "対象コード: E10-E13,\n性別,患者数\n男,505\n女,604\n"},
    ),
    "C03": ({"t.csv": "年齢,患者数\n65歳以上,1204\n"}, {"u.md": "| age | n |\n|---|---|\n| ≥66 | 1198 |\n"}),
    "C04": ({"t.csv": "性別,患者数\n合計,1204\n"}, {"t.csv": "sex,n\nmale,1200\n"}),
    "C05": (
        {"a.csv": "性別,患者数\n合計,1204\n", "b.csv": "性別,患者数\n男,500\n"},
        {"t.csv": "sex,n\nfemale,700\n"},
    ),
    "C09": (
        {"t.csv": "2025年4月末現在,\n性別,患者数\n男,500\n女,600\n"},
        {"t.csv": "2025年5月末現在,\n性別,患者数\n男,501\n女,600\n"},
    ),
}
HONEST = {
    "other months": (
        {"t.csv": "月,患者数\n2025年4月,150\n"},
        {"t.csv": "月,患者数\n2025年5月,155\n"},
    ),
    "the same again": (
        {"t.csv": "性別,患者数\n男,1204\n女,980\n"},
        {"u.csv": "sex,patients\nfemale,980\nmale,1204\n"},
    ),
    "far away": ({"t.csv": "年齢,患者数\n65歳以上,1204\n"}, {"t.csv": "年齢,患者数\n70歳以上,900\n"}),
}


def put(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def command(tmp_path: Path, before: dict[str, str], now: dict[str, str]) -> set[str]:
    """The rules by which the command stops the files of today."""
    earlier, today = put(tmp_path / "before", before), put(tmp_path / "now", now)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(["--json", "--earlier", str(earlier), str(today)])
    report: dict[str, Any] = json.loads(out.getvalue())
    return {
        f["rule"] for file in report["files"] for f in file["findings"] if f["severity"] in ("fix", "reject")
    }


@pytest.mark.parametrize("case", CASES)
def test_the_command_stops_the_second_release(tmp_path: Path, case: str) -> None:
    found = command(tmp_path, *CASES[case])
    assert found & {"SDC.differencing", "SDC.combination"}


@pytest.mark.parametrize("case", HONEST)
def test_the_command_lets_honest_files_go(tmp_path: Path, case: str) -> None:
    assert command(tmp_path, *HONEST[case]) == set()


@pytest.mark.parametrize("make", (*TWO, *THREE), ids=lambda make: make.__name__)
def test_files_and_store_give_the_same_findings(make: Any) -> None:

    case: Planted = make(random.Random(7))
    files = [
        SubmittedFile(name, FileKind.TEXT if name.endswith("txt") else FileKind.CSV, text)
        for name, text in case.before
    ]
    name, text = case.now
    now = examine(SubmittedFile(name, FileKind.TEXT if name.endswith("txt") else FileKind.CSV, text))
    from_files = history_of([examine(file) for file in files])
    kept = tuple(
        KeptFile(
            f"earlier {number}", "", "", file_from_mapping(json.loads(json.dumps(file_as_mapping(stated))))
        )
        for number, stated in enumerate(state_files(Submission("r", tuple(files))))
    )
    from_store = History(released=kept, asked=kept)
    policy = shipped_policy()
    assert list(check_history(now, (), from_files, policy)) == list(
        check_history(now, (), from_store, policy)
    )
