"""Two factors coded as numbers, as R and pandas print them: their levels are no counts, and counts below them are."""

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import shipped_policy

PRINTED = {
    "table": "   \n      0   1\n  0 120  {n}\n  1 110  45\n",
    "names of both": "   event\narm   0   1\n  0 120  {n}\n  1 110  45\n",
    "behind its call": "> xtabs(~ arm + event, data = d)\n   event\narm   0   1\n  0 120  {n}\n  1 110  45\n",
    "sums": "     event\narm     0   1 Sum\n  0   140  {n} 1{n}\n  1   110  45 155\n  Sum 250  75 325\n",
    "layers": ", , sex = 0\n\n   event\narm   0   1\n  0 120  {n}\n  1 110  45\n",
    "pandas": "event    0   1\narm           \n0      120  {n}\n1      110  45\n",
    "one factor": "\n  0   1 \n240  {n} \n",
    "one factor with its name": "arm\n  0   1 \n240  {n} \n",
    "grades": "     stage\ngrade   1   2   3   4\n    1 120  {n}  22  15\n    2 110  45  31  19\n    3  41  45  31  19\n",
}


def verdict(text: str) -> str:
    submission = Submission("t", (SubmittedFile("t.txt", FileKind.TEXT, text),))
    return run_checks(submission, shipped_policy(), None, ()).verdict.value


@pytest.mark.parametrize("way", PRINTED)
def test_levels_are_no_counts(way: str) -> None:
    assert verdict(PRINTED[way].format(n=30)) == "pass"


@pytest.mark.parametrize("way", [way for way in PRINTED if way != "sums"])
def test_a_small_count_below_levels_is_found(way: str) -> None:
    assert verdict(PRINTED[way].format(n=" 4")) == "fix"


@pytest.mark.parametrize(
    "text",
    [
        "0  1\n結果\n",  # nothing below
        "0  1\n3  4\n",  # small counts below
        "0  2\n120  30\n",  # no levels
        "A  0  1\nB  120  30\n",  # a row with counts of its own
        "男性  1\n女性  12\n",
        "群  人数\n0  1\n1  12\n",
    ],
)
def test_small_numbers_that_are_no_levels_are_counts(text: str) -> None:
    assert verdict(text) == "fix"
