"""Which extract a project's analysis ran on, for the record that travels with a release."""

import hashlib
from pathlib import Path

from enclave.identity import check_project_id


class ExtractFolder:
    """The ``Extracts`` port over ``extracts/<project>/<version>.duckdb.manifest.json``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def facts(self, project: str) -> dict[str, str | int]:
        manifests = (self._folder / check_project_id(project)).glob("*.manifest.json")
        newest = max(manifests, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)
        if newest is None:
            return {}
        version = newest.name.removesuffix(".manifest.json").removesuffix(".duckdb")
        return {"version": version, "manifest_sha256": hashlib.sha256(newest.read_bytes()).hexdigest()}
