"""The use contract: between the producer and a type-II organisation, over one project or all.

Nobody analyses without one (利用契約). It is proposed by one person and adopted by another,
with the SHA-256 of the signed document; the document itself stays where contracts are kept. A
contract's id is used once: another term, another text or another project is another contract.
Ending one early takes one operator and is for good.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from enclave.errors import InvalidInputError
from enclave.sentences import say

EVERY_PROJECT = ""
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{1,39}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed; both days are good days."""

    id: str
    organisation: str
    project: str
    """The one project it covers, or ``EVERY_PROJECT`` of the organisation."""
    starts_on: date
    ends_on: date
    sha256: str
    """SHA-256 (hex) of the signed document."""
    ended_at: datetime | None = None
    """When it was ended before its time (UTC), if it was."""
    ended_reason: str = ""

    def covers(self, organisation: str, project: str) -> bool:
        """Whether it speaks of this organisation's work in this project, in force or not."""
        return self.organisation == organisation and self.project in {EVERY_PROJECT, project}

    def in_force(self, today: date) -> bool:
        """Whether it holds on this day."""
        return self.ended_at is None and self.starts_on <= today <= self.ends_on


def check_contract(contract: Contract) -> Contract:
    """The contract itself, when its id, digest and days have the right form.

    Raises:
        InvalidInputError: what is wrong, and what to write instead.
    """
    if not _ID.fullmatch(contract.id):
        raise InvalidInputError(
            "bad_contract_id",
            say("A contract's id has 2 to 40 lower-case letters, digits, dots or hyphens."),
        )
    if not _SHA256.fullmatch(contract.sha256):
        raise InvalidInputError(
            "bad_sha256", say("Give the SHA-256 of the signed document: 64 hexadecimal digits.")
        )
    if contract.ends_on < contract.starts_on:
        raise InvalidInputError("days_reversed", say("The last day comes before the first. Swap them."))
    return contract
