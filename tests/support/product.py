"""The running product, for tests that need all of it: started once, left as it was found.

When the portal already answers, that house is used and nothing is started or stopped.
Otherwise the set-up's own ``up`` and the seed run first, and ``down`` at the end.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pyotp

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Actor:
    """One of the cast, able to sign in."""

    username: str
    password: str
    totp_secret: str
    roles: tuple[str, ...]

    def code(self, steps_ahead: int = 0) -> str:
        """The one-time code now, or of a step around now (the server takes one either way)."""
        moment = datetime.now(UTC) + timedelta(seconds=30 * steps_ahead)
        return pyotp.TOTP(self.totp_secret).at(moment)


class Product:
    """Addresses, people and places of the running house."""

    def __init__(self, cast: Path) -> None:
        self._cast = cast

    @cached_property
    def cast(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self._cast.read_text(encoding="utf-8"))
        return document

    @property
    def hub(self) -> str:
        return str(self.cast["hub"])

    @property
    def portal(self) -> str:
        return str(self.cast["portal"])

    @property
    def project(self) -> str:
        return str(self.cast["project"])

    @property
    def enclave_home(self) -> Path:
        return Path(os.environ.get("ENCLAVE_HOME", ROOT / "var" / "enclave"))

    @property
    def producer_home(self) -> Path:
        return Path(os.environ.get("PRODUCER_HOME", ROOT / "var" / "producer"))

    def actor(self, username: str) -> Actor:
        found = next(p for p in self.cast["people"] if p["username"] == username)
        return Actor(found["username"], found["password"], found["totp_secret"], tuple(found["roles"]))


def answers(address: str) -> bool:
    """Whether something speaks HTTP there."""
    try:
        with urllib.request.urlopen(address, timeout=3):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def running_product() -> Iterator[Product]:
    """The whole house, running and seeded."""
    cast = ROOT / "var" / "demo" / "cast.json"
    ours = not (answers("http://localhost:8001/") and cast.exists())
    if ours:
        for step in (["up", "--demo"], ["seed"]):
            subprocess.run([sys.executable, "-B", "-m", "setup", *step], cwd=ROOT, check=True)
    try:
        yield Product(cast)
    finally:
        if ours:
            subprocess.run([sys.executable, "-B", "-m", "setup", "down"], cwd=ROOT, check=True)
