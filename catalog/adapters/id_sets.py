"""The id set of an extract: every pseudonym in it, one a line, sorted, sealed under the data key.

It lies beside the extract as ``<version>.ids`` for whoever checks outputs: nonce, then
AES-256-GCM with the project and version as associated data, so that a set of one extract does
not open as that of another.
"""

from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enclave.errors import TamperedError
from enclave.sentences import say

_NONCE = 12


def seal_ids(ids: Iterable[str], key: bytes, nonce: bytes, project: str, version: str) -> bytes:
    """The file's bytes."""
    text = "".join(f"{one}\n" for one in sorted(ids))
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), _bound_to(project, version))


def read_ids(path: Path, key: bytes, project: str, version: str) -> tuple[str, ...]:
    """The pseudonyms of an extract.

    Raises:
        TamperedError: it is not the set of this extract, or was altered.
    """
    sealed = path.read_bytes()
    try:
        text = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(project, version))
    except (InvalidTag, ValueError) as error:
        raise TamperedError("id_set", say("The id set of this extract does not open.")) from error
    return tuple(text.decode().splitlines())


def _bound_to(project: str, version: str) -> bytes:
    return f"hanare-ids:{project}:{version}".encode()
