"""Tampering with the record: cells that run unrecorded, outputs and files that nobody wrote down.

Winning means something happened that the ledger does not tell, or the ledger itself within reach.
"""

import json
from collections.abc import Callable
from typing import Any

from hub.sessions_house import House
from tests.container.attacks.files import prepared
from tests.container.attacks.variants import CONTENTS, INCOMING, OUTGOING, UNRECORDED
from tests.support.attack_scene import Place, Scene, inside, kernel_of, obtained
from tests.support.attack_table import Attack, Outcome, Programs, Without, won_if
from tests.support.hub_running import until

NO_LOG_NO_RUN = (
    "a cell reaches its kernel after its event is in the ledger, and in no other form (cells, messages)"
)
_EXEC = (
    "def _own(comm, message):\n    exec(message['content']['data']['code'])\n"
    "_kernel.comm_manager.register_target('own', _own)\n"
    "_kernel.shell_handlers['own_request'] = lambda stream, ident, message: exec(message['content']['code'])\n"
    "_kernel.do_is_complete = lambda code: (exec(_kernel.get_parent()['metadata'].get('code', '')), {'status': 'complete'})[1]"
)


def _made(place: Place, name: str) -> bool:
    return name in inside(kernel_of(place), "ls", "/work").split()


def _without_a_record(scene: Scene) -> Outcome:
    """Intake is away: nothing may run, by whatever message it is asked for."""
    place = scene.at("kei")
    wire = place.forger()
    inside(kernel_of(place), "sh", "-c", "rm -f /work/ran-*")
    place.hub.end("intake")
    try:
        for channel in ("shell", "control"):
            code = f"open('/work/ran-{channel}', 'w').close()"
            asked: dict[str, Any] = {
                "code": code,
                "silent": True,
                "store_history": False,
                "user_expressions": {},
                "allow_stdin": False,
            }
            wire.send(channel, "execute_request", asked)
            wire.send(
                channel,
                "execute_request",
                {**asked, "code": "", "user_expressions": {"x": code.replace(channel, "expression")}},
            )
        wire.drain(5)
        ran = [name for name in ("ran-shell", "ran-control", "ran-expression") if _made(place, name)]
    finally:
        place.hub.start("intake")
        until(lambda: "42" in place.cell("print(6 * 7)"), seconds=40, pause=1)
    return won_if(bool(ran), ran or "nothing ran while nothing could be recorded")


def _beside(scene: Scene) -> Outcome:
    """Code handed over in fields and messages that are no cells."""
    place = scene.at("nao")
    ran: list[str] = []
    for v1 in (False, True):
        wire = place.forger(v1=v1)
        wire.execute(_EXEC, 4)
        before = len(scene.hub.events("cell.requested"))
        word = f"beside-{'v1' if v1 else 'old'}"
        code = f"open('/work/{word}-NAME', 'w').close()"
        wire.send(
            "shell",
            "comm_open",
            {"comm_id": "c1", "target_name": "own", "data": {"code": code.replace("NAME", "comm")}},
        )
        wire.send(
            "shell",
            "comm_open",
            {"comm_id": "c2", "target_name": "own", "data": {"code": code.replace("NAME", "buffers")}},
            buffers=[b"x"],
        )
        wire.send("shell", "own_request", {"code": code.replace("NAME", "type")})
        wire.send(
            "control",
            "debug_request",
            {"command": "evaluate", "arguments": {"expression": code.replace("NAME", "debug")}},
        )
        wire.send(
            "shell", "is_complete_request", {"code": "1"}, metadata={"code": code.replace("NAME", "metadata")}
        )
        wire.send("iopub", "execute_request", {"code": code.replace("NAME", "channel"), "silent": True})
        wire.send(
            "shell",
            "execute_request",
            {"code": code.replace("NAME", "buffered"), "silent": True},
            buffers=[b"x"],
        )
        wire.drain(1.5)
        told = len(scene.hub.events("cell.requested")) - before
        names = [n for n in inside(kernel_of(place), "ls", "/work").split() if n.startswith(word)]
        inside(kernel_of(place), "sh", "-c", f"rm -f /work/{word}-*")
        ran += names if told == 0 else []
    return won_if(bool(ran), ran or "no code ran beside the record, in either protocol")


def _cells(scene: Scene) -> Outcome:
    """A kernel that forges replies, ends and outcomes, and removes what lies in /work."""
    place = scene.at("toa")
    wire = place.forger()
    before = {kind: len(scene.hub.events(kind)) for kind in ("cell.requested", "cell.outcome")}
    for n in range(5):
        wire.execute(
            seconds=6,
            code="import shutil\nfor top in ('/work/outbox', '/work/.hanare'):\n    shutil.rmtree(top, ignore_errors=True)\n"
            "for kind in ('execute_reply', 'shutdown_reply', 'status', 'kernel_info_reply'):\n"
            "    forge(kind, {'status': 'aborted', 'execution_state': 'dead', 'restart': True}, parent=dict(_kernel.get_parent()['header']))\n"
            f"1 / (4 - {n})",
        )
    until(
        lambda: len(scene.hub.events("cell.outcome")) >= before["cell.outcome"] + 5, seconds=12
    ) if _lasting(scene, before) else None
    after = {kind: len(scene.hub.events(kind)) - before[kind] for kind in before}
    bodies = scene.hub.bodies("cell.requested")[-5:]
    sources = sum("shutil.rmtree" in json.dumps(body) for body in bodies)
    whole = _ledger_stands(scene)
    return won_if(
        after["cell.requested"] < 5 or after["cell.outcome"] < 5 or sources < 5 or not whole,
        f"{after}, {sources} of 5 texts, the ledger stands: {whole}",
    )


def _lasting(scene: Scene, before: dict[str, int]) -> bool:
    """Whether the requests were recorded, so that outcomes are worth waiting for."""
    return len(scene.hub.events("cell.requested")) >= before["cell.requested"] + 5


def _ledger_stands(scene: Scene) -> bool:
    with scene.hub.foundation.database.read() as work:
        numbers = [entry.number for entry in scene.hub.foundation.reader(work.connection).entries()]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _outputs(scene: Scene) -> Outcome:
    """Many small outputs under made-up parents: is each byte that was shown recorded as shown?"""
    place = scene.at("toa").fresh()
    wire = place.forger()

    def told() -> int:
        return sum(int(e["facts"].get("text", 0)) for e in scene.hub.events("output.shown"))

    before = told()
    heard = wire.execute(
        "other = {'msg_id': 'nobody', 'msg_type': 'execute_request', 'session': 's', 'username': 'u', 'version': '5.3', 'date': ''}\n"
        "for n in range(120):\n    forge('stream', {'name': 'stdout', 'text': mark(200)}, parent=[None, other, {}][n % 3])"
    )
    heard += wire.drain(1)
    got = obtained(heard)
    try:
        until(lambda: told() - before >= got, seconds=12, pause=0.5)
    except AssertionError:
        return won_if(True, f"{got} bytes were shown and {told() - before} recorded")
    return won_if(False, f"{got} bytes were shown and {told() - before} recorded")


def _files(scene: Scene) -> Outcome:
    """Opening, listing and writing files: each is in the ledger."""
    place = scene.at("toa")
    prepared(place, "open('told.txt', 'w').write('x')")
    kinds = ("file.opened", "file.written", "file.removed", "file.listed")
    before = {kind: len(scene.hub.events(kind)) for kind in kinds}
    place.ask("GET", "/api/contents/told.txt")
    place.ask("PUT", "/api/contents/told2.txt", {"type": "file", "format": "text", "content": "y"})
    place.ask("DELETE", "/api/contents/told2.txt")
    prepared(place, "open(f'new-{time.time_ns()}.txt', 'w').close()")
    place.ask("GET", "/api/contents/?content=1")
    missing = [kind for kind in kinds if len(scene.hub.events(kind)) == before[kind]]
    return won_if(bool(missing), missing or "all of them are in the ledger")


_LEDGER = """
found = []
for top in ('/', '/state', '/run', '/mnt', '/srv'):
    for folder, folders, names in os.walk(top):
        if folder.startswith(('/proc', '/sys')):
            folders.clear()
        found += [os.path.join(folder, n) for n in names if 'sqlite' in n and n.split('.')[0] in ('enclave', 'jupyterhub')]
print(json.dumps({'found': found}))
"""


def _ledger_file(scene: Programs) -> Outcome:
    told = scene.program("kei", _LEDGER)
    return won_if(bool(told.get("found")) or "failed" in told, told)


def _state_folder(place: Place, house: House) -> list[dict[str, Any]]:
    return [{"Type": "bind", "Source": f"{house.places.home}/state", "Target": "/state", "ReadOnly": False}]


def _attack(
    name: str, tries: str, wins: str, control: str, run: Callable[[Any], Outcome], off: Without
) -> Attack:
    return Attack(
        f"record-{name}",
        tries,
        "cells and a script on the websocket, compared with the ledger",
        wins,
        control,
        run,
        off,
    )


ATTACKS = (
    _attack(
        "away",
        "cells, on every channel and as expressions, while the record office is away",
        "a file that one of them makes",
        NO_LOG_NO_RUN,
        _without_a_record,
        UNRECORDED,
    ),
    _attack(
        "beside",
        "code in comms, buffers, metadata, unknown messages and wrong channels",
        "a file made and no cell recorded",
        NO_LOG_NO_RUN,
        _beside,
        INCOMING,
    ),
    _attack(
        "cells",
        "a kernel that forges the end of its cells and removes outbox and answers",
        "a cell without its text or outcome, or a ledger with a hole",
        NO_LOG_NO_RUN,
        _cells,
        UNRECORDED,
    ),
    _attack(
        "outputs",
        "outputs under parents that nobody sent",
        "bytes shown and not recorded",
        "what a window is given is counted as it is given (shown)",
        _outputs,
        OUTGOING,
    ),
    _attack(
        "files",
        "files opened, written, removed and listed",
        "one of these without an event",
        "a file is touched after its event is in the ledger (records)",
        _files,
        CONTENTS,
    ),
    _attack(
        "ledger-file",
        "the ledger's own file, by walking every folder",
        "its name found",
        "the kernel's mounts hold no state (isolation: MOUNT_RULES), and its user may not enter that folder",
        _ledger_file,
        Without(
            "state-mounted",
            body={"HostConfig.Mounts": _state_folder, "User": "0:0", "HostConfig.CapDrop": []},
        ),
    ),
)
