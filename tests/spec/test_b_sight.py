"""Who sees what: reviewers are blind to each other, authors learn only what is theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from enclave.adapters.lined_yaml import read_lined
from output_review.disclosure.checks import run_checks
from output_review.disclosure.findings import Severity
from output_review.disclosure.policy import policy_from_mapping
from output_review.disclosure.submissions import FileKind, Submission, SubmittedFile
from output_review.use_cases import read
from tests.support.review_houses import sqlite_story
from tests.support.review_story import AOI, MEI, RIN, Story

POLICY = Path(__file__).resolve().parents[2] / "policies" / "disclosure.yaml"


@pytest.fixture(name="story")
def _story(tmp_path: Path) -> Iterator[Story]:
    story, house = sqlite_story(tmp_path)
    yield story
    house.database.engine.dispose()


def test_12_reviewers_are_blind_to_each_other(story: Story) -> None:
    """Before the own review is complete, nothing tells a checker what another voted, wrote, or whether anybody did."""
    request_id = story.to_review()
    with story.works.read() as work:
        before = read.request_page(work, RIN, request_id)
    story.vote(AOI, request_id, comment="a doubt", shared=True)
    with story.works.read() as work:
        after = read.request_page(work, RIN, request_id)
        own = read.request_page(work, AOI, request_id)
    assert (after.reviews, after.comments, after.completed_reviews) == ((), (), 0)
    assert (before.reviews, before.completed_reviews) == ((), 0)
    assert [r.reviewer for r in own.reviews] == ["aoi"]


def test_13_an_author_never_sees_a_vote(story: Story) -> None:
    """The author learns the outcome and what was shared, never who voted how, before or after."""
    request_id = story.to_review()
    story.vote(AOI, request_id, comment="kept among us")
    story.vote(RIN, request_id, comment="well done", shared=True)
    with story.works.read() as work:
        decided = read.request_page(work, MEI, request_id)
    story.tick()
    with story.works.read() as work:
        page = read.request_page(work, MEI, request_id)
    assert (decided.reviews, decided.comments) == ((), ())
    assert page.reviews == ()
    assert page.comments == ("well done",)


def test_14_the_checks_are_no_oracle(story: Story) -> None:
    """A finding that rests on what only checkers may know changes nothing an author sees: no verdict, no return."""
    request_id = story.to_review({"table.csv": b"SECRET\r\n"})
    plain = story.to_review({"table.csv": b"nothing\r\n"}, draft_number=2)
    with story.works.read() as work:
        seen, other = (read.request_page(work, MEI, one) for one in (request_id, plain))
        checkers = read.request_page(work, AOI, request_id)
    assert seen.report is not None
    assert other.report is not None
    assert checkers.report is not None
    assert seen.report.verdict is other.report.verdict
    assert [f.findings for f in seen.report.files] == [f.findings for f in other.report.files]
    assert seen.request.state is other.request.state
    assert any(f.findings for f in checkers.report.files)


@pytest.mark.parametrize("count", [*range(1, 10), 10, 0])
def test_15_a_small_cell_is_named_exactly(count: int) -> None:
    """A count of one to nine persons is to be corrected, at its row and column; zero and ten are not."""
    document, _ = read_lined(POLICY.read_text("utf-8"))
    table = SubmittedFile("t.csv", FileKind.CSV, f"年齢階級,患者数\n40-49,120\n50-59,{count}\n")
    report = run_checks(Submission("s", (table,)), policy_from_mapping(document), None, ())
    small = [f for f in report.files[0].findings if f.severity is Severity.FIX]
    expected = [(3, "患者数")] if 1 <= count <= 9 else []
    assert [(f.where.row, f.where.column) for f in small] == expected
