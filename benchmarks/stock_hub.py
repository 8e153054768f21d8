"""The peer of the workspace benchmarks: stock JupyterHub with stock DockerSpawner, one plain container a server.

Nothing of ours is in it but the node and the proxy's script that are here anyway: JupyterHub's own
authenticator for trials, DockerSpawner's own settings on the engine's own bridge, an image with
JupyterHub's single-user server, JupyterLab and ipykernel as their instructions install them
(``stock/requirements.in``), bytecode compiled as in our images. Versions are those that we run on.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from setup import debian_image, places, wheels
from setup.commands import run
from setup.images import IMAGES
from setup.proxy import PROGRAM, folder
from setup.stamps import digest
from tests.support.hub_home import free_port
from tests.support.hub_running import PASSWORD, Browser

ROOT = Path(__file__).resolve().parent.parent
TAG = "hanare-bench/stock:local"
VENV = "/opt/stock"
LABEL = "hanare.content"
READY_SECONDS = 60.0
CONFIG = """
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_ip = "{bridge}"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner"
c.JupyterHub.allow_named_servers = True
c.JupyterHub.db_url = "sqlite:///{home}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{home}/cookie_secret"
c.ConfigurableHTTPProxy.command = ["{node}", "{proxy}"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.pid_file = "{home}/proxy.pid"
c.DockerSpawner.image = "{image}"
c.DockerSpawner.pull_policy = "never"
c.DockerSpawner.remove = True
c.DockerSpawner.prefix = "hanare-bench"
c.DockerSpawner.cmd = ["{venv}/bin/jupyterhub-singleuser"]
c.DockerSpawner.environment = {{"HOME": "/tmp", "PATH": "{venv}/bin:/usr/local/bin:/usr/bin:/bin"}}
c.DockerSpawner.extra_create_kwargs = {{"user": "1000:1000"}}
c.Spawner.default_url = "/lab"
"""


def make_image() -> None:
    """Have the peer's image."""
    here = places.find(ROOT, os.environ, as_root=os.geteuid() == 0)
    base, _ = debian_image.ensure(
        debian_image.COMMON, ROOT / "images" / "base", os.environ.get("BASE_IMAGE") or None
    )
    requirements = ROOT / "benchmarks" / "stock" / "requirements.txt"
    dockerfile = ROOT / "images" / "base" / "venv.Dockerfile"
    value = digest([base, requirements, dockerfile, VENV])
    if debian_image.label(TAG) == value:
        return
    kept, _ = wheels.ensure(here.var / "wheels", "stock", requirements, base)
    with tempfile.TemporaryDirectory(prefix="hanare-bench-") as work:
        context = Path(work)
        (context / "wheels").mkdir()
        for wheel in kept.glob("*.whl"):
            os.link(
                wheel, context / "wheels" / wheel.name
            ) if wheel.stat().st_dev == context.stat().st_dev else (
                context / "wheels" / wheel.name
            ).write_bytes(wheel.read_bytes())
        (context / "requirements.txt").write_bytes(requirements.read_bytes())
        (context / "Dockerfile").write_bytes(dockerfile.read_bytes())
        told = ["--build-arg", f"BASE={debian_image.COMMON.tag}", "--build-arg", f"VENV={VENV}"]
        run(
            [
                "docker",
                "build",
                "--network",
                "none",
                "--label",
                f"{LABEL}={value}",
                *told,
                "--tag",
                TAG,
                context,
            ],
            what="Building the peer's image",
            what_ja="比較対象のイメージの作成",
        )


def bridge_address() -> str:
    """The host's own address on the engine's bridge."""
    words = ["docker", "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip() or "172.17.0.1"


@contextmanager
def stock_hub() -> Iterator[str]:
    """The address of a running stock hub."""
    make_image()
    here = places.find(ROOT, os.environ, as_root=os.geteuid() == 0)
    with tempfile.TemporaryDirectory(prefix="hn-stock-") as home:
        port = free_port()
        settings = Path(home) / "config.py"
        settings.write_text(
            CONFIG.format(
                port=port,
                hub_port=free_port(),
                api_port=free_port(),
                bridge=bridge_address(),
                home=home,
                node=here.node_folder / "bin" / "node",
                proxy=folder(here) / PROGRAM,
                image=TAG,
                venv=VENV,
            )
        )
        program = Path(sys.executable).parent / "jupyterhub"
        with (Path(home) / "log").open("wb") as words:
            hub = subprocess.Popen(
                [str(program), "-f", str(settings)],
                cwd=home,
                stdout=words,
                stderr=words,
                start_new_session=True,
            )
        try:
            _until_serving(f"http://127.0.0.1:{port}", Path(home) / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            _end(hub, Path(home))


def _until_serving(address: str, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with suppress(requests.RequestException):
            if requests.get(f"{address}/hub/login", timeout=3).status_code == requests.codes.ok:
                return
        time.sleep(0.1)
    raise TimeoutError(log.read_text()[-2000:])


def _end(hub: "subprocess.Popen[bytes]", home: Path) -> None:
    """The hub, its proxy and its containers are gone."""
    with suppress(ProcessLookupError):
        os.killpg(hub.pid, signal.SIGTERM)
    try:
        hub.wait(20)
    except subprocess.TimeoutExpired:
        hub.kill()
    with suppress(OSError, ValueError):
        os.kill(int((home / "proxy.pid").read_text()), signal.SIGKILL)
    words = ["docker", "ps", "--all", "--quiet", "--filter", "name=^/hanare-bench-"]
    left = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
    if left:
        subprocess.run(["docker", "rm", "--force", "--volumes", *left], check=True, capture_output=True)


def stock_person(address: str, name: str) -> Browser:
    """Someone signed in at the stock hub."""
    browser = Browser(address, name)
    browser.sign_in(PASSWORD, "")
    return browser


if __name__ == "__main__":
    with stock_hub() as running:
        sys.stdout.write(f"{running} (Enter ends it; {IMAGES[0].name} stays untouched)\n")
        sys.stdin.readline()
