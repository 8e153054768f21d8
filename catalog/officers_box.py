"""The officers' box: what only both re-identification officers together can open.

Rules:

1. The box is an X25519 key pair. Whoever has the public half seals; only the private half opens.
2. The private half is sealed under both officers' passphrases together: each is stretched with
   argon2id under a salt of its own, both results go into one HKDF. Neither passphrase is of any
   use alone, and the same one given twice is not both.
3. The sealing is bound to everything else the box says: officers, organisation, public half. A
   box in which any of it was changed opens with no passphrase.
4. Two officers have two different passphrases of at least ``SHORTEST`` characters, so that
   neither knows the other's by knowing their own.
5. What is sealed carries a label (``pseudonym:<project>``): it opens as that and as nothing else.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from enclave.audit.canonical import Value, canonical
from enclave.errors import ConflictError, DeniedError, InvalidInputError, TamperedError
from enclave.sentences import say

FORMAT = "hanare-officers-box/1"
SHORTEST = 16
"""Characters of a passphrase; long enough that stretching makes guessing hopeless."""
_KEY, _NONCE, _SALT = 32, 12, 16
_SEAL = b"hanare sealed 1"
Token = Callable[[int], bytes]
"""Gives so many fresh bytes."""


@dataclass(frozen=True, slots=True)
class Stretching:
    """argon2id's cost. The default takes about a second and 256 MiB for each passphrase."""

    memory_kib: int = 262144
    passes: int = 4
    lanes: int = 2


@dataclass(frozen=True, slots=True)
class Box:
    """A box as it is kept: nothing in it is secret without both passphrases."""

    public: bytes
    officers: tuple[str, str]
    """Usernames, in order."""
    organisation: str
    stretching: Stretching
    salts: tuple[bytes, bytes]
    """In the order of the officers."""
    nonce: bytes
    sealed: bytes
    """The private half."""

    def stated(self) -> dict[str, Value]:
        """Everything the sealing is bound to."""
        cost = self.stretching
        return {
            "format": FORMAT,
            "public": self.public.hex(),
            "officers": list(self.officers),
            "organisation": self.organisation,
            "argon2id": {"memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes},
            "salts": [salt.hex() for salt in self.salts],
        }


def make_box(organisation: str, passphrases: Mapping[str, str], cost: Stretching, token: Token) -> Box:
    """A new box of these two officers, each with their passphrase.

    Raises:
        InvalidInputError: not two officers, or passphrases that are too short or the same.
    """
    return wrap(token(_KEY), organisation, passphrases, cost, token)


def wrap(
    private: bytes, organisation: str, passphrases: Mapping[str, str], cost: Stretching, token: Token
) -> Box:
    """The box of this private half under these officers' passphrases."""
    first, second = _two(passphrases)
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    salts, nonce = (token(_SALT), token(_SALT)), token(_NONCE)
    unsealed = Box(public, (first, second), organisation, cost, salts, nonce, b"")
    sealed = AESGCM(_both(unsealed, passphrases)).encrypt(nonce, private, canonical(unsealed.stated()))
    return Box(public, (first, second), organisation, cost, salts, nonce, sealed)


def open_box(box: Box, passphrases: Mapping[str, str]) -> bytes:
    """The private half.

    Raises:
        DeniedError: not both officers' passphrases; which one was wrong cannot be told.
    """
    if tuple(sorted(passphrases)) != box.officers:
        raise not_both()
    try:
        return AESGCM(_both(box, passphrases)).decrypt(box.nonce, box.sealed, canonical(box.stated()))
    except InvalidTag as error:
        raise DeniedError(
            "wrong_passphrase",
            say("The box does not open: one of the passphrases is wrong, or the box was changed."),
        ) from error


def seal(public: bytes, content: bytes, label: str, token: Token) -> bytes:
    """``content`` as only the box opens it, under this label."""
    once = X25519PrivateKey.from_private_bytes(token(_KEY))
    shown = once.public_key().public_bytes_raw()
    key = _shared(once.exchange(X25519PublicKey.from_public_bytes(public)), shown, public)
    nonce = token(_NONCE)
    return shown + nonce + AESGCM(key).encrypt(nonce, content, label.encode())


def unseal(private: bytes, sealed: bytes, label: str) -> bytes:
    """What was sealed under this label.

    Raises:
        TamperedError: it is damaged, of another box, or of another label.
    """
    own = X25519PrivateKey.from_private_bytes(private)
    shown, nonce, rest = sealed[:_KEY], sealed[_KEY : _KEY + _NONCE], sealed[_KEY + _NONCE :]
    try:
        exchanged = own.exchange(X25519PublicKey.from_public_bytes(shown))
        key = _shared(exchanged, shown, own.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, rest, label.encode())
    except (InvalidTag, ValueError) as error:
        raise TamperedError(
            "not_of_this_box", say("What was sealed to the officers' box does not open. Restore it.")
        ) from error


def box_bytes(box: Box) -> bytes:
    """The box as a file."""
    return canonical({**box.stated(), "nonce": box.nonce.hex(), "sealed": box.sealed.hex()}) + b"\n"


def read_box(content: bytes) -> Box:
    """The box of a file.

    Raises:
        TamperedError: it cannot be read.
    """
    try:
        stated = json.loads(content)
        first, second = (str(name) for name in stated["officers"])
        one, other = (bytes.fromhex(salt) for salt in stated["salts"])
        cost = Stretching(**{name: int(value) for name, value in stated["argon2id"].items()})
        if stated["format"] != FORMAT:
            raise ValueError("another format")
        return Box(
            public=bytes.fromhex(stated["public"]),
            officers=(first, second),
            organisation=str(stated["organisation"]),
            stretching=cost,
            salts=(one, other),
            nonce=bytes.fromhex(stated["nonce"]),
            sealed=bytes.fromhex(stated["sealed"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TamperedError(
            "bad_box", say("The officers' box cannot be read. Restore its file from a backup.")
        ) from error


def no_box() -> ConflictError:
    """What whoever needs a box is told when there is none."""
    return ConflictError(
        "no_officers_box",
        say("There is no officers' box yet. Two officers make it: enclave catalog officers init"),
    )


def not_both() -> DeniedError:
    """What anybody but the two officers is told."""
    return DeniedError(
        "not_both_officers", say("The box opens for both of its officers together and for nobody else.")
    )


def not_two() -> InvalidInputError:
    """What whoever names one person, or three, is told."""
    return InvalidInputError("two_officers", say("The box has exactly two officers. Name two persons."))


def normal(passphrase: str) -> str:
    """A passphrase as it counts: however an input method composed its characters."""
    return unicodedata.normalize("NFKC", passphrase)


def _two(passphrases: Mapping[str, str]) -> tuple[str, str]:
    if len(passphrases) != 2:
        raise not_two()
    first, second = sorted(passphrases)
    words = [normal(passphrases[name]) for name in (first, second)]
    if any(len(word) < SHORTEST for word in words):
        raise InvalidInputError(
            "short_passphrase", say("A passphrase has at least {least} characters.", least=SHORTEST)
        )
    if words[0] == words[1]:
        raise InvalidInputError(
            "same_passphrase",
            say("The two officers gave the same passphrase. Each chooses their own, alone."),
        )
    return first, second


def _both(box: Box, passphrases: Mapping[str, str]) -> bytes:
    cost, stretched = box.stretching, b""
    for name, salt in zip(box.officers, box.salts, strict=True):
        stretched += hash_secret_raw(
            normal(passphrases[name]).encode(), salt, cost.passes, cost.memory_kib, cost.lanes, _KEY, Type.ID
        )
    return HKDF(SHA256(), _KEY, None, FORMAT.encode()).derive(stretched)


def _shared(exchanged: bytes, shown: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, None, _SEAL + shown + public).derive(exchanged)
