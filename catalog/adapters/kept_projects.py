"""What outlives a project, for an inquiry years later: ``kept/<project>.sealed`` in the producer's zone.

Sealed to the officers' box, so that both officers are needed to read it: the permit, the views
as they were adopted, the manifests' facts and the versions of the source they name. The project's
pseudonym key lies beside it, sealed to the same box since it was made.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog.adapters.producer_keys import OfficersBoxFile, holds
from catalog.manifests import read_manifest
from enclave.adapters.durable_files import hand_to_owner, write_durably
from enclave.audit.canonical import Value, canonical
from enclave.errors import TamperedError
from enclave.identity import check_project_id

FORMAT = "hanare-kept/1"
_MODE = 0o600


class KeptProjects:
    """Seals and, inside a time box, opens what is kept of ended projects."""

    def __init__(self, home: Path, box: OfficersBoxFile) -> None:
        self._folder = home / "kept"
        self._box = box

    def keep(
        self,
        project: str,
        permit: Mapping[str, Any],
        views: Sequence[str],
        manifests: Sequence[Mapping[str, Value]],
        until: str,
    ) -> None:
        """It lies sealed in the producer's zone; once it does, a second call changes nothing."""
        path = self._path(project)
        if path.exists():
            return
        document: dict[str, Value] = {
            "format": FORMAT,
            "project": project,
            "permit": dict(permit),
            "views": [json.loads(view) for view in views],
            "manifests": [dict(manifest) for manifest in manifests],
            "until": until,
        }
        if not self._folder.is_dir():
            self._folder.mkdir(mode=0o700)
            hand_to_owner(self._folder)
        write_durably(path, self._box.seal(canonical(document), _label(project)), _MODE)

    def opened(self, project: str) -> dict[str, Any]:
        """What was kept, for whoever holds an open time box.

        Raises:
            ConflictError: the officers' box is closed.
        """
        document: dict[str, Any] = json.loads(
            self._box.unseal(self._path(project).read_bytes(), _label(project))
        )
        return document

    def _path(self, project: str) -> Path:
        return self._folder / f"{check_project_id(project)}.sealed"


def manifests_of(folder: Path, public_key: bytes) -> tuple[Mapping[str, Value], ...]:
    """The facts of every manifest below a project's folder whose signature holds, by version."""

    def verify(signature: bytes, over: bytes) -> bool:
        return holds(public_key, signature, over)

    return tuple(_facts(path, verify) for path in sorted(folder.glob("*.manifest.json")))


def _facts(path: Path, verify: Callable[[bytes, bytes], bool]) -> Mapping[str, Value]:
    try:
        return read_manifest(path.read_bytes(), verify)
    except TamperedError:
        # An erasure goes on: that a manifest was altered is kept, and nothing that it says.
        return {"altered": path.name}


def _label(project: str) -> str:
    return f"kept:{project}"
