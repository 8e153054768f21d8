"""The result path over the fakes, up to the reviewers: every step, and every way it must not go."""

import hashlib
import json

import pytest

from enclave.actions import Action
from enclave.audit.event import body_of
from enclave.audit.kinds import Kind
from enclave.audit.ledger import first_fault
from enclave.errors import ConflictError, DeniedError, InvalidInputError, NotFoundError
from enclave.identity import Person
from output_review.disclosure.findings import Verdict
from output_review.use_cases import confirm, hand_in, open_file, read, review, withdraw
from output_review.workflow import State
from tests.support.review_fakes import FakeReviewHouse, FakeVault
from tests.support.review_looks import facts_of, kinds, refused
from tests.support.review_story import (
    AOI,
    KEN,
    MEI,
    PROJECT,
    RIN,
    TABLE,
    Story,
    a_draft,
    draft_id,
    request_of,
)


def test_one_result_through_the_whole_room(story: Story, house: FakeReviewHouse) -> None:
    request_id = story.to_release()
    assert kinds(house, request_id) == [
        "request.handed_in",
        "request.handed_in",
        "request.handed_in",
        "request.handed_in",
        "request.canonical_made",
        "request.confirmed",
        "request.checked",
        "request.compared",
        *["review.file_viewed"] * 2,
        "review.voted",
        "review.voted",
        "review.completed",
        *["review.file_viewed"] * 2,
        "review.voted",
        "review.voted",
        "review.completed",
        "request.approved",
        "release.intended",
        "release.done",
    ]
    assert first_fault(house.entries).fault is None


def test_no_word_of_a_person_stands_in_a_leaf(story: Story, house: FakeReviewHouse) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id, comment="ここに患者の話")
    with story.works.begin() as work:
        review.give_back(work, RIN, story.proof(RIN), request_id, reason="直してください")
    leaves = b"".join(e.data for e in house.entries).decode()
    for word in ("糖尿病の男女別人数", "Counts by sex", "table.csv", "ここに患者の話", "直してください"):
        assert word not in leaves
    bodies = json.dumps([body_of(e.body) for e in house.entries if e.body], ensure_ascii=False)
    assert "ここに患者の話" in bodies


# Handing in


def test_a_draft_is_begun_once(story: Story, house: FakeReviewHouse) -> None:
    draft = a_draft({"t.csv": b"x"})
    with story.works.begin() as work:
        first = hand_in.begin_draft(work, MEI, PROJECT, draft)
    before = len(house.entries)
    with story.works.begin() as work:
        assert hand_in.begin_draft(work, MEI, PROJECT, draft) == first
    assert len(house.entries) == before


def test_a_draft_id_cannot_be_used_for_something_else(story: Story) -> None:
    with story.works.begin() as work:
        hand_in.begin_draft(work, MEI, PROJECT, a_draft({"t.csv": b"x"}))
    with story.works.begin() as work, refused("draft_changed", ConflictError):
        hand_in.begin_draft(work, MEI, PROJECT, a_draft({"t.csv": b"y"}))


@pytest.mark.parametrize(
    ("person", "project"), [(KEN, PROJECT), (AOI, PROJECT), (MEI, "p-other"), (Person("x"), PROJECT)]
)
def test_who_does_not_work_here_hands_nothing_in(story: Story, person: Person, project: str) -> None:
    with story.works.begin() as work, pytest.raises(DeniedError):
        hand_in.begin_draft(work, person, project, a_draft({"t.csv": b"x"}))


def test_other_bytes_than_announced_do_not_arrive(story: Story) -> None:
    with story.works.begin() as work:
        hand_in.begin_draft(work, MEI, PROJECT, a_draft({"t.csv": b"xy"}))
    for content in (b"xz", b"xyz", b""):
        with refused("other_bytes", InvalidInputError):
            hand_in.add_file(story.works, story.vault, MEI, PROJECT, draft_id(1), 0, content)
    with refused("no_file", NotFoundError):
        hand_in.add_file(story.works, story.vault, MEI, PROJECT, draft_id(1), 1, b"xy")
    with refused("no_file", NotFoundError):
        hand_in.add_file(story.works, story.vault, MEI, PROJECT, draft_id(1), -1, b"xy")
    assert isinstance(story.vault, FakeVault)
    assert story.vault.kept == {}


def test_a_file_is_in_the_vault_before_it_is_called_received(story: Story) -> None:
    class NoRoom(FakeVault):
        def put(self, project: str, content: bytes) -> str:
            raise OSError("no space left")

    with story.works.begin() as work:
        hand_in.begin_draft(work, MEI, PROJECT, a_draft({"t.csv": b"x"}))
    with pytest.raises(OSError, match="no space"):
        hand_in.add_file(story.works, NoRoom(), MEI, PROJECT, draft_id(1), 0, b"x")
    assert story.get(request_of(1)).missing() == (0,)
    with story.works.begin() as work, refused("files_missing", ConflictError):
        hand_in.complete_draft(work, MEI, PROJECT, draft_id(1))


def test_handing_in_twice_is_once(story: Story) -> None:
    assert story.hand_in() == story.hand_in()
    assert story.get(request_of(1)).state is State.HANDED_IN


def test_nobody_completes_anothers_draft(story: Story) -> None:
    with story.works.begin() as work:
        hand_in.begin_draft(work, MEI, PROJECT, a_draft({"t.csv": b"x"}))
    with story.works.begin() as work, refused("no_request", NotFoundError):
        hand_in.complete_draft(work, KEN, PROJECT, draft_id(1))


def test_open_requests_are_limited(story: Story) -> None:
    for number in range(hand_in.OPEN_REQUESTS_ALLOWED):
        with story.works.begin() as work:
            hand_in.begin_draft(work, MEI, PROJECT, a_draft({"t.csv": b"x"}, number))
    with story.works.begin() as work, refused("too_many_open", ConflictError):
        hand_in.begin_draft(work, MEI, PROJECT, a_draft({"t.csv": b"x"}, 99))


# Confirming and withdrawing


@pytest.mark.parametrize("change", ["none", "some", "other", "upload"])
def test_the_author_confirms_exactly_the_canonical_digests(story: Story, change: str) -> None:
    request_id = story.hand_in()
    story.tick()
    right = story.get(request_id).digests()
    upload = {f.sha256 for f in story.get(request_id).files}
    wrong = {"none": set(), "some": set(list(right)[:1]), "other": {*right, "f" * 64}, "upload": upload}[
        change
    ]
    with story.works.begin() as work, refused("other_digests", ConflictError):
        confirm.confirm(work, MEI, request_id, wrong)


@pytest.mark.parametrize("person", [KEN, AOI, Person("bo")])
def test_nobody_else_confirms_or_withdraws(story: Story, person: Person) -> None:
    request_id = story.hand_in()
    story.tick()
    digests = story.get(request_id).digests()
    with story.works.begin() as work, pytest.raises(DeniedError):
        confirm.confirm(work, person, request_id, digests)
    with story.works.begin() as work, pytest.raises(DeniedError):
        withdraw.withdraw(work, person, request_id)


def test_what_was_withdrawn_goes_nowhere(story: Story) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id)
    with story.works.begin() as work:
        withdraw.withdraw(work, MEI, request_id)
    with pytest.raises(DeniedError):
        story.vote(RIN, request_id, opens=False)
    story.tick(3)
    assert story.get(request_id).state is State.WITHDRAWN


def test_what_is_approved_is_not_withdrawn(story: Story) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id)
    story.vote(RIN, request_id)
    with story.works.begin() as work, refused("wrong_state"):
        withdraw.withdraw(work, MEI, request_id)


# Reading


def test_every_view_is_recorded_before_the_bytes_are_given(story: Story, house: FakeReviewHouse) -> None:
    request_id = story.to_review()
    digest = hashlib.sha256(TABLE.replace(b"\r\n", b"\n")).hexdigest()
    opened = open_file.open_file(story.works, story.vault, AOI, request_id, digest)
    assert (opened.name, opened.content) == ("table.csv", TABLE.replace(b"\r\n", b"\n"))
    assert facts_of(house, Kind.REVIEW_OPENED) == {"sha256": digest, "as": "checker"}

    class Gone(FakeVault):
        pass

    before = len(house.entries)
    with pytest.raises(NotFoundError):
        open_file.open_file(story.works, Gone(), AOI, request_id, digest)
    assert len(house.entries) == before + 1


def test_uploads_cannot_be_opened(story: Story) -> None:
    request_id = story.to_review()
    upload = hashlib.sha256(TABLE).hexdigest()
    with refused("no_file", NotFoundError):
        open_file.open_file(story.works, story.vault, AOI, request_id, upload)


@pytest.mark.parametrize("person", [KEN, Person("bo"), Person("ota"), Person("kan"), Person("nobody")])
def test_others_open_nothing_and_see_no_page(story: Story, person: Person) -> None:
    request_id = story.to_review()
    for digest in story.get(request_id).digests():
        with pytest.raises(DeniedError):
            open_file.open_file(story.works, story.vault, person, request_id, digest)
    with story.works.read() as work:
        assert read.queue_for(work, person) == ()
        with pytest.raises(DeniedError):
            read.request_page(work, person, request_id)


def test_pages_are_blind(story: Story) -> None:
    request_id = story.to_review({"t.csv": b"n\n20\nSECRET\n"})
    story.vote(AOI, request_id, comment="for the author", shared=True)
    with story.works.read() as work:
        blind = read.request_page(work, RIN, request_id)
        done = read.request_page(work, AOI, request_id)
        author = read.request_page(work, MEI, request_id)
    assert (blind.reviews, blind.completed_reviews, blind.comments) == ((), 0, ())
    assert [r.reviewer for r in done.reviews] == ["aoi"]
    assert not done.may[Action.COMPLETE_REVIEW].allowed
    assert blind.may[Action.COMPLETE_REVIEW].allowed
    assert (author.reviews, author.completed_reviews, author.comments) == ((), 0, ())
    assert blind.report is not None
    assert author.report is not None
    assert (blind.report.verdict, author.report.verdict) == (Verdict.REJECT, Verdict.PASS)
    story.vote(RIN, request_id)
    story.tick()
    with story.works.read() as work:
        assert read.request_page(work, MEI, request_id).comments == ("for the author",)
        assert read.request_page(work, MEI, request_id).reviews == ()


def test_a_checkers_queue_is_what_they_may_review(story: Story) -> None:
    request_id = story.to_review()
    with story.works.read() as work:
        assert [line.id for line in read.queue_for(work, AOI)] == [request_id]
        assert [line.mine_done for line in read.queue_for(work, AOI)] == [False]
        assert read.queue_for(work, MEI) == ()
        assert [line.state for line in read.requests_of(work, MEI)] == [State.IN_REVIEW]
        assert read.requests_of(work, AOI) == ()
    story.vote(AOI, request_id)
    with story.works.read() as work:
        assert [line.mine_done for line in read.queue_for(work, AOI)] == [True]
