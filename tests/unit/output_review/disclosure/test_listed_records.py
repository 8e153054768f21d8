"""Rows of persons in running text, and lists of a day's work that are none."""

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import shipped_policy

PEOPLE = [(69, "F", 8.2), (73, "F", 9.4), (50, "M", 8.8), (69, "M", 9.3), (53, "M", 9.2), (58, "F", 11.8)]
AGES = [69, 73, 50, 73, 53, 53, 58, 61, 59, 44, 81, 41, 41, 53, 41, 52, 54]
ROWS = {
    "repr of python": ("t.txt", str(dict(enumerate(PEOPLE)))),
    "insert": ("t.sql", "INSERT INTO t VALUES\n" + ",\n".join(map(str, PEOPLE)) + ";\n"),
    "xml": ("t.txt", "".join(f'<r age="{a}" sex="{s}" a1c="{x}"/>' for a, s, x in PEOPLE)),
    "in a paragraph": ("t.md", "、".join(f"{a}{s}(HbA1c {x}%)" for a, s, x in PEOPLE)),
    "yaml": ("t.txt", "".join(f"- age: {a}\n  sex: {s}\n  hba1c: {x}\n" for a, s, x in PEOPLE)),
    "days": ("t.txt", " ".join(f"[{n}, 2021-03-{n + 10}, {n * 3}.5]" for n in range(1, 9))),
    "ages in a cell": ("t.csv", "群,患者数,内訳\nA,1200," + ";".join(map(str, AGES)) + "\nB,1300,\n"),
    "ages in a sentence": ("t.txt", "年齢は" + "、".join(map(str, AGES)) + "であった。\n"),
}
LOOKED_AT = {
    "rows of numbers": (
        "t.txt",
        "[[63 7.1 55.0]\n [69 8.2 85.5]\n [73 9.4 80.2]\n [50 8.8 88.6]\n [51 8.1 80.6]]\n",
    ),
}
ORDINARY = {
    "intervals": ("t.txt", " ".join(f"OR 1.{n} (0.{n}1, 1.{n}9)" for n in range(9)) + "\n"),
    "intervals with words": ("t.txt", " ".join(f"HR 1.{n} (95% CI 0.{n}1-1.{n}9)" for n in range(9)) + "\n"),
    "men and women": (
        "t.md",
        " ".join(f"(男性 {100 + n}, 女性 {120 + n}, 計 {220 + 2 * n})" for n in range(8)) + "\n",
    ),
    "classes": ("t.txt", "knots: " + "; ".join(str(n * 5) for n in range(1, 20)) + "\n"),
    "metres": ("t.txt", "歩行距離 10m、20m、30m、40m、50m、60m のいずれか\n"),
    "months": ("t.py", str([(f"2021-{n:02}-01", 1200 + n, 3.5) for n in range(1, 10)])),
    "groups with their numbers": (
        "t.txt",
        "".join(f"region: {name}\nn: {1200 + n}\nrate: 1{n}.2\n" for n, name in enumerate("ABCDEF")),
    ),
    "settings": ("t.txt", "seed: 42\nepochs: 100\nlr: 0.01\nfold: 5\n"),
    "call": ("t.py", "\n".join(f"ax.plot(x{n}, y{n}, 'k-', lw=2)" for n in range(8)) + "\n"),
}


def judged(name: str, text: str) -> tuple[str, set[str]]:
    kind = FileKind.CSV if name.endswith(".csv") else FileKind.TEXT
    submission = Submission(name, (SubmittedFile(name, kind, text),))
    report = run_checks(submission, shipped_policy(), None, ())
    return report.verdict.value, {finding.rule for finding in report.files[0].findings}


@pytest.mark.parametrize("way", ROWS)
def test_rows_of_persons_never_leave_in_words(way: str) -> None:
    verdict, rules = judged(*ROWS[way])
    assert verdict == "reject"
    assert "SDC.listed_records" in rules


@pytest.mark.parametrize("way", LOOKED_AT)
def test_records_without_a_sex_or_a_day_are_looked_at(way: str) -> None:
    verdict, rules = judged(*LOOKED_AT[way])
    assert verdict != "pass"
    assert "SDC.listed_records" in rules


@pytest.mark.parametrize("way", ORDINARY)
def test_lists_of_a_days_work_are_no_persons(way: str) -> None:
    assert "SDC.listed_records" not in judged(*ORDINARY[way])[1]
