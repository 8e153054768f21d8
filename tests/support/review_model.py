"""A small model of who may check, beside the house itself, and what must hold of every release.

It is written without the rules it tests: eligibility is kept in plain fields as people are
enrolled, suspended and moved, and what was released is read from the ledger alone.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from enclave.errors import EnclaveError
from enclave.identity import Role
from enclave.people import Account, AccountState
from enclave.policy import PolicySet
from enclave.use_cases.sign_in import SecondFactor
from tests.support.people import COMPANY, ENDS, PERMIT, PRODUCER, UNIVERSITY
from tests.support.review_houses import fake_story
from tests.support.review_story import POLICIES as FIRST_POLICIES
from tests.support.review_story import PROJECT, STRICTER, adopt_policy, draft_id, request_of

NAMES = ("mei", "ken", "aoi", "rin", "sora", "bo", "ota", "toru")


@contextmanager
def refusals() -> Iterator[None]:
    """Saying no is fine; anything else is not."""
    with suppress(EnclaveError):
        yield


@dataclass
class Shadow:
    """Who a person is in the model."""

    organisation: str
    roles: frozenset[str]
    active: bool = True
    re_enrolled_at: datetime | None = None


class ModelledHouse:
    """The room in memory, a model beside it, and the comparison of both."""

    releases = 0
    ways_back = 0

    def open(self) -> None:
        self.story, self.house = fake_story()
        self.seen: set[str] = set()
        self.tokens: list[str] = []
        self.members = {"mei"}
        self.certified = dict.fromkeys(("daigaku", "seiyaku", "sakusei"), True)
        self.adopted = FIRST_POLICIES.digest
        self.policies = 1
        self.numbers = 0
        self.people = {
            "mei": Shadow("daigaku", frozenset({"researcher"})),
            "ken": Shadow("daigaku", frozenset({"researcher"})),
            **{name: Shadow("sakusei", frozenset({"checker"})) for name in ("aoi", "rin", "sora")},
            "bo": Shadow("sakusei", frozenset({"board"})),
            "ota": Shadow("sakusei", frozenset({"operator"})),
        }

    # The model

    def hold_releases(self) -> None:
        """Every release that this round made stands on two people's votes, by the ledger."""
        leaves = [json.loads(entry.data) for entry in self.house.entries]
        for place, leaf in enumerate(leaves):
            if leaf["kind"] == "release.done" and leaf["subject"] not in self.seen:
                self.seen.add(leaf["subject"])
                ModelledHouse.releases += 1
                self.hold(leaf, [before for before in leaves[:place] if before["subject"] == leaf["subject"]])
            ModelledHouse.ways_back += leaf["kind"] == "review.refused"

    def hold(self, done: dict[str, Any], history: list[dict[str, Any]]) -> None:
        checked = max(i for i, leaf in enumerate(history) if leaf["kind"] == "request.checked")
        since = history[checked:]
        author = history[0]["person"]
        leaving, policy = set(done["facts"]["files"]), done["facts"]["policy"]
        assert leaving
        assert policy == self.adopted == history[checked]["facts"]["policy"]
        confirmed = [leaf for leaf in history[:checked] if leaf["kind"] == "request.confirmed"]
        assert [leaf["person"] for leaf in confirmed] == [author]
        assert leaving <= set(confirmed[0]["facts"]["canonical"])
        finished = {leaf["person"] for leaf in since if leaf["kind"] == "review.completed"}
        approvers = set(done["facts"]["reviewers"])
        assert len(approvers) == 2
        assert approvers <= finished
        for name in approvers:
            assert self.may_check(name, author), name
            cast = [
                leaf["facts"] for leaf in since if leaf["kind"] == "review.voted" and leaf["person"] == name
            ]
            yes = {vote["sha256"] for vote in cast if vote["vote"] == "approve" and vote["policy"] == policy}
            assert leaving <= yes

    def may_check(self, name: str, author: str) -> bool:
        who = self.people[name]
        pause = who.re_enrolled_at and self.house.clock.now() - who.re_enrolled_at < timedelta(hours=24)
        return (
            who.active
            and "checker" in who.roles
            and self.certified[who.organisation]
            and name != author
            and name not in self.members
            and who.organisation not in {"daigaku", self.people[author].organisation}
            and not pause
        )

    def hold_package(self, request_id: str, content: bytes) -> None:
        done = next(
            leaf
            for leaf in (json.loads(entry.data) for entry in self.house.entries)
            if leaf["kind"] == "release.done" and leaf["subject"] == request_id
        )
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            held = {
                self.story.vault.put(PROJECT, package.read(n))
                for n in package.namelist()
                if n != "record.json"
            }
        assert held == set(done["facts"]["files"])

    # Doing things

    def tick_and_look(self) -> None:
        self.story.tick()
        self.hold_releases()

    def put_right(self) -> None:
        for name in ("aoi", "rin", "sora"):
            self.people[name] = Shadow("sakusei", frozenset({"checker"}))
            self.enrol(name)
        self.people["mei"] = Shadow("daigaku", frozenset({"researcher"}))
        self.enrol("mei")
        self.put_permit({"mei"})
        for home, good in tuple(self.certified.items()):
            if not good:
                self.turn_certification(home)
        self.adopt(FIRST_POLICIES, files_too=True)

    def change(self, change: str, name: str) -> None:
        match change:
            case "suspended" if name in self.people:
                self.people[name].active = False
                self.enrol(name)
            case "enrolled anew":
                self.enrol_anew(name, "checker", "sakusei")
            case "other role":
                self.enrol_anew(name, "board", "sakusei")
            case "other organisation":
                self.enrol_anew(name, "checker", "daigaku")
            case "member":
                self.put_permit({"mei", name})
            case "certification":
                self.turn_certification("sakusei")
            case "author moved":
                self.enrol_anew("mei", "researcher", "sakusei")
            case "policy":
                self.adopt(STRICTER, files_too=True)
            case "policy, not its files":
                self.adopt(STRICTER, files_too=False)

    def enrol_anew(self, name: str, role: str, home: str) -> None:
        self.people[name] = Shadow(home, frozenset({role}), True, self.house.clock.now())
        self.enrol(name)

    def put_permit(self, members: set[str]) -> None:
        self.members = members
        with self.house.begin() as work:
            work.register.put_permit(replace(PERMIT, people=tuple(sorted(members))))

    def turn_certification(self, home: str) -> None:
        self.certified[home] = not self.certified[home]
        known = {o.id: o for o in (UNIVERSITY, COMPANY, PRODUCER)}[home]
        until = ENDS if self.certified[home] else date(2026, 1, 1)
        with self.house.begin() as work:
            work.register.put_organisation(replace(known, certified_until=until))

    def adopt(self, policies: PolicySet, *, files_too: bool) -> None:
        self.policies += 1
        self.adopted = policies.digest
        with self.house.begin() as work:
            adopt_policy(work, policies, self.policies)
        if files_too:
            self.story.policies = policies

    def to_review(self, first: bytes) -> int:
        number = self.fresh_number()
        with refusals():
            self.story.to_review({"a.csv": first, "b.csv": b"n\n40\n"}, number)
        self.hold_releases()
        return number

    def fresh_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def request(self, number: int) -> str:
        """Whichever of the people handed the draft of this number in."""
        with self.story.works.read() as work:
            found = [
                r.id
                for name in NAMES
                for r in work.requests.of_author(name)
                if r.draft_id == draft_id(number)
            ]
        return found[0] if found else request_of(number)

    def proof(self, name: str) -> SecondFactor:
        return SecondFactor(name, self.house.clock.now())

    def act(self, what: Callable[[Any], object]) -> None:
        with refusals(), self.story.works.begin() as work:
            what(work)

    def enrol(self, name: str) -> None:
        who = self.people[name]
        with self.house.begin() as work:
            work.register.put_account(
                Account(
                    username=name,
                    display_name=name,
                    organisation=who.organisation,
                    roles=frozenset(Role(role) for role in who.roles),
                    state=AccountState.ACTIVE if who.active else AccountState.SUSPENDED,
                    trained_until=ENDS,
                    enrolled_at=who.re_enrolled_at or self.house.clock.now(),
                    re_enrolled=who.re_enrolled_at is not None,
                )
            )
