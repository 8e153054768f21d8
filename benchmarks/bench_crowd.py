"""Thirty people at once: each starts a workspace and runs a cell that reads the project's extract.

``crowd_spawn_p95`` is the 95th percentile of the seconds from *Enter* to a Lab page while all thirty
start at the same moment; its peer is the median of one person alone on the same house. ``crowd_cell``
is the median of the seconds of a cell that counts a million encrypted rows while all thirty run it;
its peer is the same cell of one person alone. ``HANARE_BENCH_PEOPLE`` makes the crowd smaller.
"""

import statistics
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.bench_workspace import leave, ready  # noqa: E402  the folder above must be known first
from benchmarks.measured import seconds, tell, whole_number  # noqa: E402
from benchmarks.workspace_houses import PROJECT, add_people, house  # noqa: E402
from tests.support.hub_running import Browser, RunningHub  # noqa: E402

PEOPLE = whole_number("HANARE_BENCH_PEOPLE", 30)
READ = (
    "import enclave_kit; print(enclave_kit.connect().execute("
    '"SELECT count(*), median(value) FROM lab WHERE item < 40").fetchall())'
)


def cell(browser: Browser) -> float:
    """Seconds of the cell that reads; the kernel is there before."""
    kernel = browser.kernel(PROJECT)
    try:
        kernel.run("1+1", 120)
        status, said = "", ""

        def run() -> None:
            nonlocal status, said
            status, said = kernel.run(READ, 240)

        took = seconds(run)
    finally:
        kernel.close()
    if status != "ok" or "930" not in said:
        raise RuntimeError(said)
    return took


def alone(hub: RunningHub) -> tuple[float, float]:
    """What both take for one person with the machine to themselves."""
    browser = hub.person("mei")
    found = ready(browser, PROJECT), cell(browser)
    leave(browser, PROJECT)
    return found


def main() -> int:
    """Measure the crowd."""
    names = [f"crowd-{number:02d}" for number in range(PEOPLE)]
    with house(extract=True) as hub:
        add_people(hub, names)
        start, read = alone(hub)
        browsers = [hub.person(name) for name in names]
        with ThreadPoolExecutor(PEOPLE) as pool:
            starts = list(pool.map(lambda browser: ready(browser, PROJECT), browsers))
            cells = list(pool.map(cell, browsers))
    peer = "one person alone on the same house"
    tell("crowd_spawn_p95", statistics.quantiles(starts, n=20)[-1], "s", f"{peer}; {PEOPLE} at once", start)
    tell("crowd_cell", statistics.median(cells), "s", f"{peer}; {PEOPLE} at once", read)
    return 0


if __name__ == "__main__":
    sys.exit(main())
