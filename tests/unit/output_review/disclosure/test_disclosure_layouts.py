"""Layouts of many programs, each with and without what betrays people; figures by the words beside them."""

import csv
import io

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.examined import examine
from output_review.disclosure.findings import Finding, Severity
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


def findings_on(text: str, name: str = "t.txt") -> list[Finding]:
    """What is found on a file that the reader read."""
    return [finding for file in report_on(Layout(name, text, "pass")).files for finding in file.findings]


RESIDUALS = """\
Call:
lm(formula = cost ~ sex, data = d)

Residuals:
     Min       1Q   Median       3Q      Max
-31.4490  -6.9480  -0.2000   6.6510  34.8840

Coefficients:
            Estimate Std. Error t value Pr(>|t|)
(Intercept)  51.2000     0.3000  170.67  < 2e-16 ***
sexM         -2.1000     0.4000   -5.25 1.56e-07 ***

Residual standard error: 10.02 on 5998 degrees of freedom
"""


def test_residuals_that_a_program_prints_are_looked_at_and_ages_under_no_such_heading_are_not_shown() -> None:
    of = "SDC.extreme"
    for heading in ("Residuals:", "Deviance Residuals: ", "Weighted Residuals:"):
        found = findings_on(RESIDUALS.replace("Residuals:", heading, 1))
        assert {f.severity for f in found if f.rule == of} == {Severity.REVIEW}, heading
    assert Severity.FIX in {
        f.severity for f in findings_on(RESIDUALS.replace("Residuals:", "Age:", 1)) if f.rule == of
    }


@pytest.mark.parametrize("levels", ["0    1", "1    2"])
def test_levels_over_a_printed_table_are_no_counts(levels: str) -> None:
    table = f"   \n       {levels}\n  A 2475  525\n  B 2334  666\n"
    assert "SDC.small_cell" not in {f.rule for f in findings_on(table)}
    assert "SDC.small_cell" in {f.rule for f in findings_on(table.replace("525", "  5"))}
    alone = f"人数\n{levels}\n"
    assert "SDC.small_cell" in {f.rule for f in findings_on(alone)}


def test_settings_of_a_model_are_no_counts() -> None:
    settings = '{"max_depth": 5, "n_splits": 5, "seed": 42, "auc": 0.81}'
    found = {f.rule for f in findings_on(settings, "settings.json")}
    assert "SDC.small_cell" not in found
    assert "SDC.small_cell" in {
        f.rule for f in findings_on(settings.replace("max_depth", "男性"), "settings.json")
    }
