"""The machine's clock and its source of randomness."""

import secrets
from datetime import UTC, datetime


class SystemClock:
    """The machine's time, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemRandomness:
    """The operating system's random bytes."""

    def token(self, length: int) -> bytes:
        return secrets.token_bytes(length)
