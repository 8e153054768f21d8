"""Identifiers in Japanese."""

import pytest

from catalog.adapters.dictionaries import read_dictionaries
from output_review.disclosure import found_words, unread_rules
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Verdict
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from tests.support.escaped_names import WAYS
from tests.support.identifier_measures import (
    PAGE,
    flagged_cells,
    flagged_sentences,
    numbers,
    page,
    places,
)
from tests.support.read_files import POLICY


def test_77_an_identifier_is_found_in_every_context_that_people_and_systems_write() -> None:
    """An identifier of a person is found wherever it stands: between kana, in full width, behind a label, in a URL, in JSON and in a cell.

    Of random numbers of 22 kinds at least 99.5 % are found in all, 98 % of every kind and in every context;
    95 % of addresses and of names of institutions.
    """
    for share in (numbers(held_out=False), numbers(held_out=True)):
        assert (share.of() or 0) >= 0.995, share.missed
        for kind, context in share.placed:
            assert (share.of(kind) or 0) >= 0.98, (kind, share.missed)
            assert (share.of(None, context) or 0) >= 0.98, (context, share.missed)
    assert (places().of("address") or 0) >= 0.95, places().missed
    assert (places().of("facility") or 0) >= 0.95, places().missed


def test_78_what_identifies_nobody_is_not_called_an_identifier() -> None:
    """Clinical sentences without anybody in them, and results, codes, times and money in cells, pass without a finding on identifiers.

    At most three of a hundred sentences and five of a thousand cells are flagged by mistake.
    """
    for half in (0, 1):
        flagged, looked_at = flagged_sentences(half)
        assert looked_at > 100
        assert flagged <= 0.03 * looked_at
    flagged, looked_at = flagged_cells()
    assert looked_at > 1500
    assert flagged <= 0.005 * looked_at


def test_79_what_is_missed_is_told_by_kind_and_form(capsys: pytest.CaptureFixture[str]) -> None:
    """What the recognisers miss is measured by kind and written form, and the page that says so is current."""
    written = page()
    with capsys.disabled():
        print(written)  # noqa: T201
    assert PAGE.read_text(encoding="utf-8") == written, "run python -m tests.support.identifier_measures"


def test_88_letters_written_as_codes_hide_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is written as codes of letters or bytes does not leave, whatever way of writing them is used.

    Twenty-four ways; without the reading of codes all of them would pass.
    """
    assert {verdict(way) for way in WAYS.values()} <= {Verdict.FIX, Verdict.REJECT}
    for module in (found_words, unread_rules):
        monkeypatch.setattr(module, "find_escaped", lambda _: ())
    assert {way for way in WAYS if verdict(WAYS[way]) is Verdict.PASS} == set(WAYS)


def verdict(way: str) -> Verdict:
    text = SubmittedFile("t.txt", FileKind.TEXT, f"The patient is {way} here.\n")
    return run_checks(
        Submission("t.txt", (text,)), POLICY, None, (), dictionaries=read_dictionaries()
    ).verdict
