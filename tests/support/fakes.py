"""The foundation in memory: a clock that moves when told, keys in a dictionary, rows in lists.

Each fake passes the same contract tests as the adapter it stands for (``tests/contract``).
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from enclave.adoptions import Proposal, ProposalKind, ProposalState
from enclave.audit.event import SALT_BYTES, EventDraft, make_leaf
from enclave.audit.ledger import Entry
from enclave.audit.merkle import CompactRange, leaf_hash
from enclave.contracts import Contract
from enclave.errors import ConflictError
from enclave.people import Account, Credential, Organisation, Training
from enclave.projects import ProjectPermit
from enclave.sentences import say
from tests.support.display_fakes import FakeDisplays

START = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


class CountingRandomness:
    """Predictable, never repeating."""

    def __init__(self) -> None:
        self._count = 0

    def token(self, length: int) -> bytes:
        self._count += 1
        return self._count.to_bytes(8, "big").rjust(length, b"\x5a")[-length:]


class FakeKeyring:
    """Keys in a dictionary; a destroyed one stays destroyed."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], bytes] = {}
        self._destroyed: set[tuple[str, str]] = set()

    def find(self, project: str, purpose: str) -> bytes | None:
        return self._keys.get((project, purpose))

    def make(self, project: str, purpose: str) -> bytes:
        if (project, purpose) in self._destroyed:
            raise ConflictError("key_destroyed", say("The key was destroyed for good."))
        return self._keys.setdefault((project, purpose), f"{project}/{purpose}".encode().ljust(32, b".")[:32])

    def destroy(self, project: str, purpose: str) -> None:
        if self._keys.pop((project, purpose), None) is not None:
            self._destroyed.add((project, purpose))

    def purposes(self, project: str) -> tuple[str, ...]:
        return tuple(sorted(purpose for owner, purpose in self._keys if owner == project))


class FakePasswords:
    """Passwords hashed by a prefix; the code of a secret is its own first six characters plus the step."""

    def hash(self, password: str) -> str:
        return f"hash:{password}"

    def verify(self, hashed: str, password: str) -> bool:
        return hashed == f"hash:{password}"

    def totp_step(self, secret: str, code: str, at: datetime) -> int | None:
        now = int(at.timestamp()) // 30
        for step in (now, now - 1, now + 1):
            if code == self.code(secret, step):
                return step
        return None

    @staticmethod
    def code(secret: str, step: int) -> str:
        return f"{secret}@{step}"


class FakeRegister:
    """The register in dictionaries."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._organisations: dict[str, Organisation] = {}
        self._permits: dict[str, ProjectPermit] = {}
        self._credentials: dict[str, Credential] = {}
        self._pending: dict[str, tuple[str, Credential, datetime]] = {}
        self._contracts: dict[str, Contract] = {}
        self._training: dict[tuple[str, str, str], Training] = {}
        self._spent: set[tuple[str, int]] = set()
        self._failures: dict[str, tuple[int, datetime | None]] = {}

    def find_account(self, username: str) -> Account | None:
        return self._accounts.get(username)

    def find_organisation(self, organisation: str) -> Organisation | None:
        return self._organisations.get(organisation)

    def find_permit(self, project: str) -> ProjectPermit | None:
        return self._permits.get(project)

    def permits(self) -> tuple[ProjectPermit, ...]:
        return tuple(self._permits[p] for p in sorted(self._permits))

    def organisations(self) -> tuple[Organisation, ...]:
        return tuple(self._organisations[o] for o in sorted(self._organisations))

    def find_contract(self, contract: str) -> Contract | None:
        return self._contracts.get(contract)

    def contracts(self) -> tuple[Contract, ...]:
        return tuple(self._contracts[c] for c in sorted(self._contracts))

    def contracts_of(self, organisation: str) -> tuple[Contract, ...]:
        return tuple(c for c in self.contracts() if c.organisation == organisation)

    def put_contract(self, contract: Contract) -> None:
        self._contracts[contract.id] = contract

    def training_of(self, username: str) -> tuple[Training, ...]:
        own = (t for t in self._training.values() if t.username == username)
        return tuple(sorted(own, key=lambda t: (t.completed_on, t.course)))

    def add_training(self, training: Training) -> None:
        key = (training.username, training.course, training.completed_on.isoformat())
        self._training[key] = training

    def accounts(self) -> tuple[Account, ...]:
        return tuple(self._accounts[u] for u in sorted(self._accounts))

    def put_account(self, account: Account) -> None:
        self._accounts[account.username] = account

    def put_organisation(self, organisation: Organisation) -> None:
        self._organisations[organisation.id] = organisation

    def put_permit(self, permit: ProjectPermit) -> None:
        self._permits[permit.project] = permit

    def seal_totp(self, username: str, secret: str) -> bytes:
        return f"{username}|{secret}".encode()

    def open_totp(self, username: str, sealed: bytes) -> str:
        owner, _, secret = sealed.decode().partition("|")
        assert owner == username
        return secret

    def put_credential(self, username: str, credential: Credential) -> None:
        self._credentials[username] = credential
        self._failures[username] = (0, None)

    def find_credential(self, username: str) -> Credential | None:
        return self._credentials.get(username)

    def put_pending_credential(self, username: str, credential: Credential, at: datetime) -> None:
        self._pending[credential.digest()] = (username, credential, at)

    def has_pending_credential(self, username: str, digest: str, since: datetime) -> bool:
        owner, _, at = self._pending.get(digest, ("", None, since))
        return owner == username and at >= since

    def take_pending_credential(self, username: str, digest: str, since: datetime) -> Credential | None:
        if not self.has_pending_credential(username, digest, since):
            return None
        return self._pending.pop(digest)[1]

    def pending_credentials(self, since: datetime) -> int:
        return sum(at >= since for _, _, at in self._pending.values())

    def drop_pending_credentials(self, before: datetime) -> None:
        self._pending = {d: kept for d, kept in self._pending.items() if kept[2] >= before}

    def spend_recovery(self, username: str, hashed: str) -> int | None:
        known = self._credentials.get(username)
        if known is None or hashed not in known.recovery:
            return None
        left = tuple(other for other in known.recovery if other != hashed)
        self._credentials[username] = replace(known, recovery=left)
        return len(left)

    def spend_totp(self, username: str, step: int) -> bool:
        fresh = (username, step) not in self._spent
        self._spent.add((username, step))
        return fresh

    def failures(self, username: str) -> tuple[int, datetime | None]:
        return self._failures.get(username, (0, None))

    def note_attempt(self, username: str, *, succeeded: bool, at: datetime) -> None:
        if username in self._credentials:
            count = self._failures.get(username, (0, None))[0]
            self._failures[username] = (0, None) if succeeded else (count + 1, at)


class FakeProposals:
    """Proposals in a dictionary."""

    def __init__(self) -> None:
        self._all: dict[str, Proposal] = {}

    def add(self, proposal: Proposal) -> None:
        self._all[proposal.id] = proposal

    def put(self, proposal: Proposal) -> None:
        self._all[proposal.id] = proposal

    def find(self, proposal_id: str) -> Proposal | None:
        return self._all.get(proposal_id)

    def all(self) -> tuple[Proposal, ...]:
        return tuple(sorted(self._all.values(), key=lambda p: (p.proposed_at, p.id)))

    def adopted(self, kind: ProposalKind, subject: str) -> Proposal | None:
        return next((p for p in self._in_force(kind) if p.subject == subject), None)

    def adopted_under(self, kind: ProposalKind, prefix: str) -> tuple[Proposal, ...]:
        return tuple(p for p in self._in_force(kind) if p.subject.startswith(prefix))

    def _in_force(self, kind: ProposalKind) -> list[Proposal]:
        wanted = (p for p in self._all.values() if p.kind is kind and p.state is ProposalState.ADOPTED)
        return sorted(wanted, key=lambda p: p.subject)


class FakeWork:
    """One transaction over the fakes."""

    def __init__(self, house: "FakeHouse") -> None:
        self._house = house
        self.register = house.register
        self.proposals = house.proposals
        self.displays = house.displays
        self.now = house.clock.now()
        self.fresh = house.fresh
        self.keyring = house.keyring

    def record(self, draft: EventDraft) -> int:
        house = self._house
        if draft.event_id is not None and draft.event_id in house.event_ids:
            return house.event_ids[draft.event_id]
        if draft.body is not None and house.keyring.find(draft.project or "house", "body") is None:
            raise ConflictError("no_body_key", say("This project's key does not exist."))
        leaf = make_leaf(draft, house.tree.size + 1, self.now, self.fresh.token(SALT_BYTES))
        house.tree = house.tree.append(leaf_hash(leaf.data))
        house.entries.append(Entry(leaf.number, leaf.data, leaf_hash(leaf.data), leaf.body))
        if draft.event_id is not None:
            house.event_ids[draft.event_id] = leaf.number
        return leaf.number


class FakeHouse:
    """The whole foundation in memory; ``begin`` undoes everything when its block raises."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.fresh = CountingRandomness()
        self.keyring = FakeKeyring()
        self.register = FakeRegister()
        self.proposals = FakeProposals()
        self.displays = FakeDisplays()
        self.entries: list[Entry] = []
        self.event_ids: dict[str, int] = {}
        self.tree = CompactRange()

    @contextmanager
    def begin(self) -> Iterator[FakeWork]:
        state = (self.register, self.proposals, self.displays, self.event_ids)
        kept = copy.deepcopy(state), list(self.entries), self.tree
        try:
            yield FakeWork(self)
        except BaseException:
            (self.register, self.proposals, self.displays, self.event_ids), self.entries, self.tree = kept
            raise
