"""Keys of rows in the source: made from what identifies a thing there, stable over every ingest.

The same person, receipt or line gives the same key however often it is read, so that reading
a file twice adds nothing. A key is no secret and no pseudonym: it never leaves the source
(``catalog.pseudonyms`` makes what leaves). It is the first 63 bits of SHA-256, a BIGINT; for
two million people the chance that any two share one is below one in a million.
"""

import hashlib
import unicodedata
from collections.abc import Iterable

from enclave.audit.canonical import canonical


def source_key(entity: str, parts: Iterable[str]) -> int:
    """The key of the thing of this kind that these parts identify."""
    digest = hashlib.sha256(canonical([entity, *parts])).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def plain_form(text: str) -> str:
    """Text as identity compares it: full and half width made one, no spaces, upper case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def digest_of_all(digests: Iterable[str]) -> str:
    """One digest that names a set of files by their digests, whatever their order."""
    return hashlib.sha256(canonical(sorted(digests))).hexdigest()
