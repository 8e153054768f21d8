"""The list of system calls: closed by default, nothing of what containers were broken with, and exactly ours."""

import copy
import json
from typing import Any

import pytest

from hub import isolation, seccomp
from hub.gate_judge import BODY_MAX
from hub.sessions import plan_desk, plan_kernel, plan_reader
from tests.support.hub_plans import HOUSE, SESSION

RULES: list[dict[str, Any]] = seccomp.profile()["syscalls"]
NEVER = [
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "process_mrelease",
    "pidfd_getfd",
    "kcmp",
    "keyctl",
    "add_key",
    "request_key",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "mount",
    "umount2",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "fsconfig",
    "fspick",
    "mount_setattr",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "quotactl",
    "quotactl_fd",
    "personality",
    "name_to_handle_at",
    "open_by_handle_at",
    "vmsplice",
    "splice",
    "tee",
    "swapon",
    "swapoff",
    "reboot",
    "syslog",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sethostname",
    "setdomainname",
    "iopl",
    "ioperm",
    "modify_ldt",
    "fanotify_init",
    "lookup_dcookie",
    "acct",
    "seccomp",
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setgroups",
    "capset",
    "execveat",
    "mlock",
    "mlock2",
    "mlockall",
    "move_pages",
    "migrate_pages",
    "uselib",
    "ustat",
    "sysfs",
    "nfsservctl",
    "vm86",
    "vm86old",
    "vhangup",
    "shmget",
    "msgget",
    "semget",
    "mq_open",
    "remap_file_pages",
    "memfd_secret",
    "sync",
    "syncfs",
]


def answer(name: str, *arguments: int) -> str:
    """What the profile says to a call, as the machine's kernel would read it."""
    for rule in RULES:
        if name in rule["names"] and all(_fits(test, arguments) for test in rule.get("args", [])):
            return str(rule["action"].removeprefix("SCMP_ACT_")) + str(rule.get("errnoRet", ""))
    return f"ERRNO{seccomp.EPERM}"


def _fits(test: dict[str, Any], arguments: tuple[int, ...]) -> bool:
    given = arguments[test["index"]]
    compared = {
        "SCMP_CMP_EQ": given == test["value"],
        "SCMP_CMP_NE": given != test["value"],
        "SCMP_CMP_MASKED_EQ": given & test["value"] == test["valueTwo"],
    }
    return bool(compared[test["op"]])


def test_what_no_row_names_is_refused() -> None:
    assert seccomp.profile()["defaultAction"] == "SCMP_ACT_ERRNO"
    assert answer("brand_new_call") == "ERRNO1"


@pytest.mark.parametrize("name", NEVER)
def test_no_row_allows(name: str) -> None:
    assert not any(name in rule["names"] for rule in RULES)


@pytest.mark.parametrize("name", ["socket", "socketpair"])
def test_sockets_are_of_the_unix_family(name: str) -> None:
    assert answer(name, 1, 1, 0) == "ALLOW"
    for family in (*range(2, 50), 0, 1 | 1 << 32):
        assert answer(name, family, 1, 0) == "ERRNO95"


@pytest.mark.parametrize(
    "flag", [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
)
def test_no_new_process_gets_a_namespace(flag: int) -> None:
    assert answer("clone", 17) == "ALLOW"
    assert answer("clone", flag | 17) == "ERRNO1"


def test_threads_and_forks_are_allowed_by_the_call_whose_flags_can_be_read() -> None:
    assert answer("clone", 0x3D0F00) == "ALLOW"
    assert answer("clone3", 0) == "ERRNO38"


def test_each_call_stands_once_and_32_bit_programs_have_no_list() -> None:
    assert len(set(seccomp.ALLOWED)) == len(seccomp.ALLOWED)
    assert all(entry["subArchitectures"] == [] for entry in seccomp.profile()["archMap"])


def test_the_text_fits_into_what_the_gate_reads_many_times_over() -> None:
    assert json.loads(seccomp.PROFILE) == seccomp.profile()
    for plan in (plan_desk(HOUSE, SESSION), plan_kernel(HOUSE, SESSION), plan_reader(HOUSE, "job-1")):
        assert f"seccomp={seccomp.PROFILE}" in plan.body["HostConfig"]["SecurityOpt"]
        assert len(json.dumps(plan.body)) < BODY_MAX // 4


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["no-new-privileges"],
        ["no-new-privileges", "seccomp=unconfined"],
        ["no-new-privileges", "seccomp={}"],
        ["no-new-privileges", "seccomp=" + seccomp.PROFILE.replace('"clone3"', '"clone2"')],
        ["no-new-privileges", "seccomp=" + seccomp.PROFILE.replace('"read"', '"read","ptrace"')],
        ["no-new-privileges", f"seccomp={seccomp.PROFILE}", "seccomp=unconfined"],
        [f"seccomp={seccomp.PROFILE}"],
        ["no-new-privileges", f"seccomp={seccomp.PROFILE} "],
    ],
)
def test_any_other_text_falls_short(options: list[str]) -> None:
    body = copy.deepcopy(dict(plan_kernel(HOUSE, SESSION).body))
    body["HostConfig"]["SecurityOpt"] = options
    short = isolation.shortfalls(body, HOUSE.images.all, HOUSE.places.home)
    assert [s.where for s in short] == ["SecurityOpt"]
