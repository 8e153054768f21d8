"""Split points of printed trees are looked at by people; prose with a comparison or two is not."""

import pytest

from output_review.disclosure.examined import examine
from output_review.disclosure.findings import Severity
from output_review.disclosure.split_points import check_split_points
from output_review.disclosure.submissions import FileKind, SubmittedFile

TREES = {
    "boosted": "booster[0]:\n0:[age<63.5] yes=1,no=2,missing=2\n\t1:[wbc<4.25] yes=3,no=4\n\t\t3:leaf=-0.1\n\t2:[alb<3.1] yes=5,no=6\n",
    "bars": "|--- age <= 63.50\n|   |--- wbc <= 4.25\n|   |   |--- class: 0\n|   |--- wbc >  4.25\n|   |   |--- class: 1\n",
    "numbered": "node), split, n, deviance, yval\n 1) root 1200 40.1 0.4\n   2) age< 63.5 600 20.0 0.2 *\n   3) age>=63.5 600 20.1 0.6\n     6) wbc< 4.25 300 10.0 0.5 *\n",
    "stored": "Tree=0\nnum_leaves=4\nsplit_feature=0 1 2\nthreshold=63.5 4.25 3.1\nleaf_value=0.1 0.2 0.3 0.4\n",
}


def severities(text: str) -> list[Severity]:
    return [
        finding.severity
        for finding in check_split_points(examine(SubmittedFile("t.txt", FileKind.TEXT, text)))
    ]


@pytest.mark.parametrize("kind", sorted(TREES))
def test_a_printed_tree_is_looked_at(kind: str) -> None:
    assert severities(TREES[kind]) == [Severity.REVIEW]


@pytest.mark.parametrize(
    "text",
    [
        "対象は 65 歳以上(age >= 65)、BMI < 25 の 1,200 例。\n",
        "threshold=0.5\n",
        "P < 0.05 was significant; eGFR<60 in 120, age<65 in 340, BMI<18.5 in 90 patients.\n",
        "| 群 | 人数 |\n|---|---|\n| <65 | 120 |\n| 65-74 | 130 |\n| >=75 | 140 |\n",
        "1) age 1200\n2) sex 1300\n3) bmi 1250\n",
    ],
)
def test_prose_and_tables_are_no_trees(text: str) -> None:
    assert severities(text) == []
