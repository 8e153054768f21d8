"""Which system calls a container of the house may make.

Closed by default: what no row names fails with EPERM, and what the engine's library does not know
either fails as if the system had no such call. The rows were measured with the work that the house
is for (interpreters, BLAS threads, pools of processes, data frames, figures, a shell) and hold one
family each. There is no row for another process's memory or descriptors (ptrace, process_vm_*,
pidfd_getfd, kcmp), the kernel's keys, programs in the kernel (bpf, perf, io_uring, userfaultfd),
mounts, namespaces, file handles, modules, clocks, pages given to pipes (vmsplice), or another
personality. Sockets are of the unix family: every other is refused before a protocol's code is
reached, so a flaw in it cannot be. A new process cannot ask for a
namespace; ``clone3`` hides its flags behind a pointer, so it is told to be missing and the C
library falls back to ``clone``, whose flags can be read.

The profile is the same for every kind of container and is handed to the engine as text.
"""

import json
from typing import Any, Final

EPERM: Final = 1
ENOSYS: Final = 38
EOPNOTSUPP: Final = 95
"""What a refused socket is told: the one answer that libzmq survives when it asks for the network's interfaces."""
AF_UNIX: Final = 1
NEW_NAMESPACES: Final = 0x7E02_0000
"""Mount, cgroup, uts, ipc, user, pid and network namespaces, as flags of ``clone``."""

_FILES: Final = (
    "access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64"
    " fallocate fchdir fchmod fchmodat fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr"
    " fstat fstatfs fsync ftruncate futimesat getcwd getdents getdents64 getxattr ioctl lchown lgetxattr link linkat"
    " listxattr llistxattr lremovexattr lseek lsetxattr lstat memfd_create mkdir mkdirat mknod mknodat newfstatat open"
    " openat openat2 pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat"
    " readv removexattr rename renameat renameat2 rmdir sendfile setxattr stat statfs statx symlink symlinkat"
    " sync_file_range truncate umask unlink unlinkat utime utimensat utimes write writev"
)
_WAITING: Final = (
    "epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 inotify_add_watch"
    " inotify_init inotify_init1 inotify_rm_watch pause poll ppoll pselect6 select signalfd signalfd4 timerfd_create"
    " timerfd_gettime timerfd_settime"
)
_MEMORY: Final = (
    "brk get_mempolicy madvise mbind membarrier mincore mmap mprotect mremap msync munmap set_mempolicy"
)
_PROCESSES: Final = (
    "arch_prctl capget execve exit exit_group fork futex futex_waitv get_robust_list getcpu getegid geteuid getgid"
    " getgroups getpgid getpgrp getpid getppid getpriority getresgid getresuid getrlimit getrusage getsid gettid getuid"
    " kill pidfd_open pidfd_send_signal prctl prlimit64 restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask"
    " rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max"
    " sched_get_priority_min sched_getaffinity sched_getparam sched_getscheduler sched_rr_get_interval"
    " sched_setaffinity sched_setparam sched_setscheduler sched_yield set_robust_list set_tid_address setpgid"
    " setpriority setrlimit setsid sigaltstack sysinfo tgkill times tkill uname vfork wait4 waitid"
)
_FENCES: Final = "landlock_add_rule landlock_create_ruleset landlock_restrict_self"
"""A process may take rights away from itself."""
_TIME: Final = (
    "alarm clock_getres clock_gettime clock_nanosleep getitimer getrandom gettimeofday nanosleep setitimer time"
    " timer_create timer_delete timer_getoverrun timer_gettime timer_settime"
)
_CONNECTIONS: Final = (
    "accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg"
    " sendto setsockopt shutdown"
)
ALLOWED: Final = tuple(
    sorted(f"{_FILES} {_WAITING} {_MEMORY} {_PROCESSES} {_FENCES} {_TIME} {_CONNECTIONS}".split())
)
"""What may be called with any arguments."""


def _argument(value: int, comparison: str, second: int = 0) -> dict[str, Any]:
    return {"index": 0, "value": value, "valueTwo": second, "op": comparison}


def profile() -> dict[str, Any]:
    """The profile in the engine's form."""
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": EPERM,
        # One architecture each, without its 32-bit sibling: that one's calls are not judged here.
        "archMap": [
            {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []},
            {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": []},
        ],
        "syscalls": [
            {"names": list(ALLOWED), "action": "SCMP_ACT_ALLOW"},
            {
                "names": ["clone"],
                "action": "SCMP_ACT_ALLOW",
                "args": [_argument(NEW_NAMESPACES, "SCMP_CMP_MASKED_EQ")],
            },
            {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS},
            {
                "names": ["socket", "socketpair"],
                "action": "SCMP_ACT_ALLOW",
                "args": [_argument(AF_UNIX, "SCMP_CMP_EQ")],
            },
            {
                "names": ["socket", "socketpair"],
                "action": "SCMP_ACT_ERRNO",
                "errnoRet": EOPNOTSUPP,
                "args": [_argument(AF_UNIX, "SCMP_CMP_NE")],
            },
        ],
    }


PROFILE: Final = json.dumps(profile(), separators=(",", ":"))
"""The text that goes to the engine and comes back when it is asked."""
