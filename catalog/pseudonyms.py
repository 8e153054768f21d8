"""Pseudonyms: what stands for a person, and for anything else with a key, inside one project.

HMAC-SHA-256 under the project's own key over the kind of thing and its source key, cut to 128
bits and written as a UUID (version 8, RFC 9562). Without the key nothing leads back, and two
projects have nothing in common to join by. The same thing has the same pseudonym in every
version of a project's extract, so that an inquiry years later can name a row.
"""

import hmac
from collections.abc import Iterable

KEY_BYTES = 32


def pseudonym(key: bytes, entity: str, source_key: int) -> str:
    """The pseudonym of the thing of this kind with this source key, in this project."""
    return next(iter(pseudonyms(key, entity, (source_key,))))


def pseudonyms(key: bytes, entity: str, source_keys: Iterable[int]) -> list[str]:
    """One pseudonym per source key, in their order."""
    if len(key) != KEY_BYTES:
        raise ValueError("a pseudonym key has 32 bytes")
    prefix = f"{entity}:".encode()
    texts = []
    for source_key in source_keys:
        text = hmac.digest(key, prefix + str(source_key).encode(), "sha256")[:16].hex()
        variant = "89ab"[int(text[16], 16) & 3]
        texts.append(f"{text[:8]}-{text[8:12]}-8{text[13:16]}-{variant}{text[17:20]}-{text[20:]}")
    return texts
