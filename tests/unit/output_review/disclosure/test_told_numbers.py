"""Small numbers that words tell by subtraction, as a fraction, as a ratio or at the ends of a range."""

import pytest

from output_review.disclosure.checks import run_checks
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.unit.output_review.disclosure.checked_files import check, shipped_policy


def rules(text: str) -> set[str]:
    submission = Submission("t", (SubmittedFile("t.txt", FileKind.TEXT, text),))
    report = run_checks(submission, shipped_policy(), None, ())
    return {finding.rule for finding in report.files[0].findings}


@pytest.mark.parametrize(
    "text",
    [
        "全体は1,000名、うち合併症のある患者は998名であった。\n",
        "対象者1,200名のうち「400分の1」が死亡した。\n",
        "男女比は1200:3であった。\n",
        "The rate was 1/1203 in this group.\n",
        "Death occurred in 3 in 4,217 of them.\n",
    ],
)
def test_words_that_tell_a_small_number_are_found(text: str) -> None:
    assert "SDC.hidden_in_words" in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "全体は1,000名、うち合併症のある患者は420名であった。\n",
        "10万分の1の確率である。1/1000 の頻度、抗体価は1/128であった。\n",
        "男女比は1.2:1であった。対照との比は1:4である。\n",
        "The ratio was 2 to 1. In 5 in 10 cases nothing changed. 3/2024 に更新した。\n",
    ],
)
def test_ordinary_words_tell_none(text: str) -> None:
    assert "SDC.hidden_in_words" not in rules(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("年齢は18歳から109歳(平均67.2±12.1歳、n=5,000)であった。\n", True),
        ("年齢は20〜97歳、中央値70歳であった。\n", True),
        ("年齢18歳から79歳の患者を対象とした。\n", False),
        ("Patients aged 18 to 79 years were eligible.\n", False),
    ],
)
def test_the_ends_of_a_measured_range_are_found_and_criteria_are_not(text: str, *, found: bool) -> None:
    assert ("SDC.extreme" in rules(text)) is found


def test_numbers_of_quantiles_at_the_ends_are_extremes() -> None:
    report = check("統計量,age\nN,5000\nm,67.2\nq0,18\nq25,59\nq50,68\nq75,76\nq100,97\n")
    assert "SDC.extreme" in {finding.rule for finding in report.files[0].findings}


@pytest.mark.parametrize(
    "text",
    [
        "転帰,割合(%) n=412\n生存,98.5\n死亡,0.7\n不明,0.7\n",
        "群,患者数\nA,Ⅶ\nB,120\n",
        "区分,男,女\n合併症あり,500,498\n全体,501,499\n",
    ],
)
def test_a_small_count_behind_an_n_a_roman_number_or_one_part_is_found(text: str) -> None:
    assert check(text).verdict.value == "fix"
