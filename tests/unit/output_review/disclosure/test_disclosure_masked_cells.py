"""Masked cells (cases B): what totals give away."""

from tests.unit.output_review.disclosure.checked_files import cells, check

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
    assert cells(check(text), DERIVABLE) == [(3, "男")]
    text = "診断,男,女,計\nA,*,*,53\nB,*,40,50\nC,20,30,50\n計,34,*,*\n"
    assert (2, "男") not in cells(check(text), UNRESOLVED)


def test_a_small_group_of_masked_cells_is_given_away() -> None:
    report = check("診断,男,女,他,計\nA,20,30,40,90\nB,*,*,40,43\n")
    assert cells(report, DERIVABLE) == [(3, "男"), (3, "女")]


def test_without_totals_masking_hides() -> None:
    assert check("診断,男,女\nA,20,30\nB,<10,40\n").files[0].findings == ()


def test_masked_cells_that_subtraction_does_not_settle_are_looked_at() -> None:
    """The published four-by-four trap: two masks in each line, and one cell exact all the same."""
    text = (
        "x,a,b,c,d,計\nr,*,50,10,*,100\ns,*,19,*,22,80\nt,17,32,12,20,81\nu,*,*,*,*,200\n計,90,*,80,*,461\n"
    )
    report = check(text)
    assert report.verdict.value == "review"
    assert cells(report, UNRESOLVED)


def test_totals_that_do_not_add_up_prove_nothing_and_are_looked_at() -> None:
    report = check("診断,男,女,計\nA,20,30,55\nB,*,40,50\n")
    assert cells(report, UNRESOLVED) == [(3, "男")]
    assert cells(report, DERIVABLE) == []


def test_a_derivable_large_count_discloses_nobody() -> None:
    assert check("診断,男,女,計\nA,20,30,50\nB,*,40,97\n").verdict.value == "pass"
