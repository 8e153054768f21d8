"""A home of its own for one test: short path, fresh keys, the images that are there.

It lies directly below ``/tmp`` because a socket's path must be short and lower case. Nothing in
it outlives the test: containers carry the home's own workspaces and are removed by name.
"""

import json
import os
import secrets
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docker

from enclave.settings import Settings
from hub.gate import Gate, listen
from hub.gate_docker import Docker
from hub.host_baseline import excepted_here
from hub.host_facts import read_host
from hub.sessions_house import Users
from hub.workspaces_house import HouseFiles, find_users
from setup import demo_policies
from setup.mounts import unmount_below

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    ("state", 0o770),
    ("keys/projects", 0o770),
    ("recorder", 0o700),
    ("checkpoints", 0o755),
    ("extracts", 0o750),
    ("vault", 0o770),
    ("workspaces", 0o755),
    ("disks", 0o700),
    ("readers", 0o700),
    ("run/hub", 0o711),
    ("run/proxy", 0o700),
    ("run/gate", 0o711),
    ("run/disks", 0o711),
    ("run/intake", 0o711),
    ("run/sweeper", 0o755),
    ("run/worker", 0o755),
    ("run/recorder", 0o755),
    ("run/turns", 0o770),
    ("run/portal/secrets", 0o750),
    ("hub", 0o700),
    ("logs", 0o750),
)


def free_port() -> int:
    """A port on loopback that nobody has right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def image_ids() -> dict[str, str]:
    """The digests of the three images on this machine."""
    engine = docker.from_env()
    try:
        return {
            name: str(engine.images.get(f"hanare/{name}:local").id) for name in ("desk", "kernel", "reader")
        }
    finally:
        engine.close()


@contextmanager
def temporary_home() -> Iterator[Settings]:
    """A home as the set-up makes it, for one user."""
    home = Path(tempfile.gettempdir()) / f"hn-{secrets.token_hex(4)}"
    home.mkdir(mode=0o755)
    try:
        for name, mode in FOLDERS:
            (home / name).mkdir(parents=True, exist_ok=True)
            (home / name).chmod(mode)
        (home / "run").chmod(0o755)
        demo_policies.write(ROOT / "policies", home / "policies", excepted_here(read_host()))
        (home / "images.json").write_text(json.dumps(image_ids()))
        (home / "keys" / "master.key").write_bytes(secrets.token_bytes(32))
        (home / "hub" / "proxy.token").write_text(secrets.token_hex(32))
        (home / "run" / "portal" / "secrets" / "portal-client").write_text(secrets.token_hex(32))
        yield Settings.from_environment(home_environment(home, free_port()), ROOT)
    finally:
        remove_containers(home)
        unmount_below(home)
        shutil.rmtree(home, ignore_errors=True)


def home_environment(home: Path, port: int) -> dict[str, str]:
    """What a process of this home finds in its environment."""
    return {
        "ENCLAVE_HOME": str(home),
        "PRODUCER_HOME": str(home / "producer"),
        "HANARE_POLICIES": str(home / "policies"),
        "HANARE_HUB_ADDRESS": f"http://127.0.0.1:{port}",
        "HANARE_PORTAL_ADDRESS": f"http://localhost:{port + 1}",
    }


def remove_containers(home: Path) -> None:
    """Every container that mounts something of this home, and no other, is gone."""
    engine = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
    try:
        for found in engine.containers(all=True, filters={"label": "hanare.kind"}):
            # Another home's container may go while it is looked at.
            with suppress(docker.errors.NotFound):
                sources = [m.get("Source", "") for m in engine.inspect_container(found["Id"])["Mounts"]]
                if any(source.startswith(f"{home}/") for source in sources):
                    engine.remove_container(found["Id"], force=True, v=True)
    finally:
        engine.close()


@contextmanager
def running_gate(settings: Settings, users: Users | None = None) -> Iterator[HouseFiles]:
    """The gate of a home, in a thread; ``users`` says whom uids stand for, if not as in production."""
    files = HouseFiles(settings, users or find_users(os.getuid(), os.getgid()))
    server = listen(settings.gate_socket, Gate(files, Docker()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield files
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
