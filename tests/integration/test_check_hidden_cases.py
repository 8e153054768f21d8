"""Every published trick that hides a small count in arithmetic, through the command that people use."""

import json
from pathlib import Path

import pytest

from output_review.check_cli import main
from tests.support.disclosure_hidden_cases import CASES, HiddenCase


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_never_passes(case: HiddenCase, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in case.files.items():
        (tmp_path / name).write_text(text, "utf-8")
    status = main([str(tmp_path), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert status == 3
    assert report["verdict"] in case.allowed
