"""Numbers of an axis are no identifier; a number that is written apart is."""

import pytest

from enclave.sentences import say
from output_review.disclosure.findings import Finding, Place, Severity
from output_review.disclosure.found_words import weigh
from output_review.disclosure.submissions import FoundText


def weighed(line: str, part: str) -> list[Finding]:
    finding = Finding(
        "ID.my_number", Severity.FIX, Place(row=1, offset=0, length=len(line)), say("The file is empty.")
    )
    return list(weigh(finding, FoundText(part, line, leaves=True)))


@pytest.mark.parametrize(
    "line", ["1150 1250 1350", "0 20 40 60 80 100", "2019.0 2020.0 2021.0 2022.0", "1350 1250 1150"]
)
def test_numbers_of_an_axis_are_no_identifier(line: str) -> None:
    assert weighed(line, "page_text") == []
    assert weighed(line, "picture_words") == []
    assert weighed(line, "set_text")


@pytest.mark.parametrize(
    "line", ["1234 5678 9018", "123456789018", "1150 1250", "番号 1150 1250 1350", "1111 1111 1111"]
)
def test_a_number_that_is_no_scale_stays_one(line: str) -> None:
    assert weighed(line, "page_text")
