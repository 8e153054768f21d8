"""Any people, any sequence of calls: nothing is released without two eligible people.

The machine below calls every use case of the room as anybody, in any order, with right and
wrong digests, votes and proofs, while accounts are suspended and enrolled anew, permits,
organisations and policies change and time passes. It keeps its own small model of who is
eligible, written without the rules it tests, and reads what happened from the ledger alone.
"""

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from enclave.audit.ledger import first_fault
from enclave.errors import EnclaveError
from enclave.identity import Person, Role
from enclave.people import Account, AccountState
from enclave.policy import PolicySet
from enclave.use_cases.sign_in import SecondFactor
from output_review.reviews import Vote
from output_review.use_cases import confirm, download, open_file, review, withdraw
from output_review.workflow import State
from tests.support.people import COMPANY, ENDS, PERMIT, PRODUCER, UNIVERSITY
from tests.support.review_houses import fake_story
from tests.support.review_story import POLICIES as FIRST_POLICIES
from tests.support.review_story import PROJECT, STRICTER, adopt_policy, draft_id, request_of

NAMES = ("mei", "ken", "aoi", "rin", "sora", "bo", "ota", "toru")
PEOPLE = st.sampled_from(NAMES)
CHECKERS = st.sampled_from(("aoi", "rin", "sora"))
ROLES = st.sampled_from(("checker", "researcher", "board"))
HOMES = st.sampled_from(("daigaku", "sakusei", "seiyaku"))
CHANGES = st.sampled_from(
    (
        "nothing",
        "suspended",
        "enrolled anew",
        "other role",
        "other organisation",
        "member",
        "certification",
        "author moved",
        "policy",
        "policy, not its files",
    )
)
CONTENTS = st.sampled_from([b"n\n20\n", b"n\n30\n", b"FIX", b"SECRET", b"BREAK"])
SOAK = os.environ.get("HANARE_SOAK") == "1"


@dataclass
class Shadow:
    """Who a person is in the model."""

    organisation: str
    roles: frozenset[str]
    active: bool = True
    re_enrolled_at: datetime | None = None


class AnyCalls(RuleBasedStateMachine):
    """The room in memory, and everybody at it."""

    releases = 0
    ways_back = 0
    requests = Bundle("requests")

    @initialize()
    def open_the_house(self) -> None:
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

    # What people do

    @rule(
        target=requests,
        author=PEOPLE,
        first=CONTENTS,
        second=CONTENTS,
        replaces=st.one_of(st.none(), requests),
    )
    def hand_in(self, author: str, first: bytes, second: bytes, replaces: int | None) -> int:
        number = self.fresh_number()
        before = request_of(replaces, Person(author)) if replaces else ""
        with refusals():
            self.story.hand_in({"a.csv": first, "b.csv": second}, number, before, Person(author))
        return number

    @rule(number=requests, person=PEOPLE, all_of_them=st.booleans())
    def confirm(self, number: int, person: str, all_of_them: bool) -> None:
        def act(work: Any) -> None:
            request = work.requests.find(self.request(number))
            digests = request.digests() if request else frozenset()
            confirm.confirm(
                work, Person(person), self.request(number), digests if all_of_them else {"f" * 64}
            )

        self.act(act)

    @rule(number=requests, person=PEOPLE)
    def withdraw(self, number: int, person: str) -> None:
        self.act(lambda work: withdraw.withdraw(work, Person(person), self.request(number)))

    @rule(number=requests, person=PEOPLE)
    def open_files(self, number: int, person: str) -> None:
        with refusals():
            for digest in self.story.get(self.request(number)).digests():
                open_file.open_file(
                    self.story.works, self.story.vault, Person(person), self.request(number), digest
                )

    @rule(
        number=requests,
        person=PEOPLE,
        proof_of=st.one_of(st.none(), PEOPLE),
        votes=st.lists(st.sampled_from(list(Vote)), min_size=2, max_size=2),
        policy=st.sampled_from([FIRST_POLICIES.digest, STRICTER.digest, ""]),
    )
    def vote_at_random(
        self, number: int, person: str, proof_of: str | None, votes: list[Vote], policy: str
    ) -> None:
        def act(work: Any) -> None:
            request = work.requests.find(self.request(number))
            cast = dict(zip(sorted(request.digests() if request else ()), votes, strict=False))
            review.complete(
                work,
                Person(person),
                self.proof(proof_of or person),
                self.request(number),
                cast,
                policy_digest=policy,
            )

        self.act(act)

    @rule(number=requests, checker=CHECKERS, refuse=st.sampled_from([(), ("a.csv",), ("a.csv", "b.csv")]))
    def vote_as_one_should(self, number: int, checker: str, refuse: tuple[str, ...]) -> None:
        with refusals():
            self.story.vote(Person(checker), self.request(number), frozenset(refuse))

    @rule(number=requests, person=PEOPLE)
    def give_back(self, number: int, person: str) -> None:
        self.act(
            lambda work: review.give_back(
                work, Person(person), self.proof(person), self.request(number), reason="again"
            )
        )

    @rule(number=requests, person=PEOPLE)
    def make_link(self, number: int, person: str) -> None:
        self.act(
            lambda work: self.tokens.append(download.make_link(work, Person(person), self.request(number)))
        )

    @rule(person=PEOPLE)
    def take(self, person: str) -> None:
        for token in self.tokens:
            with refusals():
                taken = download.take_download(self.story.works, self.story.vault, token, Person(person))
                assert taken.request_id in self.seen
                self.hold_package(taken.request_id, taken.content)

    @rule(target=requests, first=CONTENTS)
    def go_as_far_as_review(self, first: bytes) -> int:
        """Chance alone seldom gets there."""
        return self.to_review(first)

    @rule(target=requests, first=CHECKERS, second=CHECKERS, when=st.sampled_from([1, 2]), change=CHANGES)
    def something_changes_on_the_way(self, first: str, second: str, when: int, change: str) -> int:
        """All is well until one thing changes after the first vote, or after the second."""
        self.put_right()
        number = self.to_review(b"n\n50\n")
        for place, checker in enumerate((first, second), start=1):
            with refusals():
                self.story.vote(Person(checker), self.request(number))
            if place == when:
                self.change(change, first)
                if when == 1:
                    self.tick_and_look()
        self.tick_and_look()
        return number

    @rule()
    def all_is_put_right(self) -> None:
        """Without this, soon nobody may do anything any more."""
        self.put_right()

    # What the platform does

    @rule()
    def tick(self) -> None:
        self.tick_and_look()

    # What changes around them

    @rule(name=PEOPLE, change=CHANGES)
    def anything_changes(self, name: str, change: str) -> None:
        self.change(change, name)

    @rule(name=PEOPLE, role=ROLES, home=HOMES)
    def somebody_is_enrolled_anew(self, name: str, role: str, home: str) -> None:
        self.enrol_anew(name, role, home)

    @rule(members=st.sets(PEOPLE, min_size=1, max_size=3))
    def the_permit_changes(self, members: set[str]) -> None:
        self.put_permit(members)

    @rule(hours=st.sampled_from([0.01, 1, 25]))
    def time_passes(self, hours: float) -> None:
        self.house.clock.forward(timedelta(hours=hours))

    # What must hold

    @invariant()
    def nothing_is_released_but_by_the_worker(self) -> None:
        with self.story.works.read() as work:
            released = {r.id for r in work.requests.in_states({State.RELEASED})}
        assert released == self.seen

    def teardown(self) -> None:
        assert first_fault(self.house.entries).fault is None

    # The model

    def hold_releases(self) -> None:
        """Every release that this round made stands on two people's votes, by the ledger."""
        leaves = [json.loads(entry.data) for entry in self.house.entries]
        for place, leaf in enumerate(leaves):
            if leaf["kind"] == "release.done" and leaf["subject"] not in self.seen:
                self.seen.add(leaf["subject"])
                AnyCalls.releases += 1
                self.hold(leaf, [before for before in leaves[:place] if before["subject"] == leaf["subject"]])
            AnyCalls.ways_back += leaf["kind"] == "review.refused"

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


@contextmanager
def refusals() -> Iterator[None]:
    """Saying no is fine; anything else is not."""
    with suppress(EnclaveError):
        yield


def test_nothing_is_released_without_two_eligible_people() -> None:
    AnyCalls.releases = AnyCalls.ways_back = 0
    # Shrinking a tale of forty steps outlasts the test's time limit; the soak has no such limit.
    phases = tuple(Phase) if SOAK else (Phase.explicit, Phase.reuse, Phase.generate)
    chosen = settings(
        max_examples=3000 if SOAK else 120, stateful_step_count=40, deadline=None, phases=phases
    )
    run_state_machine_as_test(AnyCalls, settings=chosen)
    assert AnyCalls.releases > 0, "the machine never got to a release, so it showed nothing"
    assert AnyCalls.ways_back > 0, "no reviewer ever lost the right, so the second asking was not tried"
