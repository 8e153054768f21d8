"""An author tries to read more through the portal than a display shows: from outside, by HTTP, every way there is.

A kernel can put anything into an outbox, and the portal shows an author their drafts. Here a
researcher hands in files that are full of marks, and a script with their sign-in asks every
address of a real portal. The marks that come back, wherever, are counted. Each attack is run
once more without the one control that stops it, and must win then.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from enclave.actions import Action
from enclave.decisions import Decision, decide
from enclave.display import Budget, DisplayRules
from enclave.errors import ConflictError
from enclave.identity import Person
from output_review.use_cases import hand_in, open_file, read
from output_review.web.researcher_pages import ResearcherPages
from tests.support.people import PERMIT
from tests.support.portal_house import SECRET, TABLE, PortalHouse
from tests.support.portal_outside import Outside
from tests.support.portal_server import served_portal

HOUR = 12_000
RULES = DisplayRules(Budget(HOUR, HOUR, HOUR), Budget(1, 1, 1))
MARK = re.compile(r"(own|ken|note)-(\d{6})")
LINE = len("own-000001\n")


def marks(kind: str, first: int, count: int) -> str:
    """So many lines, none of them twice."""
    return "".join(f"{kind}-{number:06}\n" for number in range(first, first + count))


@dataclass(frozen=True, slots=True)
class Seen:
    """Bytes of each kind of mark that came back."""

    own: int
    ken: int
    note: int
    finding: bool


def seen_in(text: str) -> Seen:
    found = {kind: set[str]() for kind in ("own", "ken", "note")}
    for kind, number in MARK.findall(text):
        found[kind].add(number)
    sizes = {kind: LINE * len(numbers) for kind, numbers in found.items()}
    return Seen(**sizes, finding=SECRET.rule in text or SECRET.message.text in text)


@contextmanager
def without(control: str) -> Iterator[None]:
    """The house without one of its controls; nothing in the product can do this."""

    def everybody(person: Person, _request: object, _facts: object) -> Decision:
        return decide(person, Action.READ_REQUEST, "any", [None])

    def anybodys(pages: ResearcherPages, visit: Any) -> read.RequestPage:
        with pages._room.works.read() as work:
            return read.request_page(work, visit.person, visit.path("request_id"))

    taken: Mapping[str, tuple[tuple[object, str, object], ...]] = {
        "": (),
        "files are charged": ((open_file, "file_fits", lambda *_: None),),
        "words are charged": ((hand_in, "words_fit", lambda *_: None),),
        "the author and checkers read": (
            (open_file, "may_read", everybody),
            (read, "may_read", everybody),
            (ResearcherPages, "_mine", anybodys),
        ),
        "private comments stay private": (
            (read, "shared_comments", lambda _request, reviews: tuple(r.comment for r in reviews)),
        ),
        "findings have an audience": (
            (read, "visible_report", lambda _who, _request, found, _own: found.report),
        ),
    }
    with ExitStack() as stack:
        for where, name, instead in taken[control]:
            stack.enter_context(mock.patch.object(where, name, instead))
        yield


@pytest.fixture(name="house")
def _house(tmp_path: Path) -> Iterator[PortalHouse]:
    with served_portal(tmp_path, RULES) as house:
        with house.house.begin() as work:
            work.register.put_permit(replace(PERMIT, people=("mei", "ken")))
        yield house


def everything(house: PortalHouse, *requests: str) -> Seen:
    """What Mei's script gets of these requests."""
    digests = sorted({digest for one in requests for digest in house.digests(one)})
    with Outside(house, "mei") as outside:
        assert outside.tries_everything(requests, digests) > len(requests), "the script itself works"
        return seen_in(outside.text())


def whole_files(house: PortalHouse) -> Seen:
    """One file larger than the hour's budget, and eight that together are."""
    one = house.hand_in({"whole.md": marks("own", 0, 2 * HOUR // LINE)}, title="t", what_it_shows="w")
    several = {f"{n}.md": marks("own", 10_000 * (n + 1), HOUR // LINE // 3) for n in range(4)}
    return everything(house, one, house.hand_in(several, title="t", what_it_shows="w"))


def words_of_drafts(house: PortalHouse) -> Seen:
    """Drafts whose titles and descriptions are the message, until one is refused."""
    made = []
    for number in range(8):
        words = marks("own", 1_000 * number, HOUR // LINE // 6)
        try:
            made.append(house.hand_in({"t.csv": TABLE}, title=f"{number}", what_it_shows=words))
        except ConflictError:
            break
    return everything(house, *made)


def of_a_colleague(house: PortalHouse) -> Seen:
    """A draft of somebody in the same project, and one that is in review."""
    words = marks("ken", 900_000, 20)
    one = house.hand_in({"n.md": marks("ken", 0, 300)}, author="ken", title="k", what_it_shows=words)
    return everything(house, one, house.hand_in({"t.csv": TABLE}))


def notes_of_checkers(house: PortalHouse) -> Seen:
    """Two checkers refuse, each with a note for the other alone."""
    request_id = house.in_review({"t.csv": TABLE})
    for number, name in enumerate(("aoi", "rin")):
        note = {"comment": marks("note", 100 * number, 5), "audience": "private"}
        house.browser(name).vote(request_id, "refuse", **note).raise_for_status()
    return everything(house, request_id)


def findings_of_checkers(house: PortalHouse) -> Seen:
    """A file with a finding that rests on what the author must not learn."""
    request_id = house.hand_in()
    mei = house.browser("mei")
    mei.post(f"/requests/{request_id}/confirm", {"digest": house.digests(request_id)}).raise_for_status()
    house.check(request_id, [SECRET])
    return everything(house, request_id)


ATTACKS: Mapping[str, tuple[Callable[[PortalHouse], Seen], Callable[[Seen], bool], str]] = {
    "whole files": (whole_files, lambda seen: seen.own > HOUR, "files are charged"),
    "words of drafts": (words_of_drafts, lambda seen: seen.own > HOUR, "words are charged"),
    "a colleague's drafts": (of_a_colleague, lambda seen: seen.ken > 0, "the author and checkers read"),
    "checkers' notes": (notes_of_checkers, lambda seen: seen.note > 0, "private comments stay private"),
    "checkers' findings": (findings_of_checkers, lambda seen: seen.finding, "findings have an audience"),
}
"""What is tried, what winning means, and the control that stops it."""


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_fails(house: PortalHouse, attack: str) -> None:
    tries, wins, control = ATTACKS[attack]
    seen = tries(house)
    assert not wins(seen), f"{seen}; it should be stopped by: {control}"


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_wins_without_its_control(house: PortalHouse, attack: str) -> None:
    tries, wins, control = ATTACKS[attack]
    with without(control):
        seen = tries(house)
    assert wins(seen), f"{seen}, without: {control}"


def test_what_is_within_the_budget_is_shown_and_not_more_than_once_paid(house: PortalHouse) -> None:
    """The limit is no wall: a file that fits is read whole, again and again."""
    request_id = house.hand_in({"n.md": marks("own", 0, 200)}, title="t", what_it_shows="w")
    assert everything(house, request_id).own == everything(house, request_id).own == 200 * LINE
