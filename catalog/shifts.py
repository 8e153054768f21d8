"""By how many days the dates of a person are moved: one offset per person and project, never 0.

HMAC-SHA-256 under a key of its own, derived from the project's pseudonym key, over the person's
key in the source, taken modulo the offsets there are. So it is the same in every table and every
version of a project's extract, and another one in another project. Whoever opens the pseudonym
key for an inquiry can move the dates back; nobody else can.
"""

import hmac
from collections.abc import Iterable

from catalog.pseudonyms import KEY_BYTES

_PURPOSE = b"hanare: days by which dates are shifted, 1"


def shift_days(key: bytes, source_keys: Iterable[int], most: int) -> list[int]:
    """One offset per person, in their order: from ``-most`` to ``most`` days, without 0."""
    if len(key) != KEY_BYTES:
        raise ValueError("a pseudonym key has 32 bytes")
    if most < 1:
        raise ValueError("dates are shifted by at least a day")
    own = hmac.digest(key, _PURPOSE, "sha256")
    days = []
    for source_key in source_keys:
        drawn = int.from_bytes(hmac.digest(own, str(source_key).encode(), "sha256")) % (2 * most)
        days.append(drawn - most if drawn < most else drawn - most + 1)
    return days
