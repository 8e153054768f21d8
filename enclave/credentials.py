"""What a person chooses and is given when they set up their sign-in. Pure.

A password is long and not one that everybody tries first; nothing else is asked of it (no
mixture of signs, no expiry, as NIST SP 800-63B has it). Ten recovery codes of eighty
random bits are shown once; what is kept is a hash bound to the username. With eighty random
bits a fast hash gives nothing away.
"""

import base64
import hashlib
import re
from urllib.parse import quote, urlencode

from enclave.errors import InvalidInputError
from enclave.sentences import say

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
FEWEST_SIGNS = 5
"""How many different characters a password has at least."""
RECOVERY_CODES, RECOVERY_BYTES = 10, 10
TOTP_BYTES = 20
WORST = frozenset(
    {
        "0123456789ab",
        "012345678910",
        "123456789012",
        "1234567890ab",
        "1234567890qw",
        "12345qwertyuiop",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "abcdefghijkl",
        "administrator",
        "asdfghjklzxcvbnm",
        "changeme1234",
        "hanarehanare",
        "hanare123456",
        "iloveyou1234",
        "letmein12345",
        "nihonnihon12",
        "password1234",
        "password12345",
        "password123456",
        "passw0rd1234",
        "passwordpassword",
        "q1w2e3r4t5y6",
        "qazwsxedcrfv",
        "qwerty123456",
        "qwertyqwerty",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiopas",
        "sakura123456",
        "sakurasakura",
        "tokyo2020tokyo",
        "trustno1trustno1",
        "welcome12345",
        "zxcvbnm12345",
        "zaq12wsxcde3",
    }
)
"""Among passwords that are long enough, those that are tried first. Lower case."""
_RECOVERY = re.compile(r"[A-Z2-7]{16}")


def check_password(username: str, password: str) -> str:
    """The password itself, when it can be one.

    Raises:
        InvalidInputError: too short, too long, or among the first that anybody would try.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidInputError(
            "password_length",
            say(
                "A password has {least} to {most} characters. Several words make a good one.",
                least=SHORTEST_PASSWORD,
                most=LONGEST_PASSWORD,
            ),
        )
    plain = password.lower()
    repeated = plain.replace(username, "") if username else plain
    if plain in WORST or len(set(plain)) < FEWEST_SIGNS or len(repeated) < SHORTEST_PASSWORD // 2:
        raise InvalidInputError(
            "password_guessable", say("This password is among the first that anybody tries. Choose another.")
        )
    return password


def recovery_code(random: bytes) -> str:
    """Eighty random bits as a person writes them down: ``ABCD-EFGH-IJKL-MNOP``."""
    text = base64.b32encode(random).decode()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def normal_recovery(text: str) -> str | None:
    """The code without what people add to it, or None when this is no recovery code at all."""
    bare = text.replace("-", "").replace(" ", "").upper()
    return bare if _RECOVERY.fullmatch(bare) else None


def recovery_hash(username: str, code: str) -> str:
    """What is kept of a code in its normal form (SHA-256, hex), good for this username only."""
    return hashlib.sha256(f"hanare-recovery\0{username}\0{code}".encode()).hexdigest()


def totp_secret(random: bytes) -> str:
    """Random bytes as authenticators take them."""
    return base64.b32encode(random).decode()


def totp_address(username: str, secret: str) -> str:
    """What an authenticator reads from the QR code."""
    words = urlencode({"secret": secret, "issuer": "Hanare"})
    return f"otpauth://totp/{quote(f'Hanare:{username}')}?{words}"
