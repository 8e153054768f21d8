"""Requests and drafts: what can be announced, and which digests a request speaks of."""

from dataclasses import replace

import pytest

from enclave.errors import InvalidInputError
from enclave.sentences import say
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.reports import FileReport, Report
from output_review.requests import (
    MAX_FILE_BYTES,
    MAX_FILES,
    Assessment,
    CanonicalForm,
    Draft,
    SubmittedFile,
    check_draft,
    request_id_for,
)
from tests.support.fakes import START
from tests.support.review_story import a_draft
from tests.support.review_values import a_request

GOOD = a_draft({"t.csv": b"x"})
FILE = GOOD.files[0]


def test_a_draft_that_can_be_taken() -> None:
    assert check_draft(GOOD) is GOOD


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(GOOD, files=()), "bad_file_count"),
        (
            replace(GOOD, files=tuple((f"{n}.csv", 1, FILE[2]) for n in range(MAX_FILES + 1))),
            "bad_file_count",
        ),
        (replace(GOOD, draft_id="1"), "bad_draft_id"),
        (replace(GOOD, draft_id=GOOD.draft_id.upper().replace("0", "A")), "bad_draft_id"),
        (replace(GOOD, title=" "), "bad_title"),
        (replace(GOOD, title="x" * 201), "bad_title"),
        (replace(GOOD, title="\ud800"), "bad_text"),
        (replace(GOOD, what_it_shows=""), "bad_statement"),
        (replace(GOOD, files=(("../t.csv", 1, FILE[2]),)), "bad_file_name"),
        (replace(GOOD, files=(("a\\b.csv", 1, FILE[2]),)), "bad_file_name"),
        (replace(GOOD, files=((".hidden.csv", 1, FILE[2]),)), "bad_file_name"),
        (replace(GOOD, files=(("a\u202egpj.csv", 1, FILE[2]),)), "bad_file_name"),
        (replace(GOOD, files=(("", 1, FILE[2]),)), "bad_file_name"),
        (replace(GOOD, files=(("record.json", 1, FILE[2]),)), "bad_file_name"),
        (replace(GOOD, files=(("t.csv", 0, FILE[2]),)), "bad_file_size"),
        (replace(GOOD, files=(("t.csv", MAX_FILE_BYTES + 1, FILE[2]),)), "bad_file_size"),
        (replace(GOOD, files=(("t.csv", 1, "f" * 63),)), "bad_digest"),
        (replace(GOOD, files=(("t.csv", 1, "F" * 64),)), "bad_digest"),
        (replace(GOOD, files=(FILE, ("T.CSV", 1, FILE[2]))), "same_name"),
    ],
)
def test_a_draft_that_cannot(draft: Draft, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_draft(draft)
    assert refused.value.code == code


def test_the_same_draft_id_of_another_person_or_project_is_another_request() -> None:
    ids = {request_id_for(a, p, GOOD.draft_id) for a in ("mei", "ken") for p in ("p-a", "p-b")}
    assert len(ids) == 4


def test_there_are_no_digests_until_every_file_has_one() -> None:
    form = CanonicalForm("a" * 64, 1, "csv", 1, 1)
    whole = SubmittedFile("a.csv", 1, "b" * 64, received=True, canonical=form)
    half = SubmittedFile("b.csv", 1, "c" * 64, received=True)
    assert a_request(files=()).digests() == frozenset()
    assert a_request(files=(whole, half)).digests() == frozenset()
    assert a_request(files=(whole,)).digests() == {"a" * 64}
    assert a_request(files=(whole,)).find_file("b" * 64) is None


@pytest.mark.parametrize(
    ("severity", "audience", "stops"),
    [
        (Severity.FIX, Audience.AUTHOR, True),
        (Severity.REJECT, Audience.AUTHOR, True),
        (Severity.REVIEW, Audience.AUTHOR, False),
        (Severity.REJECT, Audience.CHECKER, False),
    ],
)
def test_only_what_the_author_may_know_returns_a_request(
    severity: Severity, audience: Audience, stops: bool
) -> None:
    found = Finding("r", severity, Place(), say("x"), audience=audience)
    report = Report((FileReport("t.csv", (found,)),), None, None)
    assert Assessment("d", report, START).stops is stops


def test_a_report_of_nothing_stops() -> None:
    assert Assessment("d", Report((), None, None), START).stops
