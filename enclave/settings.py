"""Where this deployment keeps things, read once from the environment.

Two zones (DESIGN section 2): the enclave's home and the producer's. Every path below a home
is derived here and nowhere else, so that the table of owners and modes in the set-up and the
code that opens files speak of the same places. Addresses are loopback unless a deployment
says otherwise; a demo home refuses any other.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from enclave.errors import InvalidInputError
from enclave.sentences import say

HUB_ADDRESS = "http://127.0.0.1:8000"
PORTAL_ADDRESS = "http://localhost:8001"


@dataclass(frozen=True, slots=True)
class Settings:
    """The places and addresses of one deployment."""

    enclave_home: Path
    producer_home: Path
    policies: Path
    database_url: str
    hub_address: str = HUB_ADDRESS
    portal_address: str = PORTAL_ADDRESS
    origin: str = "hanare.local/ledger"
    """The checkpoint origin and the name of the signing key."""
    opened_folder: Path | None = None
    """Where the producer's zone holds what its officers opened; see ``opened``."""
    master_key: str = "file"
    """How the master key is held: ``file``, ``passphrase`` or ``credential``."""
    master_passphrase: Path | None = None
    """The file, in memory only, that the master key's passphrase is read from."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], root: Path) -> "Settings":
        """The settings an environment states; ``root`` is where the product's files lie."""
        home = Path(environment.get("ENCLAVE_HOME", str(root / "var" / "enclave")))
        producer = Path(environment.get("PRODUCER_HOME", str(root / "var" / "producer")))
        for place in (home, producer):
            if not place.is_absolute():
                raise InvalidInputError(
                    "relative_home", say("ENCLAVE_HOME and PRODUCER_HOME must be absolute paths.")
                )
        return cls(
            enclave_home=home,
            producer_home=producer,
            policies=Path(environment.get("HANARE_POLICIES", str(root / "policies"))),
            database_url=environment.get("HANARE_DATABASE_URL", f"sqlite:///{home}/state/enclave.sqlite"),
            hub_address=environment.get("HANARE_HUB_ADDRESS", HUB_ADDRESS),
            portal_address=environment.get("HANARE_PORTAL_ADDRESS", PORTAL_ADDRESS),
            origin=environment.get("HANARE_ORIGIN", "hanare.local/ledger"),
            opened_folder=_place(environment, "HANARE_OPENED"),
            master_key=environment.get("HANARE_MASTER_KEY", "file"),
            master_passphrase=_place(environment, "HANARE_MASTER_PASSPHRASE"),
        )

    @property
    def opened(self) -> Path:
        """A folder in memory (tmpfs) for the producer's user alone; a machine that starts anew has lost it."""
        mark = hashlib.sha256(str(self.producer_home).encode()).hexdigest()[:12]
        return self.opened_folder or Path("/dev/shm") / f"hanare-{mark}"  # noqa: S108  made 0700, its owner checked

    @property
    def keys(self) -> Path:
        return self.enclave_home / "keys"

    @property
    def checkpoints(self) -> Path:
        return self.enclave_home / "checkpoints"

    @property
    def recorder(self) -> Path:
        return self.enclave_home / "recorder"

    @property
    def vault(self) -> Path:
        return self.enclave_home / "vault"

    @property
    def extracts(self) -> Path:
        return self.enclave_home / "extracts"

    @property
    def workspaces(self) -> Path:
        return self.enclave_home / "workspaces"

    @property
    def disks(self) -> Path:
        """The images of the workspaces' disks; root's alone."""
        return self.enclave_home / "disks"

    @property
    def readers(self) -> Path:
        return self.enclave_home / "readers"

    @property
    def images_file(self) -> Path:
        return self.enclave_home / "images.json"

    @property
    def hub_socket(self) -> Path:
        return self.enclave_home / "run" / "hub" / "hub.sock"

    @property
    def proxy_socket(self) -> Path:
        return self.enclave_home / "run" / "proxy" / "api.sock"

    @property
    def gate_socket(self) -> Path:
        return self.enclave_home / "run" / "gate" / "gate.sock"

    @property
    def turns(self) -> Path:
        """One file per workspace: who holds the lock on it may start or end the workspace."""
        return self.enclave_home / "run" / "turns"

    def beat(self, process: str) -> Path:
        """The file whose time says when this process last went round; in a folder that only it can write."""
        return self.enclave_home / "run" / process / "beat"

    @property
    def disks_socket(self) -> Path:
        return self.enclave_home / "run" / "disks" / "disks.sock"

    @property
    def matcher_socket(self) -> Path:
        return self.enclave_home / "run" / "matcher" / "matcher.sock"

    @property
    def own_set(self) -> Path:
        """The folder of the set of the source's own identifiers; the producer writes, the matcher reads."""
        return self.producer_home / "matcher"

    @property
    def own_asked(self) -> Path:
        """The folder in which the matcher keeps account of what was asked."""
        return self.producer_home / "asked"

    @property
    def intake_sockets(self) -> Path:
        """One folder per workspace, each with ``intake.sock``."""
        return self.enclave_home / "run" / "intake"

    @property
    def portal_secret_file(self) -> Path:
        """The OAuth client secret that hub and portal share."""
        return self.enclave_home / "run" / "portal" / "secrets" / "portal-client"


def _place(environment: Mapping[str, str], name: str) -> Path | None:
    """A path that an environment may state."""
    text = environment.get(name, "")
    return Path(text) if text else None
