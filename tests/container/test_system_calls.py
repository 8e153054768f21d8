"""What a kernel may ask of the machine: every forbidden call is refused, and the profile is what refuses it.

The same probe runs in a real workspace and in a container that differs in the profile alone.
There the calls get through or fail for another reason, so what is seen here is not an accident
of the machine.
"""

import json
import signal
from collections.abc import Iterator

import pytest

from tests.support.hub_running import Kernel, RunningHub
from tests.support.system_calls import ELSEWHERE, FAMILIES, FORBIDDEN, PROBE, probe_without_profile


@pytest.fixture(scope="module")
def kernel(hub: RunningHub) -> Iterator[Kernel]:
    browser = hub.person("mei")
    browser.enter("p-a")
    browser.until_ready("p-a")
    connected = browser.kernel("p-a")
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def told(kernel: Kernel) -> dict[str, str]:
    status, said = kernel.run(PROBE, 60)
    assert status == "ok", said
    answers: dict[str, str] = json.loads(said.splitlines()[-1])
    return answers


@pytest.fixture(scope="module")
def told_without() -> dict[str, str]:
    return probe_without_profile()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_call_is_refused(told: dict[str, str], name: str) -> None:
    assert told[name] in {"EPERM", "ENOSYS"}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_socket_of_another_family_is_refused(told: dict[str, str], name: str) -> None:
    assert told[f"socket {name}"] == "ENOTSUP"


def test_sockets_of_the_house_work(told: dict[str, str]) -> None:
    assert told["socket AF_UNIX"] == told["socketpair AF_UNIX"] == "ok"
    assert told["fork"] == told["thread"] == "ok"


@pytest.mark.parametrize("name", ELSEWHERE)
def test_without_the_profile_the_machine_itself_would_answer(told_without: dict[str, str], name: str) -> None:
    assert told_without[name] not in {"EPERM", "ENOTSUP"}


def test_the_other_architecture_of_the_processor_is_closed(kernel: Kernel) -> None:
    """Calls by the 32-bit numbers would be another list: whoever makes one is ended."""
    code = (
        "import ctypes, mmap, os\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    page = mmap.mmap(-1, 4096, prot=7)\n"
        "    page.write(bytes.fromhex('b814000000cd80c3'))\n"
        "    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()\n"
        "    os._exit(0)\n"
        "print('ended by', os.WTERMSIG(os.waitpid(pid, 0)[1]))"
    )
    status, said = kernel.run(code)
    assert status == "ok", said
    assert f"ended by {signal.SIGSYS:d}" in said


def test_no_program_runs_from_the_temporary_folder(kernel: Kernel) -> None:
    code = "import shutil, subprocess; shutil.copy('/bin/true', '/tmp/t'); subprocess.run(['/tmp/t'])"
    status, said = kernel.run(code)
    assert status == "error"
    assert "Permission denied" in said


def test_each_process_has_the_limits_of_the_baseline(kernel: Kernel) -> None:
    code = "import resource as r; print([r.getrlimit(n) for n in (r.RLIMIT_CORE, r.RLIMIT_MEMLOCK, r.RLIMIT_NOFILE)])"
    assert kernel.run(code) == ("ok", "[(0, 0), (0, 0), (4096, 4096)]")


@pytest.mark.parametrize(
    "deed",
    [
        "os.rename('/run/k/b/broker.sock', '/run/k/b/x')",
        "os.unlink('/run/k/b/broker.sock')",
        "os.replace('/run/k/rt/own', '/run/k/b/broker.sock')",
        "os.link('/run/k/rt/own', '/run/k/b/x')",
        "os.symlink('/run/k/rt/own', '/run/k/b/x')",
        "os.mkdir('/run/k/b/x')",
        "open('/run/k/b/x', 'w')",
        "socket.socket(socket.AF_UNIX).bind('/run/k/b/x')",
    ],
)
def test_a_kernel_cannot_stand_in_for_its_broker(kernel: Kernel, deed: str) -> None:
    open_own = "import os, socket; open('/run/k/rt/own', 'w').close(); "
    status, said = kernel.run(open_own + deed)
    assert status == "error", said
    assert "PermissionError" in said or "Invalid cross-device link" in said
    assert kernel.run("os.unlink('/run/k/rt/own'); print(os.listdir('/run/k/b'))") == (
        "ok",
        "['broker.sock']",
    )
