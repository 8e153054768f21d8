"""The cast, as ``cast.json`` tells it, and their one-time codes (RFC 6238, computed here).

A code is six digits of HMAC-SHA-1 over the number of the 30-second step. The house takes a
step once per person and one step either way, so each person gives the next unused step and
waits when they are ahead of the clock.
"""

import base64
import hashlib
import hmac
import json
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STEP_SECONDS = 30
MARGIN_SECONDS = 4
"""A code from the step before is not begun on when this little of the present one is left."""


def totp(secret: str, step: int) -> str:
    """The code of a base32 secret for one time step."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def next_step(now: float, used: int) -> tuple[int, float]:
    """The first step that is unused and accepted, and how many seconds to wait for it."""
    present, gone = divmod(now, STEP_SECONDS)
    earliest = int(present) - (1 if STEP_SECONDS - gone > MARGIN_SECONDS else 0)
    step = max(earliest, used + 1)
    begins = (step - 1) * STEP_SECONDS
    return step, max(0.0, begins + 0.5 - now) if begins > now else 0.0


@dataclass
class Someone:
    """A person of the cast."""

    username: str
    password: str
    totp_secret: str
    roles: frozenset[str]
    display_name: str
    organisation: str
    used: int = field(default=0, repr=False)

    def code(self, clock: Callable[[], float] = time.time, wait: Callable[[float], None] = time.sleep) -> str:
        """A fresh one-time code; waits until there is one."""
        step, seconds = next_step(clock(), self.used)
        if seconds:
            wait(seconds)
        self.used = step
        return totp(self.totp_secret, step)


@dataclass(frozen=True)
class Cast:
    """Everybody, the two addresses, and what the demo was seeded with."""

    hub: str
    portal: str
    project: str
    people: tuple[Someone, ...]
    source: dict[str, Any]
    note: str

    def with_role(self, role: str) -> tuple[Someone, ...]:
        """Everyone who holds a role, in the order of the cast."""
        return tuple(person for person in self.people if role in person.roles)

    def one(self, role: str) -> Someone:
        """The first who holds a role."""
        return self.with_role(role)[0]

    def without_roles_of_the_story(self) -> tuple[Someone, ...]:
        """People who may neither work in the project nor check: the intruder among them."""
        told = {"researcher", "checker", "board", "auditor", "operator", "steward", "officer"}
        return tuple(p for p in self.people if not p.roles & told or p.username == "intruder")


def read_cast(path: Path) -> Cast:
    """The cast that this file tells of."""
    told = json.loads(path.read_text("utf-8"))
    people = tuple(
        Someone(
            username=p["username"],
            password=p["password"],
            totp_secret=p["totp_secret"],
            roles=frozenset(p["roles"]),
            display_name=p["display_name"],
            organisation=p["organisation"],
        )
        for p in told["people"]
    )
    return Cast(
        told["hub"], told["portal"], told["project"], people, dict(told["source"]), told.get("note", "")
    )
