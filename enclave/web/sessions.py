"""Sessions of the portal: who is behind a cookie, and until when.

The cookie holds 32 random bytes; only their SHA-256 is kept here, so what a process dump or
a log shows opens nothing. A session ends eight hours after sign-in or thirty minutes after
its last use, whichever is first, at sign-out, and with the process: signing in again is
cheap. It names a person and nothing more: roles and eligibility are read from the register
at every request.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from enclave.ports import Clock, Randomness

LIFE = timedelta(hours=8)
IDLE = timedelta(minutes=30)
MOST = 2_000
"""Sessions kept at once; the one unused longest gives way."""


@dataclass(frozen=True, slots=True)
class Session:
    """A person who signed in, and the token that their forms must carry."""

    username: str
    csrf: str
    began: datetime
    used: datetime

    def fits(self, token: str) -> bool:
        """Whether this is the session's own form token."""
        return hmac.compare_digest(self.csrf.encode(), token.encode())


class Sessions:
    """The live sessions of one portal process."""

    def __init__(self, clock: Clock, fresh: Randomness) -> None:
        self._clock = clock
        self._fresh = fresh
        self._kept: dict[str, Session] = {}
        self._lock = Lock()

    def begin(self, username: str) -> str:
        """A new session for a person whose identity was just proved; the cookie's value."""
        name, now = self._text(), self._clock.now()
        with self._lock:
            self._kept[_digest(name)] = Session(username, self._text(), now, now)
            while len(self._kept) > MOST:
                del self._kept[min(self._kept, key=lambda key: self._kept[key].used)]
        return name

    def find(self, name: str | None) -> Session | None:
        """The session of a cookie's value, its use noted; None when there is none any more."""
        if not name:
            return None
        key, now = _digest(name), self._clock.now()
        with self._lock:
            session = self._kept.get(key)
            if session is None:
                return None
            if now - session.began >= LIFE or now - session.used >= IDLE:
                del self._kept[key]
                return None
            self._kept[key] = session = replace(session, used=now)
            return session

    def end(self, name: str | None) -> None:
        """No session answers to this cookie after this."""
        with self._lock:
            self._kept.pop(_digest(name or ""), None)

    def _text(self) -> str:
        return urlsafe_b64encode(self._fresh.token(32)).rstrip(b"=").decode()


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
