"""Which extract a workspace gets: the newest one that was handed over whole.

The producer hands over ``extracts/<project>/<version>.duckdb`` and, last, its signed manifest
beside it. An extract without a manifest was not handed over whole and is not seen. The start of
a workspace records the version and the manifest's SHA-256, so an auditor can say what was
mounted.
"""

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from enclave.errors import UnavailableError
from enclave.identity import check_project_id
from enclave.sentences import say

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,56}\.duckdb")


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract of a project, as it lies in the enclave's zone."""

    name: str
    """File name below ``extracts/<project>``."""
    manifest_sha256: str

    @property
    def version(self) -> str:
        return self.name.removesuffix(".duckdb")


def get_extract(folder: Path, project: str) -> Extract:
    """The newest extract of a project.

    Raises:
        UnavailableError: there is none, or a kernel could not read it.
    """
    own = folder / check_project_id(project)
    found = sorted((p for p in own.glob("*.duckdb") if _handed_over(p)), key=lambda p: _in_order(p.name))
    if not found:
        raise UnavailableError(
            "no_extract", say("No extract was built for this project yet. Ask the data steward.")
        )
    newest = found[-1]
    if not newest.stat().st_mode & stat.S_IROTH:
        raise UnavailableError(
            "extract_closed", say("The project's extract cannot be read by kernels. Ask the data steward.")
        )
    return Extract(newest.name, hashlib.sha256(_manifest(newest).read_bytes()).hexdigest())


def _manifest(extract: Path) -> Path:
    return extract.with_name(f"{extract.name.removesuffix('.duckdb')}.manifest.json")


def _handed_over(extract: Path) -> bool:
    whole = _NAME.fullmatch(extract.name) is not None and _manifest(extract).is_file()
    return whole and extract.is_file() and not extract.is_symlink()


def _in_order(name: str) -> list[tuple[int, str]]:
    """Numbers in a name count as numbers: version 10 comes after version 9."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
