"""The isolation baseline as data, and what of a container falls short of it.

Every container of the house (desk, kernel, reader) has no network, no capability, no new
privileges, the house's own list of system calls, a read-only root, limits of memory, swap and
processes, its own ipc namespace, an init, no log, no core dump, a user that is not root, one of
the three images by digest, and no folder of the host but those named here. ``shortfalls`` reads
a create body (what will be asked for) and a ``docker inspect`` document (what is) by the same
table. The table is closed: a
setting of Docker that stands in no row must be empty, so a setting that a newer engine invents
is refused until somebody judged it. An empty document is refused: empty means no.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from enclave.sentences import Sentence, say
from hub import seccomp

MEBIBYTE = 1 << 20
LARGEST_MEMORY = 1024 * MEBIBYTE
MOST_PROCESSES = 256
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")

_MASKED = frozenset(
    {
        "/proc/acpi",
        "/proc/kcore",
        "/proc/keys",
        "/proc/latency_stats",
        "/proc/timer_list",
        "/proc/sched_debug",
    }
    | {"/proc/scsi", "/sys/firmware"}
)
_READ_ONLY = frozenset({"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"})
_DEFAULT_SHM = 64 * MEBIBYTE
ULIMITS = (("core", 0), ("memlock", 0), ("nofile", 4096))
"""Limits of each process, soft and hard alike: a dump would hold data, nothing of ours locks pages, and nothing needs
more files. Processes are bounded per container and not here, where a user's processes of the whole machine are counted;
the size of a file is bounded by the disk it lies on."""
APPARMOR = "docker-default"
"""The engine's own profile, which it loads wherever the kernel enforces AppArmor."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One way in which a container is less sealed than the baseline."""

    code: str
    where: str

    @property
    def sentence(self) -> Sentence:
        return say(
            "The container falls short of the baseline at {where} ({code}).", where=self.where, code=self.code
        )


@dataclass(frozen=True, slots=True)
class MountRule:
    """A folder or file of the host that one kind of container may see."""

    kind: str
    target: str
    source: str
    """A pattern relative to the enclave's home; it must match whole."""
    read_only: bool = False


_WID = r"workspaces/[0-9a-f]{12}"
MOUNT_RULES = (
    MountRule("desk", "/run/web", f"{_WID}/web"),
    MountRule("desk", "/run/k/b", f"{_WID}/b"),
    MountRule("desk", "/run/k/rt", f"{_WID}/rt"),
    MountRule("desk", "/work", f"{_WID}/work"),
    MountRule("desk", "/run/hub", "run/hub"),
    MountRule("desk", "/run/intake", "run/intake/[0-9a-f]{12}"),
    MountRule("kernel", "/run/k/b", f"{_WID}/b"),
    MountRule("kernel", "/run/k/rt", f"{_WID}/rt"),
    MountRule("kernel", "/work", f"{_WID}/work"),
    MountRule(
        "kernel",
        "/data/extract.duckdb",
        r"extracts/[a-z][a-z0-9-]{0,29}/[a-z0-9][a-z0-9._-]{0,63}\.duckdb",
        read_only=True,
    ),
    MountRule("reader", "/in", r"readers/[a-z0-9][a-z0-9-]{0,39}/in", read_only=True),
    MountRule("reader", "/out", r"readers/[a-z0-9][a-z0-9-]{0,39}/out"),
    MountRule("recount", "/in", r"readers/[a-z0-9][a-z0-9-]{0,39}/in", read_only=True),
    MountRule("recount", "/out", r"readers/[a-z0-9][a-z0-9-]{0,39}/out"),
    MountRule(
        "recount",
        "/data/extract.duckdb",
        r"extracts/[a-z][a-z0-9-]{0,29}/[a-z0-9][a-z0-9._-]{0,63}\.duckdb",
        read_only=True,
    ),
)

Test = Callable[[Any], bool]


def _is(wanted: object) -> Test:
    return lambda value: type(value) is type(wanted) and value == wanted


def _within(most: int) -> Test:
    return lambda value: type(value) is int and 0 < value <= most


def _empty(value: object) -> bool:
    """Whether Docker's value says nothing: null, no text, no entry, zero, false."""
    if isinstance(value, (list, tuple)):
        return all(_empty(item) for item in value)
    return value is None or value is False or value in ("", 0) or value == {}


def _covers(least: frozenset[str]) -> Test:
    """Left to the engine (absent), or a list that still has every entry of ours."""
    return lambda value: value is None or (isinstance(value, list) and least <= set(value))


def _no_restart(value: object) -> bool:
    return value is None or (
        isinstance(value, Mapping) and value.get("Name") in ("", "no") and not value.get("MaximumRetryCount")
    )


def ulimits() -> list[dict[str, Any]]:
    """The limits in the engine's form."""
    return [{"Name": name, "Soft": most, "Hard": most} for name, most in ULIMITS]


def _no_log(value: object) -> bool:
    return isinstance(value, Mapping) and value.get("Type") == "none" and not value.get("Config")


def _small_tmpfs(value: object) -> bool:
    """Nothing but a bounded /tmp, without devices, setuid and programs."""
    if not isinstance(value, Mapping) or set(value) != {"/tmp"}:  # noqa: S108  a path in the container
        return False
    options = str(value["/tmp"]).split(",")  # noqa: S108
    return {"nosuid", "nodev", "noexec"} <= set(options) and any(
        re.fullmatch(r"size=\d+", o) for o in options
    )


REQUIRED: tuple[tuple[str, str, Test], ...] = (
    ("network", "NetworkMode", _is("none")),
    ("capabilities", "CapDrop", _is(["ALL"])),
    ("writable_root", "ReadonlyRootfs", _is(True)),  # noqa: FBT003  the value itself
    ("processes", "PidsLimit", _within(MOST_PROCESSES)),
    ("memory", "Memory", _within(LARGEST_MEMORY)),
    ("swap", "MemorySwap", _within(LARGEST_MEMORY)),
    ("ipc", "IpcMode", _is("private")),
    ("init", "Init", _is(True)),  # noqa: FBT003
    ("log", "LogConfig", _no_log),
    ("ulimits", "Ulimits", _is(ulimits())),
    ("tmpfs", "Tmpfs", _small_tmpfs),
)
"""Settings of ``HostConfig`` that must be there, with the code of their absence."""

BY_DEFAULT: Mapping[str, Test] = {
    "RestartPolicy": _no_restart,
    "MaskedPaths": _covers(_MASKED),
    "ReadonlyPaths": _covers(_READ_ONLY),
    "ShmSize": lambda v: v in (None, 0, _DEFAULT_SHM),
    "Runtime": lambda v: v in (None, "", "runc", "runsc"),
    "CgroupnsMode": lambda v: v in (None, "", "host", "private"),
    "MemorySwappiness": lambda v: v in (None, -1),
}
"""Settings that the engine fills in by itself, with what it may fill in."""


def security_options(*, apparmor: bool) -> list[str]:
    """What every container is confined by; without AppArmor only where a policy excepts it (``host_baseline``)."""
    confined = ["no-new-privileges", f"seccomp={seccomp.PROFILE}"]
    return [*confined, *([f"apparmor={APPARMOR}"] if apparmor else [])]


def shortfalls(
    document: Mapping[str, Any], images: frozenset[str], home: str, *, apparmor: bool = True
) -> tuple[Shortfall, ...]:
    """Every way in which a create body or an inspect document is below the baseline."""
    return tuple(_shortfalls(document, images, home, apparmor=apparmor))


def _shortfalls(
    document: Mapping[str, Any], images: frozenset[str], home: str, *, apparmor: bool
) -> Iterator[Shortfall]:
    host = document.get("HostConfig")
    if not isinstance(host, Mapping) or not host:
        yield Shortfall("empty", "HostConfig")
        return
    config = document["Config"] if isinstance(document.get("Config"), Mapping) else document
    image = document.get("Image")
    if not isinstance(image, str) or not DIGEST.fullmatch(image) or image not in images:
        yield Shortfall("image", "Image")
    user = config.get("User")
    if not isinstance(user, str) or not re.fullmatch(r"[1-9]\d*:[1-9]\d*", user):
        yield Shortfall("user", "User")
    if host.get("SecurityOpt") != security_options(apparmor=apparmor):
        yield Shortfall("confinement", "SecurityOpt")
    yield from _settings(host)
    yield from _program(config)
    kind = (config.get("Labels") or {}).get("hanare.kind", "")
    yield from _mounts(host.get("Mounts") or [], kind, home)
    if config is not document:
        yield from _effective(document)
        if apparmor and document.get("AppArmorProfile") != APPARMOR:
            yield Shortfall("apparmor", "AppArmorProfile")


def _settings(host: Mapping[str, Any]) -> Iterator[Shortfall]:
    for code, name, holds in REQUIRED:
        if not holds(host.get(name)):
            yield Shortfall(code, name)
    if host.get("Memory") != host.get("MemorySwap"):
        yield Shortfall("swap", "MemorySwap")
    known = {name for _, name, _ in REQUIRED} | {"Mounts", "SecurityOpt"}
    for name, value in host.items():
        if name in known:
            continue
        if not BY_DEFAULT.get(name, _empty)(value):
            yield Shortfall("setting", name)


def _program(config: Mapping[str, Any]) -> Iterator[Shortfall]:
    for name in ("Entrypoint", "Volumes", "ExposedPorts", "Healthcheck", "Shell", "StopSignal"):
        if not _empty(config.get(name)):
            yield Shortfall("setting", name)


def _mounts(mounts: object, kind: str, home: str) -> Iterator[Shortfall]:
    if not isinstance(mounts, list):
        yield Shortfall("mount", "Mounts")
        return
    for mount in mounts:
        if not any(_permits(rule, mount, home) for rule in MOUNT_RULES if rule.kind == kind):
            yield Shortfall("mount", str(mount.get("Target", "")) if isinstance(mount, Mapping) else "Mounts")


def _permits(rule: MountRule, mount: object, home: str) -> bool:
    if not isinstance(mount, Mapping) or set(mount) - {"Type", "Source", "Target", "ReadOnly", "BindOptions"}:
        return False
    return (
        mount.get("Type") == "bind"
        and mount.get("Target") == rule.target
        and bool(mount.get("ReadOnly")) is rule.read_only
        and mount.get("BindOptions") == {"Propagation": "rprivate"}
        and re.fullmatch(f"{re.escape(home)}/{rule.source}", str(mount.get("Source"))) is not None
    )


def _effective(inspected: Mapping[str, Any]) -> Iterator[Shortfall]:
    """What is really mounted and attached: as much as was asked for, and nothing else."""
    asked = {
        (m.get("Source"), m.get("Target"), not m.get("ReadOnly"))
        for m in inspected["HostConfig"].get("Mounts") or []
    }
    mounted = {(m.get("Source"), m.get("Destination"), m.get("RW")) for m in inspected.get("Mounts") or []}
    for _, target, _ in sorted(mounted ^ asked, key=str):
        yield Shortfall("mount", str(target))
    networks = (inspected.get("NetworkSettings") or {}).get("Networks") or {}
    if set(networks) - {"none"}:
        yield Shortfall("network", "NetworkSettings")


def differences(body: Mapping[str, Any], inspected: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a container, as Docker reports it, is not what its create body said.

    Labels and environment of the image come on top of ours; everything else is equal.
    """
    return tuple(_differences(body, inspected))


def _differences(body: Mapping[str, Any], inspected: Mapping[str, Any]) -> Iterator[str]:
    config = inspected.get("Config") or {}
    host = inspected.get("HostConfig") or {}
    if inspected.get("Image") != body["Image"]:
        yield "Image"
    for name in ("User", "Cmd", "WorkingDir", "Hostname"):
        if config.get(name) != body[name]:
            yield name
    if not set(body["Env"]) <= set(config.get("Env") or []):
        yield "Env"
    named = {entry.partition("=")[0] for entry in body["Env"]}
    added = [e for e in config.get("Env") or [] if e not in body["Env"]]
    if any(e.partition("=")[0] in named or e.startswith(("JUPYTER", "HANARE_")) for e in added):
        yield "Env"
    labels = config.get("Labels") or {}
    if any(labels.get(name) != value for name, value in body["Labels"].items()):
        yield "Labels"
    for name, value in body["HostConfig"].items():
        if _plain(host.get(name)) != _plain(value):
            yield f"HostConfig.{name}"


def _plain(value: object) -> object:
    """A value without the entries that Docker leaves out when they are false."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if v is not False}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value
