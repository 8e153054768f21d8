"""Which extract a workspace gets: the newest one that was handed over whole and is what was built.

The producer hands over ``extracts/<project>/<version>.duckdb`` and, last, its signed manifest
beside it. An extract without a manifest, or one whose build the ledger does not say was done, was
not handed over and is not seen: what was not recorded did not happen. The one that is taken must
be the very bytes: the manifest's signature holds under the producer's key, its facts are of this
project and version, and the file has the digest that both manifest and ledger name. A file is read
whole once; as long as it is the same file, unchanged by its times, its digest is remembered. The
start of a workspace records the version and the manifest's SHA-256, so an auditor can say what was
mounted.
"""

import hashlib
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catalog.adapters.producer_keys import holds
from catalog.manifests import read_manifest
from enclave.data_keys import FIRST, named_in
from enclave.errors import TamperedError, UnavailableError
from enclave.identity import check_project_id
from enclave.sentences import say

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,56}\.duckdb")
PUBLIC_KEY = "producer.pub"
_BLOCK = 1 << 20

Recorded = Callable[[str], str]
"""From a version to the SHA-256 of its file, as the ledger says it was built; nothing when it does not."""


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract of a project, as it lies in the enclave's zone."""

    name: str
    """File name below ``extracts/<project>``."""
    manifest_sha256: str
    data_key: str = FIRST
    """The name of the key it is encrypted under, as its manifest says."""

    @property
    def version(self) -> str:
        return self.name.removesuffix(".duckdb")


class Extracts:
    """The extracts of a home, read as often as they change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[int, ...], str] = {}

    def get(self, project: str, recorded: Recorded) -> Extract:
        """The newest extract of a project.

        Raises:
            UnavailableError: there is none, or a kernel could not read it.
            TamperedError: it is not what the producer signed and the ledger says was built.
        """
        own = self._folder / check_project_id(project)
        names = sorted((path.name for path in own.glob("*.duckdb") if _handed_over(path)), key=_in_order)
        newest = next((name for name in reversed(names) if recorded(name.removesuffix(".duckdb"))), None)
        if newest is None:
            raise UnavailableError(
                "no_extract", say("No extract was built for this project yet. Ask the data steward.")
            )
        path = own / newest
        if not path.stat().st_mode & stat.S_IROTH:
            raise UnavailableError(
                "extract_closed",
                say("The project's extract cannot be read by kernels. Ask the data steward."),
            )
        manifest = _manifest(path).read_bytes()
        version = newest.removesuffix(".duckdb")
        facts = read_manifest(manifest, self._verify)
        said = (facts.get("project"), facts.get("version"), facts.get("content_sha256"))
        if said != (project, version, recorded(version)) or self._digest(path) != recorded(version):
            raise TamperedError(
                "extract_changed",
                say("The project's extract is not the one that was built. Tell the operator; do not use it."),
            )
        return Extract(newest, hashlib.sha256(manifest).hexdigest(), named_in(facts))

    def _verify(self, signature: bytes, over: bytes) -> bool:
        try:
            return holds((self._folder / PUBLIC_KEY).read_bytes(), signature, over)
        except OSError:
            return False

    def _digest(self, path: Path) -> str:
        """SHA-256 of a file, read anew when anything about the file changed."""
        with path.open("rb") as file:
            have = os.fstat(file.fileno())
            key = (have.st_dev, have.st_ino, have.st_size, have.st_mtime_ns, have.st_ctime_ns)
            if key not in self._known:
                digest = hashlib.sha256()
                while block := file.read(_BLOCK):
                    digest.update(block)
                self._known[key] = digest.hexdigest()
        return self._known[key]


def _manifest(extract: Path) -> Path:
    return extract.with_name(f"{extract.name.removesuffix('.duckdb')}.manifest.json")


def _handed_over(extract: Path) -> bool:
    whole = _NAME.fullmatch(extract.name) is not None and _manifest(extract).is_file()
    return whole and extract.is_file() and not extract.is_symlink()


def _in_order(name: str) -> list[tuple[int, str]]:
    """Numbers in a name count as numbers: version 10 comes after version 9."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
