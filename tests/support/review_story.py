"""One result on its way: the steps people and the worker take, over any implementation.

``Story`` owns a cast (three checkers, one of them spare), a policy that two people adopted and
a project. Its methods do one step each; ``to_review`` and ``to_release`` take several.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Protocol

from enclave.adoptions import Proposal, ProposalKind, ProposalState
from enclave.identity import Person, Role
from enclave.policy import PolicySet, policy_set
from enclave.ports import Work
from enclave.use_cases.sign_in import SecondFactor
from output_review import own_lane
from output_review.own_lane import OwnDeps
from output_review.ports import Checker, FileVault, ReviewWorks
from output_review.requests import Draft, ReleaseRequest, request_id_for
from output_review.reviews import Vote
from output_review.use_cases import confirm, hand_in, open_file, review
from output_review.use_cases.standing import get_request
from output_review.worker import run_once
from output_review.worker_house import WorkerDeps
from output_review.workflow import State
from tests.support.fakes import FakeClock
from tests.support.people import PERMIT, account, settle
from tests.support.review_fakes import FakeChecker, FakeExtracts, FakeMatcher, FakeReader

PROJECT = PERMIT.project
MEI, KEN, AOI, RIN, SORA = (Person(name) for name in ("mei", "ken", "aoi", "rin", "sora"))
SPARE = account("sora", Role.CHECKER)
TABLE = b"sex,n\r\nF,120\r\nM,110\r\n"
NOTE = b"A note on the table.\r\n"
POLICIES = policy_set({"disclosure": {"min_persons": 10}})
STRICTER = policy_set({"disclosure": {"min_persons": 20}})


class Foundation(Protocol):
    """A house that gives foundation transactions."""

    clock: FakeClock

    def begin(self) -> AbstractContextManager[Work]: ...


def adopt_policy(work: Work, policies: PolicySet, number: int = 1) -> None:
    """The policy set is in force, as after two people's acts."""
    before = work.proposals.adopted(ProposalKind.POLICY, "policies")
    if before is not None:
        work.proposals.put(
            Proposal(
                **{**{k: getattr(before, k) for k in Proposal.__slots__}, "state": ProposalState.REPLACED}
            )
        )
    payload = json.dumps({"set": policies.digest})
    work.proposals.add(
        Proposal(
            id=f"policy-{number}",
            kind=ProposalKind.POLICY,
            subject="policies",
            digest=hashlib.sha256(payload.encode()).hexdigest(),
            payload=payload,
            proposed_by="bo",
            proposed_at=work.now,
            state=ProposalState.ADOPTED,
            adopted_by="ben",
            adopted_at=work.now,
        )
    )


@dataclass
class Story:
    """A house with a cast, and what happens in it."""

    house: Foundation
    works: ReviewWorks
    vault: FileVault
    reader: FakeReader = field(default_factory=FakeReader)
    checker: FakeChecker = field(default_factory=FakeChecker)
    matcher: FakeMatcher = field(default_factory=FakeMatcher)
    policies: PolicySet = POLICIES

    def settle(self) -> "Story":
        """Everybody is enrolled, the permit and the policy are in force."""
        with self.house.begin() as work:
            settle(work)
            work.register.put_account(SPARE)
            adopt_policy(work, POLICIES)
        return self

    @property
    def worker(self) -> WorkerDeps:
        return WorkerDeps(
            works=self.works,
            vault=self.vault,
            reader=self.reader,
            checker_for=self._checker,
            load_policy=lambda: self.policies,
            extracts=FakeExtracts(),
        )

    @property
    def own(self) -> OwnDeps:
        return OwnDeps(self.works, self.vault, self.matcher)

    def _checker(self, _policies: PolicySet) -> Checker:
        return self.checker

    def get(self, request_id: str) -> ReleaseRequest:
        with self.works.read() as work:
            return get_request(work, request_id)

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            run_once(self.worker)
            own_lane.run_once(self.own)

    def hand_in(
        self,
        files: Mapping[str, bytes] | None = None,
        draft_number: int = 1,
        replaces: str = "",
        author: Person = MEI,
        sql: tuple[tuple[str, str], ...] = (),
    ) -> str:
        """A complete hand-in; the request's id."""
        sent = files or {"table.csv": TABLE, "note.txt": NOTE}
        draft = replace(a_draft(sent, draft_number, replaces), sql=sql)
        with self.works.begin() as work:
            made = hand_in.begin_draft(work, author, PROJECT, draft)
        for index, content in enumerate(sent.values()):
            hand_in.add_file(self.works, self.vault, author, PROJECT, draft.draft_id, index, content)
        with self.works.begin() as work:
            hand_in.complete_draft(work, author, PROJECT, draft.draft_id)
        return made.id

    def confirm(self, request_id: str, author: Person = MEI) -> ReleaseRequest:
        digests = self.get(request_id).digests()
        with self.works.begin() as work:
            return confirm.confirm(work, author, request_id, digests)

    def to_review(
        self, files: Mapping[str, bytes] | None = None, draft_number: int = 1, replaces: str = ""
    ) -> str:
        """Handed in, read, confirmed, checked: with the checkers."""
        request_id = self.hand_in(files, draft_number, replaces)
        self.tick()
        self.confirm(request_id)
        self.tick()
        return request_id

    def open_all(self, checker: Person, request_id: str) -> None:
        for digest in self.get(request_id).digests():
            open_file.open_file(self.works, self.vault, checker, request_id, digest)

    def vote(
        self,
        checker: Person,
        request_id: str,
        refuse: frozenset[str] = frozenset(),
        comment: str = "",
        *,
        shared: bool = False,
        opens: bool = True,
    ) -> ReleaseRequest:
        """The checker's whole review: approve all but the files whose names are in ``refuse``."""
        if opens:
            self.open_all(checker, request_id)
        request = self.get(request_id)
        votes = {
            f.canonical.sha256: Vote.REFUSE if f.name in refuse else Vote.APPROVE
            for f in request.files
            if f.canonical
        }
        with self.works.begin() as work:
            return review.complete(
                work,
                checker,
                self.proof(checker),
                request_id,
                votes,
                policy_digest=request.policy_digest,
                comment=comment,
                shared=shared,
            )

    def proof(self, person: Person) -> SecondFactor:
        return SecondFactor(person.username, self.house.clock.now())

    def to_release(self, files: Mapping[str, bytes] | None = None, draft_number: int = 1) -> str:
        """All the way; the request is released."""
        request_id = self.to_review(files, draft_number)
        self.vote(AOI, request_id)
        self.vote(RIN, request_id)
        self.tick()
        assert self.get(request_id).state is State.RELEASED
        return request_id


def draft_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def a_draft(files: Mapping[str, bytes], number: int = 1, replaces: str = "") -> Draft:
    """The announcement of these files."""
    announced = tuple((n, len(c), hashlib.sha256(c).hexdigest()) for n, c in files.items())
    return Draft(draft_id(number), "糖尿病の男女別人数", "Counts by sex", announced, replaces)


def request_of(number: int, author: Person = MEI) -> str:
    return request_id_for(author.username, PROJECT, draft_id(number))
