"""The register's values: organisations, accounts, and what makes a person eligible.

A person acts only while all of this holds (DESIGN section 7): the account is active, its
organisation's certification is in force, the training is valid; for a project also that the
project is in force, a use contract covers it and the person is named on its permit. Dates are
inclusive: a certification that ends on a day is good on that day. What an operator ended
(an account suspended, a certification withdrawn) is over at once, whatever the dates say.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from enclave.identity import Person, Role


class AccountState(StrEnum):
    """Whether an account may be used at all."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """An operator closed it."""
    DISABLED = "disabled"
    """The limits on what may be shown closed it."""


class OrganisationKind(StrEnum):
    """What an organisation is certified as under the Act."""

    TYPE_TWO_USER = "type_two_user"
    PRODUCER = "producer"
    CONTRACTOR = "contractor"
    """Entrusted with a producer's data (認定医療情報等取扱受託事業者): runs the house, never re-identifies."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A certified organisation; ``certified_until`` is the last good day."""

    id: str
    name: str
    kind: OrganisationKind
    certified_until: date
    certificate: str = ""
    """The certificate's number; empty in what was registered before it was asked for."""
    certified_from: date = date.min
    """The first good day."""
    withdrawn_at: datetime | None = None
    """When the certification was withdrawn (UTC), if it was."""
    withdrawn_reason: str = ""


@dataclass(frozen=True, slots=True)
class Training:
    """A course that a person completed; ``valid_until`` is the last day on which it counts."""

    username: str
    course: str
    completed_on: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the register knows them."""

    username: str
    display_name: str
    organisation: str
    roles: frozenset[Role]
    state: AccountState
    trained_until: date
    enrolled_at: datetime
    """When this enrolment was adopted (UTC)."""
    re_enrolled: bool = False
    """Whether an earlier enrolment of the same person was replaced by this one."""
    closed_at: datetime | None = None
    """Since when the account is not active (UTC), as far as whoever closed it said so."""
    closed_reason: str = ""

    def person(self) -> Person:
        """Who this account stands for."""
        return Person(self.username, self.display_name, self.organisation, self.roles)

    def closed(self, state: AccountState, at: datetime, reason: str) -> "Account":
        """The same account, not to be used from this moment on."""
        return replace(self, state=state, closed_at=at, closed_reason=reason)

    def opened(self) -> "Account":
        """The same account, to be used again."""
        return replace(self, state=AccountState.ACTIVE, closed_at=None, closed_reason="")


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves that someone is a person of the register; holds no secret in the clear."""

    password_hash: str
    """argon2id, with its parameters and salt."""
    totp_sealed: bytes
    """The time-based one-time code's secret, sealed for this username."""
    recovery: tuple[str, ...] = ()
    """Hashes of the recovery codes that are still good."""

    def digest(self) -> str:
        """SHA-256 (hex): what an enrolment names, so that adopting binds this credential."""
        parts = [self.password_hash.encode(), self.totp_sealed, *(h.encode() for h in self.recovery)]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()
