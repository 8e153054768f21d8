"""``enclave project erase``: the end of a project, for good, and the certificate of it.

The certificate is the event in the ledger. ``--certificate FILE`` writes it with its proof of
inclusion, as soon as the recorder has signed a checkpoint over it, for the stand-alone verifier.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from catalog.adapters.kept_projects import KeptProjects
from catalog.adapters.producer import open_producer
from catalog.policy import parse_catalog_policy
from enclave.adapters.durable_files import write_durably
from enclave.adapters.foundation import Foundation
from enclave.cli import prove, tell
from enclave.errors import UnavailableError
from enclave.sentences import say
from enclave.use_cases.receipts import make_receipt
from hub.disks_client import reach_disks
from hub.project_erasure import Certificate, ProjectEraser
from hub.workspaces_end import Turns
from hub.workspaces_erasure import Eraser
from hub.workspaces_house import HouseFiles

_MODE = 0o600
_SIGNED_WITHIN = 90.0
_PAUSE = 1.0


def register(project: Any) -> None:
    """Add ``erase`` to the commands of ``enclave project``."""
    text = "destroy everything of a project in the enclave's zone, for good"
    erasing = project.add_parser("erase", help=text, description=text)
    erasing.set_defaults(run=_erase)
    erasing.add_argument("project")
    erasing.add_argument("--reason", required=True)
    erasing.add_argument(
        "--certificate", type=Path, metavar="FILE", help="write the certificate and its proof"
    )
    erasing.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")


def project_eraser(house: Foundation) -> ProjectEraser:
    """The eraser over this deployment's foundation, disks and producer zone."""
    settings = house.settings
    producer = open_producer(settings, house.fresh)
    disks = reach_disks(settings, HouseFiles.of_this_process(settings).users)
    eraser = Eraser(house.database, house.keyring, Turns(settings.turns), disks, settings.workspaces)
    years = parse_catalog_policy(house.policies().document("catalog")).kept_years
    kept = KeptProjects(settings.producer_home, producer.box)
    return ProjectEraser(house.database, house.keyring, settings, eraser, kept, years)


def _erase(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    certificate = project_eraser(house).erase(proof, arguments.project, arguments.reason)
    tell(say("Erased. Certificate: entry {number} of the ledger.", number=certificate.number))
    sys.stdout.write(json.dumps(certificate.facts, ensure_ascii=False, indent=2) + "\n")
    if arguments.certificate:
        _write(house, certificate, arguments.certificate)
    return 0


def _write(house: Foundation, certificate: Certificate, path: Path) -> None:
    deadline = time.monotonic() + _SIGNED_WITHIN
    while True:
        try:
            with house.database.read() as looking:
                reader = house.reader(looking.connection)
                receipt = make_receipt(reader, house.notes, certificate.number, house.settings.origin)
        except UnavailableError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE)
        else:
            break
    write_durably(path, json.dumps(receipt, ensure_ascii=False, indent=1).encode(), _MODE)
