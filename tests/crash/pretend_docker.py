"""A Docker engine that outlives the process that uses it: its containers are files in a folder.

It stands where docker-py's ``APIClient`` does, so that the real adapter makes its real calls.
A started container runs the reader at once, in this process, on the mounted folders.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docker.errors import APIError, NotFound

from tests.crash.counted_points import Points


class PretendDocker:
    """The calls the adapter makes, each with a crash point before and after."""

    def __init__(self, folder: Path, points: Points) -> None:
        self._folder = folder
        self._folder.mkdir(exist_ok=True)
        for name in ("create_container_from_config", "start", "inspect_container", "remove_container"):
            setattr(self, name, points.around(f"docker {name}", getattr(self, f"_{name}")))

    def __call__(self, **_named: Any) -> "PretendDocker":
        """What the adapter does to get a client."""
        return self

    def close(self) -> None:
        pass

    def containers(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir())

    def _create_container_from_config(self, body: Mapping[str, Any], name: str) -> dict[str, str]:
        path = self._folder / name
        if path.exists():
            raise APIError("Conflict. The container name is already in use")
        path.write_text(json.dumps({**body, "State": {"Status": "created", "ExitCode": 0}}))
        return {"Id": name}

    def _start(self, container: str) -> None:
        document = self._document(container)
        mounts = {mount["Target"]: Path(mount["Source"]) for mount in document["HostConfig"]["Mounts"]}
        made = (mounts["/in"] / "upload").read_bytes().replace(b"\r\n", b"\n")
        (mounts["/out"] / "canonical-0").write_bytes(made)
        suffix = "." + json.loads((mounts["/in"] / "job.json").read_text())["name"].rpartition(".")[2]
        codes: dict[str, Any] = {"dropped": [], "signs": []}
        file = {"kind": "csv" if suffix == ".csv" else "text", "suffix": suffix, "rows": 2, "columns": 2}
        answer = {"ok": True, **codes, "files": [{**file, **codes, "facts": {}}]}
        (mounts["/out"] / "result.json").write_text(json.dumps(answer))
        document["State"] = {"Status": "exited", "ExitCode": 0}
        (self._folder / container).write_text(json.dumps(document))

    def _inspect_container(self, container: str) -> Any:
        return self._document(container)

    def _remove_container(self, name: str, **_named: Any) -> None:
        self._document(name)
        (self._folder / name).unlink()

    def _document(self, name: str) -> Any:
        try:
            return json.loads((self._folder / name).read_text())
        except FileNotFoundError as error:
            raise NotFound("No such container") from error
