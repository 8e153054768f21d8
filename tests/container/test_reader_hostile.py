"""A reader that was taken over by its file: it can lie about that file, and reach nothing else."""

import json
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.host_facts import read_host
from hub.sessions import plan_reader
from hub.sessions_house import House, Images, Limits, Places, Users
from output_review.adapters.container_jobs import PlanReader
from output_review.adapters.reader_containers import ContainerReader
from output_review.ports import ReaderAnswer

ENGINE = "http+unix:///var/run/docker.sock"
OTHER = "sha256:" + "0" * 64
LIE = {
    "ok": True,
    "dropped": [],
    "signs": [],
    "files": [
        {"kind": "text", "suffix": ".txt", "rows": 1, "columns": 0, "dropped": [], "signs": [], "facts": {}}
    ],
}
"""What a taken-over reader says so that we learn what it saw: its findings as the canonical text."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    home = tmp_path_factory.mktemp("home")
    (home / "readers").mkdir()
    (home / "secret").write_text("of the home")
    asked = ("docker", "image", "inspect", "--format", "{{.Id}}", "hanare/reader:local")
    image = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    apparmor = read_host().apparmor is True
    return House(
        Images(OTHER, OTHER, image), Limits(), Places(str(home)), Users(hub=1, worker=2), apparmor=apparmor
    )


def taken_over(house: House, code: str) -> PlanReader:
    """The plan, but for what is run."""

    def planned(job: str) -> tuple[str, Mapping[str, Any]]:
        made = plan_reader(house, job)
        return made.name, {**made.body, "Cmd": ["/opt/reader/bin/python", "-c", code]}

    return planned


def run(house: House, code: str, job: str = "hostile-1", seconds: float = 30.0) -> ReaderAnswer:
    folder = Path(house.places.home) / "readers"
    reader = ContainerReader(ENGINE, folder, taken_over(house, code), house.images.reader, seconds=seconds)
    return reader.read(job, "t.csv", b"a,b\n1,120\n")


def seen(house: House, attempts: Mapping[str, str]) -> dict[str, str]:
    """What each attempt gave inside: ``done``, or the name of the error that stopped it."""
    body = "".join(
        f"def a{n}():\n" + "".join(f"    {line}\n" for line in code.splitlines())
        for n, code in enumerate(attempts.values())
    )
    script = (
        "import json, os, socket, ctypes\n" + body + "out = {}\n"
        f"for n, name in enumerate({list(attempts)!r}):\n"
        "    try:\n        globals()[f'a{n}']()\n        out[name] = 'done'\n"
        "    except BaseException as e:\n        out[name] = type(e).__name__\n"
        "open('/out/canonical-0', 'w').write(json.dumps(out) + '\\n')\n"
        f"open('/out/result.json', 'w').write({json.dumps(LIE)!r})\n"
    )
    answer = run(house, script)
    assert answer.admitted, "the lie itself is well formed"
    found: dict[str, str] = json.loads(answer.files[0].content)
    return found


def test_it_may_lie_about_its_own_file(house: House) -> None:
    assert seen(house, {"nothing": "pass"}) == {"nothing": "done"}


def test_it_reaches_nothing_else(house: House) -> None:
    home = house.places.home
    found = seen(
        house,
        {
            "write its upload": "open('/in/upload', 'w')",
            "replace its upload": "os.remove('/in/upload')",
            "write the system": "open('/usr/x', 'w')",
            "write its own code": "open('/opt/reader/x', 'w')",
            "read the home": f"open({home + '/secret'!r})",
            "list other jobs": f"os.listdir({home + '/readers'!r})",
            "climb from its folder": "open('/in/../../secret')",
            "processes of others": "assert len([p for p in os.listdir('/proc') if p.isdigit()]) > 3",
            "memory of the machine": "open('/dev/mem', 'rb')",
            "kernel messages": "open('/dev/kmsg')",
            "engine": "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
            "network": "socket.create_connection(('127.0.0.1', 8000), 2)",
            "outside": "socket.create_connection(('192.0.2.1', 80), 2)",
            "name service": "socket.getaddrinfo('example.org', 80)",
            "raw socket": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
            "become root": "os.setuid(0)",
            "mount": "r = ctypes.CDLL(None, use_errno=True).mount(b'/in', b'/tmp', None, 4096, None)\nassert r == 0",
            "new namespace": "r = ctypes.CDLL(None, use_errno=True).unshare(0x10000000)\nassert r == 0",
            "trace": "r = ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0)\nassert r == 0 and os.getppid() > 1",
            "a device": "os.mknod('/out/d', 0o20666, os.makedev(1, 1))",
            "a key of the kernel": "open('/proc/kcore', 'rb').read(1)",
            "settings": "open('/proc/sys/kernel/core_pattern', 'w')",
        },
    )
    assert [name for name, ended in found.items() if ended == "done"] == []


def test_only_its_two_folders_come_from_the_machine(house: House) -> None:
    listed = (
        "import json\n"
        "lines = [l.split() for l in open('/proc/self/mounts')]\n"
        "kinds = ('proc','tmpfs','sysfs','devpts','mqueue','overlay','cgroup','cgroup2','devtmpfs','shm')\n"
        "out = sorted(l[1] + ' ' + l[3].split(',')[0] for l in lines if l[2] not in kinds)\n"
        "net = sorted(l.split(':')[0].strip() for l in open('/proc/net/dev').readlines()[2:])\n"
        "open('/out/canonical-0','w').write(json.dumps([out, net]) + '\\n')\n"
        f"open('/out/result.json','w').write({json.dumps(LIE)!r})\n"
    )
    mounts, devices = json.loads(run(house, listed).files[0].content)
    allowed = {"/in ro", "/out rw", "/etc/resolv.conf ro", "/etc/hostname ro", "/etc/hosts ro", "/etc/resolv.conf rw",
               "/etc/hostname rw", "/etc/hosts rw", "/usr/sbin/docker-init ro"}  # fmt: skip
    assert set(mounts) <= allowed
    assert devices == ["lo"]


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.symlink('/etc/passwd', '/out/canonical-0'); open('/out/result.json','w').write({lie!r})",
        "import os; os.symlink('/in/upload', '/out/canonical-0'); open('/out/result.json','w').write({lie!r})",
        "import os; os.link('/out/result.json', '/out/canonical-0') if open('/out/result.json','w').write({lie!r}) else 0",
        "import os; os.mkfifo('/out/canonical-0'); open('/out/result.json','w').write({lie!r})",
        "import os; os.mkdir('/out/canonical-0'); open('/out/result.json','w').write({lie!r})",
        "import os; os.symlink('/', '/out/found.json'); open('/out/canonical-0','w').write('x'); open('/out/result.json','w').write({lie!r})",
        "open('/out/canonical-0','w').truncate(17 * 2**20); open('/out/result.json','w').write({lie!r})",
        "open('/out/canonical-0','wb').write(bytes([255, 254])); open('/out/result.json','w').write({lie!r})",
        "open('/out/result.json','w').write({lie!r})",
        "open('/out/canonical-0','w').write('x'); open('/out/result.json','w').write({lie!r} * 2000)",
        "open('/out/canonical-0','w').write('x'); open('/out/result.json','w').write('[' * 60000)",
    ],
)  # fmt: skip
def test_what_it_leaves_is_opened_as_a_strangers(house: House, code: str) -> None:
    answer = run(house, code.format(lie=json.dumps(LIE)), job="hostile-2")
    assert (answer.admitted, answer.code) == (False, "reader_failed")
    assert list((Path(house.places.home) / "readers").iterdir()) == []


@pytest.mark.parametrize(
    ("code", "codes"),
    [
        ("x = bytearray(900 * 2**20)", {"reader_failed"}),
        ("import os\nwhile True:\n    os.fork()", {"reader_failed", "too_slow"}),
        ("while True: pass", {"too_slow"}),
        ("import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(90)", {"too_slow"}),
        ("open('/tmp/x','wb').write(bytes(80 * 2**20))", {"reader_failed"}),
    ],
)  # fmt: skip
def test_it_cannot_use_more_than_its_share(house: House, code: str, codes: set[str]) -> None:
    answer = run(house, code, job="hostile-3", seconds=8.0)
    assert not answer.admitted
    assert answer.code in codes
    assert list((Path(house.places.home) / "readers").iterdir()) == []
    names = ("docker", "ps", "-aq", "--filter", f"name=hanare-r-{house.places.home_id}-")
    assert subprocess.run(names, check=True, capture_output=True, text=True).stdout == ""


@pytest.mark.parametrize(
    "code",
    [
        "for n in range(20_000): open(f'/out/{n}', 'wb').write(bytes(2**20))",
        "f = open('/out/big', 'wb')\nfor n in range(20_000): f.write(bytes(2**20))",
        "import os\nfor n in range(10**6): os.makedirs(f'/out/{n % 90}/{n}')",
    ],
)  # fmt: skip
def test_it_cannot_fill_the_disk(house: House, code: str) -> None:
    folder = Path(house.places.home) / "readers"
    least = free = shutil.disk_usage(folder).free
    stop = threading.Event()

    def watch() -> None:
        nonlocal least
        while not stop.wait(0.02):
            least = min(least, shutil.disk_usage(folder).free)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        answer = run(house, code, job="hostile-5", seconds=20.0)
    finally:
        stop.set()
        watcher.join()
    assert (answer.admitted, answer.code) == (False, "reader_failed")
    assert free - least < 4 * 2**30
    assert list(folder.iterdir()) == []


def test_each_file_has_a_container_of_its_own(house: House) -> None:
    leave = "open('/tmp/kept','w').write('x'); open('/out/kept','w').write('x')"
    run(house, leave, job="hostile-4")
    again = seen(house, {"tmp": "open('/tmp/kept')", "out": "open('/out/kept')"})
    assert again == {"tmp": "FileNotFoundError", "out": "FileNotFoundError"}
