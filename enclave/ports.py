"""What the foundation needs from the world, as protocols. No class here does anything."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from enclave.adoptions import Proposal, ProposalKind
from enclave.audit.checkpoint import Checkpoint
from enclave.audit.event import EventDraft
from enclave.audit.ledger import Entry
from enclave.contracts import Contract
from enclave.display import Incident, Lease, Use
from enclave.people import Account, Credential, Organisation, Training
from enclave.projects import ProjectPermit


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time in UTC, with its zone."""
        ...


class Randomness(Protocol):
    """Gives unpredictable bytes."""

    def token(self, length: int) -> bytes:
        """``length`` fresh bytes."""
        ...


class Keyring(Protocol):
    """Holds one 32-byte key per project and purpose (``body``, ``vault``, ``data`` and its followers, ``work-<workspace>``)."""

    def find(self, project: str, purpose: str) -> bytes | None:
        """The key, or None when it was never made or was destroyed."""
        ...

    def make(self, project: str, purpose: str) -> bytes:
        """The key, made now when there was none."""
        ...

    def destroy(self, project: str, purpose: str) -> None:
        """The key is gone after this, and cannot be made again under the same name."""
        ...

    def purposes(self, project: str) -> tuple[str, ...]:
        """What the project's keys in force are for, sorted."""
        ...


class RotatingKeyring(Protocol):
    """A keyring whose keys are wrapped by a master key that can be changed."""

    def rotate(self) -> int:
        """Every key is wrapped by a newer master key, and the older one destroyed; how many keys."""
        ...

    def rotating(self) -> bool:
        """Whether a rotation was begun and not finished."""
        ...


class MasterKey(Protocol):
    """Wraps every other key. An HSM stands behind this as well as a file does: the key itself is never given."""

    def wrap(self, key: bytes, name: bytes) -> bytes:
        """The key, wrapped under the newest master key and bound to its name."""
        ...

    def unwrap(self, wrapped: bytes, name: bytes) -> bytes:
        """The key, whichever master key in force it was wrapped under. A ``TamperedError`` when none opens it."""
        ...

    def begin_rotation(self) -> None:
        """There is a newer master key; the older one still opens. Twice is as once."""
        ...

    def finish_rotation(self) -> None:
        """The older master key is destroyed. Everything was wrapped anew before."""
        ...

    def rotating(self) -> bool:
        """Whether a rotation was begun and not finished."""
        ...


class Ledger(Protocol):
    """Takes events, in the transaction of the change they speak of."""

    def record(self, draft: EventDraft) -> int:
        """The event's number. The same ``event_id`` twice gives the first number again."""
        ...


class Register(Protocol):
    """Organisations, accounts, training, credentials, contracts and permits."""

    def find_account(self, username: str) -> Account | None: ...
    def find_organisation(self, organisation: str) -> Organisation | None: ...
    def find_permit(self, project: str) -> ProjectPermit | None: ...
    def find_contract(self, contract: str) -> Contract | None: ...
    def contracts(self) -> tuple[Contract, ...]:
        """All of them, ended ones too, by id."""
        ...

    def contracts_of(self, organisation: str) -> tuple[Contract, ...]:
        """Those of one organisation, ended ones too, by id."""
        ...

    def training_of(self, username: str) -> tuple[Training, ...]:
        """Every course on record, the latest last."""
        ...

    def organisations(self) -> tuple[Organisation, ...]: ...
    def permits(self) -> tuple[ProjectPermit, ...]: ...
    def accounts(self) -> tuple[Account, ...]: ...
    def put_account(self, account: Account) -> None: ...
    def put_organisation(self, organisation: Organisation) -> None: ...
    def put_permit(self, permit: ProjectPermit) -> None: ...
    def put_contract(self, contract: Contract) -> None: ...
    def add_training(self, training: Training) -> None: ...
    def seal_totp(self, username: str, secret: str) -> bytes:
        """The one-time code's secret, sealed for this username."""
        ...

    def open_totp(self, username: str, sealed: bytes) -> str: ...
    def put_credential(self, username: str, credential: Credential) -> None: ...
    def find_credential(self, username: str) -> Credential | None: ...
    def put_pending_credential(self, username: str, credential: Credential, at: datetime) -> None:
        """Keep a credential that an enrolment will name, until it is adopted or too old."""
        ...

    def has_pending_credential(self, username: str, digest: str, since: datetime) -> bool:
        """Whether such a credential waits, made at ``since`` or later."""
        ...

    def take_pending_credential(self, username: str, digest: str, since: datetime) -> Credential | None:
        """The credential, made at ``since`` or later; it waits no more after."""
        ...

    def pending_credentials(self, since: datetime) -> int:
        """How many wait that were made at ``since`` or later."""
        ...

    def drop_pending_credentials(self, before: datetime) -> None:
        """Those made before this moment are gone."""
        ...

    def spend_recovery(self, username: str, hashed: str) -> int | None:
        """How many recovery codes are left after this one was used; None when it was not good."""
        ...

    def spend_totp(self, username: str, step: int) -> bool:
        """Whether this time step was still unused by this person; it is used up after."""
        ...

    def failures(self, username: str) -> tuple[int, datetime | None]:
        """Failed attempts in a row and when the last one was."""
        ...

    def note_attempt(self, username: str, *, succeeded: bool, at: datetime) -> None: ...


class Proposals(Protocol):
    """What was proposed and adopted."""

    def add(self, proposal: Proposal) -> None: ...
    def find(self, proposal_id: str) -> Proposal | None: ...
    def put(self, proposal: Proposal) -> None: ...
    def all(self) -> tuple[Proposal, ...]: ...
    def adopted(self, kind: ProposalKind, subject: str) -> Proposal | None:
        """The proposal in force for a subject, if one is."""
        ...

    def adopted_under(self, kind: ProposalKind, prefix: str) -> tuple[Proposal, ...]:
        """All in force whose subject begins with ``prefix``, by subject."""
        ...


class Displays(Protocol):
    """What was shown to whom, and what it led to."""

    def uses(self, person: str, since: datetime) -> tuple[Use, ...]:
        """A person's use in the clock hours from ``since``, over all projects, by hour and channel."""
        ...

    def everyones_uses(self, since: datetime) -> dict[str, tuple[Use, ...]]:
        """The same for everyone who used anything, by username."""
        ...

    def add_use(self, person: str, project: str, use: Use) -> None:
        """Add to what stands there; a negative count takes away."""
        ...

    def find_lease(self, person: str, project: str, lease: str) -> Lease | None: ...
    def put_lease(self, lease: Lease) -> None: ...
    def drop_leases(self, before: datetime) -> None:
        """Forget the leases granted earlier than ``before``; what was used stays."""
        ...

    def open_incidents(self, person: str) -> tuple[Incident, ...]:
        """Those since the last lifting, the oldest first."""
        ...

    def incidents(self, limit: int) -> tuple[Incident, ...]:
        """Everybody's, lifted ones too, the newest first."""
        ...

    def put_incident(self, incident: Incident) -> None: ...
    def paused_until(self, person: str) -> datetime | None:
        """When the last pause ends or ended."""
        ...

    def pause(self, person: str, until: datetime) -> None: ...
    def lift(self, person: str, at: datetime) -> int:
        """Incidents no longer count and no pause holds; how many counted until now."""
        ...


class Work(Ledger, Protocol):
    """One transaction over the foundation's state: all of it is kept, or none."""

    @property
    def register(self) -> Register: ...
    @property
    def proposals(self) -> Proposals: ...
    @property
    def displays(self) -> Displays: ...
    @property
    def now(self) -> datetime:
        """The time this transaction began, UTC."""
        ...

    @property
    def fresh(self) -> Randomness: ...
    @property
    def keyring(self) -> Keyring: ...


class Works(Protocol):
    """Opens transactions."""

    def begin(self) -> AbstractContextManager[Work]:
        """A transaction that is kept when the block ends and undone when it raises."""
        ...


class Passwords(Protocol):
    """Hashes and verifies passwords; verifies time-based one-time codes (RFC 6238)."""

    def hash(self, password: str) -> str: ...
    def verify(self, hashed: str, password: str) -> bool: ...
    def totp_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step a code belongs to (now, or one step either way), or None."""
        ...


class LedgerReader(Protocol):
    """Reads the ledger as it is stored."""

    def head(self) -> Checkpoint: ...
    def entries(self, first: int = 1) -> Iterator[Entry]: ...
    def leaf_hashes(self, size: int) -> list[bytes]: ...


class CheckpointStore(Protocol):
    """Keeps signed notes by tree size."""

    def latest(self) -> str | None: ...
    def at_or_after(self, size: int) -> str | None:
        """The smallest kept note whose tree holds at least ``size`` entries."""
        ...

    def all(self) -> tuple[str, ...]: ...
    def keep(self, note: str) -> None: ...
    def public_key(self) -> bytes: ...
