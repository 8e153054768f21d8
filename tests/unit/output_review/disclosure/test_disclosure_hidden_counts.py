"""Small counts that only arithmetic finds: published cases, planted ones, and honest files of the same kinds."""

import time

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.consistent_counts import Share, denominator, luck, share_of, smallest_persons
from output_review.disclosure.reports import Report
from output_review.disclosure.submissions import Submission, SubmittedFile
from output_review.disclosure.written_numbers import written_numbers
from tests.support.disclosure_hidden_cases import CASES, HiddenCase
from tests.support.disclosure_hidden_corpus import WITH_N, WITHOUT_N, MadeFile, Maker, honest, planted
from tests.unit.output_review.disclosure.checked_files import KINDS, cells, check, findings, shipped_policy

ARITHMETIC = ("SDC.hidden_", "SDC.masked_cell_", "SDC.rounding_undone")
SEEDS = range(20_000, 20_000 + 15 * 7)


def _judged(files: dict[str, str]) -> Report:
    made = tuple(SubmittedFile(name, KINDS[name.rsplit(".")[-1]], text) for name, text in files.items())
    return run_checks(Submission("request", made), shipped_policy(), None, [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_published_case_is_seen(case: HiddenCase) -> None:
    assert _judged(case.files).verdict.value in case.allowed


def _is_found(made: MadeFile) -> bool:
    report = _judged({made.name: made.text})
    return any(
        finding.rule.startswith(ARITHMETIC) and finding.severity.value in ("fix", "reject")
        for finding in report.files[0].findings
    )


@pytest.mark.parametrize(("makers", "least"), [(WITH_N, 0.95), (WITHOUT_N, 0.80)], ids=["N", "no N"])
def test_planted_counts_are_found_and_honest_files_left_alone(
    makers: tuple[Maker, ...], least: float
) -> None:
    found = sum(_is_found(planted(makers, seed)) for seed in SEEDS)
    alarms = [made for seed in SEEDS if _is_found(made := honest(makers, seed))]
    assert found >= least * len(SEEDS)
    assert len(alarms) <= 0.02 * len(SEEDS), [made.text for made in alarms]


def _share(text: str) -> Share:
    return share_of(written_numbers(text)[0], is_percentage=True)


def test_a_percentage_of_a_known_number_of_persons_is_a_count() -> None:
    assert list(_share("0.7").counts(412)) == [3]
    assert list(_share("12.4").counts(412)) == [51]
    assert list(_share("33").counts(1000)) == list(range(325, 336))
    assert list(_share("0.3").counts(10)) == []


def test_the_smallest_number_of_persons_that_fits_and_whether_that_is_luck() -> None:
    seven = [[_share("14.3"), _share("28.6"), _share("57.1")]]
    assert smallest_persons(seven) == 7
    assert luck(seven, 7) < 0.001
    many = [[_share("33.3"), _share("66.7")]]
    assert smallest_persons(many) == 3
    assert luck([[_share("48.7"), _share("51.3")]], 76) > 1


@pytest.mark.parametrize(("text", "persons"), [("72.33333333", 3), ("65.1429", 7), ("65.1234", None)])
def test_decimals_are_a_denominator(text: str, persons: int | None) -> None:
    assert denominator(written_numbers(text)[0], 9) == persons


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("区分,HbA1c(%),n\nA,7.2,85\nB,6.9,90\n", "csv"),
        ("群,n,平均,SD,SE\nA,120,53.0,12.0,1.10\n", "csv"),
        ("区分,人数,割合(%)\nA,120,30.0\nB,160,40.0\nC,120,30.0\n計,400,100.0\n", "csv"),
        ("区分,割合(%)\nA,30\nB,40\nC,30\n", "csv"),
        ("対象は412例で、有意水準は5%とした。95%信頼区間を示す。", "txt"),
        ("1,203例中1,098例を解析した。うち12.5%が女性であった。", "txt"),
        ("区分,人数_midpoint6\nA,27\nB,15\nC,21\n", "csv"),
        ("事象,割合 (N=12000)\n発熱,12.4%\n肝障害,0.7%\n", "csv"),
    ],
)
def test_what_hides_nobody_is_left_alone(text: str, kind: str) -> None:
    rules = {finding.rule for finding in check(text, kind).files[0].findings}
    assert not {rule for rule in rules if rule.startswith(ARITHMETIC)}


def test_a_percentage_is_named_by_its_cell() -> None:
    report = check("事象,割合 (N=412)\n発熱,12.4%\n肝障害,0.7%\n")
    assert cells(report, "SDC.hidden_in_percentage") == [(3, "割合 (N=412)")]


def test_nearly_everybody_leaves_few_and_is_looked_at() -> None:
    report = check("事象,割合 (N=412)\n生存,99.3%\n")
    assert cells(report, "SDC.hidden_in_percentage") == [(2, "割合 (N=412)")]
    assert report.verdict.value == "review"


def test_a_line_of_digits_is_read_in_linear_time_and_numbers_behind_it_are_judged() -> None:
    began = time.process_time()
    report = check("1" * 40_000 + "\n1,203例中1,198例を解析した。\n", "txt")
    assert time.process_time() - began < 20
    assert [finding.where.row for finding in findings(report, "SDC.hidden_in_flow")] == [2]
