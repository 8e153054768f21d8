"""From inside a kernel's container outwards: networks, sockets, other processes, tokens, keys.

Each attack is a program (``programs``) that runs as a child of a kernel. Where the control is a line
of the container's create body, the same program runs in a container that differs in that line only.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from hub.sessions_house import House
from tests.container.attacks import programs
from tests.container.attacks.variants import DUMPABLE
from tests.support.attack_scene import Place, bridge_address, desk_token, listening
from tests.support.attack_table import Attack, Outcome, Programs, Without, won_if

FAMILIES: Mapping[str, tuple[int, int, int]] = {
    "netlink": (16, 3, 0),
    "packet": (17, 3, 0x300),
    "raw": (2, 3, 1),
    "vsock": (40, 1, 0),
    "alg": (38, 5, 0),
    "bluetooth": (31, 3, 1),
    "xdp": (44, 3, 0),
    "kcm": (41, 2, 0),
    "rds": (21, 5, 0),
    "tipc": (30, 5, 0),
    "can": (29, 3, 1),
    "nfc": (39, 5, 0),
    "smc": (43, 1, 0),
    "x25": (9, 5, 0),
}
REFUSED = frozenset({"EPERM", "EACCES", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"})
"""Answers of a filter; the machine's own kernel says that it does not know a family in other words."""
CALLS: Mapping[str, tuple[int, ...]] = {
    "unshare a user namespace": (272, 0x10000000),
    "unshare a network": (272, 0x40000000),
    "add_key": (248, 0, 0, 0, 0, 0),
    "keyctl": (250, 0, -3, 0),
    "bpf": (321, 0, 0, 0),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "userfaultfd": (323, 1),
    "io_uring_setup": (425, 1, 0),
    "ptrace": (101, 0, 0, 0, 0),
    "mount": (165, 0, 0, 0, 0, 0),
    "open_by_handle_at": (304, 0, 0, 0),
    "kexec_load": (246, 0, 0, 0, 0),
    "init_module": (175, 0, 0, 0),
    "setns": (308, 0, 0),
    "process_vm_readv": (310, 1, 0, 0, 0, 0, 0),
}
ASKED = frozenset({"EFAULT", "EINVAL", "EBADF", "ESRCH", "ENOENT", "E2BIG", "EOPNOTSUPP", "ENOTTY"})
"""Answers of the machine's own kernel to a call with bad arguments: the call got through."""
NO_NETWORK = "no network: the container has lo and nothing else (isolation: NetworkMode none)"
SECCOMP = "the seccomp profile names what may be asked of the machine's kernel (isolation: SecurityOpt)"
UNCONFINED = ["no-new-privileges", "seccomp=unconfined"]


def _network(scene: Programs) -> Outcome:
    """A real listener on the host's side of the engine's network: reaching it is winning."""
    gateway = bridge_address()
    server = listening(gateway)
    stop = threading.Event()

    def take() -> None:
        while not stop.is_set():
            with suppress(OSError):
                server.accept()[0].close()

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        port = server.getsockname()[1]
        addresses = [
            [gateway, port],
            ["127.0.0.1", port],
            ["::1", port],
            ["10.0.0.1", 53],
            ["169.254.169.254", 80],
        ]
        told = scene.program("kei", programs.REACH, addresses=addresses, name="host.docker.internal")
    finally:
        stop.set()
        thread.join(3)
        server.close()
    reached = [a for a, said in told.items() if said == "connected"] + (
        [told["name"]] if told.get("name") else []
    )
    return won_if(bool(reached) or told.get("interfaces", ["lo"]) != ["lo"], told)


def _families(scene: Programs) -> Outcome:
    told = scene.program("kei", programs.FAMILIES, families=FAMILIES)
    got = sorted(name for name, said in told.items() if said not in REFUSED)
    return won_if(bool(got), f"asked the machine's kernel for {got}: {told}")


def _syscalls(scene: Programs) -> Outcome:
    told = scene.program("kei", programs.SYSCALLS, calls=CALLS)
    got = sorted(name for name, said in told.items() if said in ASKED or said == "done")
    return won_if(bool(got) or "failed" in told, f"got through: {got}; {told}")


def _abstract(scene: Programs) -> Outcome:
    scene.in_background("nao", programs.ABSTRACT_SERVER, name="hanare-attack")
    try:
        told: dict[str, Any] = {}
        for _ in range(20):
            told = scene.program("kei", programs.ABSTRACT_CLIENT, name="hanare-attack")
            if told.get("said"):
                break
    finally:
        end = getattr(scene, "end_background", None)
        if end is not None:
            end("nao")
    return won_if(told.get("said") == "here", told)


def _sockets(scene: Programs) -> Outcome:
    told = scene.program("kei", programs.SOCKETS)
    return won_if(bool(told.get("sockets")) or "failed" in told, told)


def _hunt(scene: Any) -> Outcome:
    token = desk_token(scene.at("kei"))
    told = scene.program("kei", programs.HUNT, backwards=token[::-1])
    return won_if(bool(told.get("found")) or "failed" in told, told)


def _processes(scene: Programs) -> Outcome:
    told = scene.program("kei", programs.HUNT, backwards="no such words stand anywhere here"[::-1])
    return won_if(
        bool(told.get("others")) or "failed" in told,
        f"processes of the desk or the hub: {told.get('others')}",
    )


def _broker(scene: Any) -> Outcome:
    key = scene.hub.foundation.keyring.find(scene.at("kei").project, "data")
    told = scene.program("kei", programs.BROKER, backwards=key.hex()[::-1])
    return won_if(bool(told.get("found") or told.get("how")) or "failed" in told, told)


def _root(scene: Programs) -> Outcome:
    paths = [
        "/var/tmp/x",
        "/x",
        "/usr/x",
        "/etc/x",
        "/opt/analysis/x",
        "/data/x",
        "/data/extract.duckdb",
        "/run/x",
        "/home/x",
    ]
    told = scene.program("kei", programs.WRITE_ROOT, paths=paths)
    return won_if(bool(told.get("done")) or "failed" in told, told)


def _devices(scene: Programs) -> Outcome:
    told = scene.program("kei", programs.DEVICES)
    weak = int(told.get("effective", "0"), 16) != 0
    return won_if(bool(told.get("done")) or weak or "failed" in told, told)


def _hub_folder(place: Place, house: House) -> list[dict[str, Any]]:
    return [
        {"Type": "bind", "Source": f"{house.places.home}/run/hub", "Target": "/run/hub", "ReadOnly": False}
    ]


def _token_variable(place: Place, house: House) -> list[str]:
    return [f"JUPYTERHUB_API_TOKEN={desk_token(place)}"]


def _body(name: str, **changed: Any) -> Without:
    return Without(name, body={k.replace("__", "."): v for k, v in changed.items()})


def _attack(
    name: str, tries: str, wins: str, control: str, run: Callable[[Any], Outcome], off: Without
) -> Attack:
    return Attack(f"inside-{name}", tries, "a program started by a cell", wins, control, run, off)


ATTACKS = (
    _attack(
        "network",
        "a host, a name server, metadata services, over inet and inet6",
        "a connection, a name, or another interface than lo",
        NO_NETWORK + "; " + SECCOMP,
        _network,
        _body("bridge", HostConfig__NetworkMode="bridge", HostConfig__SecurityOpt=UNCONFINED),
    ),
    _attack(
        "families",
        f"sockets of {len(FAMILIES)} families that nobody needs",
        "the machine's kernel is asked for one",
        SECCOMP,
        _families,
        _body("unconfined", HostConfig__SecurityOpt=UNCONFINED),
    ),
    _attack(
        "syscalls",
        f"{len(CALLS)} calls from which containers were broken before",
        "one of them reaches the machine's kernel",
        SECCOMP,
        _syscalls,
        _body("unconfined", HostConfig__SecurityOpt=UNCONFINED),
    ),
    _attack(
        "abstract-sockets",
        "an abstract unix socket of a neighbour's kernel",
        "a word from the neighbour",
        NO_NETWORK,
        _abstract,
        _body("host-network", HostConfig__NetworkMode="host"),
    ),
    _attack(
        "sockets",
        "the sockets of hub, gate, intake, portal and engine, by walking every folder",
        "one connection",
        "the kernel's mounts: broker, kernel sockets, work, extract (isolation: MOUNT_RULES)",
        _sockets,
        _body("hub-mounted", HostConfig__Mounts=_hub_folder),
    ),
    _attack(
        "token-hunt",
        "the desk's token in environments, command lines and files",
        "the token",
        "the kernel's environment and mounts hold no token (sessions: plan_kernel)",
        _hunt,
        _body("token-in-env", Env=_token_variable),
    ),
    _attack(
        "processes",
        "processes of the desk or the hub",
        "one of them seen",
        "a process namespace of its own (isolation: PidMode is empty)",
        _processes,
        _body("host-pids", HostConfig__PidMode="host"),
    ),
    _attack(
        "broker",
        "the data key in the broker's memory, by mem, environ, descriptors, ptrace and process_vm_readv",
        "the key, or one way in",
        "the broker cannot be looked into (PR_SET_DUMPABLE 0)",
        _broker,
        DUMPABLE,
    ),
    _attack(
        "root-folder",
        "files outside /work, /tmp and the kernels' own sockets",
        "one of them written",
        "a read-only root (isolation: ReadonlyRootfs)",
        _root,
        _body("writable-root", HostConfig__ReadonlyRootfs=False),
    ),
    _attack(
        "devices",
        "device files, capabilities",
        "a device made or a capability held",
        "no capability, and no user that has any (isolation: CapDrop, User)",
        _devices,
        _body("root-with-mknod", User="0:0", HostConfig__CapDrop=[], HostConfig__CapAdd=["MKNOD"]),
    ),
)
