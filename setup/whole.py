"""Set-up as a whole: the order of the steps.

Rules: the two slow lanes run side by side (the virtual environment with the proxy; the images, of which the desk waits
for the node of the other lane); the machine is asked for everything it lacks before either starts; nothing here knows
how a step is done.
"""

import compileall
import os
from concurrent.futures import ThreadPoolExecutor

from setup import demo_policies, engine, environment, mounts, packages, proxy, zones
from setup import images as image_step
from setup.console import line, step
from setup.places import Places, check_paths
from setup.stamps import Stamps

ROOMS = ("hub", "output_review", "catalog", "enclave")


def machine(places: Places, *, browser: bool) -> None:
    """OS packages, a Docker engine that answers, and the clone where services can reach it."""
    check_paths(places)
    log = places.var / "logs" / "dockerd.log"
    if not places.as_root:
        engine.ensure(log, as_root=False)
    needs = packages.ENVIRONMENT + (packages.TESTING if browser else ())
    if places.as_root and not os.environ.get("BASE_IMAGE"):
        needs += packages.IMAGES
    if engine.version() is None:
        needs += packages.ENGINE
    wanted = packages.missing(needs)
    if wanted:
        with step("OS packages") as say:
            packages.install(wanted, as_root=places.as_root)
            say(" ".join(wanted))
    with step("Docker engine") as say:
        say(engine.ensure(log, as_root=places.as_root))
    with step("clone") as say:
        mounts.open_for_reading(places.root)
        say(f"mounted at {places.seen}" if mounts.mount(places) else f"served from {places.seen}")


def python_lane(places: Places) -> None:
    """The virtual environment, and the proxy whose node comes from it."""
    stamps = Stamps(places.var / "stamps")
    with step("Python environment") as say:
        say(environment.ensure(places, stamps))
    with step("HTTP proxy") as say:
        say(proxy.ensure(places, stamps))


def both_lanes(places: Places) -> None:
    """Run the two lanes side by side; the first failure is the one that is told."""
    with ThreadPoolExecutor(2) as pool:
        python = pool.submit(python_lane, places)
        built = pool.submit(image_step.ensure, places, (), python.result)
    python.result()
    built.result()


def zone_step(places: Places) -> None:
    with step("zones") as say:
        say(zones.ensure(places))


def demo_policies_step(places: Places) -> None:
    with step("demo policies") as say:
        say(demo_policies.ensure(places))


def setup(places: Places, arguments: list[str]) -> int:
    """`make setup`: everything short of starting; `--browser` adds what browser tests need."""
    machine(places, browser="--browser" in arguments)
    both_lanes(places)
    for room in ROOMS:
        compileall.compile_dir(places.root / room, quiet=1)
    zone_step(places)
    if not places.as_root:
        line(
            "[setup] Not root: demo strength, every process is the same user. / root でないため全プロセスが同一ユーザーです。"
        )
    return 0


def images(places: Places, arguments: list[str]) -> int:
    """`make images`: the machine and the images only."""
    machine(places, browser=False)
    image_step.ensure(places, arguments, lambda: environment.ensure(places, Stamps(places.var / "stamps")))
    return 0
