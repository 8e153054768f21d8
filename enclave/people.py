"""The register's values: organisations, accounts, and what makes a person eligible.

A person acts only while all of this holds (DESIGN section 7): the account is active, its
organisation's certification is in force, the training is valid; for a project also that the
project is in force and the person is named on its permit. Dates are inclusive: a
certification that ends on a day is good on that day.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from enclave.identity import Person, Role


class AccountState(StrEnum):
    """Whether an account may be used at all."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class OrganisationKind(StrEnum):
    """What an organisation is certified as under the Act."""

    TYPE_TWO_USER = "type_two_user"
    PRODUCER = "producer"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A certified organisation; ``certified_until`` is the last good day."""

    id: str
    name: str
    kind: OrganisationKind
    certified_until: date


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

    def person(self) -> Person:
        """Who this account stands for."""
        return Person(self.username, self.display_name, self.organisation, self.roles)


@dataclass(frozen=True, slots=True)
class Credential:
    """What proves that someone is a person of the register; holds no secret in the clear."""

    password_hash: str
    """argon2id, with its parameters and salt."""
    totp_sealed: bytes
    """The time-based one-time code's secret, sealed for this username."""

    def digest(self) -> str:
        """SHA-256 (hex): what an enrolment names, so that adopting binds this credential."""
        return hashlib.sha256(self.password_hash.encode() + b"\0" + self.totp_sealed).hexdigest()
