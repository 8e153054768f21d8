"""``enclave doctor``: whether this machine and this home are as they should be, line by line.

It looks and changes nothing, and it shows no data and no secret. Exit code 0 when nothing is red;
what a policy excepts and what is only advised is yellow and shown, and does not fail.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable

from enclave.adapters.foundation import Foundation, open_foundation
from enclave.adapters.policy_files import load_policies
from enclave.adapters.translations import both
from enclave.settings import Settings
from hub.doctor_checks import Home, all_checks, engine_facts
from hub.gate_docker import Docker
from hub.host_baseline import (
    Finding,
    Part,
    State,
    excepted_here,
    findings,
    parse_exceptions,
)
from hub.host_facts import read_host
from hub.places import ROOT, surroundings

SHOWN = {
    State.GREEN: ("可", "ok", "32"),
    State.EXCEPTED: ("例外", "excepted", "33"),
    State.ADVISED: ("注意", "advised", "33"),
    State.RED: ("不可", "RED", "31"),
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command."""
    words = "look whether machine and home are as they should be; exit 1 when something is red"
    doctor = commands.add_parser("doctor", help=words, description=words)
    doctor.add_argument("--host", action="store_true", help="the machine only; needs no home")
    doctor.add_argument("--json", action="store_true", help="one JSON document")
    doctor.set_defaults(run=_run)


def _run(arguments: argparse.Namespace, _open_house: Callable[[], Foundation]) -> int:
    settings = Settings.from_environment(surroundings(os.environ), ROOT)
    found = list(_of_host(settings) if arguments.host else _of_home(settings))
    report = _as_json(found) if arguments.json else "".join(map(_as_line, found))
    sys.stdout.write(report)
    return 1 if any(one.state is State.RED for one in found) else 0


def _of_host(settings: Settings) -> Iterable[Finding]:
    exempt = parse_exceptions(load_policies(settings.policies).documents.get("exceptions"))
    return findings(read_host(), exempt, engine_facts(Docker()))


def _of_home(settings: Settings) -> Iterable[Finding]:
    """Over a foundation of its own: the one of other commands brings the tables up to date first."""
    house = open_foundation(settings)
    try:
        yield from all_checks(Home(settings, lambda: house, Docker()))
    finally:
        house.database.close()


def needed() -> tuple[Part, ...]:
    """What set-up must except for a demo on this machine."""
    engine = engine_facts(Docker())
    lacks_apparmor = engine is not None and not engine.apparmor
    parts = {*excepted_here(read_host()), *({Part.APPARMOR} if lacks_apparmor else ())}
    return tuple(part for part in Part if part in parts)


def _as_json(found: Iterable[Finding]) -> str:
    rows = [
        {
            "name": one.name,
            "state": one.state.value,
            "seen": both(one.seen),
            "do": both(one.remedy) if one.remedy and one.state is not State.GREEN else None,
        }
        for one in found
    ]
    document = {"checks": rows, "exceptions_needed": [part.value for part in needed()]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _as_line(one: Finding) -> str:
    ja, en, colour = SHOWN[one.state]
    seen = both(one.seen)
    mark = f"{ja} {en}"
    if sys.stdout.isatty():
        mark = f"\033[{colour}m{mark}\033[0m"
    text = f"{mark:<12} {one.name}: {seen['ja']} / {seen['en']}\n"
    if one.remedy is not None and one.state is not State.GREEN:
        remedy = both(one.remedy)
        text += f"    → {remedy['ja']}\n      {remedy['en']}\n"
    return text
