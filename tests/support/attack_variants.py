"""The house with one control taken away, made outside the product.

Rules: nothing in the product knows of this. An image is derived from the product's own and one
module in it gets lines at its end (and fails to build when the control it replaces is no longer
there); a kernel container is started directly with the engine, its create body the product's own
but for the named entries; a process of the house is started with lines that run before it. What is
made here is tagged ``hanare-test/`` or labelled ``hanare.test`` and removed with its home.
"""

import copy
import io
import json
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import docker

from hub.workspaces_house import HouseFiles
from tests.support.attack_scene import GIVEN, Place, Scene, attacked_hub, inspect, kernel_of
from tests.support.attack_table import Patch, Without
from tests.support.hub_home import ROOT, image_ids
from tests.support.hub_running import RunningHub

PYTHON = {"desk": "/opt/desk/bin/python", "kernel": "/opt/analysis/bin/python"}
NOBODY = "65534:65534"
APPLY = """
import importlib.util, pathlib, py_compile, re, sys
for number, line in enumerate(pathlib.Path('/patches/list').read_text().splitlines()):
    module, replaces = line.split(' ')
    path = pathlib.Path(module) if module.startswith('/') else pathlib.Path(importlib.util.find_spec(module).origin)
    text = path.read_text()
    if not re.search(r'(?m)\\b' + re.escape(replaces) + r'\\b', text):
        sys.exit(f'{module} has no {replaces}: the control this variant takes away is not there any more')
    lines = '\\n\\n' + pathlib.Path(f'/patches/{number}').read_text() + '\\n'
    start = text.find('\\nif __name__ ==')
    path.write_text(text + lines if start < 0 else text[:start] + lines + text[start:])
    if not module.startswith('/'):
        py_compile.compile(str(path), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


def derived(kind: str, name: str, patches: tuple[Patch, ...]) -> str:
    """The id of the product's image with these lines in it; built anew when either changed."""
    base = image_ids()[kind]
    files = {
        "Dockerfile": f"FROM {base}\nUSER 0:0\nCOPY . /patches\nRUN {PYTHON[kind]} /patches/apply.py && rm -r /patches\n"
        f"USER {NOBODY}\n",
        "apply.py": APPLY,
        "list": "\n".join(f"{patch.module} {patch.replaces}" for patch in patches),
        **{str(number): patch.lines for number, patch in enumerate(patches)},
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(text.encode()), 0o644
            tar.addfile(member, io.BytesIO(text.encode()))
    tag = f"hanare-test/{kind}:{name}"
    built = subprocess.run(
        ["docker", "build", "--network", "none", "--rm", "--force-rm", "--quiet", "--tag", tag, "-"],
        input=buffer.getvalue(),
        capture_output=True,
        check=False,
        timeout=180,
    )
    assert built.returncode == 0, (built.stdout + built.stderr).decode()[-2_000:]
    engine = docker.from_env()
    try:
        return str(engine.images.get(tag).id)
    finally:
        engine.close()


@contextmanager
def house_without(without: Without | None) -> Iterator[Scene]:
    """A scene in a house of which this one control is missing; the whole house for None."""
    with attacked_hub(change=(lambda hub: take_away(hub, without)) if without else None) as hub:
        scene = Scene(hub)
        try:
            yield scene
        finally:
            scene.close()
    if without is not None:
        remove_images(without)


def remove_images(without: Without) -> None:
    """The derived images of a house that has ended are gone; one in use elsewhere stays."""
    tags = [f"hanare-test/{kind}:{without.name}" for kind in PYTHON]
    subprocess.run(["docker", "image", "rm", *tags], check=False, capture_output=True, timeout=60)


def take_away(hub: RunningHub, without: Without) -> None:
    """Change a furnished home that was not started yet."""
    ids = dict(image_ids())
    for kind, patches in (("desk", without.desk), ("kernel", without.kernel)):
        if patches:
            ids[kind] = derived(kind, without.name, patches)
    (hub.settings.enclave_home / "images.json").write_text(json.dumps(ids))
    (hub.settings.enclave_home / "images.json").chmod(0o644)
    hub.before.update(without.processes)
    if without.settings:
        file = hub.settings.enclave_home / "hub" / "changed_config.py"
        own = ROOT / "jupyterhub_config.py"
        file.write_text(f"__file__ = {str(own)!r}\nexec(open(__file__).read())\n{without.settings}\n")
        hub.config_file = file


@dataclass
class BareScene:
    """Containers like the kernels of a running house, with some entries of their create body changed.

    The workspace is live, so its folders, sockets and users are real ones; the containers are started
    with the engine directly, because the docker gate would start no such thing.
    """

    scene: Scene
    changed: Mapping[str, Any] = field(default_factory=dict)
    _containers: dict[str, str] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def hub(self) -> RunningHub:
        return self.scene.hub

    def at(self, person: str) -> Place:
        return self.scene.at(person)

    def container(self, person: str) -> str:
        if person not in self._containers:
            place = self.scene.at(person)
            body = changed_body(kernel_body(place), self.changed, place)
            engine = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
            make: Any = engine.create_container_from_config
            made = make(body, f"hanare-test-{place.wid}")
            self._containers[person] = made["Id"]
            self._open.callback(engine.close)
            self._open.callback(engine.remove_container, made["Id"], force=True, v=True)
            engine.start(made["Id"])
        return self._containers[person]

    def program(self, person: str, source: str, seconds: float = 60, **given: object) -> dict[str, Any]:
        """Run a program there; the JSON object that it printed last."""
        command = ["docker", "exec", "-i", self.container(person), PYTHON["kernel"], "-c", GIVEN + source]
        try:
            done = subprocess.run(
                command,
                input=json.dumps(given) + "\n",
                capture_output=True,
                text=True,
                check=False,
                timeout=seconds + 20,
            )
        except subprocess.TimeoutExpired:
            return {"failed": True, "why": "it did not end in time"}
        lines = done.stdout.strip().splitlines()
        try:
            answer: dict[str, Any] = json.loads(lines[-1])
        except (ValueError, IndexError):
            return {"failed": done.returncode, "why": (done.stdout + done.stderr)[-800:]}
        return answer

    def in_background(self, person: str, source: str, **given: object) -> None:
        text = GIVEN.replace("json.loads(sys.stdin.readline() or '{}')", repr(given)) + source
        subprocess.run(
            ["docker", "exec", "-d", self.container(person), PYTHON["kernel"], "-c", text],
            check=True,
            timeout=30,
        )

    def end_background(self, person: str) -> None:
        """The container's end is theirs; an attack that needs the quiet back makes a new one."""
        place = self._containers.pop(person, None)
        if place is not None:
            subprocess.run(["docker", "rm", "-f", place], check=False, capture_output=True, timeout=30)

    def close(self) -> None:
        self._containers.clear()
        try:
            self._open.close()
        except docker.errors.APIError:
            return


def kernel_body(place: Place) -> dict[str, Any]:
    """The create body of a live kernel container, as the engine reports it back."""
    found = inspect(kernel_of(place))
    config = found["Config"]
    names = ("Image", "User", "Env", "WorkingDir", "Hostname")
    host = {k: v for k, v in found["HostConfig"].items() if k not in {"Binds", "ContainerIDFile"}}
    command = [PYTHON["kernel"], "-c", "import time; time.sleep(600)"]
    body = {name: config[name] for name in names}
    return {**body, "Cmd": command, "Labels": {"hanare.test": "1", "hanare.kind": "test"}, "HostConfig": host}


def changed_body(body: Mapping[str, Any], changed: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The body with the named entries changed.

    A callable is given the place and the house. Mounts and variables are added to those that are
    there, unless the name ends in ``=``.
    """
    own: dict[str, Any] = copy.deepcopy(dict(body))
    house = HouseFiles.of_this_process(place.hub.settings).get_house()
    for name, value in changed.items():
        where, key = (
            (own["HostConfig"], name.removeprefix("HostConfig.").rstrip("=")) if "." in name else (own, name)
        )
        wanted = value(place, house) if callable(value) else value
        adds = key in {"Mounts", "Env"} and not name.endswith("=")
        where[key] = [*(where.get(key) or []), *wanted] if adds else wanted
    return own
