"""Using up what is shared: processes, memory, disks, descriptors, watches, pipes, the processor.

Each program is bounded, so that it does no harm where the control is away: it wins as soon as it has
more than its container may have, or as soon as the neighbour has less. What the neighbour and the
hub feel while everything is tried at once is measured in ``test_neighbours``.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from hub.sessions_house import House
from tests.container.attacks import programs
from tests.support.attack_scene import Place, inspect, kernel_of
from tests.support.attack_table import Attack, Outcome, Programs, Without, won_if

MEBIBYTE = 1 << 20
DISK, INODES = 2048 * MEBIBYTE, 66_000
"""The largest disk that the policy gives to a workspace."""
SLOWER = 3.0
"""How much slower a neighbour's work may get on a machine whose processors are all taken."""


def _host(scene: Any) -> Mapping[str, Any]:
    """The limits of the live kernel container, which is what an attack must stay below."""
    found: Mapping[str, Any] = inspect(kernel_of(scene.at("kei")))["HostConfig"]
    return found


def _processes(scene: Any) -> Outcome:
    most = int(_host(scene)["PidsLimit"])
    told = scene.program("kei", programs.PROCESSES, most=most + 200)
    return won_if(told.get("made", 0) > most, f"{told} of {most} processes")


def _memory(scene: Any) -> Outcome:
    limit = int(_host(scene)["Memory"])
    told = scene.program("kei", programs.MEMORY, seconds=90, bytes=limit + 64 * MEBIBYTE)
    return won_if(bool(told.get("touched")), f"{told} with {limit} bytes allowed")


def _tmpfs(scene: Any) -> Outcome:
    told = scene.program("kei", programs.FILL, tops={"/tmp": 400 * MEBIBYTE, "/dev/shm": 100 * MEBIBYTE})
    over = {"/tmp": 300 * MEBIBYTE, "/dev/shm": 80 * MEBIBYTE}
    return won_if(any(told.get(top, 0) > most for top, most in over.items()) or "failed" in told, told)


def _disk(scene: Any) -> Outcome:
    """More than the disk behind /work was made with, and names without end."""
    scene.at("kei").cell("import shutil; shutil.rmtree('/work/inodes', ignore_errors=True)")
    told = scene.program("kei", programs.RESERVE, top="/work", bytes=DISK + 64 * MEBIBYTE)
    names = scene.program("kei", programs.INODES, seconds=120, top="/work", most=INODES)
    return won_if(
        bool(told.get("reserved")) or names.get("made", 0) >= INODES or "failed" in told, f"{told} {names}"
    )


def _descriptors(scene: Any) -> Outcome:
    most = max(
        [limit["Hard"] for limit in _host(scene)["Ulimits"] if limit["Name"] == "nofile"], default=65_536
    )
    told = scene.program("kei", programs.DESCRIPTORS, most=most + 1000)
    return won_if(told.get("made", 0) > most or "failed" in told, f"{told} of {most}")


def _held(scene: Any) -> Outcome:
    """Watches and pipes are limited by user, not by container: the neighbour has another user."""
    scene.program("nao", programs.HELD)
    scene.in_background("kei", programs.HOLD)
    try:
        told = scene.program("nao", programs.HELD)
    finally:
        with suppress(AttributeError):
            scene.end_background("kei")
    return won_if(told.get("inotify", 0) < 3 or told.get("pipe", 0) < 65_536, f"the neighbour has {told}")


def _processor(scene: Any) -> Outcome:
    alone = scene.program("nao", programs.WORK, rounds=4_000_000)["seconds"]
    scene.in_background("kei", programs.SPIN, processes=24)
    try:
        beside = scene.program("nao", programs.WORK, seconds=40, rounds=4_000_000).get("seconds", 60.0)
    finally:
        with suppress(AttributeError):
            scene.end_background("kei")
    return won_if(
        beside > SLOWER * max(alone, 0.1),
        f"the neighbour's work took {alone:.2f} s alone and {beside:.2f} s beside",
    )


def _shared_user(place: Place, house: House) -> str:
    return "299999:299999"


def _plain_folder(place: Place, house: House) -> list[dict[str, Any]]:
    """The mounts as they are, but /work is a folder of the host and no disk of its own."""
    folder = place.hub.settings.enclave_home / "plain"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    found = inspect(kernel_of(place))["HostConfig"]["Mounts"]
    return [{**mount, "Source": str(folder)} if mount["Target"] == "/work" else mount for mount in found]


def _heavy(place: Place, house: House) -> int:
    return 262_144 if place.person == "kei" else 2


def _body(name: str, **changed: Any) -> Without:
    return Without(name, body={k.replace("__", "."): v for k, v in changed.items()})


def _attack(
    name: str, tries: str, wins: str, control: str, run: Callable[[Programs], Outcome], off: Without
) -> Attack:
    return Attack(f"resource-{name}", tries, "a program started by a cell", wins, control, run, off)


ATTACKS = (
    _attack(
        "processes",
        "a fork bomb",
        "more processes than the container may have",
        "a limit of processes (isolation: PidsLimit)",
        _processes,
        _body("no-pids-limit", HostConfig__PidsLimit=0, HostConfig__Ulimits=[]),
    ),
    _attack(
        "memory",
        "more memory than the container may have, touched",
        "all of it touched",
        "a limit of memory without swap (isolation: Memory)",
        _memory,
        _body("much-memory", HostConfig__Memory=3 << 30, HostConfig__MemorySwap=3 << 30),
    ),
    _attack(
        "tmpfs",
        "filling /tmp and shared memory",
        "more than 300 MiB in /tmp or 80 MiB of shared memory",
        "bounded tmpfs (isolation: Tmpfs, ShmSize)",
        _tmpfs,
        _body(
            "large-tmpfs",
            HostConfig__Tmpfs={"/tmp": "rw,nosuid,nodev,size=1073741824,mode=1777"},
            HostConfig__ShmSize=512 * MEBIBYTE,
        ),
    ),
    _attack(
        "disk",
        "more bytes in /work than its disk has, and more names",
        "the bytes reserved or the names made",
        "a disk of its own behind /work (disks)",
        _disk,
        Without("plain-work", body={"HostConfig.Mounts=": _plain_folder}),
    ),
    _attack(
        "descriptors",
        "as many open files as there can be",
        "more than the limit",
        "a limit of open files (isolation: Ulimits)",
        _descriptors,
        _body("many-files", HostConfig__Ulimits=[{"Name": "nofile", "Soft": 8_192, "Hard": 8_192}]),
    ),
    _attack(
        "watches-and-pipes",
        "all watches and pipe pages of a user",
        "the neighbour has none left",
        "users of its own for each workspace (sessions: of_workspace)",
        _held,
        _body("one-user", User=_shared_user),
    ),
    _attack(
        "processor",
        "24 processes that only spin",
        f"a neighbour's work takes more than {SLOWER:.0f} times as long",
        "every container has the same weight (isolation: CpuShares is empty)",
        _processor,
        _body("heavy", HostConfig__CpuShares=_heavy),
    ),
)
