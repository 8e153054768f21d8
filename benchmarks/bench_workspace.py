"""What sealing costs a person: starting, running a cell, seeing output, and memory while idle.

``spawn_ready``: from *Enter* on the hub's page to a Lab page that answers, two sealed containers
with an encrypted work disk; the peer is stock JupyterHub with stock DockerSpawner and one plain
container, asked by the same client. ``cell_round_trip``: ``1+1`` until reply and idle, recorded
before it runs; the peer is the same house with a desk that neither records nor filters nor meters,
in turns, both running. ``output_throughput``: text and pictures inside the budget, bytes a second, same peer (here a
ratio of 1 means as fast, more is faster). ``idle_memory``: both containers of a workspace with
one idle kernel; the peer is stock's one container with one idle kernel.
"""

import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.measured import seconds, tell, whole_number  # noqa: E402  the folder above must be known first
from benchmarks.stock_hub import stock_hub, stock_person  # noqa: E402
from benchmarks.workspace_houses import PROJECT, house, ungated_desk  # noqa: E402
from hub.sessions_house import workspace_id  # noqa: E402
from tests.support.hub_running import PEOPLE, Browser, Kernel, until  # noqa: E402

SPAWNS = whole_number("HANARE_BENCH_SPAWNS", 5)
CELLS, FEW = whole_number("HANARE_BENCH_CELLS", 200), 25
TEXTS, TEXT_BYTES = 12, 30_000
PICTURES, PICTURE_BYTES = 28, 150_000
SETTLE_SECONDS = 3.0
SHOW = f"""
import base64, os
from IPython.display import display
head = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ")
def texts():
    for n in range({TEXTS}):
        print(str(n) * {TEXT_BYTES}, flush=True)
def pictures(count={PICTURES}):
    for _ in range(count):
        data = base64.b64encode(head + os.urandom({PICTURE_BYTES})).decode()
        display({{"image/png": data, "text/plain": "p"}}, raw=True)
"""


def leave(browser: Browser, project: str) -> None:
    """The workspace is gone and the hub has noticed."""
    browser.leave(project)
    until(lambda: browser.lab(project).status_code != 200)
    time.sleep(1)


def ready(browser: Browser, project: str) -> float:
    """Seconds from pressing *Enter* to the Lab page."""
    began = time.perf_counter()
    browser.enter(project)
    browser.until_ready(project)
    return time.perf_counter() - began


def round_trips(gated: Kernel, plain: Kernel) -> tuple[float, float]:
    """Milliseconds of a cell at the median, a few with the one and a few with the other."""
    found: tuple[list[float], list[float]] = ([], [])
    sides = list(zip((gated, plain), found, strict=True))
    for _ in range(max(1, CELLS // FEW)):
        for kernel, took in sides:
            kernel.run("1+1")
            took += [seconds(partial(kernel.run, "1+1")) for _ in range(FEW)]
        sides.reverse()
    return 1000 * statistics.median(found[0]), 1000 * statistics.median(found[1])


def throughput(kernel: Kernel) -> float:
    """Bytes a second, text and pictures together, of nearly all that an hour's budget holds."""
    kernel.run(SHOW)
    kernel.run("pictures(1)")  # the first of its kind takes a lease, as it takes imports in the kernel
    time.sleep(1)
    took = seconds(lambda: kernel.run("texts()")) + seconds(lambda: kernel.run("pictures()"))
    return (TEXTS * TEXT_BYTES + PICTURES * PICTURE_BYTES) / took


def memory(*containers: str) -> float:
    """MiB that containers use, as the engine tells it."""
    words = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", *containers]
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    units = {"KiB": 1 / 1024, "MiB": 1.0, "GiB": 1024.0}
    used = [row.split("/")[0].strip() for row in told]
    return sum(float(one[:-3]) * units[one[-3:]] for one in used)


def stock_container() -> str:
    """The name of the peer's running container."""
    words = ["docker", "ps", "--filter", "name=^/hanare-bench-", "--format", "{{.Names}}"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[0]


def spawns_and_memory() -> None:
    """Starting and idling, in turns with the stock hub."""
    with house() as hub, stock_hub() as address:
        mine, theirs = hub.person("mei"), stock_person(address, "mei")
        ours, stock = [], []
        for number in range(SPAWNS):
            if number:
                leave(mine, PROJECT)
                leave(theirs, PROJECT)
            ours.append(ready(mine, PROJECT))
            stock.append(ready(theirs, PROJECT))
        peer = "stock JupyterHub 6.1.1 with DockerSpawner 14.0.0, one plain container"
        tell("spawn_ready", statistics.median(ours), "s", peer, statistics.median(stock))
        kernels = mine.kernel(PROJECT), theirs.kernel(PROJECT)
        for kernel in kernels:
            kernel.run("1+1")
        time.sleep(SETTLE_SECONDS)
        wid = workspace_id("mei", PROJECT)
        tell(
            "idle_memory",
            memory(hub.places.desk(wid), hub.places.kernel(wid)),
            "MiB",
            peer,
            memory(stock_container()),
        )
        for kernel in kernels:
            kernel.close()


def cells_and_output() -> None:
    """Cells and outputs in two houses at once, gated and ungated; nobody's budget is used twice."""
    peer = "the same house, a desk without recording, filters and meter"
    found: list[tuple[float, float]] = []
    rates: list[tuple[float, float]] = []
    with house() as gated_house, house(ungated_desk()) as plain_house:
        for mine, theirs in zip(PEOPLE, (*PEOPLE[1:], PEOPLE[0]), strict=True):
            people = gated_house.person(mine), plain_house.person(theirs)
            for one in people:
                ready(one, PROJECT)
            gated, plain = (one.kernel(PROJECT) for one in people)
            found.append(round_trips(gated, plain))
            rates.append((throughput(gated), throughput(plain)))
            for kernel, one in zip((gated, plain), people, strict=True):
                kernel.close()
                leave(one, PROJECT)
    (trip, plain_trip), (rate, plain_rate) = (
        tuple(map(statistics.median, zip(*pairs, strict=True))) for pairs in (found, rates)
    )
    tell("cell_round_trip", trip, "ms", peer, plain_trip)
    tell("output_throughput", rate / 1e6, "MB/s", peer, plain_rate / 1e6)


def main() -> int:
    """All four."""
    spawns_and_memory()
    cells_and_output()
    return 0


if __name__ == "__main__":
    sys.exit(main())
