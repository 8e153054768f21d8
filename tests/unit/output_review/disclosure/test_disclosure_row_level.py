"""Rows of persons in disguise (cases E)."""

import pytest

from output_review.disclosure.findings import Severity
from tests.unit.output_review.disclosure.checked_files import check, findings


def _rows(header: str, line: str, count: int = 12) -> str:
    return header + "\n" + "".join(line.format(i=i, age=20 + i, few=20 + i % 3) + "\n" for i in range(count))


@pytest.mark.parametrize(
    "text",
    [
        _rows("患者ID,年齢,性別,診断", "P{i},{age},M,J18"),
        _rows("person_key,age,sex,dx", "k{i},{age},M,J18"),
        _rows("age,sex,dx,n", "{age},M,J18,1"),
        _rows("age,sex,dx,los", "{few},M,J18,14"),
    ],
)
def test_a_row_a_person_is_rejected(text: str) -> None:
    (sign,) = findings(check(text), "SDC.row_level")
    assert sign.severity is Severity.REJECT


def test_personal_attributes_without_counts_are_looked_at() -> None:
    (sign,) = findings(check(_rows("age,sex,mean_los,death_rate", "{age},M,14.5,0.1")), "SDC.row_level")
    assert sign.severity is Severity.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        _rows("施設ID,病床数,人数,割合", "H{i},300,120,0.5"),
        _rows("年齢,性別,人数,死亡率", "{age},M,120,0.1"),
        _rows("医薬品コード,n", "61234567{i},120"),
    ],
)
def test_a_table_of_groups_is_not_taken_for_persons(text: str) -> None:
    assert findings(check(text), "SDC.row_level") == []
