"""The real hub of a temporary home, with its proxy, gate and intake, and a client to it.

Every process is the product's own, started the way the supervisor starts it and ended by its
pid. People, permit, keys and an extract's file are put in place directly: how they get there is
other rooms' business and tested there.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import requests
from websockets.sync.client import ClientConnection, connect

from enclave.adapters import tables
from enclave.adapters.foundation import Foundation, open_foundation
from enclave.adapters.passwords import new_totp_secret
from enclave.audit.event import body_of
from enclave.identity import Role
from enclave.people import Account, AccountState, Credential, Organisation, OrganisationKind
from enclave.projects import Cohort, ProjectPermit
from enclave.settings import Settings
from hub.database_schema import bring_up_to_date
from hub.sessions_house import Places
from setup.programs import PROGRAMS, confined
from tests.support.adopted import adopt_policies
from tests.support.handed_over import put_extract, record_build
from tests.support.hub_home import ROOT, home_environment, temporary_home
from tests.support.people import contract_with

PASSWORD = "a long enough password"
PEOPLE = ("mei", "rin", "mei-p")
OTHERS = {"chie": Role.CHECKER, "ota": Role.OPERATOR}
PROJECTS = ("p-a", "p-b", "a")
SECONDS = 60.0
STEP = 30
"""Seconds for which a one-time code is that of the moment; those beside it are taken as well."""
TYPING = 15
"""Seconds that a command may take to start and to ask for a code."""
NEIGHBOURS = ("gate", *(("disks",) if os.getuid() == 0 else ()), "intake", "sweeper")
"""What a hub needs beside it; only root can mount disks."""


def furnish(settings: Settings) -> tuple[Foundation, dict[str, str]]:
    """People who may enter the projects, keys, and an extract's file; their TOTP secrets."""
    bring_up_to_date(settings.database_url)
    foundation = open_foundation(settings)
    secrets = {name: new_totp_secret(foundation.fresh) for name in (*PEOPLE, *OTHERS)}
    hashed = foundation.passwords.hash(PASSWORD)
    far = date(2099, 12, 31)
    for purpose in ("body", "credential"):
        foundation.keyring.make("house", purpose)
    with foundation.database.begin() as work:
        work.register.put_organisation(Organisation("univ", "大学", OrganisationKind.TYPE_TWO_USER, far))
        work.register.put_contract(contract_with("univ"))
        adopt_policies(work, foundation.policies().digest)
        for name, secret in secrets.items():
            role = OTHERS.get(name, Role.RESEARCHER)
            enrolled = datetime(2026, 1, 1, tzinfo=UTC)
            account = Account(name, name, "univ", frozenset({role}), AccountState.ACTIVE, far, enrolled)
            work.register.put_account(account)
            work.register.put_credential(name, Credential(hashed, work.register.seal_totp(name, secret)))
        for project in PROJECTS:
            work.register.put_permit(
                ProjectPermit(
                    project,
                    f"題 {project}",
                    "univ",
                    PEOPLE,
                    "試験",
                    {"person": ("sex",)},
                    Cohort(everyone=True),
                    far,
                    ("table", "text"),
                )
            )
    for project in PROJECTS:
        for purpose in ("body", "data"):
            foundation.keyring.make(project, purpose)
        content = f"not really an extract of {project}".encode()
        put_extract(settings.extracts, project, "v1", content)
        with foundation.database.begin() as work:
            record_build(work, project, "v1", content)
    return foundation, secrets


@dataclass
class RunningHub:
    """A hub with its neighbours; whatever it started it ends."""

    settings: Settings
    foundation: Foundation
    secrets: Mapping[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    browsers: dict[str, "Browser"] = field(default_factory=dict)
    config_file: Path = ROOT / "jupyterhub_config.py"
    extra: dict[str, str] = field(default_factory=dict)
    """What a test adds to the environment of every process."""
    before: dict[str, str] = field(default_factory=dict)
    """Lines that run in a process before it starts, by its name: how a test takes a control away."""

    @property
    def url(self) -> str:
        return self.settings.hub_address

    @property
    def places(self) -> Places:
        """Where a workspace's sockets are and what its containers are called."""
        return Places(str(self.settings.enclave_home))

    @property
    def environment(self) -> dict[str, str]:
        port = int(self.url.rsplit(":", 1)[1])
        own = home_environment(self.settings.enclave_home, port)
        return {**{k: v for k, v in os.environ.items() if "TOKEN" not in k}, **own, **self.extra}

    def start(self, name: str) -> None:
        """Start one process of the house, its words in ``logs/<name>.log``."""
        scripts = Path(sys.executable).parent
        command = (
            [str(scripts / "jupyterhub"), "-f", str(self.config_file)]
            if name == "hub"
            else [sys.executable, "-m", "hub.processes", name]
        )
        if name in self.before:
            lines = f"{self.before[name]}\nfrom hub.processes import main\nmain([{name!r}])"
            command = [sys.executable, "-c", lines]
        if name == "disks":
            command = [*confined(next(p for p in PROGRAMS if p.name == name)), *command]
        with self.log(name).open("ab") as words:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=words, stderr=words, start_new_session=True
            )

    def log(self, name: str) -> Path:
        return self.settings.enclave_home / "logs" / f"{name}.log"

    def start_all(self) -> None:
        for name in (*NEIGHBOURS, "hub"):
            self.start(name)
        self.until_serving()

    def until_serving(self) -> None:
        """The hub answers through its proxy."""

        def serves() -> bool:
            assert self.processes["hub"].poll() is None, self.log("hub").read_text()[-3000:]
            with suppress(requests.RequestException):
                return requests.get(f"{self.url}/hub/login", timeout=3).status_code == 200
            return False

        until(serves)

    def end(self, name: str, number: int = signal.SIGTERM) -> None:
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)

    def end_all(self) -> None:
        for name in ("hub", *reversed(NEIGHBOURS)):
            if name in self.processes:
                self.end(name)
        pid_file = self.settings.proxy_socket.with_name("proxy.pid")
        if pid_file.exists():
            with suppress(ProcessLookupError, ValueError):
                os.kill(int(pid_file.read_text()), signal.SIGKILL)
        self.foundation.database.close()

    def person(self, name: str) -> "Browser":
        """Someone signed in; who is signed in already stays so, because one-time codes are scarce."""
        browser = self.browsers.get(name)
        if browser is None or "/hub/login" in browser.get("/hub/home").url:
            browser = self.browsers[name] = Browser(self.url, name)
            answer = browser.sign_in(PASSWORD, self.code(name))
            assert answer.status_code == 200, answer.text[-500:]
        return browser

    def code(self, name: str) -> str:
        """A one-time code that was not used yet: the step before, this one, the next, then waiting.

        That of the step before is given only while this step lasts: who types it may take a while.
        """
        with self.foundation.database.read() as work:
            for _ in range(120):
                now = datetime.now(UTC)
                has_time = now.timestamp() % STEP < STEP - TYPING
                for offset in (-STEP, 0, STEP) if has_time else (0, STEP):
                    moment = now + timedelta(seconds=offset)
                    code = pyotp.TOTP(self.secrets[name]).at(moment)
                    if (name, code) not in _USED:
                        _USED.add((name, code))
                        return code
                time.sleep(0.5)
            raise TimeoutError(str(work.now))

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of the leaves of one kind, opened with the projects' keys, in order."""
        leaf = tables.ledger_leaf
        with self.foundation.database.read() as work:
            ledger = self.foundation.reader(work.connection)
            numbers = work.connection.execute(leaf.select().where(leaf.c.kind == kind).order_by(leaf.c.n))
            wanted = {row.n for row in numbers}
            return [body_of(e.body) for e in ledger.entries() if e.number in wanted and e.body is not None]

    def kinds(self) -> list[str]:
        """The kinds of all events, in order."""
        with self.foundation.database.read() as work:
            entries = self.foundation.reader(work.connection).entries()
            return [str(json.loads(entry.data)["kind"]) for entry in entries]

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The leaves of one kind, in order."""
        leaf = tables.ledger_leaf
        with self.foundation.database.read() as work:
            rows = work.connection.execute(leaf.select().where(leaf.c.kind == kind).order_by(leaf.c.n))
            return [json.loads(row.data) for row in rows]


_USED: set[tuple[str, str]] = set()


class Browser:
    """One person's browser, as far as HTTP and websockets go."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.session = requests.Session()
        self.session.headers["Accept"] = "text/html"
        self.session.headers["Sec-Fetch-Mode"] = "navigate"

    def sign_in(self, password: str, code: str) -> requests.Response:
        self.session.get(f"{self.url}/hub/login", timeout=20)
        data = {"username": self.name, "password": password, "otp": code, "_xsrf": self.xsrf("/hub/")}
        return self.session.post(f"{self.url}/hub/login", data=data, timeout=20)

    def xsrf(self, path: str) -> str:
        return next((c.value or "" for c in self.session.cookies if c.name == "_xsrf" and c.path == path), "")

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=30)

    def enter(self, project: str) -> requests.Response:
        """Press the button of a project on the start page."""
        self.get("/hub/home")
        data = {"_xsrf": self.xsrf("/hub/")}
        return self.session.post(f"{self.url}/hub/spawn/{self.name}/{project}", data=data, timeout=SECONDS)

    def leave(self, project: str) -> requests.Response:
        return self.ask("DELETE", f"/hub/api/users/{self.name}/servers/{project}")

    def ask(self, method: str, path: str, body: object = None) -> requests.Response:
        """A script of the hub's own pages asks."""
        self.get("/hub/home")
        headers = {"X-XSRFToken": self.xsrf("/hub/"), "Sec-Fetch-Mode": "cors"}
        headers["Referer"] = f"{self.url}/hub/home"
        return self.session.request(
            method, self.url + path, headers=headers, json=body, timeout=SECONDS, allow_redirects=False
        )

    def lab(self, project: str) -> requests.Response:
        return self.get(f"/user/{self.name}/{project}/lab")

    def page_token(self, project: str) -> str:
        """The token that the Lab page carries."""
        answer = self.lab(project)
        found = re.search(r'"token": "([^"]*)"', answer.text)
        assert found, (answer.status_code, answer.url, answer.text[:500])
        return found[1]

    def until_ready(self, project: str) -> None:
        """The Lab page is there."""
        seen: list[str] = []

        def ready() -> bool:
            answer = self.lab(project)
            seen[:] = [f"{answer.status_code} {answer.url} {answer.text[-1500:]}"]
            assert "did not start" not in answer.text, seen
            if (
                answer.status_code == 424
            ):  # pressed while the end of the one before was not noticed yet: once more
                self.enter(project)
            return answer.status_code == 200 and "jupyter-config-data" in answer.text

        until(ready, what=seen)

    def kernel(self, project: str) -> "Kernel":
        token = self.page_token(project)
        headers = {"Authorization": f"token {token}"}
        place = f"/user/{self.name}/{project}/api/kernels"
        answer = requests.post(self.url + place, headers=headers, json={"name": "python3"}, timeout=30)
        assert answer.status_code == 201, answer.text
        return Kernel(self.url, place, answer.json()["id"], token)


class Kernel:
    """A websocket to one kernel."""

    def __init__(self, url: str, place: str, kernel_id: str, token: str) -> None:
        self.id = kernel_id
        address = f"{url.replace('http', 'ws', 1)}{place}/{kernel_id}/channels?session_id={uuid.uuid4().hex}"
        headers = {"Authorization": f"token {token}"}
        self._open = ExitStack()
        connecting = connect(address, additional_headers=headers, max_size=None, compression=None, proxy=None)
        self._socket: ClientConnection = self._open.enter_context(connecting)

    def run(self, code: str, seconds: float = 40) -> tuple[str, str]:
        """The reply's status and what the cell printed or returned."""
        message_id = uuid.uuid4().hex
        header = {
            "msg_id": message_id,
            "msg_type": "execute_request",
            "session": "s",
            "username": "u",
            "version": "5.3",
            "date": "",
        }
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        self._socket.send(
            json.dumps(
                {
                    "header": header,
                    "parent_header": {},
                    "metadata": {},
                    "channel": "shell",
                    "content": content,
                    "buffers": [],
                }
            )
        )
        text, status, idle, end = "", "", False, time.monotonic() + seconds
        while not (status and idle) and time.monotonic() < end:
            message = json.loads(self._socket.recv(timeout=max(0.1, end - time.monotonic())))
            if message["parent_header"].get("msg_id") != message_id:
                continue
            kind, said = message["header"]["msg_type"], message["content"]
            if kind == "stream":
                text += said["text"]
            elif kind == "execute_result":
                text += said["data"]["text/plain"]
            elif kind == "error":
                text += f"{said['ename']}: {said['evalue']}"
            elif kind == "execute_reply":
                status = said["status"]
            elif kind == "status" and said["execution_state"] == "idle":
                idle = True
        return status, text.strip()

    def close(self) -> None:
        self._open.close()


def until(holds: Callable[[], bool], seconds: float = SECONDS, pause: float = 0.1, what: object = "") -> None:
    """Wait for something to hold."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it did not come about in time {what}"
        time.sleep(pause)


@contextmanager
def running_hub(change: Callable[[RunningHub], None] | None = None) -> Iterator[RunningHub]:
    """A furnished home with its hub running; ``change`` may alter it before anything starts."""
    with temporary_home() as settings:
        foundation, secrets = furnish(settings)
        hub = RunningHub(settings, foundation, secrets)
        if change is not None:
            change(hub)
        try:
            hub.start_all()
            yield hub
        finally:
            hub.end_all()
