"""Layouts of many programs, each with and without what betrays people; figures by the words beside them."""

import csv
import io

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.examined import examine
from output_review.disclosure.history_rules import check_history, history_of
from output_review.disclosure.populations import populations_from_csv
from output_review.disclosure.reports import Report
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.support.disclosure_cases_layouts import BETRAYING, HONEST, Layout
from tests.support.read_files import POLICY, answer_of, as_submission

WEIGHT = ["pass", "review", "fix", "reject"]
KNOWN = POLICY.with_populations(
    populations_from_csv("code,name,population,source\n,横浜市,3777491,census\n,川崎市,1538262,census\n")
)


def report_on(layout: Layout) -> Report:
    """The report on a file by its name."""
    read = as_submission(layout.name, answer_of(layout.name, layout.text.encode()))
    files = tuple(
        SubmittedFile(layout.name, FileKind.JSON if layout.name.endswith(".json") else file.kind, file.text)
        for file in read.files
    )
    return run_checks(Submission("s", files), KNOWN, None, ())


@pytest.mark.parametrize("layout", BETRAYING, ids=lambda layout: layout.name)
def test_what_betrays_people_is_found_in_every_layout(layout: Layout) -> None:
    report = report_on(layout)
    assert WEIGHT.index(report.verdict) >= WEIGHT.index(layout.verdict)


@pytest.mark.parametrize("layout", HONEST, ids=lambda layout: layout.name)
def test_the_same_layout_without_it_goes_to_people_at_most(layout: Layout) -> None:
    report = report_on(layout)
    assert WEIGHT.index(report.verdict) <= WEIGHT.index(layout.verdict), report.files[0].findings


def table(title: str, counts: list[int], header: str = "n") -> SubmittedFile:
    """A csv with a title below its rows, as the reader writes it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["診断", header])
    writer.writerows([f"病{chr(0x7532 + i)}", count] for i, count in enumerate(counts))
    writer.writerow([title, ""])
    return SubmittedFile("t.csv", FileKind.CSV, out.getvalue())


ALL, ONE, TWO = [900, 801, 703, 652, 610], [421, 310, 362, 271, 200], [380, 471, 290, 350, 404]


@pytest.mark.parametrize(
    ("now", "before", "is_found"),
    [
        (("丙の施設", TWO), [("全施設", ALL), ("甲の施設", ONE)], True),
        (("overall", ALL), [("site one", ONE), ("site two", TWO)], True),
        (("丙の施設", [*TWO[:4], 290]), [("全施設", ALL), ("甲の施設", ONE)], False),
        (("丙の施設", TWO), [("乙の施設", ALL), ("甲の施設", ONE)], False),
        (("丙の施設", [*TWO[:3], 900, 404]), [("全施設", ALL), ("甲の施設", ONE)], False),
    ],
)
def test_parts_that_leave_few_of_a_whole(
    now: tuple[str, list[int]], before: list[tuple[str, list[int]]], *, is_found: bool
) -> None:
    history = history_of([examine(table(*one)) for one in before])
    found = {finding.rule for finding in check_history(examine(table(*now)), (), history, POLICY)}
    assert ("SDC.parts_of_whole" in found) is is_found


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("図2 年齢とeGFRの散布図", "reject"),
        ("Swimmer plot, one bar per patient", "reject"),
        ("各点が1患者を表す", "reject"),
        ("施設別の死亡率の散布図(各点は施設)", "review"),
        ("在院日数の箱ひげ図。外れ値は○で示す", "fix"),
        ("在院日数の箱ひげ図。外れ値は表示していない", "review"),
        ("Box plots; outliers are not shown", "review"),
        ("Kaplan-Meier curve, ticks mark censoring", "fix"),
        ("Kaplan-Meier curve from rounded counts, censoring not shown", "review"),
        ("Kernel density of age, n=41, bandwidth 0.2", "fix"),
        ("Kernel density of age, n=41,000, bandwidth 0.2", "review"),
        ("年齢の棒グラフ", "review"),
    ],
)
def test_the_words_beside_a_picture_say_what_it_shows(words: str, verdict: str) -> None:
    picture = SubmittedFile("a.png", FileKind.PICTURE, "", facts=(("picture_points", 0),))
    caption = SubmittedFile("a_note.md", FileKind.TEXT, words + "\n")
    report = run_checks(Submission("s", (picture, caption)), POLICY, None, ())
    verdicts = [file.verdict for file in report.files]
    heaviest = max((WEIGHT.index(one) for one in verdicts), default=0)
    assert heaviest == WEIGHT.index(verdict) or (verdict == "review" and heaviest < 2)
