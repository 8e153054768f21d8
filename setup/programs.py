"""The supervised programs as data, and the supervisor's configuration made from it.

Rules: each program runs as its own user with no capability and no way to gain one; the gate alone keeps three (it makes
workspace folders for other uids) and the group of Docker's socket; disks alone stays root, to mount, with four and
with no network at all, and exists only where there is root; the matcher has no network either; each gets the environment written here and nothing of the
shell that started set-up; secrets are never in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from setup import demo_policies, proxy, zones
from setup.places import Places

GATE_CAPABILITIES = "+chown,+fowner,+dac_override"
DISKS_CAPABILITIES = "+sys_admin,+chown,+fowner,+dac_override"


@dataclass(frozen=True, slots=True)
class Program:
    """One supervised program."""

    name: str
    user: str
    umask: str
    capabilities: str = ""
    network: bool = True
    needs_root: bool = False


PROGRAMS = (
    Program("gate", zones.GATE, "022", GATE_CAPABILITIES),
    Program("disks", "root", "077", DISKS_CAPABILITIES, network=False, needs_root=True),
    Program("recorder", zones.RECORDER, "022"),
    Program("hub", zones.HUB, "027"),
    Program("intake", zones.INTAKE, "007"),
    Program("worker", zones.WORKER, "007"),
    Program("portal", zones.PORTAL, "007"),
    Program("sweeper", zones.SWEEPER, "007"),
    Program("matcher", zones.MATCHER, "077", network=False),
)


def supervised(places: Places) -> tuple[Program, ...]:
    """The programs that run here: without root there is nobody who could mount."""
    return tuple(program for program in PROGRAMS if places.as_root or not program.needs_root)


def shared_environment(places: Places) -> dict[str, str]:
    """What every process of ours is told: where the code and the two zones are."""
    own = (
        {"HANARE_POLICIES": str(places.seen_at(demo_policies.folder(places)))}
        if demo_policies.in_use(places)
        else {}
    )
    return {
        **own,
        "PATH": f"{places.seen}/.venv/bin:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(places.seen),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "ENCLAVE_HOME": str(places.enclave_home),
        "PRODUCER_HOME": str(places.producer_home),
    }


def environment(places: Places, program: Program) -> dict[str, str]:
    found = {**shared_environment(places), "HOME": "/nonexistent"}
    if program.name == "hub":
        found["HOME"] = str(places.enclave_home / "hub")
        found["HANARE_NODE"] = str(places.seen_at(places.node_folder) / "bin" / "node")
        found["HANARE_CHP"] = str(places.seen_at(proxy.folder(places)) / proxy.PROGRAM)
    return found


def command(places: Places, program: Program) -> list[str]:
    """The program's words; as root they begin with those that confine it."""
    python = str(places.seen / ".venv" / "bin" / "python")
    words = [python, "-m", "hub.processes", program.name]
    if program.name == "hub":
        words = [python, "-m", "jupyterhub", "-f", str(places.seen / "jupyterhub_config.py")]
    return [*confined(program), *words] if places.as_root else words


def confined(program: Program) -> list[str]:
    """The words that become a program's user and give up what it does not need, and then its own."""
    kept = f"-all,{program.capabilities}" if program.capabilities else "-all"
    become = [f"--reuid={program.user}", f"--regid={program.user}", "--init-groups", "--no-new-privs"]
    limits = [f"--inh-caps={kept}", f"--ambient-caps={kept}", f"--bounding-set={kept}"]
    alone = [] if program.network else ["/usr/bin/unshare", "--net", "--"]
    return [*alone, "/usr/bin/setpriv", *become, *limits]


def _quoted(values: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{value}"' for name, value in values.items()).replace("%", "%%")


def _section(places: Places, program: Program, priority: int) -> str:
    log = places.logs / f"{program.name}.log"
    folder = places.enclave_home / "hub" if program.name == "hub" else places.seen
    return f"""[program:{program.name}]
command={" ".join(command(places, program)).replace("%", "%%")}
directory={folder}
environment={_quoted(environment(places, program))}
umask={program.umask}
priority={priority}
autorestart=true
startsecs=2
startretries=4
stopsignal=TERM
stopwaitsecs=10
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=3
"""


def configuration(places: Places) -> str:
    """The text of supervisord.conf."""
    run = places.run
    head = f"""[supervisord]
logfile={places.logs}/supervisor.log
pidfile={run}/supervisor.pid
childlogdir={places.logs}
directory=/
umask=022
{"user=root" if places.as_root else ""}

[unix_http_server]
file={run}/supervisor.sock
chmod=0600

[supervisorctl]
serverurl=unix://{run}/supervisor.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
    sections = [
        _section(places, program, 10 * number) for number, program in enumerate(supervised(places), 1)
    ]
    return "\n".join([head, *sections])


def write_configuration(places: Places) -> Path:
    """Render the configuration; its path as services see it."""
    path = places.run / "supervisord.conf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o711)
    path.write_text(configuration(places), encoding="utf-8")
    path.chmod(0o600)
    return path
