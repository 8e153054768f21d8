"""Starting a workspace and running a cell, each against a plain peer measured in the same run.

``spawn_ready``: from *Enter* on the hub's page to a Lab page that answers: two sealed containers.
Its peer is one plain container of the same image (``docker run``, the
host's loopback, no hub, no lockdown) until its stock JupyterLab answers. ``cell_round_trip``: ``1+1``
through proxy, desk, ledger and broker until reply and idle. Its peer is the same kernel in one
container, asked by jupyter_client over its own sockets, with no server between.

The house is started when it does not run, and stopped again.
"""

import json
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)

from benchmarks.measured import seconds, tell, whole_number  # noqa: E402  the folder above must be known first
from demo.walk_browser import Browser  # noqa: E402
from demo.walk_company import sign_in  # noqa: E402
from demo.walk_notebook import Notebook  # noqa: E402
from demo.walk_people import Cast, read_cast  # noqa: E402
from tests.support.product import running_product  # noqa: E402

SPAWNS = whole_number("HANARE_BENCH_SPAWNS", 3)
CELLS = whole_number("HANARE_BENCH_CELLS", 200)
PATIENCE = 60.0
STOCK_LAB = (
    "/opt/desk/bin/jupyter-lab", "--ip=127.0.0.1", "--no-browser", "--IdentityProvider.token=",
    "--ServerApp.root_dir=/tmp",
)  # fmt: skip
ASK_DIRECTLY = """
import json, sys, time
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
def ask():
    began = time.perf_counter()
    message = client.execute("1+1")
    client.get_shell_msg(timeout=30)
    while True:
        told = client.get_iopub_msg(timeout=30)
        if told["parent_header"].get("msg_id") == message and told["content"].get("execution_state") == "idle":
            return 1000 * (time.perf_counter() - began)
ask()
print(json.dumps([ask() for _ in range(int(sys.argv[1]))]))
client.stop_channels()
manager.shutdown_kernel(now=True)
"""


def docker(*words: str) -> str:
    """What the container client says."""
    return subprocess.run(["docker", *words], check=True, capture_output=True, text=True).stdout.strip()


def plain_lab() -> float:
    """Seconds until one plain container's own JupyterLab answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.perf_counter()
    name = docker(
        "run", "--detach", "--rm", "--network", "host", "--tmpfs", "/etc/jupyter", "--user", "1000:1000",
        "--env", "HOME=/tmp", "--ulimit", "core=0:0", "hanare/desk:local", *STOCK_LAB, f"--port={port}",
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}/lab"
        while time.perf_counter() - began < PATIENCE:
            try:
                with urllib.request.urlopen(address, timeout=5) as page:
                    page.read()
                return time.perf_counter() - began
            except (OSError, urllib.error.URLError):
                time.sleep(0.02)
        raise TimeoutError(docker("logs", name)[-500:])
    finally:
        docker("kill", name)


def plain_cells() -> float:
    """Milliseconds of a cell in one container, at the median."""
    said = docker(
        "run", "--rm", "--network", "none", "--tmpfs", "/tmp", "--user", "1000:1000", "--env", "HOME=/tmp",
        "hanare/kernel:local", "/opt/analysis/bin/python", "-c", ASK_DIRECTLY, str(CELLS),
    )  # fmt: skip
    return float(statistics.median(json.loads(said.splitlines()[-1])))


def stop(browser: Browser, project: str) -> None:
    """The workspace does not run."""
    home = browser.hub.get("/hub/home")
    token = next((c.value or "" for c in browser.hub.cookies.jar if c.name == "_xsrf"), "")
    person = browser.person.username
    browser.hub.delete(
        f"/hub/api/users/{person}/servers/{project}",
        headers={"X-XSRFToken": token, "Referer": str(home.url), "Content-Type": "application/json"},
    )


def measure(cast: Cast) -> None:
    """Both benchmarks; ours and the peer's take turns."""
    browser = Browser(cast, cast.one("researcher"))
    sign_in(browser)
    ours, plain = [], []
    for _ in range(SPAWNS):
        stop(browser, cast.project)
        notebook = Notebook(browser, cast.project)
        ours.append(notebook.open())
        plain.append(plain_lab())
    peer = "one plain container with stock JupyterLab, no hub"
    tell("spawn_ready", statistics.median(ours), "s", peer, statistics.median(plain))
    notebook.connect()
    notebook.run("1+1")
    trips = [1000 * seconds(lambda: notebook.run("1+1")) for _ in range(CELLS)]
    peer = "the same kernel asked by jupyter_client, no server between"
    tell("cell_round_trip", statistics.median(trips), "ms", peer, plain_cells())
    notebook.close()
    browser.close()


def main() -> int:
    """Measure on the running house."""
    with running_product():
        measure(read_cast(ROOT / "var" / "demo" / "cast.json"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
