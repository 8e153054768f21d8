"""Is it one of five million? Pseudonyms in a file, and the source's own identifiers at the matcher.

``pseudonym_membership`` is tokens a second through ``find_in_each``, the whole search that checks use: half of them
members, in six written forms in turn; its peer is a frozenset of the written identifiers, asked token by token,
which finds two of the six forms. Both must find every member of the forms they know, and no stranger.
``pseudonym_memory`` is what each holds. ``own_membership`` is forms a second that the matcher's set answers, beside
the same frozenset's; ``own_memory`` likewise. ``HANARE_BENCH_IDS`` makes the sets smaller.
"""

import os
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.measured import in_turns, tell, whole_number  # noqa: E402  the folder above must be known first
from catalog.identifiers.own_forms import OwnKind  # noqa: E402
from catalog.identifiers.own_set import OwnSet, hashed  # noqa: E402
from catalog.identifiers.pseudonyms import PseudonymSet, find_in_each  # noqa: E402
from catalog.identifiers.uuid_table import UuidTable  # noqa: E402

IDS = whole_number("HANARE_BENCH_IDS", 5_000_000)
TOKENS, TURNS, MEBIBYTE = 100_000, 5, 1 << 20
FORMS: tuple[Callable[[uuid.UUID], str], ...] = (
    str,
    lambda u: u.hex,
    lambda u: str(u).upper(),
    lambda u: u.hex.upper(),
    lambda u: f"{{{u}}}",
    lambda u: u.urn,
)
PEER = "a frozenset of the identifiers as strings"


def main() -> int:
    """Measure both sets."""
    packed = os.urandom(16 * IDS)
    ids = PseudonymSet(UuidTable.of(packed), frozenset(), frozenset(), ())
    strings = frozenset(str(uuid.UUID(bytes=packed[at : at + 16])) for at in range(0, len(packed), 16))
    members = [uuid.UUID(bytes=packed[16 * n : 16 * n + 16]) for n in range(TOKENS // 2)]
    written = [FORMS[n % len(FORMS)](one) for n, one in enumerate(members)]
    tokens = [text for one in written for text in (one, FORMS[0](uuid.UUID(bytes=os.urandom(16))))]
    find_in_each(tokens[:2], ids)  # the digests of the set are made at their first use, once
    found = find_in_each(tokens, ids)
    if not all(found[0::2]) or any(found[1::2]):
        raise RuntimeError("membership is not exact")
    ours, peer = in_turns(
        lambda: find_in_each(tokens, ids), lambda: [token.lower() in strings for token in tokens], TURNS
    )
    tell("pseudonym_membership", len(tokens) / ours, "tokens/s", PEER, len(tokens) / peer)
    held = ids.table.low.nbytes + sum(s.values.nbytes + s.seen.nbytes for s in (ids.table.high,))
    strings_held = sys.getsizeof(strings) + len(strings) * sys.getsizeof(next(iter(strings)))
    tell("pseudonym_memory", held / MEBIBYTE, "MiB", PEER, strings_held / MEBIBYTE)
    _own(strings, tokens)
    return 0


def _own(strings: frozenset[str], tokens: list[str]) -> None:
    key = os.urandom(32)
    hashes = np.sort(hashed(strings, key))
    own = OwnSet(hashes, np.full(len(hashes), OwnKind.NAME, dtype=np.uint8), key)
    members = sum(1 for token in tokens if token in strings)
    if len(tokens) - own.kinds_of(tokens).count(0) != members:
        raise RuntimeError("membership is not exact")
    ours, peer = in_turns(lambda: own.kinds_of(tokens), lambda: [token in strings for token in tokens], TURNS)
    tell("own_membership", len(tokens) / ours, "forms/s", PEER, len(tokens) / peer)
    held = own.hashes.nbytes + own.kinds.nbytes
    strings_held = sys.getsizeof(strings) + len(strings) * sys.getsizeof(next(iter(strings)))
    tell("own_memory", held / MEBIBYTE, "MiB", PEER, strings_held / MEBIBYTE)


if __name__ == "__main__":
    sys.exit(main())
