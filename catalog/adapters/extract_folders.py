"""Handing an extract over: from the producer's build folder into the enclave's zone, manifest last.

Whoever starts a workspace sees an extract only when its manifest lies beside it, so the
manifest is what switches versions, and it appears by one rename. Until then the version before
stays what it was. Files are copied to a hidden name, flushed, and renamed.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

from catalog.adapters.producer_keys import holds
from catalog.manifests import read_manifest
from enclave.adapters.durable_files import flush_folder, hand_to_owner, write_durably
from enclave.data_keys import named_in
from enclave.errors import ConflictError, TamperedError
from enclave.identity import check_project_id
from enclave.sentences import say

EXTRACT, IDS, MANIFEST = ".duckdb", ".ids", ".manifest.json"
_READABLE = 0o644
"""The kernel reads the file under a user id of its own; the folder keeps other users out."""


class ExtractFolders:
    """Where builds happen and where extracts lie."""

    def __init__(self, builds: Path, extracts: Path) -> None:
        self._builds = builds
        self._extracts = extracts

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """The lock of building; the system lets it go when the process ends, however it ends."""
        self._builds.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._builds / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                flock(descriptor, LOCK_EX | LOCK_NB)
            except BlockingIOError as error:
                raise ConflictError(
                    "build_running", say("Another build is running. Try again when it has ended.")
                ) from error
            hand_to_owner(self._builds / "lock")
            yield
        finally:
            os.close(descriptor)

    def make_build_folder(self, project: str, version: str) -> Path:
        """An empty folder for one build."""
        folder = self._build_folder(project, version)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        hand_to_owner(folder)
        return folder

    def hand_over(self, built: Path, ids: Path, project: str, version: str, manifest: bytes) -> None:
        """The extract, its id set and, last, its manifest lie in the project's folder."""
        own = self._extracts / check_project_id(project)
        if not own.is_dir():
            own.mkdir(mode=0o2750)
            hand_to_owner(own)
            own.chmod(0o2750)
        _copy_durably(built, own / f"{version}{EXTRACT}", _READABLE)
        _copy_durably(ids, own / f"{version}{IDS}", 0o640)
        write_durably(own / f"{version}{MANIFEST}", manifest, _READABLE)

    def publish_key(self, public_key: bytes) -> None:
        """The key that verifies manifests lies beside them."""
        path = self._extracts / "producer.pub"
        if not path.exists() or path.read_bytes() != public_key:
            write_durably(path, public_key, _READABLE)

    def handed_over(self, project: str, version: str, public_key: bytes) -> Mapping[str, Any] | None:
        """The facts of a version's manifest, if it has one.

        Raises:
            TamperedError: the manifest is not the producer's, or of another extract.
        """
        path = self._extracts / check_project_id(project) / f"{version}{MANIFEST}"
        if not path.is_file():
            return None
        facts = read_manifest(path.read_bytes(), lambda signature, over: holds(public_key, signature, over))
        if (facts["project"], facts["version"]) != (project, version):
            raise TamperedError("manifest", say("This manifest is of another extract."))
        return facts

    def living(self, project: str, public_key: bytes) -> dict[str, str]:
        """Every version whose manifest holds, with the name of its data key; nothing starts on any other."""
        own = self._extracts / check_project_id(project)
        found: dict[str, str] = {}
        for path in sorted(own.glob(f"*{MANIFEST}")):
            version = path.name.removesuffix(MANIFEST)
            with suppress(TamperedError):
                found[version] = named_in(self.handed_over(project, version, public_key) or {})
        return found

    def remove_remains(self, project: str, version: str) -> None:
        """No file of a version is left, in either zone. The manifest goes first."""
        own = self._extracts / check_project_id(project)
        for ending in (MANIFEST, IDS, EXTRACT):
            (own / f"{version}{ending}").unlink(missing_ok=True)
        for part in own.glob(f".{version}.*.part"):
            part.unlink(missing_ok=True)
        shutil.rmtree(self._build_folder(project, version), ignore_errors=True)

    def remove_extract(self, project: str, version: str) -> None:
        """The manifest and the extract of a version are gone; what has the file open keeps it until it ends."""
        own = self._extracts / check_project_id(project)
        for ending in (MANIFEST, EXTRACT):
            (own / f"{version}{ending}").unlink(missing_ok=True)
        if own.is_dir():
            flush_folder(own)

    def remove_build_folder(self, project: str, version: str) -> None:
        shutil.rmtree(self._build_folder(project, version), ignore_errors=True)

    def _build_folder(self, project: str, version: str) -> Path:
        return self._builds / f"{check_project_id(project)}-{version}"


def _copy_durably(source: Path, target: Path, mode: int) -> None:
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with source.open("rb") as reading, part.open("xb") as writing:
        os.fchmod(writing.fileno(), mode)
        shutil.copyfileobj(reading, writing, 1 << 20)
        writing.flush()
        os.fsync(writing.fileno())
    hand_to_owner(part)
    os.replace(part, target)  # noqa: PTH105  the crash tests count renames by this name
    flush_folder(target.parent)
