"""Where attacks happen: one house, a few people in their workspaces, and what a script can do there.

Workspaces start when an attack first asks for them and stay for the scene. A researcher's script
has what the researcher's browser has: the cookies, and the token that the Lab page carries.
"""

import http.client
import json
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import docker
import requests

from hub.sessions_house import workspace_id
from tests.support import hub_running
from tests.support.attack_forgery import MARK, PRELUDE
from tests.support.attack_wire import Heard, Wire
from tests.support.hub_running import Browser, RunningHub, running_hub

PROJECT = {
    "kei": "q-a",
    "nao": "q-b",
    "kei-q": "a",
    "toa": "q-c",
    "sui": "q-d",
    "ume": "q-e",
    "rei": "q-f",
}
"""Who works where: ``kei`` attacks, ``nao`` is the neighbour, ``kei-q`` has a name made to be mistaken for another's."""
RUN = """
import json, subprocess, sys
_done = subprocess.run([sys.executable, '-c', {source}], input={given}, capture_output=True, text=True, timeout={seconds})
print((_done.stdout.strip().splitlines() or [json.dumps({{'failed': _done.returncode, 'why': _done.stderr[-600:]}})])[-1])
"""
GIVEN = "import json, os, sys\nGIVEN = json.loads(sys.stdin.readline() or '{}')\n"


@dataclass
class Place:
    """One person's workspace, as the person's script uses it."""

    hub: RunningHub
    person: str
    project: str
    browser: Browser
    _token: str = ""
    _wires: dict[str, Wire] = field(default_factory=dict)

    @property
    def wid(self) -> str:
        return workspace_id(self.person, self.project)

    @property
    def root(self) -> str:
        return f"/user/{self.person}/{self.project}"

    @property
    def token(self) -> str:
        if not self._token:
            self._token = self.browser.page_token(self.project)
        return self._token

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"token {self.token}"}

    def ask(self, method: str, path: str, body: object = None, **more: Any) -> requests.Response:
        """One request of a script with the page's token, at an address below the workspace."""
        return requests.request(
            method,
            f"{self.hub.url}{self.root}{path}",
            headers=self.headers,
            json=body,
            allow_redirects=False,
            timeout=more.pop("seconds", 30),
            **more,
        )

    def meter(self) -> dict[str, Any]:
        """What the person's own meter says; asking costs nothing."""
        answer = self.ask("GET", "/hanare/meter")
        assert answer.status_code == 200, (answer.status_code, answer.text[:300])
        found: dict[str, Any] = answer.json()
        return found

    def charged(self, kind: str = "text") -> int:
        """Bytes of the hour's budget that are used."""
        return int(self.meter()[kind]["used"])

    def raw(self, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """The same with the path exactly as given: no client tidies up dots and percent signs."""
        address = self.hub.url.removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=20)
        try:
            connection.request(method, self.root + target, body or None, {**self.headers, **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def new_kernel(self, name: str = "python3", **model: Any) -> str:
        answer = self.ask("POST", "/api/kernels", {"name": name, **model}, seconds=60)
        assert answer.status_code == 201, (answer.status_code, answer.text[:500])
        return str(answer.json()["id"])

    def end_kernel(self, kernel_id: str) -> None:
        with suppress(requests.RequestException):
            self.ask("DELETE", f"/api/kernels/{kernel_id}")

    def wire(self, kernel_id: str, *, v1: bool = False, session_id: str = "") -> Wire:
        address = f"{self.hub.url.replace('http', 'ws', 1)}{self.root}/api/kernels/{kernel_id}/channels"
        return Wire(address, self.headers, v1, session_id or uuid.uuid4().hex)

    def forger(self, *, v1: bool = False) -> Wire:
        """A kernel in which messages can be forged; one for each protocol."""
        name = "v1" if v1 else "legacy"
        if name not in self._wires:
            wire = self._wires[name] = self.wire(self.new_kernel(), v1=v1)
            heard = wire.execute(PRELUDE, 12)
            assert not [h for h in heard if h.kind == "error"], printed(heard)
        self._wires[name].heard.clear()
        return self._wires[name]

    def fresh(self) -> "Place":
        """The place with new kernels, entered again when its desk did not survive the attack before."""
        self.close()
        self._wires.clear()
        with suppress(AssertionError, requests.RequestException):
            if self.ask("GET", "/api/me").status_code == 200:
                return self
        self.browser.enter(self.project)
        self.browser.until_ready(self.project)
        self._token = ""
        return self

    def cell(self, code: str, seconds: float = 60) -> str:
        """What a cell printed; an error is given as its text."""
        return printed(self.forger().execute(code, seconds))

    def close(self) -> None:
        for wire in self._wires.values():
            wire.close()


def printed(heard: list[Heard]) -> str:
    texts = [
        str(h.content.get("text") or f"{h.content.get('ename')}: {h.content.get('evalue')}")
        for h in heard
        if h.kind in {"stream", "error"}
    ]
    return "".join(texts).strip()


def obtained(heard: list[Heard], mark: str = MARK) -> int:
    """The bytes of the mark in everything that was heard."""
    return sum(h.holds(mark) for h in heard)


@contextmanager
def attacked_hub(**more: Any) -> Iterator[RunningHub]:
    """A hub whose people are these."""
    projects = tuple(PROJECT.values())
    with (
        mock.patch.multiple(hub_running, PEOPLE=tuple(PROJECT), PROJECTS=projects),
        running_hub(**more) as hub,
    ):
        yield hub


@dataclass
class Scene:
    """A running house with its people."""

    hub: RunningHub
    places: dict[str, Place] = field(default_factory=dict)
    _gone_on: list[str] = field(default_factory=list)

    def at(self, person: str) -> Place:
        """The person's live workspace."""
        if person not in self.places:
            browser = self.hub.person(person)
            project = PROJECT[person]
            browser.enter(project)
            browser.until_ready(project)
            self.places[person] = Place(self.hub, person, project, browser)
        return self.places[person]

    def program(self, person: str, source: str, seconds: float = 60, **given: object) -> dict[str, Any]:
        """Run a program as a child of a kernel; the JSON object it printed last."""
        code = RUN.format(source=repr(GIVEN + source), given=repr(json.dumps(given) + "\n"), seconds=seconds)
        said = self.at(person).cell(code, seconds + 20)
        try:
            answer: dict[str, Any] = json.loads(said.splitlines()[-1])
        except (ValueError, IndexError):
            return {"failed": True, "why": said[-800:]}
        return answer

    def in_background(self, person: str, source: str, **given: object) -> None:
        """Start a program in a kernel of its own, which is ended with ``end_background``."""
        place = self.at(person)
        kernel_id = place.new_kernel()
        wire = place.wire(kernel_id)
        text = GIVEN.replace("json.loads(sys.stdin.readline() or '{}')", repr(given)) + source
        wire.send(
            "shell",
            "execute_request",
            {
                "code": text,
                "silent": False,
                "store_history": False,
                "user_expressions": {},
                "allow_stdin": False,
            },
        )
        self._gone_on.append(kernel_id)
        wire.until(lambda h: h.kind == "stream", 10)
        wire.close()

    def end_background(self, person: str) -> None:
        while self._gone_on:
            self.at(person).end_kernel(self._gone_on.pop())

    def close(self) -> None:
        for place in self.places.values():
            place.close()


def inspect(name: str) -> dict[str, Any]:
    """What the engine says of a container, asked by its owner."""
    engine = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    try:
        found: dict[str, Any] = engine.inspect_container(name)
        return found
    finally:
        engine.close()


def inside(container: str, *command: str, user: str = "") -> str:
    """What a command says in a container, asked by the engine's owner and not by the house."""
    whom = ["--user", user] if user else []
    done = subprocess.run(
        ["docker", "exec", *whom, container, *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr


def desk_of(place: Place) -> str:
    return place.hub.places.desk(place.wid)


def kernel_of(place: Place) -> str:
    return place.hub.places.kernel(place.wid)


def desk_token(place: Place) -> str:
    """The desk's own token, read where it belongs by the engine's owner."""
    environment = inspect(desk_of(place))["Config"]["Env"]
    return next(str(e).split("=", 1)[1] for e in environment if e.startswith("JUPYTERHUB_API_TOKEN="))


def hub_answers(hub: RunningHub) -> float:
    """Seconds until the hub said that it is well; more than anybody waits when it did not."""
    start = time.monotonic()
    try:
        answer = requests.get(f"{hub.url}/hub/health", timeout=20)
    except requests.RequestException:
        return 60.0
    return time.monotonic() - start if answer.status_code == 200 else 60.0


def bridge_address() -> str:
    """The host's address on the engine's own network."""
    engine = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    try:
        configured: Mapping[str, Any] = engine.inspect_network("bridge")["IPAM"]["Config"][0]
    finally:
        engine.close()
    gateway = configured.get("Gateway")
    if gateway:
        return str(gateway)
    network, _, _ = str(configured["Subnet"]).partition("/")
    return network.rpartition(".")[0] + ".1"


def listening(address: str) -> socket.socket:
    """A socket of the host that takes connections at this address."""
    server = socket.socket()
    server.bind((address, 0))
    server.listen(8)
    server.settimeout(1)
    return server
