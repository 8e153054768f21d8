"""Is it one of five million? Pseudonyms in a file, and the source's own identifiers at the matcher.

Tokens a second through ``find_in_each``, the whole search that checks use, on one processor: half of the tokens are
members, and each must be found, and no stranger. ``pseudonym_membership`` is of identifiers as they are written, in six
forms in turn; ``pseudonym_encoded`` of base64, hexadecimal of the text, md5, sha1 and sha256 in turn, which are longer
and are decoded or looked up among 55 million digests. Their peer is a frozenset of the written identifiers, asked token
by token, which finds two of the eleven forms. Both are in processor time, which others on the machine do not spoil;
``pseudonym_membership_clock`` is the first by the clock. ``pseudonym_made`` is the processor time it takes to make the
set with its digests, once, beside that of the frozenset; ``pseudonym_memory`` is what each then holds, ``pseudonym_peak`` the most that the process had until then.
``own_membership`` is forms a second that the matcher's set answers, beside the same frozenset's; ``own_memory``
likewise. ``HANARE_BENCH_IDS`` makes the sets smaller.
"""

import base64
import gc
import hashlib
import os
import resource
import sys
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.measured import in_turns, processor_in_turns, tell, whole_number  # noqa: E402  the folder above must be known first
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
ENCODED: tuple[Callable[[uuid.UUID], str], ...] = (
    lambda u: base64.b64encode(u.bytes).decode(),
    lambda u: base64.b64encode(str(u).encode()).decode(),
    lambda u: str(u).encode().hex(),
    lambda u: hashlib.md5(str(u).encode(), usedforsecurity=False).hexdigest(),
    lambda u: hashlib.sha1(str(u).encode(), usedforsecurity=False).hexdigest(),
    lambda u: hashlib.sha256(str(u).encode()).hexdigest(),
)
PEER = "a frozenset of the identifiers as strings"


def main() -> int:
    """Measure both sets."""
    packed = os.urandom(16 * IDS)
    began = time.process_time()
    ids = PseudonymSet(UuidTable.of(packed), frozenset(), frozenset(), ()).with_digests()
    made = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    strings = frozenset(str(uuid.UUID(bytes=packed[at : at + 16])) for at in range(0, len(packed), 16))
    tell("pseudonym_made", made, "s of processor", PEER, time.process_time() - began)
    # The peer's five million strings are no work of ours: the collector would walk them again and again.
    gc.freeze()
    tokens = _tokens(packed, FORMS)
    for name, asked in (("pseudonym_membership", tokens), ("pseudonym_encoded", _tokens(packed, ENCODED))):
        found = find_in_each(asked, ids)
        if not all(found[0::2]) or any(found[1::2]):
            raise RuntimeError("membership is not exact")
        ours, peer = processor_in_turns(
            partial(find_in_each, asked, ids), partial(_found_in, asked, strings), TURNS
        )
        tell(name, len(asked) / ours, "tokens/s of processor", PEER, len(asked) / peer)
    ours, peer = in_turns(partial(find_in_each, tokens, ids), partial(_found_in, tokens, strings), TURNS)
    tell("pseudonym_membership_clock", len(tokens) / ours, "tokens/s", PEER, len(tokens) / peer)
    held = ids.table.nbytes + sum(table.nbytes for table in ids.table.digests.values())
    strings_held = sys.getsizeof(strings) + len(strings) * sys.getsizeof(next(iter(strings)))
    tell("pseudonym_memory", held / MEBIBYTE, "MiB", PEER, strings_held / MEBIBYTE)
    tell("pseudonym_peak", peak, "MiB of the process while it was made", PEER, strings_held / MEBIBYTE)
    _own(strings, tokens)
    return 0


def _tokens(packed: bytes, forms: tuple[Callable[[uuid.UUID], str], ...]) -> list[str]:
    """Members and strangers in turn, in each of the forms."""
    members = [uuid.UUID(bytes=packed[16 * n : 16 * n + 16]) for n in range(min(IDS, TOKENS // 2))]
    pairs = [(one, uuid.UUID(bytes=os.urandom(16))) for one in members]
    return [forms[n % len(forms)](one) for n, pair in enumerate(pairs) for one in pair]


def _found_in(tokens: list[str], strings: frozenset[str]) -> list[bool]:
    return [token.lower() in strings for token in tokens]


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
