"""The hub's way to containers: docker-py over the gate's socket, and the gate's own two requests.

Whatever does not answer is an ``UnavailableError``; a container that is not there is ``None``.
"""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import docker
import requests
from docker.errors import APIError, DockerException

from enclave.errors import UnavailableError
from enclave.sentences import say
from hub.sessions import ContainerPlan

SECONDS = 60
T = TypeVar("T")


class GateClient:
    """What the hub asks of the gate."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._client: Any = None
        self._lock = threading.Lock()

    @property
    def api(self) -> Any:
        """The docker-py client; made at the first use, because the gate may start after the hub."""
        with self._lock:
            if self._client is None:
                address = f"http+unix://{self._socket}"
                self._client = _answered(
                    lambda: docker.APIClient(base_url=address, version="auto", timeout=SECONDS)
                )
            return self._client

    def make_folders(self, wid: str, number: int) -> None:
        """The workspace's folders are there, with their owners."""
        api = self.api
        _answered(
            lambda: _accepted(
                api.post(f"{api.base_url}/hanare/workspaces/{wid}", json={"number": number}, timeout=SECONDS)
            )
        )

    def remove_run_folders(self, wid: str) -> None:
        """Sockets and runtime files of the workspace are gone."""
        api = self.api
        _answered(lambda: _accepted(api.delete(f"{api.base_url}/hanare/workspaces/{wid}", timeout=SECONDS)))

    def create(self, plan: ContainerPlan) -> None:
        """A container of the plan's name exists; one of an earlier life was removed first."""
        self.remove(plan.name)
        api = self.api
        _answered(lambda: api.create_container_from_config(dict(plan.body), plan.name))

    def start(self, name: str) -> None:
        api = self.api
        _answered(lambda: api.start(name))

    def inspect(self, name: str) -> Mapping[str, Any] | None:
        """Docker's whole description of a container, or None when there is none."""
        api = self.api
        found: Mapping[str, Any] | None = _answered(
            lambda: _unless_missing(lambda: api.inspect_container(name))
        )
        return found

    def running(self, name: str) -> bool:
        """Whether the container exists and runs."""
        return not self.why_not_running(name)

    def why_not_running(self, name: str) -> str:
        """Nothing while the container runs; else how it ended, for the operator."""
        found = self.inspect(name)
        if found is None:
            return "no such container"
        state = found["State"]
        return "" if state["Running"] else f"exit code {state['ExitCode']}"

    def remove(self, name: str) -> None:
        """No container of this name is there; a running one was killed."""
        api = self.api
        _answered(lambda: _unless_missing(lambda: api.remove_container(name, v=True, force=True)))

    def workspace_containers(self) -> tuple[tuple[str, str], ...]:
        """(name, workspace id) of every container of a workspace, running or not."""
        api = self.api
        found = _answered(lambda: api.containers(all=True, filters={"label": "hanare.workspace"}))
        return tuple((c["Names"][0].removeprefix("/"), c["Labels"]["hanare.workspace"]) for c in found)


def _unless_missing(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except APIError as error:
        if error.status_code in (404, 409) and "already in progress" in str(error):
            return None
        if error.status_code == requests.codes.not_found:
            return None
        raise


def _accepted(response: requests.Response) -> None:
    if response.status_code != requests.codes.ok:
        raise APIError(str(response.json().get("message", "")), response=response)


def _answered(ask: Callable[[], T]) -> T:
    """The answer, or ``UnavailableError`` when the gate or the engine gave none or refused."""
    try:
        return ask()
    except (DockerException, requests.RequestException, OSError) as error:
        raise UnavailableError(
            "gate_refused",
            say(
                "The container engine did not do what was asked. Try again; if it stays so, ask the operator."
            ),
        ) from error
