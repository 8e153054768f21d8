"""argon2id for passwords, RFC 6238 for one-time codes.

Parameters are argon2-cffi's RFC 9106 low-memory profile. A code is good in its own 30-second
step and one step either way; the register refuses a step that was already used.
"""

from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from enclave.credentials import TOTP_BYTES, totp_secret
from enclave.ports import Randomness

STEP_SECONDS = 30
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def new_totp_secret(fresh: Randomness) -> str:
    """A fresh secret of 160 bits, in base32."""
    return totp_secret(fresh.token(TOTP_BYTES))


class Argon2Passwords:
    """The ``Passwords`` port."""

    def hash(self, password: str) -> str:
        return _hasher.hash(password)

    def verify(self, hashed: str, password: str) -> bool:
        try:
            return _hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def totp_step(self, secret: str, code: str, at: datetime) -> int | None:
        if len(code) != 6 or not (code.isascii() and code.isdecimal()):
            return None
        totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
        for offset in (0, -1, 1):
            moment = at + timedelta(seconds=offset * STEP_SECONDS)
            if pyotp.utils.strings_equal(totp.at(moment), code):
                return int(moment.timestamp()) // STEP_SECONDS
        return None
