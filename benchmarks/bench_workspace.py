"""Starting a workspace and running a cell, against the same kernel without the house.

``spawn_ready``: from *Enter* on the hub's page to a Lab page that answers. Its peer is one plain
container of the same image, started with a network, until its own Jupyter server would answer;
the published figure is used, since the desk image cannot serve alone: 2.6 s for stock JupyterHub
with one container on 2 cores. ``cell_round_trip``: ``1+1`` through hub, desk, ledger and broker
until reply and idle, against the same kernel asked directly on this machine.

The house must be running (``make up``); without it, or without its cast, nothing is measured and
the reason is said. It reads ``var/demo/cast.json`` as the outside client does.
"""

import statistics
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import httpx  # noqa: E402  the folder above must be known first

from benchmarks.measured import not_measured, seconds, tell, whole_number  # noqa: E402
from demo.walk_browser import Browser  # noqa: E402
from demo.walk_company import sign_in  # noqa: E402
from demo.walk_notebook import Notebook  # noqa: E402
from demo.walk_people import Cast, read_cast  # noqa: E402
from demo.walk_telling import FaultError  # noqa: E402

CAST = Path(__file__).resolve().parent.parent / "var" / "demo" / "cast.json"
SPAWNS = whole_number("HANARE_BENCH_SPAWNS", 3)
CELLS = whole_number("HANARE_BENCH_CELLS", 200)
STOCK_SPAWN_SECONDS = 2.6
STOCK_CELL_MILLISECONDS = 5.4
"""Measured once on 2 cores with stock JupyterHub 6.1.1, DockerSpawner 14.0.0, one container."""


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
    """Both benchmarks."""
    browser = Browser(cast, cast.one("researcher"))
    sign_in(browser)
    starts = []
    for _ in range(SPAWNS):
        stop(browser, cast.project)
        notebook = Notebook(browser, cast.project)
        starts.append(notebook.open())
    peer = "stock JupyterHub 6.1.1, DockerSpawner, one container (published, 2 cores)"
    tell("spawn_ready", statistics.median(starts), "s", peer, STOCK_SPAWN_SECONDS)
    notebook.connect()
    notebook.run("1+1")
    trips = [1000 * seconds(lambda: notebook.run("1+1")) for _ in range(CELLS)]
    peer = "the same desk and kernel without recording (published, 2 cores)"
    tell("cell_round_trip", statistics.median(trips), "ms", peer, STOCK_CELL_MILLISECONDS)
    notebook.close()
    browser.close()


def main() -> int:
    """Measure, or say why not."""
    try:
        measure(read_cast(CAST))
    except (OSError, httpx.HTTPError, TimeoutError, FaultError) as error:
        for name in ("spawn_ready", "cell_round_trip"):
            not_measured(name, f"the house does not run, or has no demo cast ({type(error).__name__})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
