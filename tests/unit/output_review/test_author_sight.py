"""The portal is no way around the display budget: what an author is shown of their own draft counts."""

import hashlib

import pytest

from enclave.display import Budget, Channel, DisplayRules, day_begins, spent
from enclave.errors import ConflictError, DeniedError
from output_review.use_cases import hand_in, open_file
from tests.support.review_fakes import FakeReviewHouse
from tests.support.review_looks import refused
from tests.support.review_story import AOI, MEI, PROJECT, TABLE, Story, a_draft, draft_id

CANONICAL = TABLE.replace(b"\r\n", b"\n")
DIGEST = hashlib.sha256(CANONICAL).hexdigest()


def rules(text: int) -> DisplayRules:
    """A budget of so many bytes of text."""
    return DisplayRules(Budget(text, text, text), Budget(1, 1, 1))


def shown(story: Story, person: str = "mei") -> int:
    """Bytes of text that count for this person today."""
    with story.house.begin() as work:
        return spent(work.displays.uses(person, day_begins(work.now)), Channel.TEXT, work.now)[1]


def test_a_file_costs_its_author_its_bytes_once(story: Story) -> None:
    request_id = story.to_review()
    before = shown(story)
    for _ in range(3):
        open_file.open_file(story.works, story.vault, MEI, request_id, DIGEST)
    assert shown(story) - before == len(CANONICAL)


def test_without_room_in_the_budget_the_bytes_stay_hidden(story: Story, house: FakeReviewHouse) -> None:
    request_id = story.to_review()
    views = len(house.entries)
    with refused("display_spent", DeniedError):
        open_file.open_file(story.works, story.vault, MEI, request_id, DIGEST, rules(len(CANONICAL) - 1))
    assert len(house.entries) == views
    with story.house.begin() as work:
        assert work.displays.open_incidents("mei") == ()


def test_a_paused_author_is_shown_nothing(story: Story) -> None:
    request_id = story.to_review()
    with story.house.begin() as work:
        work.displays.pause("mei", work.now.replace(year=work.now.year + 1))
    with refused("display_spent", DeniedError):
        open_file.open_file(story.works, story.vault, MEI, request_id, DIGEST)


def test_a_checker_pays_nothing(story: Story) -> None:
    request_id = story.to_review()
    open_file.open_file(story.works, story.vault, AOI, request_id, DIGEST, rules(1))
    assert shown(story, "aoi") == 0


def test_a_released_file_is_the_authors_to_read(story: Story) -> None:
    request_id = story.to_release()
    before = shown(story)
    open_file.open_file(story.works, story.vault, MEI, request_id, DIGEST, rules(1))
    assert shown(story) == before


def test_the_words_of_a_draft_count_when_it_is_announced(story: Story) -> None:
    draft = a_draft({"table.csv": TABLE})
    words = len(f"{draft.title}{draft.what_it_shows}table.csv".encode())
    with story.works.begin() as work:
        hand_in.begin_draft(work, MEI, PROJECT, draft)
    with story.works.begin() as work:
        hand_in.begin_draft(work, MEI, PROJECT, draft)
    assert shown(story) == words


def test_a_draft_whose_words_do_not_fit_is_refused(story: Story) -> None:
    with story.works.begin() as work, refused("display_spent", ConflictError):
        hand_in.begin_draft(work, MEI, PROJECT, a_draft({"table.csv": TABLE}), rules(10))
    with story.works.read() as work:
        assert work.requests.of_author("mei") == ()


@pytest.mark.parametrize("drafts", [40])
def test_titles_are_no_free_channel(story: Story, drafts: int) -> None:
    """Drafts announced one after the other stop where the budget does, and lists show no more than was paid."""
    budget = rules(500)
    taken = 0
    for number in range(1, drafts):
        draft = a_draft({f"{number}.csv": TABLE}, number)
        try:
            with story.works.begin() as work:
                hand_in.begin_draft(work, MEI, PROJECT, draft, budget)
        except ConflictError:
            continue
        taken += 1
    with story.works.read() as work:
        lines = work.requests.of_author("mei")
    assert len(lines) == taken < drafts - 1
    total = sum(len((r.title + r.what_it_shows + r.files[0].name).encode()) for r in lines)
    assert total <= 500
    assert draft_id(1) in {r.draft_id for r in lines}
