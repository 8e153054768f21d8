"""The id set of an extract: every pseudonym in it, 16 bytes each, in order, sealed under the data key.

It lies beside the extract as ``<version>.ids`` for whoever checks outputs. An extract can show
millions of keys, so the set is written and read in pieces, none of which is a file of its own:
AES-256-GCM with the project and version as associated data, and a nonce of a random prefix, the
piece's number and whether it is the last. A set of another extract does not open, nor does one
with a piece moved, repeated, left out or cut off.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from catalog.pseudonyms import PSEUDONYM_BYTES
from enclave.errors import TamperedError
from enclave.sentences import say

PREFIX_BYTES = 7
PIECE = 1 << 16
"""So many pseudonyms are sealed together."""
_TAG = 16


def write_ids(
    path: Path, pieces: Iterable[bytes], key: bytes, prefix: bytes, project: str, version: str
) -> int:
    """Write the set; how many pseudonyms there are. Every piece but the last holds ``PIECE`` of them."""
    sealing, bound, coming = AESGCM(key), _bound_to(project, version), iter(pieces)
    number = size = 0
    held = next(coming, b"")
    with path.open("xb") as file:
        file.write(prefix)
        while True:
            following = next(coming, b"")
            file.write(sealing.encrypt(_nonce(prefix, number, last=not following), held, bound))
            size += len(held)
            if not following:
                return size // PSEUDONYM_BYTES
            number, held = number + 1, following


def read_ids(path: Path, key: bytes, project: str, version: str) -> Iterator[str]:
    """The pseudonyms of an extract, in order.

    Raises:
        TamperedError: it is not the set of this extract, or was altered.
    """
    opening, bound, most = AESGCM(key), _bound_to(project, version), PIECE * PSEUDONYM_BYTES + _TAG
    with path.open("rb") as file:
        prefix, sealed = file.read(PREFIX_BYTES), file.read(most)
        number, following = 0, file.read(most)
        while True:
            try:
                piece = opening.decrypt(_nonce(prefix, number, last=not following), sealed, bound)
            except (InvalidTag, ValueError) as error:
                raise TamperedError("id_set", say("The id set of this extract does not open.")) from error
            for at in range(0, len(piece), PSEUDONYM_BYTES):
                yield str(UUID(bytes=piece[at : at + PSEUDONYM_BYTES]))
            if not following:
                return
            number, sealed, following = number + 1, following, file.read(most)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _bound_to(project: str, version: str) -> bytes:
    return f"hanare-ids:{project}:{version}".encode()
