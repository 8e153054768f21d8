"""Pseudonyms: what stands for a person, and for anything else with a key, inside one project.

HMAC-SHA-256 under the project's own key over the kind of thing and its source key, cut to 128
bits and written as a UUID (version 8, RFC 9562). Without the key nothing leads back, and two
projects have nothing in common to join by. The same thing has the same pseudonym in every
version of a project's extract, so that an inquiry years later can name a row.
"""

import hashlib
from collections.abc import Iterable

import numpy as np

KEY_BYTES = 32
PSEUDONYM_BYTES = 16
_BLOCK = 64
"""SHA-256 takes the key, padded to a block of this size, before and after the message (RFC 2104)."""


def pseudonym(key: bytes, entity: str, source_key: int) -> str:
    """The pseudonym of the thing of this kind with this source key, in this project."""
    return pseudonyms(key, entity, (source_key,))[0]


def pseudonyms(key: bytes, entity: str, source_keys: Iterable[int]) -> list[str]:
    """One pseudonym per source key, in their order."""
    text = pseudonym_bytes(key, entity, source_keys).hex()
    return [
        f"{text[at : at + 8]}-{text[at + 8 : at + 12]}-{text[at + 12 : at + 16]}-{text[at + 16 : at + 20]}-{text[at + 20 : at + 32]}"
        for at in range(0, len(text), 2 * PSEUDONYM_BYTES)
    ]


def pseudonym_bytes(key: bytes, entity: str, source_keys: Iterable[int]) -> bytes:
    """The same as the 16 bytes of each UUID, one after the other."""
    if len(key) != KEY_BYTES:
        raise ValueError("a pseudonym key has 32 bytes")
    # HMAC with the key taken in once: half of the work of every call would be the key's own blocks.
    padded = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + f"{entity}:".encode()).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded)).copy
    digests = []
    for source_key in source_keys:
        message, whole = inner(), outer()
        message.update(b"%d" % source_key)
        whole.update(message.digest())
        digests.append(whole.digest())
    made = np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, hashlib.sha256().digest_size)
    made = made[:, :PSEUDONYM_BYTES].copy()
    made[:, 6] = made[:, 6] & 0x0F | 0x80  # version 8
    made[:, 8] = made[:, 8] & 0x3F | 0x80  # the variant of RFC 9562
    return made.tobytes()
