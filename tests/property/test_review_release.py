"""Any people, any sequence of calls: nothing is released without two eligible people.

The machine below calls every use case of the room as anybody, in any order, with right and
wrong digests, votes and proofs, while accounts are suspended and enrolled anew, permits,
organisations and policies change and time passes. It keeps its own small model of who is
eligible, written without the rules it tests, and reads what happened from the ledger alone.
"""

import os
from datetime import timedelta
from typing import Any

import pytest
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
from enclave.identity import Person
from output_review.reviews import Vote
from output_review.use_cases import confirm, download, open_file, review, withdraw
from output_review.workflow import State
from tests.support.review_model import NAMES, ModelledHouse, refusals
from tests.support.review_story import POLICIES as FIRST_POLICIES
from tests.support.review_story import STRICTER, request_of

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


class AnyCalls(ModelledHouse, RuleBasedStateMachine):
    """The room, and everybody at it."""

    requests = Bundle("requests")

    @initialize()
    def open_the_house(self) -> None:
        self.open()

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
                    self.tick_and_look()  # to the checks again, when the policy changed
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


@pytest.mark.slow
def test_nothing_is_released_without_two_eligible_people() -> None:
    ModelledHouse.releases = ModelledHouse.ways_back = 0
    # Shrinking a tale of forty steps outlasts the test's time limit; the soak has no such limit.
    phases = tuple(Phase) if SOAK else (Phase.explicit, Phase.reuse, Phase.generate)
    chosen = settings(
        max_examples=3000 if SOAK else 120, stateful_step_count=40, deadline=None, phases=phases
    )
    run_state_machine_as_test(AnyCalls, settings=chosen)
    assert ModelledHouse.releases > 0, "the machine never got to a release, so it showed nothing"
    assert ModelledHouse.ways_back > 0, "no reviewer ever lost the right, so the second asking was not tried"
