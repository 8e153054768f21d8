"""Words of people, encrypted under their project's ``body`` key wherever they are stored.

A sealed document is ``nonce || AES-256-GCM`` with the place it belongs to as associated
data: moved to another row, it does not open. When the key was destroyed it is gone, and
``open`` says so with None; a seal that does not hold is tampering.
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from enclave.errors import ConflictError, TamperedError
from enclave.ports import Keyring, Randomness
from enclave.sentences import Sentence, say

_NONCE = 12


class SealedWords:
    """Seals and opens JSON documents of projects."""

    def __init__(self, keyring: Keyring, fresh: Randomness) -> None:
        self._keyring = keyring
        self._fresh = fresh

    def seal(self, project: str, place: str, document: Mapping[str, Any]) -> bytes:
        """The document, sealed.

        Raises:
            ConflictError: the project has no key (any more).
        """
        key = self._keyring.find(project, "body")
        if key is None:
            raise ConflictError(
                "no_body_key",
                say("This project's key does not exist or was destroyed. Nothing can be stored for it."),
            )
        nonce = self._fresh.token(_NONCE)
        text = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
        return nonce + AESGCM(key).encrypt(nonce, text, _context(project, place))

    def open(self, project: str, place: str, sealed: bytes) -> dict[str, Any] | None:
        """The document; None when its key was destroyed.

        Raises:
            TamperedError: it is not what was sealed for this place.
        """
        key = self._keyring.find(project, "body")
        if key is None:
            return None
        try:
            text = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _context(project, place))
        except InvalidTag as error:
            raise TamperedError(
                "bad_seal", say("A stored row of project '{project}' does not open.", project=project)
            ) from error
        document: dict[str, Any] = json.loads(text)
        return document


def sentence_as_mapping(sentence: Sentence | None) -> dict[str, Any] | None:
    """A sentence as JSON values; sentences inside it included."""
    if sentence is None:
        return None
    values = {k: sentence_as_mapping(v) if isinstance(v, Sentence) else v for k, v in sentence.values.items()}
    return {"text": sentence.text, "values": values}


def sentence_from_mapping(stored: Mapping[str, Any] | None) -> Sentence | None:
    """The sentence again."""
    if stored is None:
        return None
    values: dict[str, str | int | Sentence] = {}
    for name, value in stored["values"].items():
        inner = sentence_from_mapping(value) if isinstance(value, Mapping) else value
        if inner is not None:
            values[name] = inner
    return Sentence(stored["text"], values)


def _context(project: str, place: str) -> bytes:
    return f"hanare:{project}:{place}".encode()
