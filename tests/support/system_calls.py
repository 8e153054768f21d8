"""A probe that makes every call which a container must not make, and says what came back.

It runs as it is in a kernel's cell and in a plain container. A call whose arguments are useless
answers EPERM or ENOSYS only when something stands before the system's own code for it.
"""

import json
import subprocess

from tests.support.hub_home import image_ids

FAMILIES = {
    "AF_INET": (2, 1, 0),
    "AF_INET udp": (2, 2, 0),
    "AF_INET6": (10, 1, 0),
    "AF_NETLINK": (16, 3, 0),
    "AF_PACKET": (17, 3, 0),
    "AF_ALG": (38, 5, 0),
    "AF_VSOCK": (40, 1, 0),
    "AF_XDP": (44, 3, 0),
    "AF_RDS": (21, 5, 0),
    "AF_BLUETOOTH": (31, 3, 0),
    "AF_TIPC": (30, 1, 0),
    "AF_UNIX in the low half alone": (1 << 32 | 2, 1, 0),
}
FORBIDDEN = {
    "ptrace a child": (101, 16, "child", 0, 0),
    "ptrace by the parent": (101, 0, 0, 0, 0),
    "process_vm_readv": (310, "child", 0, 0, 0, 0, 0),
    "process_vm_writev": (311, "child", 0, 0, 0, 0, 0),
    "process_madvise": (440, -1, 0, 0, 0, 0),
    "pidfd_getfd": (438, -1, 0, 0),
    "kcmp": (312, "child", "child", 0, 0, 0),
    "add_key": (248, 0, 0, 0, 0, -3),
    "request_key": (249, 0, 0, 0, -3),
    "keyctl": (250, 0, -3, 1),
    "bpf": (321, 0, 0, 0),
    "perf_event_open": (298, 0, 0, -1, -1, 0),
    "userfaultfd": (323, 1),
    "io_uring_setup": (425, 1, 0),
    "io_uring_enter": (426, -1, 0, 0, 0, 0, 0),
    "io_setup": (206, 1, 0),
    "mount": (165, 0, 0, 0, 0, 0),
    "umount2": (166, 0, 0),
    "move_mount": (429, -1, 0, -1, 0, 0),
    "open_tree": (428, -100, 0, 0),
    "fsopen": (430, 0, 0),
    "mount_setattr": (442, -1, 0, 0, 0, 0),
    "pivot_root": (155, 0, 0),
    "chroot": (161, 0),
    "unshare a user namespace": (272, 0x10000000),
    "unshare a mount namespace": (272, 0x00020000),
    "setns": (308, -1, 0),
    "clone a user namespace": (56, 0x10000000 | 17, 0, 0, 0, 0),
    "clone a network": (56, 0x40000000 | 17, 0, 0, 0, 0),
    "clone3": (435, 0, 0),
    "kexec_load": (246, 0, 0, 0, 0),
    "init_module": (175, 0, 0, 0),
    "finit_module": (313, -1, 0, 0),
    "delete_module": (176, 0, 0),
    "quotactl": (179, 0, 0, 0, 0),
    "personality": (135, 0x0040000),
    "name_to_handle_at": (303, -100, 0, 0, 0, 0),
    "open_by_handle_at": (304, -1, 0, 0),
    "vmsplice": (278, -1, 0, 0, 0),
    "splice": (275, -1, 0, -1, 0, 0, 0),
    "swapon": (167, 0, 0),
    "reboot": (169, 0, 0, 0, 0),
    "syslog": (103, 2, 0, 0),
    "settimeofday": (164, 0, 0),
    "sethostname": (170, 0, 0),
    "iopl": (172, 3),
    "modify_ldt": (154, 0, 0, 0),
    "fanotify_init": (300, 0, 0),
    "seccomp": (317, 2, 0, 0),
    "mlockall": (151, 1),
    "shmget": (29, 0, 4096, 0o1600),
    "mq_open": (240, 0, 0, 0, 0),
    "move_pages": (279, "child", 0, 0, 0, 0, 0),
    "execveat": (322, -1, 0, 0, 0, 0),
    "setuid": (105, 0),
    "no such call": (1000,),
}
"""Numbers of a 64-bit PC."""
ELSEWHERE = (
    "ptrace a child", "process_vm_readv", "pidfd_getfd", "kcmp", "add_key", "keyctl", "io_uring_setup", "io_setup",
    "unshare a user namespace", "clone a user namespace", "personality", "name_to_handle_at", "vmsplice", "splice",
    "modify_ldt", "shmget", "socket AF_INET", "socket AF_INET6", "socket AF_NETLINK",
)  # fmt: skip
"""What the system itself refuses to nobody: without the profile these get through to its own code."""
PROBE = f"""
import ctypes, errno, json, os, signal, threading
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(number, *arguments):
    ctypes.set_errno(0)
    got = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) for a in arguments))
    return got, 'ok' if got >= 0 else errno.errorcode.get(ctypes.get_errno(), '?')
told = {{}}
child = os.fork()
if child == 0:
    signal.pause()
    os._exit(0)
for name, arguments in json.loads({json.dumps(json.dumps(FORBIDDEN))}).items():
    # Each in a process of its own: a call that gets through must not change this one.
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        own = os.getpid()
        got, word = call(*(child if a == 'child' else a for a in arguments))
        if os.getpid() == own:
            os.write(writing, word.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(pid, 0)
    told[name] = os.read(reading, 99).decode()
    os.close(reading)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
for name, arguments in json.loads({json.dumps(json.dumps({**FAMILIES, "AF_UNIX": (1, 1, 0)}))}).items():
    got, told['socket ' + name] = call(41, *arguments)
    if got >= 0:
        os.close(got)
pair = (ctypes.c_int * 2)()
told['socketpair AF_UNIX'] = call(53, 1, 1, 0, ctypes.addressof(pair))[1]
told['fork'] = 'ok'
thread = threading.Thread(target=lambda: told.__setitem__('thread', 'ok'))
thread.start()
thread.join()
print(json.dumps(told))
"""


def probe_without_profile() -> dict[str, str]:
    """What the same probe is told in a container that lacks the profile and nothing else that matters."""
    words = [
        "docker",
        "run",
        "--rm",
        "--interactive",
        "--network",
        "none",
        "--user",
        "65533:65533",
        "--read-only",
    ]
    words += [
        "--cap-drop",
        "ALL",
        "--security-opt",
        "no-new-privileges",
        "--security-opt",
        "seccomp=unconfined",
    ]
    words += [
        "--memory",
        "256m",
        "--pids-limit",
        "64",
        image_ids()["kernel"],
        "/opt/analysis/bin/python",
        "-",
    ]
    done = subprocess.run(words, input=PROBE, capture_output=True, text=True, timeout=60, check=True)
    told: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return told
