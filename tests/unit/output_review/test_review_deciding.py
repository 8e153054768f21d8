"""The result path over the fakes, from the reviewers on: every step, and every way it must not go."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from enclave.audit.kinds import Kind
from enclave.errors import ConflictError, DeniedError, InvalidInputError, NotFoundError
from enclave.identity import Person, Role
from enclave.people import AccountState
from enclave.use_cases.sign_in import SecondFactor
from output_review.reviews import Vote
from output_review.use_cases import download, hand_in, open_file, read, review
from output_review.workflow import State
from tests.support.people import AOI as AOI_ACCOUNT
from tests.support.people import MEI as MEI_ACCOUNT
from tests.support.people import PERMIT, account
from tests.support.review_fakes import FakeReviewHouse, FakeVault
from tests.support.review_looks import facts_of, kinds, refused
from tests.support.review_story import (
    AOI,
    KEN,
    MEI,
    NOTE,
    POLICIES,
    PROJECT,
    RIN,
    SORA,
    STRICTER,
    TABLE,
    Story,
    a_draft,
    adopt_policy,
)

# Reviews


def test_a_file_is_not_approved_unread(story: Story) -> None:
    request_id = story.to_review()
    with refused("not_opened", InvalidInputError):
        story.vote(AOI, request_id, opens=False)
    story.vote(AOI, request_id, opens=False, refuse=frozenset({"table.csv", "note.txt"}))


def test_a_vote_on_some_files_is_no_vote(story: Story) -> None:
    request_id = story.to_review()
    story.open_all(AOI, request_id)
    request = story.get(request_id)
    one = dict.fromkeys(sorted(request.digests())[:1], Vote.APPROVE)
    for votes, code, kind in (
        (one, "vote_missing", InvalidInputError),
        ({}, "vote_missing", InvalidInputError),
        ({**one, "f" * 64: Vote.APPROVE}, "other_digests", ConflictError),
    ):
        with story.works.begin() as work, refused(code, kind):
            review.complete(
                work, AOI, story.proof(AOI), request_id, votes, policy_digest=request.policy_digest
            )
    assert story.get(request_id) == request


def test_a_vote_under_another_policy_than_was_read_is_no_vote(story: Story) -> None:
    request_id = story.to_review()
    story.open_all(AOI, request_id)
    votes = dict.fromkeys(story.get(request_id).digests(), Vote.APPROVE)
    with story.works.begin() as work, refused("policy_changed", ConflictError):
        review.complete(work, AOI, story.proof(AOI), request_id, votes, policy_digest=STRICTER.digest)
    with story.house.begin() as foundation:
        adopt_policy(foundation, STRICTER, 2)
    with story.works.begin() as work, refused("policy_changed", ConflictError):
        review.complete(work, AOI, story.proof(AOI), request_id, votes, policy_digest=POLICIES.digest)


def test_a_stale_or_borrowed_second_factor_is_none(story: Story) -> None:
    request_id = story.to_review()
    story.open_all(AOI, request_id)
    request = story.get(request_id)
    votes = dict.fromkeys(request.digests(), Vote.APPROVE)
    now = story.house.clock.now()
    for proof in (SecondFactor("rin", now), SecondFactor("aoi", now - timedelta(minutes=2))):
        with story.works.begin() as work, refused("second_factor"):
            review.complete(work, AOI, proof, request_id, votes, policy_digest=request.policy_digest)


def test_one_person_reviews_once(story: Story) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id)
    with refused("already_reviewed"):
        story.vote(AOI, request_id)
    assert story.get(request_id).state is State.IN_REVIEW


def test_neither_author_nor_member_nor_colleague_reviews(story: Story) -> None:
    request_id = story.to_review()
    with story.house.begin() as foundation:
        foundation.register.put_account(account("mei", Role.CHECKER))
        foundation.register.put_account(account("ken", Role.CHECKER, organisation="daigaku"))
        foundation.register.put_permit(replace(PERMIT, people=("mei", "sora")))
    for person, code in ((MEI, "own_request"), (KEN, "own_organisation"), (SORA, "own_project")):
        with refused(code):
            story.vote(person, request_id, opens=False)


def test_only_files_that_both_approved_leave(story: Story, house: FakeReviewHouse) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id, refuse=frozenset({"note.txt"}))
    story.vote(RIN, request_id)
    story.tick()
    with story.works.read() as work:
        page = read.request_page(work, MEI, request_id)
    assert page.released_files == ("table.csv",)
    assert page.release is not None
    package = story.vault.get(PROJECT, page.release.package_sha256)
    with zipfile.ZipFile(io.BytesIO(package)) as content:
        assert content.namelist() == ["record.json", "table.csv"]
        assert content.read("table.csv") == TABLE.replace(b"\r\n", b"\n")
        record = json.loads(content.read("record.json"))
    assert [f["name"] for f in record["files"]] == ["table.csv"]
    assert record["policy_digest"] == POLICIES.digest
    assert set(record["reviewers"]) == {"aoi", "rin"}
    assert record["extract"]["version"] == "v1"
    done = facts_of(house, Kind.RELEASE_DONE)
    assert done["package"] == hashlib.sha256(package).hexdigest() == page.release.package_sha256
    assert json.loads(house.entries[page.release.leaf - 1].data)["facts"] == done


def test_nothing_that_both_approved_is_a_rejection(story: Story) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id, refuse=frozenset({"note.txt"}))
    assert story.vote(RIN, request_id, refuse=frozenset({"table.csv"})).state is State.REJECTED
    story.tick(2)
    assert story.get(request_id).state is State.REJECTED


def test_the_record_tells_nothing_that_only_checkers_may_know(story: Story) -> None:
    request_id = story.to_release({"t.csv": b"n\n20\nSECRET\n"})
    with story.works.read() as work:
        release = work.releases.find(request_id)
    assert release is not None
    assert json.loads(release.record)["findings"] == []
    assert b"ID.source" not in release.record


def test_a_checker_returns_with_a_reason(story: Story) -> None:
    request_id = story.to_review()
    with story.works.begin() as work, refused("no_reason", InvalidInputError):
        review.give_back(work, AOI, story.proof(AOI), request_id, reason=" ")
    with story.works.begin() as work:
        returned = review.give_back(work, AOI, story.proof(AOI), request_id, reason="区分を合わせてください")
    assert (returned.state, returned.return_comment) == (State.RETURNED, "区分を合わせてください")
    with story.works.begin() as work, refused("wrong_state"):
        review.give_back(work, RIN, story.proof(RIN), request_id, reason="x")


def test_a_correction_is_the_next_round_and_keeps_votes_on_what_did_not_change(story: Story) -> None:
    first = story.to_review()
    story.vote(AOI, first, refuse=frozenset({"table.csv"}))
    with story.works.begin() as work:
        review.give_back(work, RIN, story.proof(RIN), first, reason="fix the table")
    second = story.to_review({"table.csv": b"sex,n\nF,130\n", "note.txt": NOTE}, 2, replaces=first)
    request = story.get(second)
    assert (request.round, request.replaces) == (2, first)
    note = next(f.canonical.sha256 for f in request.files if f.name == "note.txt" and f.canonical)
    table = next(f.canonical.sha256 for f in request.files if f.name == "table.csv" and f.canonical)
    with story.works.read() as work:
        assert read.request_page(work, AOI, second).kept == {note: Vote.APPROVE}
        assert read.request_page(work, RIN, second).kept == {}
        assert read.request_page(work, AOI, second).reviews == ()
    open_file.open_file(story.works, story.vault, AOI, second, table)
    with story.works.begin() as work:
        review.complete(
            work, AOI, story.proof(AOI), second, {table: Vote.APPROVE}, policy_digest=request.policy_digest
        )
    story.vote(RIN, second)
    story.tick()
    assert story.get(second).state is State.RELEASED
    assert story.get(first).state is State.RETURNED


def test_what_was_replaced_or_released_or_is_anothers_is_not_replaced(story: Story) -> None:
    released = story.to_release()
    returned = story.hand_in({"t.csv": b"FIX"}, 2)
    story.tick()
    story.confirm(returned)
    story.tick()
    assert story.get(returned).state is State.RETURNED
    story.hand_in({"t.csv": b"n"}, 3, replaces=returned)
    for replaces, code in (
        (released, "cannot_replace"),
        ("x", "cannot_replace"),
        (returned, "replaced_already"),
    ):
        with story.works.begin() as work, refused(code, ConflictError):
            hand_in.begin_draft(work, MEI, PROJECT, a_draft({"t.csv": b"m"}, 4, replaces))


# Releasing


def test_a_reviewer_who_lost_eligibility_sends_it_back(story: Story, house: FakeReviewHouse) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id)
    story.vote(RIN, request_id)
    with story.house.begin() as foundation:
        foundation.register.put_account(replace(AOI_ACCOUNT, state=AccountState.SUSPENDED))
    story.tick()
    assert story.get(request_id).state is State.IN_REVIEW
    assert "release.intended" not in kinds(house, request_id)
    with story.house.begin() as foundation:
        foundation.register.put_account(AOI_ACCOUNT)
    with refused("already_reviewed"):
        story.vote(AOI, request_id)
    story.vote(SORA, request_id)
    story.tick()
    assert story.get(request_id).state is State.RELEASED


def test_a_changed_policy_sends_it_to_the_checks_and_voids_the_reviews(story: Story) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id)
    story.vote(RIN, request_id)
    with story.house.begin() as foundation:
        adopt_policy(foundation, STRICTER, 2)
    story.tick()
    assert story.get(request_id).state is State.CHECKING
    story.tick(2)
    assert story.get(request_id).state is State.CHECKING, "the policy files are still the old ones"
    story.policies = STRICTER
    story.tick()
    assert story.get(request_id).state is State.IN_REVIEW
    story.tick()
    assert story.get(request_id).state is State.IN_REVIEW
    for checker in (AOI, RIN):
        story.vote(checker, request_id)
    story.tick()
    assert story.get(request_id).state is State.RELEASED


def test_without_an_adopted_policy_nothing_is_checked(story: Story) -> None:
    story.policies = STRICTER
    request_id = story.hand_in()
    story.tick()
    story.confirm(request_id)
    story.tick(3)
    assert story.get(request_id).state is State.CHECKING
    assert story.checker.seen == []


# Downloading


def test_a_link_is_good_for_three_attempts(story: Story, house: FakeReviewHouse) -> None:
    request_id = story.to_release()
    with story.works.begin() as work:
        token = download.make_link(work, MEI, request_id)
    for left in (2, 1, 0):
        taken = download.take_download(story.works, story.vault, token, MEI)
        assert taken.attempts_left == left
        assert hashlib.sha256(taken.content).hexdigest() == taken.sha256
        assert json.loads(house.entries[taken.leaf - 1].data)["kind"] == "release.done"
    with refused("link_used_up"):
        download.take_download(story.works, story.vault, token, MEI)
    assert facts_of(house, Kind.RELEASE_DOWNLOAD_REFUSED)["code"] == "link_used_up"
    assert token not in b"".join(e.data for e in house.entries).decode()


def test_a_link_ends_after_an_hour(story: Story) -> None:
    request_id = story.to_release()
    with story.works.begin() as work:
        token = download.make_link(work, MEI, request_id)
    story.house.clock.forward(timedelta(hours=1))
    with refused("link_expired"):
        download.take_download(story.works, story.vault, token, MEI)


def test_a_new_link_ends_the_one_before(story: Story) -> None:
    request_id = story.to_release()
    with story.works.begin() as work:
        old = download.make_link(work, MEI, request_id)
    with story.works.begin() as work:
        new = download.make_link(work, MEI, request_id)
    assert old != new
    with refused("no_link", NotFoundError):
        download.take_download(story.works, story.vault, old, MEI)
    download.take_download(story.works, story.vault, new, MEI)


@pytest.mark.parametrize("person", [KEN, AOI, Person("bo")])
def test_a_link_is_its_authors(story: Story, person: Person) -> None:
    request_id = story.to_release()
    with story.works.begin() as work, pytest.raises(DeniedError):
        download.make_link(work, person, request_id)
    with story.works.begin() as work:
        token = download.make_link(work, MEI, request_id)
    with refused("not_yours"):
        download.take_download(story.works, story.vault, token, person)
    assert download.take_download(story.works, story.vault, token, MEI).attempts_left == 2


def test_an_author_who_is_not_eligible_any_more_downloads_nothing(story: Story) -> None:
    request_id = story.to_release()
    with story.works.begin() as work:
        token = download.make_link(work, MEI, request_id)
    with story.house.begin() as foundation:
        foundation.register.put_account(replace(MEI_ACCOUNT, state=AccountState.SUSPENDED))
    with refused("suspended"):
        download.take_download(story.works, story.vault, token, MEI)


def test_what_is_not_released_has_no_link(story: Story) -> None:
    request_id = story.to_review()
    story.vote(AOI, request_id)
    story.vote(RIN, request_id)
    with story.works.begin() as work, refused("wrong_state"):
        download.make_link(work, MEI, request_id)


def test_an_attempt_is_counted_although_the_bytes_are_gone(story: Story) -> None:
    request_id = story.to_release()
    with story.works.begin() as work:
        token = download.make_link(work, MEI, request_id)
    with pytest.raises(NotFoundError):
        download.take_download(story.works, FakeVault(), token, MEI)
    assert download.take_download(story.works, story.vault, token, MEI).attempts_left == 1
