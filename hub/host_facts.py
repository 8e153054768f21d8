"""What this machine and its container engine say of themselves: reading, and nothing else.

Every fact is one or two small files below /proc and /sys that any user may read; a file that is
not there or cannot be read is a fact that was not seen (None), never a good one.
"""

import ctypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hub.host_baseline import EngineFacts, HostFacts

ROOT = Path("/")
_TIME_ERROR = 5
"""What adjtimex answers while the clock is not synchronised (TIME_ERROR)."""


def read_host(root: Path = ROOT) -> HostFacts:
    """The facts of the machine whose /proc and /sys lie below ``root``."""
    return HostFacts(
        apparmor=_apparmor(root),
        ptrace_scope=_number(root / "proc/sys/kernel/yama/ptrace_scope"),
        seccomp=_seccomp(root),
        memory_limit=_controlled(root, "memory"),
        pids_limit=_controlled(root, "pids"),
        core_pattern=_text(root / "proc/sys/kernel/core_pattern"),
        fscrypt=_fscrypt(root),
        swap_devices=_rows(root / "proc/swaps"),
        bpf_disabled=_number(root / "proc/sys/kernel/unprivileged_bpf_disabled"),
        user_namespaces=_number(root / "proc/sys/user/max_user_namespaces"),
        keyring=(root / "proc/keys").exists(),
        synchronised=_synchronised() if root == ROOT else None,
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None


def _number(path: Path) -> int | None:
    text = _text(path)
    return int(text) if text is not None and text.lstrip("-").isdecimal() else None


def _rows(path: Path) -> int | None:
    text = _text(path)
    return None if text is None else max(0, len(text.splitlines()) - 1)


def _apparmor(root: Path) -> bool:
    """The kernel enforces AppArmor; whether a container runs under it is asked of each container."""
    return (_text(root / "sys/module/apparmor/parameters/enabled") or "").startswith("Y")


def _seccomp(root: Path) -> bool | None:
    actions = _text(root / "proc/sys/kernel/seccomp/actions_avail")
    return None if actions is None else "errno" in actions.split()


def _controlled(root: Path, name: str) -> bool | None:
    """Whether a control group limits this: version 2 names it at its top, version 1 has a folder that can."""
    unified = _text(root / "sys/fs/cgroup/cgroup.controllers")
    if unified is not None:
        return name in unified.split()
    rows = [row.split() for row in (_text(root / "proc/cgroups") or "").splitlines()]
    enabled = any(row[:1] == [name] and row[-1:] == ["1"] for row in rows)
    return enabled and (root / "sys/fs/cgroup" / name / "cgroup.procs").exists()


def _fscrypt(root: Path) -> bool:
    return (root / "sys/fs/ext4/features/encryption").exists()


def _synchronised() -> bool | None:
    """What the kernel says of its own clock (adjtimex, asked with nothing to change)."""
    try:
        answer = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else answer != _TIME_ERROR


def read_engine(info: Mapping[str, Any] | None) -> EngineFacts | None:
    """The facts in the engine's own description; None where it could not be asked."""
    if info is None:
        return None
    options = " ".join(str(option) for option in info.get("SecurityOptions") or [])
    return EngineFacts(
        version=str(info.get("ServerVersion") or ""),
        storage=str(info.get("Driver") or ""),
        apparmor="name=apparmor" in options,
        seccomp="name=seccomp" in options,
    )
