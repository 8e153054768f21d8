r"""Checkpoints: signed tree heads, as text that can be kept off-site.

The text follows C2SP tlog-checkpoint and signed-note: origin, size in decimal, root in
base64, each on a line; an empty line; then a line ``— <key name> <base64>`` whose bytes are
a four-byte key id and an Ed25519 signature over the text before the empty line. The key id is
``sha256(name || "\n" || 0x01 || public key)[:4]``. Only the recorder holds the private key.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from enclave.errors import TamperedError
from enclave.sentences import say

_ED25519 = b"\x01"
_DASH = "\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a signed note says of a tree."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text, which is what is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes that tell which key signed."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def sign_checkpoint(checkpoint: Checkpoint, name: str, private: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note."""
    text = checkpoint.text()
    public = private.public_key().public_bytes_raw()
    stamp = base64.b64encode(key_id(name, public) + private.sign(text.encode())).decode()
    return f"{text}\n{_DASH} {name} {stamp}\n"


def _bad(code: str) -> TamperedError:
    return TamperedError(
        code, say("This checkpoint is not one that this ledger's recorder signed. Use an unaltered copy.")
    )


def open_checkpoint(note: str, name: str, public: bytes) -> Checkpoint:
    """The checkpoint inside a signed note.

    Raises:
        TamperedError: malformed, by another key, or the signature does not hold.
    """
    text, gap, stamps = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != 3 or not lines[1].isdecimal():
        raise _bad("bad_checkpoint")
    signed = f"{text}\n".encode()
    for line in stamps.splitlines():
        dash, _, rest = line.partition(" ")
        who, _, stamp = rest.partition(" ")
        if dash != _DASH or who != name:
            continue
        try:
            raw = base64.b64decode(stamp, validate=True)
            root = base64.b64decode(lines[2], validate=True)
            if raw[:4] != key_id(name, public):
                continue
            Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], signed)
        except (binascii.Error, InvalidSignature, ValueError) as error:
            raise _bad("bad_checkpoint_signature") from error
        return Checkpoint(lines[0], int(lines[1]), root)
    raise _bad("unsigned_checkpoint")
