"""Starting and stopping the house.

Rules: starting waits until hub and portal answer, or names the program that failed and shows its log's last lines;
stopping ends what we started, by process id, first with TERM and after ten seconds with KILL, removes the
containers of this home that carry our labels (another clone's stay) and closes their disks; a port that somebody else holds is said before anything starts.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from setup import demo_policies, mounts, programs, whole
from setup.commands import answers, last_lines
from setup.console import SetupError, line, step
from setup.places import Places

HUB = ("127.0.0.1", 8000, "/hub/api/", "127.0.0.1:8000")
PORTAL = ("127.0.0.1", 8001, "/", "localhost:8001")
READY_SECONDS = 120
STOP_SECONDS = 10
LABELS = ("hanare.workspace", "hanare.reader")


def answering(place: tuple[str, int, str, str]) -> bool:
    """Whether this address gives the page itself or sends the browser on; a proxy without its hub answers 404 or 503."""
    address, port, path, host = place
    connection = http.client.HTTPConnection(address, port, timeout=3)
    try:
        connection.request("GET", path, headers={"Host": host})
        return 200 <= connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def port_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _words_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def supervisor_pid(places: Places) -> int | None:
    """The id of this clone's running supervisor."""
    try:
        pid = int((places.run / "supervisor.pid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return pid if f"supervisord -c {places.run}" in _words_of(pid) else None


def states(places: Places) -> dict[str, str]:
    """Every program's state as the supervisor tells it."""
    python, conf = places.seen / ".venv" / "bin" / "python", places.run / "supervisord.conf"
    done = subprocess.run(
        [str(python), "-m", "supervisor.supervisorctl", "-c", str(conf), "status"],
        capture_output=True,
        check=False,
        env=programs.shared_environment(places),
        cwd="/",
    )
    rows = [row.split() for row in done.stdout.decode("utf-8", "replace").splitlines()]
    names = {program.name for program in programs.supervised(places)}
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[0] in names}


def _start(places: Places) -> None:
    for port in (HUB[1], PORTAL[1]):
        if port_taken(port):
            raise SetupError(
                f"Port {port} is taken by another program: stop it (or the other clone, with make down) and try again.",
                f"ポート {port} は他のプログラムが使用中です。それを止めてから(別のクローンなら make down)やり直してください。",
            )
    conf = programs.write_configuration(places)
    (places.run / "supervisor.pid").unlink(missing_ok=True)
    subprocess.run(
        [str(places.seen / ".venv" / "bin" / "python"), "-m", "supervisor.supervisord", "-c", str(conf)],
        check=True,
        env=programs.shared_environment(places),
        cwd="/",
        stdin=subprocess.DEVNULL,
    )


def _failed(places: Places, name: str, why: str) -> SetupError:
    log = places.logs / f"{name}.log"
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return SetupError(
        f"The program {name} {why}; the last lines of {log} stand above.",
        f"プログラム {name} が起動しませんでした。直前の行は {log} の末尾です。",
        last_lines(text),
    )


def _wait(places: Places) -> None:
    until = time.monotonic() + READY_SECONDS
    found: dict[str, str] = {}
    while time.monotonic() < until:
        found = states(places)
        for name, state in found.items():
            if state == "FATAL":
                raise _failed(places, name, "does not stay up")
        running = len(found) == len(programs.supervised(places)) and set(found.values()) == {"RUNNING"}
        if running and answering(HUB) and answering(PORTAL):
            return
        time.sleep(0.3)
    slow = [program.name for program in programs.supervised(places) if found.get(program.name) != "RUNNING"]
    name = slow[0] if slow else "portal" if answering(HUB) else "hub"
    raise _failed(places, name, f"was not ready after {READY_SECONDS} seconds")


def start(places: Places) -> None:
    """Start what does not run yet, and wait until it answers."""
    with step("start") as say:
        already = supervisor_pid(places)
        if already is None:
            _start(places)
        try:
            _wait(places)
        except SetupError:
            if already is None:
                stop(places)
            raise
        say(
            "already running"
            if already
            else f"{len(programs.supervised(places))} programs, hub and portal answer"
        )


def up(places: Places, arguments: list[str]) -> int:
    """`make up`; `--demo` makes the home a demo home with policies of its own."""
    whole.setup(places, arguments)
    if "--demo" in arguments or demo_policies.in_use(places):
        whole.demo_policies_step(places)
    start(places)
    line("[setup] hub     http://127.0.0.1:8000\n[setup] portal  http://localhost:8001")
    return 0


def _children(parents: set[int]) -> set[int]:
    """Every descendant of these processes."""
    found: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            text = entry.read_text(encoding="utf-8", errors="replace")
            found[int(entry.parent.name)] = int(text.rpartition(")")[2].split()[1])
    reached = set(parents)
    while True:
        more = {pid for pid, parent in found.items() if parent in reached} - reached
        if not more:
            return reached
        reached |= more


def _ours(places: Places) -> set[int]:
    """The supervisor, its descendants, and a proxy whose hub is gone: it is started in a session of its own."""
    pid = supervisor_pid(places)
    found = _children({pid}) if pid else set()
    proxy = str(places.seen / "var" / "proxy" / "node_modules")
    for entry in Path("/proc").glob("[0-9]*"):
        if proxy in _words_of(int(entry.name)):
            found.add(int(entry.name))
    return found - {os.getpid()}


def _alive(pid: int) -> bool:
    try:
        state = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()[0]
        )
    except (OSError, IndexError):
        return False
    return state != "Z"


def _send(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def stop(places: Places) -> str:
    """End every process of this clone and remove our containers; what was there, in words."""
    ours = _ours(places)
    pid = supervisor_pid(places)
    _send({pid} if pid else ours, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS + 2
    while time.monotonic() < until and any(_alive(one) for one in ours):
        time.sleep(0.1)
    left = {one for one in ours | _ours(places) if _alive(one)}
    _send(left, signal.SIGKILL)
    removed = remove_containers(places)
    closed = mounts.unmount_below(places.enclave_home) if places.as_root else 0
    return f"{len(ours)} processes ended ({len(left)} killed), {removed} containers removed, {closed} disks closed"


def remove_containers(places: Places) -> int:
    """Remove the containers that carry one of our labels and a folder of this home; how many."""
    removed = 0
    folders = "{{range .HostConfig.Binds}}{{println .}}{{end}}{{range .HostConfig.Mounts}}{{println .Source}}{{end}}"
    for label in LABELS:
        for container in (
            answers(["docker", "ps", "--all", "--quiet", "--filter", f"label={label}"]) or ""
        ).split():
            bound = answers(["docker", "inspect", "--format", folders, container]) or ""
            if any(row.startswith(f"{places.enclave_home}/") for row in bound.splitlines()):
                removed += (
                    answers(["docker", "rm", "--force", "--volumes", container], timeout=60) is not None
                )
    return removed


def down(places: Places, arguments: list[str]) -> int:
    """`make down`."""
    del arguments
    with step("stop") as say:
        say(stop(places))
    return 0
