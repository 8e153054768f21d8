"""A share with its interval tells how many persons are behind it, however the interval was computed."""

import pytest

from output_review.disclosure.interval_persons import Fit, fitting
from tests.unit.output_review.disclosure.checked_files import check

# By statsmodels 0.15.0 (proportion_confint) for 7 of 45: normal, wilson, beta.
OF_45 = {"wald": ("0.0497", "0.2614"), "wilson": ("0.0775", "0.2878"), "exact": ("0.0649", "0.2946")}


def _around(written: str) -> tuple[float, float]:
    half = 0.5 * 10 ** -len(written.partition(".")[2])
    return float(written) - half, float(written) + half


@pytest.mark.parametrize("method", OF_45)
def test_seven_of_forty_five_are_found_by_every_method(method: str) -> None:
    low, high = OF_45[method]
    assert fitting(_around("0.1556"), _around(low), _around(high)) == Fit(45, 7)


def test_nobody_of_twelve_tells_twelve() -> None:
    # 1 - 0.025 ** (1 / 12), the exact upper end.
    assert fitting(_around("0.0000"), _around("0.0000"), _around("0.2646")) == Fit(12, 0)


@pytest.mark.parametrize("ends", OF_45.values(), ids=OF_45)
def test_a_share_of_few_with_its_interval_is_for_people(ends: tuple[str, str]) -> None:
    percent = [f"{100 * float(end):.1f}" for end in ends]
    table = f"群,割合(%),下限,上限\n甲,15.6,{percent[0]},{percent[1]}\n乙,50.0,48.0,52.0\n"
    found = [
        (f.rule, f.where.row) for f in check(table).files[0].findings if f.rule == "SDC.hidden_in_interval"
    ]
    assert found == [("SDC.hidden_in_interval", 2)]


def test_a_share_of_many_is_not() -> None:
    table = "群,割合(%),下限,上限\n甲,41.2,38.9,43.5\n乙,50.0,48.0,52.0\n"
    assert not [f for f in check(table).files[0].findings if f.rule == "SDC.hidden_in_interval"]


@pytest.mark.parametrize("interval", ["7.8–28.8", "7.8 - 28.8", "[7.8, 28.8]", "7.8～28.8"])
def test_an_interval_in_one_cell_tells_as_much(interval: str) -> None:
    table = f'群,割合(%),95%CI\n甲,15.6,"{interval}"\n乙,50.0,"{interval.replace("7.8", "48.0").replace("28.8", "52.0")}"\n'
    found = [f.where.row for f in check(table).files[0].findings if f.rule == "SDC.hidden_in_interval"]
    assert found == [2]
