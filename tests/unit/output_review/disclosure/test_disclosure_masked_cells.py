"""Masked cells (cases B): what totals give away."""

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.examined import examine
from output_review.disclosure.intervals import UNBOUNDED, UnsettledError
from output_review.disclosure.intervals_integer import integer_bounds
from output_review.disclosure.intervals_system import Component
from output_review.disclosure.masked_cells import audit_tables
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import cells, check, shipped_policy, submission

DERIVABLE = "SDC.masked_cell_derivable"
UNRESOLVED = "SDC.masked_cell_unresolved"


def test_one_masked_cell_beside_exact_totals_is_given_away() -> None:
    report = check("診断,男,女,計\nA,20,30,50\nB,*,40,47\n計,27,70,97\n")
    assert cells(report, DERIVABLE) == [(3, "男")]
    assert report.verdict.value == "fix"


def test_a_row_total_alone_is_enough() -> None:
    assert cells(check("診断,男,女,計\nA,20,30,50\nB,<10,40,47\n"), DERIVABLE) == [(3, "男")]


def test_a_blank_that_subtracts_to_a_small_count_is_given_away() -> None:
    assert cells(check("診断,男,女,計\nA,20,30,50\nB,,40,47\n"), DERIVABLE) == [(3, "男")]


def test_what_was_found_helps_to_find_more() -> None:
    text = "診断,男,女,計\nA,*,*,50\nB,*,40,47\n計,27,70,97\n"
    assert cells(check(text), DERIVABLE) == [(2, "男"), (2, "女"), (3, "男")]
    text = "診断,男,女,計\nA,*,*,53\nB,*,40,50\nC,20,30,50\n計,34,*,*\n"
    assert (2, "男") not in cells(check(text), UNRESOLVED)


def test_a_small_group_of_masked_cells_is_given_away() -> None:
    report = check("診断,男,女,他,計\nA,20,30,40,90\nB,*,*,40,43\n")
    assert cells(report, DERIVABLE) == [(3, "男"), (3, "女")]


def test_without_totals_masking_hides() -> None:
    assert check("診断,男,女\nA,20,30\nB,<10,40\n").files[0].findings == ()


SDCTABLE = (
    "V1,a,b,c,d,Total\nw,*,*,*,89,230\nx,*,124,*,31,250\ny,92,*,59,*,336\nz,800,*,651,*,3127\n"
    "Total,1012,1262,779,890,3943\n"
)
MHLW_EXACT = "区分,A,B,C,合計\n1,11,12,36,59\n2,*,305,995,1302\n3,26,55,34,115\n合計,39,372,1065,1476\n"
MHLW_UP = "区分,A,B,C,合計\n1,20,20,40,60\n2,*,310,1000,1310\n3,30,60,40,120\n合計,40,380,1070,1480\n"
MHLW_HALF_UP = "区分,A,B,C,合計\n1,10,10,40,60\n2,*,310,1000,1300\n3,30,60,30,120\n合計,40,370,1070,1480\n"
MHLW_TOTALS = "区分,A,B,C,合計\n1,11,12,36,60\n2,*,305,995,1310\n3,26,55,34,120\n合計,40,380,1070,1480\n"


def intervals(text: str, kind: str = "csv") -> list[tuple[int, int]]:
    """The intervals of the masked cells of a file's first table under its first reading."""
    audit = audit_tables(examine(submission(text, kind).files[0]), shipped_policy())[0]
    found = audit.audits[0].intervals
    return [(found[spot].lo, found[spot].hi) for spot in sorted(audit.sheet.masked, key=str)]


def test_two_masks_in_every_line_and_one_of_them_exact_all_the_same() -> None:
    """sdcTable's test of its simple heuristic: 236 - 189 = 47."""
    report = check(SDCTABLE)
    assert cells(report, DERIVABLE) == [(2, "b")]
    assert [i for i in intervals(SDCTABLE) if i[0] == i[1]] == [(47, 47)]


@pytest.mark.parametrize(
    ("text", "note", "interval"),
    [
        (MHLW_EXACT, "", (2, 2)),
        (MHLW_TOTALS, "注:合計のみ10の倍数に切り上げ\n", (1, 3)),
        (MHLW_HALF_UP, "注:すべて10の倍数に四捨五入\n", (1, 4)),
        (MHLW_UP, "注:すべて10の倍数に切り上げ\n", (1, 8)),
    ],
)
def test_the_worked_case_of_the_ministry(text: str, note: str, interval: tuple[int, int]) -> None:
    assert intervals(text + note) == [interval]
    given_away = bool(cells(check(text + note), DERIVABLE))
    assert given_away is (interval[1] - interval[0] < 4)


def test_a_rounding_that_nobody_declares_is_found_in_the_numbers() -> None:
    assert cells(check(MHLW_TOTALS), DERIVABLE) == [(3, "A")]
    assert check(MHLW_HALF_UP).verdict.value in ("review", "fix")
    assert check(MHLW_UP).verdict.value == "review"


def test_totals_that_do_not_add_up_prove_nothing_and_are_looked_at() -> None:
    report = check("診断,男,女,計\nA,20,30,55\nB,*,40,50\n")
    assert cells(report, UNRESOLVED) == [(3, "男")]
    assert cells(report, DERIVABLE) == []


def test_a_mask_that_subtraction_undoes_hides_nothing_however_large_the_count() -> None:
    """What an author masks must stay hidden: it may be there to protect another cell."""
    assert cells(check("診断,男,女,計\nA,20,30,50\nB,*,40,97\n"), DERIVABLE) == [(3, "男")]


def test_a_mark_whose_legend_says_nearly_everything_is_looked_at() -> None:
    report = check("診断,男,女\nA,20,30\nB,<3,40\n")
    assert cells(report, UNRESOLVED) == [(3, "男")]
    assert report.verdict.value == "review"


def test_a_dash_that_stands_for_nobody_is_no_mask() -> None:
    assert check("診断,男,女,計\nA,20,30,50\nB,-,40,40\n").verdict.value == "pass"


def test_intervals_wide_enough_pass() -> None:
    text = "診断,男,女,計\nA,<10,<10,30\nB,<10,<10,30\nC,20,30,50\n計,40,70,110\n"
    assert "fix" not in check(text).verdict.value or cells(check(text), DERIVABLE)
    wide = "診断,男,女,計\nA,*,*,11\nB,*,*,11\nC,21,33,54\n計,32,44,76\n"
    assert check(wide).verdict.value == "pass"


def test_the_same_cells_in_another_file_give_them_away() -> None:
    masked = SubmittedFile("a.csv", FileKind.CSV, "病院,男,女\nA病院,*,40\nB病院,50,60\n")
    totals = SubmittedFile("b.csv", FileKind.CSV, "病院,人数\nA病院,48\nB病院,110\n")
    report = run_checks(Submission("r", (masked, totals)), shipped_policy(), None, [])
    assert cells(report, DERIVABLE) == [(2, "男")]
    turned = SubmittedFile("b.csv", FileKind.CSV, ",A病院,B病院\n合計,48,110\n")
    report = run_checks(Submission("r", (masked, turned)), shipped_policy(), None, [])
    assert cells(report, DERIVABLE) == [(2, "男")]


def test_tables_of_other_people_prove_nothing() -> None:
    masked = SubmittedFile("a.csv", FileKind.CSV, "病院,男,女\nA病院,*,40\nB病院,50,60\n")
    others = SubmittedFile("b.csv", FileKind.CSV, "病院,人数\nA病院,48\nB病院,300\n")
    report = run_checks(Submission("r", (masked, others)), shipped_policy(), None, [])
    assert cells(report, DERIVABLE) == []


def test_an_earlier_release_gives_a_mask_away_and_is_given_away() -> None:
    masked = "病院,男,女,計\nA病院,*,*,48\nB病院,50,60,110\n"
    one_more = "病院,男,女,計\nA病院,*,40,48\nB病院,50,60,110\n"
    report = check(masked, earlier=["病院,男,女,計\nA病院,8,40,48\nB病院,50,60,110\n"])
    assert (2, "男") in cells(report, DERIVABLE)
    report = check("病院,女\nA病院,40\nB病院,60\n", earlier=[masked])
    assert cells(report, DERIVABLE) == [(None, None)]
    assert cells(check(one_more, earlier=[masked]), DERIVABLE)


def test_parts_of_a_table_of_characteristics_add_up_to_its_number() -> None:
    text = "項目,全体 (n=412)\n男,190\n女,222\n65歳未満,405\n65歳以上,*\n"
    assert cells(check(text), DERIVABLE) == [(5, "全体 (n=412)")]


def test_more_work_than_allowed_blocks() -> None:
    with pytest.raises(UnsettledError):
        integer_bounds(
            Component((0, 1), ({0: 1, 1: -1},), (0,), (0, 0), (UNBOUNDED, UNBOUNDED)), [0], seconds=0.0
        )
