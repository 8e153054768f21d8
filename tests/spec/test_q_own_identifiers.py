"""The source's own identifiers."""

import base64
import hashlib
import json
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.adapters.own_source import read_own_set
from catalog.identifiers.own_forms import OwnKind, forms_of
from catalog.identifiers.pseudonyms import PseudonymSet, find_in_each
from catalog.own_questions import refusal
from catalog.policy import TransformRules
from catalog.profiles import ANON, PSEUDO
from catalog.schema.canonical import CANONICAL
from enclave.errors import ConflictError, DeniedError, InvalidInputError, UnavailableError
from output_review import own_lane
from output_review.intake_drafts import answer_of
from output_review.use_cases import review
from output_review.use_cases.read import request_page
from output_review.worker import run_once
from output_review.workflow import State
from tests.support.catalog_house import CatalogHouse
from tests.support.own_matcher import OwnPlace
from tests.support.review_fakes import FakeMatcher, FakeReviewHouse
from tests.support.review_houses import fake_story
from tests.support.review_story import AOI, MEI, PROJECT, RIN, Story
from tests.support.transformed import compiled, refused

NAME = "高橋　久子"
OURS = dict.fromkeys(forms_of(OwnKind.NAME, NAME), OwnKind.NAME)
FILES = {"note.txt": f"担当は{NAME}です。\n".encode(), "t.csv": b"n\n20\n"}


def sent(matcher: FakeMatcher) -> tuple[Story, FakeReviewHouse, str]:
    """A request with a name in it, checked, and compared as far as this matcher goes."""
    story, house = fake_story()
    story.matcher = matcher
    return story, house, story.to_review(FILES)


def seen_by_author(story: Story, house: FakeReviewHouse, request_id: str) -> tuple[Any, ...]:
    """Everything that an author can see, and everything that moves with a request."""
    with story.works.read() as work:
        page = request_page(work, MEI, request_id)
    answer = json.dumps(answer_of(page, lambda sentence: {"en": sentence.en}), sort_keys=True, default=str)
    return answer, page.request, page.report, page.completed_reviews, page.own_compared


def test_80_what_an_author_sees_is_the_same_for_patients_and_for_others() -> None:
    """An author sees the same verdict, findings, times, states and versions whether the names in a file are patients or not.

    The comparison with the source's own identifiers begins after the author's outcome was stored, changes nothing
    of the request, and records one event whatever it found. 20,000 names on the machine's own time are tried beside.
    """
    patients, others, away = FakeMatcher(OURS), FakeMatcher(), FakeMatcher()
    away.away = refusal("failed")
    looks = [seen_by_author(*sent(matcher)) for matcher in (patients, others, away)]
    assert looks[0] == looks[1] == looks[2]
    events = []
    for matcher in (patients, others):
        story, house, request_id = sent(matcher)
        events.append(len(house.entries))
        with story.works.read() as work:
            own = work.requests.find_own(request_id)
            assert own is not None
            assert bool(own.hits) == (matcher is patients)
    assert events[0] == events[1]


def test_81_an_author_is_told_at_whole_moments_after_they_confirmed() -> None:
    """When an author learns what the checks said is a whole multiple of the board's moment after they confirmed."""
    story, house = fake_story()
    request_id = story.hand_in(FILES)
    story.tick()
    confirmed = story.confirm(request_id).changed_at
    deps = replace(story.worker, moment=timedelta(seconds=5), held={})
    for seconds in (0, 1, 4):
        house.clock.at = confirmed + timedelta(seconds=seconds)
        run_once(deps)
        assert story.get(request_id).state is State.CHECKING
    house.clock.at = confirmed + timedelta(seconds=5.4)
    run_once(deps)
    told = story.get(request_id)
    assert (told.state, told.changed_at) == (State.IN_REVIEW, confirmed + timedelta(seconds=5))


def test_82_nothing_is_reviewed_or_released_before_it_was_compared() -> None:
    """While the matcher is away, refuses or has no set, no review can be completed, nothing returned and nothing released."""
    for code in ("failed", "no_set", "spent", "not_allowed"):
        matcher = FakeMatcher(OURS)
        matcher.away = refusal(code)
        story, _, request_id = sent(matcher)
        with pytest.raises(ConflictError) as blocked:
            story.vote(AOI, request_id)
        assert blocked.value.code == "not_compared"
        with story.works.begin() as work, pytest.raises(ConflictError):
            review.give_back(work, AOI, story.proof(AOI), request_id, reason="区分を合わせてください")
        matcher.away = None
        own_lane.run_once(story.own)
        story.vote(AOI, request_id)
        story.vote(RIN, request_id)
        story.tick()
        assert story.get(request_id).state is State.RELEASED


def test_83_checkers_see_the_hits_and_cannot_name_them_to_the_author() -> None:
    """A checker sees which places name somebody of the source; words of theirs that name one of them never reach the author."""
    story, _, request_id = sent(FakeMatcher(OURS))
    with story.works.read() as work:
        page = request_page(work, AOI, request_id)
    assert page.report is not None
    found = [
        (f.path, one.where.offset) for f in page.report.files for one in f.findings if one.rule == "ID.own"
    ]
    assert found == [("note.txt", 3)]
    for words in ("高橋久子さんは患者です", "1 行目の高橋 久子を消してください"):
        with story.works.begin() as work, pytest.raises(InvalidInputError) as named:
            review.give_back(work, AOI, story.proof(AOI), request_id, reason=words)
        assert named.value.code == "words_name_somebody"
    with pytest.raises(InvalidInputError):
        story.vote(AOI, request_id, comment="高橋　久子は患者", shared=True)
    with story.works.begin() as work:
        review.give_back(work, AOI, story.proof(AOI), request_id, reason="1 行目を直してください")
    assert story.get(request_id).state is State.RETURNED


def test_84_the_matcher_answers_its_worker_alone_and_keeps_no_question(tmp_path: Path) -> None:
    """The matcher answers one uid, counts what it is asked, refuses what is above the board's limits and writes no form down."""
    place = OwnPlace(tmp_path)
    place.put(OURS)
    with place.served(peer=1) as client, pytest.raises((DeniedError, UnavailableError)):
        client.kinds_of(PROJECT, ["高橋久子"])
    place.rules = replace(place.rules, per_project_day=2)
    with place.served() as client:
        assert client.kinds_of(PROJECT, ["高橋久子", "山田太郎"]).ours == OURS
        with pytest.raises(ConflictError):
            client.kinds_of(PROJECT, ["高橋久子"])
    assert "高橋" not in place.journal()
    assert len(place.journal().splitlines()) == 1


def test_85_everybody_of_the_source_is_known_and_nobody_else(tmp_path: Path) -> None:
    """Every name, reading, telephone number, address and chart number of a source is in its set; a stranger is in it by chance in fewer than one of 10**9 questions.

    The set is a keyed one: without its key it says of no name whether it is there.
    """
    house = CatalogHouse(tmp_path)
    house.fill(400, 5)
    own, other = (read_own_set(house.producer.source.path, CANONICAL, key * 32) for key in (b"a", b"b"))
    with house.producer.source.opened() as source:
        rows = source.execute("SELECT name_kanji, name_kana, phone, address, chart_no FROM patient_identity")
        forms = [
            form
            for row in rows.fetchall()
            for kind, value in zip(
                (OwnKind.NAME, OwnKind.READING, OwnKind.PHONE, OwnKind.ADDRESS, OwnKind.CHART),
                row,
                strict=True,
            )
            for form in forms_of(kind, value)
        ]
    house.database.close()
    assert len(forms) > 2_000
    assert 0 not in own.kinds_of(forms)
    assert not any(own.kinds_of([f"{form}〆" for form in forms]))
    assert 5_000_000 / 2**64 < 1e-9
    assert not set(own.hashes.tolist()) & set(other.hashes.tolist())


def test_86_a_pseudonym_is_found_in_every_encoding_and_a_stranger_in_none() -> None:
    """Every pseudonym of a project is found as UUID, without hyphens, in upper case, in base64, in hexadecimal and as md5, sha1 or sha256, and no other UUID ever is."""
    ours, others = ([uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}{n}") for n in range(2_000)] for kind in "ab")
    ids = PseudonymSet.of(map(str, ours))
    ways = (
        str,
        lambda u: u.hex.upper(),
        lambda u: base64.b64encode(u.bytes).decode(),
        lambda u: base64.urlsafe_b64encode(str(u).encode()).decode().rstrip("="),
        lambda u: str(u).encode().hex(),
        lambda u: hashlib.sha256(str(u).encode()).hexdigest(),
        lambda u: hashlib.sha1(u.bytes, usedforsecurity=False).hexdigest(),
        lambda u: hashlib.md5(u.hex.encode(), usedforsecurity=False).hexdigest(),
    )
    for way in ways:
        assert all(find_in_each([way(one) for one in ours], ids))
        assert not any(find_in_each([way(one) for one in others], ids))


def test_87_free_text_leaves_through_scrub_alone_and_only_where_the_board_allows_it(tmp_path: Path) -> None:
    """Free text stands in a view only as ``scrub``, never under the profile anon, and no extract with it is built unless the policy allows it."""
    text = "SELECT scrub(text) AS t FROM document"
    assert compiled(text, PSEUDO).columns[0].open == ()
    assert "transform_profile" in refused(text, ANON)
    for written in ("text", "upper(text)", "scrub(text) || text", "length(text)"):
        assert "free_text" in refused(f"SELECT {written} AS t FROM document", PSEUDO)
    assert not TransformRules(10, 30).scrub
    assert not list(tmp_path.iterdir())
