"""A mean is judged by the count of the same cell, wherever that is handed in, and by nothing else."""

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.dominance_bounds import Amounts, Dominated, dominated
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import shipped_policy

MEANS = ",mean,mean\n,stay,stay\nsex,a,b\ndx,,\nI21,14.25,9.75\nI50,21.5,17.25\n"
COUNTS = ",count,count\n,stay,stay\nsex,a,b\ndx,,\nI21,{},40\nI50,55,61\n"
SPREADS = ",std,std\n,stay,stay\nsex,a,b\ndx,,\nI21,{},3.5\nI50,4.5,5.5\n"


def _judged(**files: str) -> tuple[str, set[str], list[tuple[int | None, str | None]]]:
    """Verdict and rules of the first file, and where too few are behind a number."""
    given = tuple(SubmittedFile(f"{name}.csv", FileKind.CSV, text) for name, text in files.items())
    report = run_checks(Submission("request", given), shipped_policy(), None, []).files[0]
    few = [(f.where.row, f.where.column) for f in report.findings if f.rule == "SDC.few_behind"]
    return report.verdict.value, {f.rule for f in report.findings}, few


def test_means_alone_are_left_to_people() -> None:
    assert _judged(table=MEANS)[:2] == ("review", {"SDC.no_count"})


def test_enough_persons_in_every_cell_need_nobody() -> None:
    assert _judged(table=MEANS, numbers=COUNTS.format(12))[0] == "pass"


def test_few_persons_behind_one_cell_are_named_there() -> None:
    assert _judged(table=MEANS, numbers=COUNTS.format(9)) == ("fix", {"SDC.few_behind"}, [(5, "a")])


def test_a_masked_count_makes_its_mean_no_safer() -> None:
    assert _judged(table=MEANS, numbers=COUNTS.format("<10"))[2] == [(5, "a")]
    assert _judged(table=MEANS, numbers=COUNTS.format("*"))[0] != "fix"


def test_counts_of_a_crosstab_count_under_a_name_that_says_so() -> None:
    crosstab = "sex,a,b\ndx,,\nI21,12,40\nI50,55,61\n"
    assert _judged(table=MEANS, count_dx_sex=crosstab)[0] == "pass"
    assert _judged(table=MEANS, table2=crosstab)[0] == "review"


@pytest.mark.parametrize(
    "numbers",
    [
        "sex,a,b\ndx,,\nI21,12,40\n",
        "sex,a,c\ndx,,\nI21,12,40\nI50,55,61\n",
        "dx,count\nI21,52\nI50,116\n",
    ],
)
def test_counts_of_other_cells_are_no_counts_of_these(numbers: str) -> None:
    assert _judged(table=MEANS, count_dx=numbers)[0] == "review"


def test_two_different_counts_of_one_cell_are_none() -> None:
    assert _judged(table=MEANS, one=COUNTS.format(12), two=COUNTS.format(13))[0] == "review"


def test_claims_are_never_enough_persons() -> None:
    claims = COUNTS.replace("count", "件数")
    assert _judged(table=MEANS, claims=claims.format(500))[0] == "review"
    assert _judged(table=MEANS, claims=claims.format(4))[2] == [(5, "a")]


def test_the_columns_of_one_table_are_matched_by_their_names() -> None:
    rows = "診断,男 患者数,女 患者数,平均在院日数\n肺炎,12,30,14.2\n心不全,44,51,21.5\n"
    assert _judged(table=rows)[0] == "pass"
    wide = ",count,count,mean,mean\nsex,a,b,a,b\ndx,,,,\nI21,11,3,14.25,9.75\nI50,55,61,21.5,17.25\n"
    assert _judged(table=wide)[2] == [(4, "b")]


def test_a_name_says_what_its_columns_do_not() -> None:
    bare = "sex,a,b\ndx,,\nI21,5.0,5.0\nI50,5.0,5.0\n"
    assert _judged(table=bare)[0] == "fix"
    assert _judged(mean_stay=bare)[0] == "review"
    assert _judged(mean_stay=bare, numbers=COUNTS.format(12))[0] == "pass"


@pytest.mark.parametrize("name", ["mean_stay", "平均在院日数", "sum_stay", "sum"])
def test_a_name_makes_no_small_count_safe(name: str) -> None:
    assert _judged(**{name: "sex,a,b\ndx,,\nI21,5,50\nI50,40,60\n"})[0] == "fix"


def test_a_mean_that_one_person_makes_up_is_found() -> None:
    tall = MEANS.replace("14.25", "1014.25")
    spread = SPREADS.format("3450.1")
    assert "SDC.dominance" in _judged(table=tall, numbers=COUNTS.format(12), spreads=spread)[1]
    assert _judged(table=MEANS, numbers=COUNTS.format(12), spreads=SPREADS.format(4.5))[0] == "pass"


def test_sums_with_persons_and_spread_need_nobody() -> None:
    sums = ",sum,sum\n,stay,stay\nsex,a,b\ndx,,\nI21,171,390\nI50,1182,1052\n"
    assert _judged(table=sums, numbers=COUNTS.format(12))[0] == "review"
    assert _judged(table=sums, numbers=COUNTS.format(12), spreads=SPREADS.format(4.5))[0] == "pass"
    assert _judged(table=sums, numbers=COUNTS.format(12), spreads=SPREADS.format(48.9))[0] == "fix"


@pytest.mark.parametrize("values", [[0] * 11 + [100], [1] * 30 + [500], [10.0] * 20, list(range(1, 40))])
def test_bounds_hold_for_values_that_are_known(values: list[float]) -> None:
    n = len(values)
    mean = sum(values) / n
    deviation = (sum((v - mean) ** 2 for v in values) / (n - 1)) ** 0.5
    top = sorted(values)[-2:]
    whole = sum(values)
    is_dominated = sum(top) > 0.9 * whole or whole - sum(top) < 0.1 * top[-1]
    found = dominated(Amounts(n, (mean, mean), (deviation, deviation)), shipped_policy())
    assert found in (
        {Dominated.YES, Dominated.UNKNOWN} if is_dominated else {Dominated.NO, Dominated.UNKNOWN}
    )


def test_nothing_is_concluded_from_values_below_zero() -> None:
    assert dominated(Amounts(30, (0.1, 0.1), (9.0, 9.0)), shipped_policy()) is Dominated.UNKNOWN
    assert dominated(Amounts(30, (-5.0, -5.0), (1.0, 1.0)), shipped_policy()) is Dominated.UNKNOWN
