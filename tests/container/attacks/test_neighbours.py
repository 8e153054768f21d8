"""What a neighbour and the hub feel while one workspace uses up everything that it can."""

import statistics
import sys
import time

import pytest

from tests.support.attack_scene import Scene, hub_answers

EVERYTHING = """
import os, time, mmap
def busy():
    while True:
        pass
def memory():
    while True:
        pid = os.fork()
        if pid == 0:
            room = mmap.mmap(-1, 3 << 30)
            for at in range(0, 3 << 30, 4096):
                room[at] = 1
            os._exit(0)
        os.waitpid(pid, 0)
def disks():
    while True:
        for path in ('/work/filler', '/tmp/filler', '/dev/shm/filler'):
            try:
                with open(path, 'wb', 0) as file:
                    for _ in range(512):
                        file.write(bytes(1 << 20))
            except OSError:
                pass
            finally:
                if os.path.exists(path):
                    os.remove(path)
def names():
    made = 0
    while True:
        try:
            os.mknod(f'/work/name-{made}'); made += 1
        except OSError:
            os.system('rm -f /work/name-*'); made = 0
def forks():
    while True:
        try:
            if os.fork() == 0:
                time.sleep(1); os._exit(0)
        except OSError:
            time.sleep(.01)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
for act in (busy, busy, busy, busy, memory, disks, names, forks):
    if os.fork() == 0:
        act()
print(1, flush=True)
time.sleep(120)
"""
CELLS = 12
PATIENCE = 3.0
"""Seconds that a trivial cell and the hub's health may take while everything is tried, on a machine of two processors."""


def felt(scene: Scene) -> tuple[float, float]:
    """The median times of a neighbour's cell and of the hub's own answer."""
    nao, cells, hub = scene.at("nao"), [], []
    for _ in range(CELLS):
        start = time.monotonic()
        assert nao.cell("print(6 * 7)", 30) == "42"
        cells.append(time.monotonic() - start)
        hub.append(hub_answers(scene.hub))
    return statistics.median(cells), statistics.median(hub)


def test_everything_at_once_leaves_neighbour_and_hub_in_peace(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.at("kei")
    before = felt(scene)
    scene.in_background("kei", EVERYTHING)
    time.sleep(1)
    try:
        during = felt(scene)
    finally:
        scene.end_background("kei")
    with capsys.disabled():
        sys.stdout.write(
            f"\n[neighbours] a cell next door {before[0] * 1000:.0f} ms before, {during[0] * 1000:.0f} ms during; "
            f"the hub {before[1] * 1000:.0f} ms before, {during[1] * 1000:.0f} ms during\n"
        )
    assert during[0] < PATIENCE
    assert during[1] < PATIENCE
