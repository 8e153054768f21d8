"""The census of routes: every door of the portal, who may knock, and what may be recorded.

A page module lists its doors as ``Route`` constants and gathers them in its ``ROUTES``; the
application's real routes must equal the union of all of them (a test compares both ways),
so a door that is not in the census cannot exist. ``who`` is asked before the page runs, from
the register as it is at that moment; the use case behind the page asks again, in the
transaction that acts. A route that records nothing changes nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from enclave.audit.kinds import Kind
from enclave.identity import Role


class Who(StrEnum):
    """Who may knock when no role is needed."""

    ANYONE = "anyone"
    """Also without a session."""
    SIGNED_IN = "signed in"
    """Any eligible account."""


@dataclass(frozen=True, slots=True)
class Route:
    """One door: method and path, who may knock, what it changes, what it answers."""

    method: str
    path: str
    who: Who | frozenset[Role]
    changes: str
    """What is different afterwards, in one sentence; empty when nothing is."""
    answer: str
    """The JSON shape, or the media type where it is not JSON."""
    records: tuple[Kind, ...] = ()
    """Kinds of events that this door may add to the ledger."""
    back: str = ""
    """Where a person reads on when this door refused; may use the path's own names."""


def roles(*held: Role) -> frozenset[Role]:
    """Any one of these roles opens the door."""
    return frozenset(held)
