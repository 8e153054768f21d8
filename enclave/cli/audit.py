"""``enclave audit``: verify the ledger, carry it away. Exit code 4 when it was tampered with."""

import argparse
import json
from pathlib import Path
from typing import Any

from enclave.audit.ledger import Verified
from enclave.cli.proving import OpenHouse, add_command, tell
from enclave.sentences import say
from enclave.use_cases.inspect_ledger import export_bundle, verify_bundle, verify_ledger

TAMPERED = 4


def register(commands: Any) -> None:
    """Add the commands."""
    audit = commands.add_parser("audit", help="verify and export the ledger").add_subparsers(required=True)
    verify = add_command(audit, "verify", _verify, "verify the live ledger or a bundle; exit 4 when tampered")
    verify.add_argument("--bundle", type=Path)
    verify.add_argument("--checkpoint", type=Path, action="append", default=[], help="an earlier signed note")
    export = add_command(audit, "export", _export, "write a bundle that verifies offline")
    export.add_argument("file", type=Path)
    export.add_argument("--without-bodies", action="store_true")


def _report(verified: Verified) -> int:
    if verified.fault is None:
        tell(say("The ledger is whole: {n} entries.", n=verified.size))
        print(json.dumps({"whole": True, "size": verified.size, "root": verified.root.hex()}))
        return 0
    tell(verified.fault.sentence)
    print(json.dumps({"whole": False, "entry": verified.fault.number, "code": verified.fault.code}))
    return TAMPERED


def _verify(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    earlier = [path.read_text() for path in arguments.checkpoint]
    if arguments.bundle is not None:
        with arguments.bundle.open(encoding="utf-8", errors="surrogateescape") as lines:
            return _report(verify_bundle(lines, earlier))
    house = open_house()
    with house.database.read() as looking:
        reader = house.reader(looking.connection)
        return _report(verify_ledger(reader, house.notes, house.settings.origin, earlier))


def _export(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    with house.database.read() as looking, arguments.file.open("x", encoding="utf-8") as out:
        reader = house.reader(looking.connection)
        for line in export_bundle(
            reader, house.notes, house.settings.origin, bodies=not arguments.without_bodies
        ):
            out.write(f"{line}\n")
    tell(say("The bundle was written to {file}.", file=str(arguments.file)))
    return 0
