"""``check-view`` and profiles: the flag decides where the file states none, and never against it."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.cli import main
from tests.support.catalog_house import DEMO_VIEWS, ROOT

RAW = "SELECT value_num AS v FROM lab_result"
COARSE = "SELECT bin(value_num, 5) AS v FROM lab_result"


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Checks a text with these flags: the exit code and the answer."""

    def run(text: str, *flags: str) -> tuple[int, dict[str, Any]]:
        path = tmp_path / "v.sql"
        path.write_text(text, encoding="utf-8")
        code = main(["catalog", "check-view", str(path), "--json", *flags])
        return code, json.loads(capsys.readouterr().out or "{}")

    return run


@pytest.mark.parametrize(
    ("head", "flags", "code"),
    [
        ("", (), 0),
        ("", ("--profile", "pseudo"), 0),
        ("", ("--profile", "anon"), 3),
        ("-- profile: anon\n", (), 3),
        ("-- profile: anon\n", ("--profile", "anon"), 3),
        ("-- profile: pseudo\n", ("--profile", "pseudo"), 0),
    ],
)
def test_the_flag_decides_where_the_head_states_none(
    check: Any, head: str, flags: tuple[str, ...], code: int
) -> None:
    found, answer = check(head + RAW, *flags)
    assert found == code
    assert [r["rule"] for r in answer["refusals"]] == (["anon_measure"] if code else [])
    assert check(head + COARSE, *flags)[0] == 0


@pytest.mark.parametrize(("stated", "asked"), [("anon", "pseudo"), ("pseudo", "anon")])
def test_a_head_that_states_another_profile_is_refused_at_its_line(
    check: Any, stated: str, asked: str
) -> None:
    code, answer = check(f"-- table: v\n-- profile: {stated}\n{COARSE}", "--profile", asked)
    (refusal,) = answer["refusals"]
    assert (code, refusal["rule"], refusal["line"], refusal["column"]) == (3, "profile_contradiction", 2, 1)
    assert answer["columns"] == []
    assert "--profile" in refusal["message"]["ja"]


def test_a_profile_that_nobody_knows_is_wrong_use(check: Any) -> None:
    assert check(f"-- profile: none\n{COARSE}")[0] == 2
    with pytest.raises(SystemExit) as ended:
        check(COARSE, "--profile", "none")
    assert ended.value.code == 2


def test_a_transform_that_is_refused_says_where_and_what_to_write(check: Any) -> None:
    code, answer = check("SELECT\n  bin(value_num, 0) AS v\nFROM lab_result", "--profile", "anon")
    (refusal,) = answer["refusals"]
    assert (code, refusal["rule"], refusal["line"], refusal["column"]) == (3, "transform_arguments", 2, 3)
    assert "bin(value, width)" in refusal["message"]["en"]
    assert refusal["remedy"]["ja"]


def test_an_accepted_column_tells_its_transforms(check: Any) -> None:
    text = "SELECT date_shift(start_date) AS d, rare_to_other(icd10) AS c FROM diagnosis"
    code, answer = check(text, "--profile", "anon")
    assert code == 0
    assert [(c["name"], c["sources"], c["transforms"]) for c in answer["columns"]] == [
        ("d", ["diagnosis.patient_key", "diagnosis.start_date"], ["date_shift"]),
        ("c", ["diagnosis.icd10", "diagnosis.patient_key"], ["rare_to_other"]),
    ]


def test_the_example_views_are_accepted_in_their_profile_and_the_demo_in_pseudo(check: Any) -> None:
    views = ROOT / "tests" / "support" / "views"
    for profile in ("pseudo", "anon"):
        for path in sorted((views / profile).glob("*.sql")):
            assert check(path.read_text(encoding="utf-8"), "--profile", profile)[0] == 0
    for path in DEMO_VIEWS:
        assert check(path.read_text(encoding="utf-8"))[0] == 0
