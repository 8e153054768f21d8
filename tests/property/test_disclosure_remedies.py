"""What mends a table mends it: after a proposed remedy its rules ask for no fix, and nothing new does."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Severity, Verdict
from output_review.disclosure.remedies import RemedyKind, apply, propose
from output_review.disclosure.reports import Report
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import check, shipped_policy, submission

FLAWS = frozenset({"SDC.small_cell", "SDC.masked_cell_derivable"})


def _judge(judged: Submission) -> Report:
    return run_checks(judged, shipped_policy(), None, [])


def _proposed(text: str, kind: str = "csv") -> dict[RemedyKind, str]:
    """The text after each remedy, by kind."""
    given_file = submission(text, kind)
    remedies = propose(given_file, _judge(given_file), shipped_policy(), _judge)
    return {remedy.kind: apply(remedy, given_file.files[0]).text for remedy in remedies}


@st.composite
def tables_with_totals(draw: st.DrawFn) -> str:
    """A table with both margins and at least one small count, as csv."""
    width, height = draw(st.integers(2, 4)), draw(st.integers(2, 6))
    counts = st.one_of(st.integers(10, 400), st.integers(10, 60))
    grid = [draw(st.lists(counts, min_size=width, max_size=width)) for _ in range(height)]
    grid[draw(st.integers(0, height - 1))][draw(st.integers(0, width - 1))] = draw(st.integers(1, 9))
    rows = [["診断", *(f"区分{chr(65 + j)}" for j in range(width)), "計"]]
    rows += [[f"疾患{chr(65 + i)}", *map(str, row), str(sum(row))] for i, row in enumerate(grid)]
    rows.append(["計", *(str(sum(column)) for column in zip(*grid, strict=True)), str(sum(map(sum, grid)))])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.mark.slow
@given(text=tables_with_totals())
@settings(deadline=None, max_examples=30)
def test_a_table_with_totals_is_mended_by_masking_and_by_rounding(text: str) -> None:
    mended = _proposed(text)
    assert {RemedyKind.SUPPRESS, RemedyKind.ROUND} <= mended.keys()
    for after in mended.values():
        report = check(after)
        blocking = {f.rule for f in report.files[0].findings if f.severity in (Severity.FIX, Severity.REJECT)}
        assert not blocking & FLAWS


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("診断,男,女,計\nA,20,30,50\nB,7,40,47\nC,25,35,60\n計,52,105,157\n", 4),
        (
            "V1,a,b,c,d,Total\nw,*,*,*,89,230\nx,*,124,*,31,250\ny,92,*,59,*,336\nz,800,*,651,*,3127\nTotal,1012,1262,779,890,3943\n",
            10,
        ),
    ],
)
def test_as_few_cells_as_possible_are_masked(text: str, most: int) -> None:
    assert _proposed(text)[RemedyKind.SUPPRESS].count("*") <= most


def test_a_percentage_beside_a_masked_count_is_masked_too() -> None:
    after = _proposed("年齢,人数,割合(%)\n20-29,7,3.5\n30-39,50,25.0\n40-49,143,71.5\n計,200,100.0\n")
    assert "3.5" not in after[RemedyKind.SUPPRESS]
    assert after[RemedyKind.MERGE].splitlines()[1] == "20-29・30-39,57,28.5"


def test_a_rounded_table_says_how() -> None:
    after = _proposed("診断,男,女,計\nA,20,30,50\nB,7,40,47\nC,25,35,60\n計,52,105,157\n")[RemedyKind.ROUND]
    assert "10の倍数" in after


def test_markdown_is_mended_in_place() -> None:
    text = "# 結果\n\n| 診断 | 男 | 女 | 計 |\n|---|---|---|---|\n| A | 20 | 30 | 50 |\n| B | 7 | 40 | 47 |\n| C | 25 | 35 | 60 |\n| 計 | 52 | 105 | 157 |\n"
    after = _proposed(text, "md")[RemedyKind.SUPPRESS]
    assert after.startswith("# 結果\n\n| 診断 | 男 | 女 | 計 |\n|---|---|---|---|\n")
    assert check(after, "md").verdict is Verdict.PASS


def test_a_total_that_leaves_a_category_out_is_made_again() -> None:
    after = _proposed("疾患,患者数\n糖尿病,121\n高血圧,243\n脂質異常症,92\n合計,461\n")
    assert after[RemedyKind.RECOMPUTE_TOTALS].endswith("合計,456\n")


def test_a_file_without_findings_needs_nothing_and_a_remedy_is_for_its_file_alone() -> None:
    assert _proposed("診断,男,女\nA,20,30\n") == {}
    text = "診断,男,女,計\nA,20,30,50\nB,7,40,47\n計,27,70,97\n"
    given_file = submission(text)
    remedy = propose(given_file, _judge(given_file), shipped_policy(), _judge)[0]
    with pytest.raises(ValueError, match="result"):
        apply(remedy, SubmittedFile("other.csv", FileKind.CSV, text))


def test_a_judge_that_is_never_content_lets_no_remedy_through() -> None:
    given_file = submission("診断,男,女,計\nA,20,30,50\nB,7,40,47\n計,27,70,97\n")
    before = _judge(given_file)
    assert propose(given_file, before, shipped_policy(), lambda _: before) == ()
