"""Nothing leaves without two people on the same bytes."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from enclave.errors import ConflictError, DeniedError, EnclaveError, InvalidInputError
from enclave.identity import Person, Role
from enclave.people import AccountState
from output_review.reviews import Vote
from output_review.use_cases import download, open_file, review
from output_review.workflow import MOVES, Hand, State, reachable
from tests.support.people import AOI as AOI_ACCOUNT
from tests.support.people import PERMIT, account
from tests.support.review_houses import sqlite_story
from tests.support.review_story import AOI, KEN, MEI, RIN, STRICTER, TABLE, Story, adopt_policy


@pytest.fixture(name="story")
def _story(tmp_path: Path) -> Iterator[Story]:
    story, house = sqlite_story(tmp_path)
    yield story
    house.database.engine.dispose()


def state(story: Story, request_id: str) -> State:
    return story.get(request_id).state


def test_01_no_road_to_a_release_avoids_the_checkers() -> None:
    """Without the moves that checkers make, no sequence of moves leads to a release."""
    assert State.RELEASED in reachable(MOVES)
    assert State.RELEASED not in reachable(m for m in MOVES if m.by is not Hand.CHECKERS)


def test_02_one_approval_releases_nothing(story: Story) -> None:
    """One completed review releases nothing, however long one waits."""
    request_id = story.to_review()
    story.vote(AOI, request_id)
    story.house.clock.forward(timedelta(days=30))
    story.tick(5)
    assert state(story, request_id) is State.IN_REVIEW


def test_03_one_person_twice_is_one(story: Story) -> None:
    """A person who completed a review cannot review the same request again."""
    request_id = story.to_review()
    story.vote(AOI, request_id)
    with pytest.raises(DeniedError):
        story.vote(AOI, request_id)
    story.tick(3)
    assert state(story, request_id) is State.IN_REVIEW


@pytest.mark.parametrize("change", ["author", "member", "organisation"])
def test_04_nobody_judges_their_own(story: Story, change: str) -> None:
    """The author, a member of the project and a person of the author's organisation cannot review, whatever roles they get."""
    request_id = story.to_review()
    with story.house.begin() as work:
        if change == "member":
            work.register.put_permit(replace(PERMIT, people=("mei", "aoi")))
        elif change == "organisation":
            work.register.put_account(replace(AOI_ACCOUNT, organisation="daigaku"))
        else:
            work.register.put_account(account("mei", Role.CHECKER, Role.RESEARCHER))
    with pytest.raises(DeniedError):
        story.vote(MEI if change == "author" else AOI, request_id, opens=False)


def test_05_a_vote_is_about_the_bytes_that_were_read(story: Story) -> None:
    """A vote names the canonical bytes and counts only for a file that its voter opened."""
    request_id = story.to_review()
    with pytest.raises(InvalidInputError):
        story.vote(AOI, request_id, opens=False)
    story.open_all(AOI, request_id)
    with pytest.raises(ConflictError), story.works.begin() as work:
        votes = {"f" * 64: Vote.APPROVE}
        policy = story.get(request_id).policy_digest
        review.complete(work, AOI, story.proof(AOI), request_id, votes, policy_digest=policy)


def test_06_a_changed_policy_voids_every_vote(story: Story) -> None:
    """When the adopted policy changes, votes under the old one count for nothing."""
    request_id = story.to_review()
    story.vote(AOI, request_id)
    with story.house.begin() as work:
        adopt_policy(work, STRICTER, 2)
    with pytest.raises(ConflictError):
        story.vote(RIN, request_id)
    story.policies = STRICTER
    story.tick(3)
    assert state(story, request_id) is State.IN_REVIEW
    story.vote(RIN, request_id)
    assert state(story, request_id) is State.IN_REVIEW


@pytest.mark.parametrize("loss", ["suspended", "training", "role"])
def test_07_both_reviewers_are_eligible_when_it_leaves(story: Story, loss: str) -> None:
    """A reviewer who is not eligible any more in the transaction that releases stops the release."""
    request_id = story.to_review()
    story.vote(AOI, request_id)
    story.vote(RIN, request_id)
    lost = {
        "suspended": replace(AOI_ACCOUNT, state=AccountState.SUSPENDED),
        "training": replace(AOI_ACCOUNT, trained_until=story.house.clock.now().date() - timedelta(days=1)),
        "role": replace(AOI_ACCOUNT, roles=frozenset({Role.STEWARD})),
    }[loss]
    with story.house.begin() as work:
        work.register.put_account(lost)
    story.tick(3)
    assert state(story, request_id) is State.IN_REVIEW


def test_08_exactly_the_approved_bytes_leave(story: Story) -> None:
    """The package holds the canonical bytes that both approved and no other file."""
    request_id = story.to_review({"table.csv": TABLE, "secret.txt": b"rows\r\n"})
    story.vote(AOI, request_id)
    story.vote(RIN, request_id, refuse=frozenset({"secret.txt"}))
    story.tick()
    with story.works.begin() as work:
        token = download.make_link(work, MEI, request_id)
    taken = download.take_download(story.works, story.vault, token, MEI)
    with zipfile.ZipFile(io.BytesIO(taken.content)) as package:
        assert sorted(package.namelist()) == ["record.json", "table.csv"]
        assert package.read("table.csv") == TABLE.replace(b"\r\n", b"\n")


def test_09_whatever_breaks_blocks(story: Story) -> None:
    """A reader or a check that fails in any way stops the request; nothing goes on for want of an answer."""
    broken = story.to_review({"table.csv": b"BREAK\r\n"})
    assert state(story, broken) is State.REFUSED
    story.reader.fails_with = RuntimeError("the reader broke")
    unread = story.hand_in(draft_number=2)
    story.tick()
    assert state(story, unread) is State.REFUSED


def test_10_a_link_is_good_for_an_hour_and_three_attempts(story: Story) -> None:
    """A download link works for its author only, three times, within an hour, counted by the server."""
    request_id = story.to_release()
    with story.works.begin() as work:
        token = download.make_link(work, MEI, request_id)
    with pytest.raises(EnclaveError):
        download.take_download(story.works, story.vault, token, KEN)
    taken = [download.take_download(story.works, story.vault, token, MEI) for _ in range(3)]
    assert len({one.sha256 for one in taken}) == 1
    with pytest.raises(DeniedError):
        download.take_download(story.works, story.vault, token, MEI)
    with story.works.begin() as work:
        late = download.make_link(work, MEI, request_id)
    story.house.clock.forward(timedelta(hours=1))
    with pytest.raises(DeniedError):
        download.take_download(story.works, story.vault, late, MEI)


def test_11_a_request_is_read_by_its_author_and_its_checkers(story: Story) -> None:
    """Nobody else can open a file of a request, in any state."""
    request_id = story.to_review()
    digest = min(story.get(request_id).digests())
    for name in ("ken", "bo", "ota", "kan", "ste", "nobody"):
        with pytest.raises(EnclaveError):
            open_file.open_file(story.works, story.vault, Person(name), request_id, digest)
