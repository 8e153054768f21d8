"""An invented hospital at the command line: ``generate --patients N | --scale NAME --seed S``.

``--manifest FILE`` writes where in its texts an identifier, or something that looks like one,
stands; a hospital that was taken in before is made again for it and not taken in again.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from catalog.adapters.planted_lines import planted_lines
from catalog.adapters.producer import open_producer
from catalog.cli.own import renew_own
from catalog.hospital.scale import SCALES, Scale
from catalog.hospital.tables import make_parts
from catalog.sources import Taken
from catalog.use_cases.take_in import check_scale, generate, generated_digest
from enclave.adapters.foundation import Foundation
from enclave.cli import prove, tell
from enclave.sentences import say


def register(room: Any) -> None:
    """Add ``generate`` to the steward's commands."""
    text = "take an invented hospital into the source"
    making = room.add_parser("generate", help=text, description=text)
    making.set_defaults(run=_generate)
    size = making.add_mutually_exclusive_group(required=True)
    size.add_argument("--patients", type=int)
    names = ", ".join(f"{name} {count:,}" for name, count in SCALES.items())
    size.add_argument("--scale", choices=SCALES, help=f"patients by name: {names}")
    making.add_argument("--seed", type=int, required=True)
    making.add_argument("--manifest", type=Path, metavar="FILE.jsonl", help="write there what stands where")
    making.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")


def _generate(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    patients = arguments.patients if arguments.scale is None else SCALES[arguments.scale]
    scale = check_scale(patients, arguments.seed)
    house = open_house()
    proof = prove(house, arguments.username)
    taken = _taken_in(house, proof.username, scale, arguments.manifest)
    renew_own(house)
    if taken.known:
        tell(say("This was taken in before; nothing was added."))
    for table, count in taken.added.items():
        print(f"  {table}: {count}")
    return 0


def _taken_in(house: Foundation, username: str, scale: Scale, manifest: Path | None) -> Taken:
    source = open_producer(house.settings, house.fresh).source
    if manifest is None:
        return generate(house.database, source, username, scale, make_parts(scale))
    with planted_lines(manifest, generated_digest(scale)) as write:
        parts = make_parts(scale, write)
        taken = generate(house.database, source, username, scale, parts)
        for _ in parts:  # none are left unless the hospital was known: then nothing was made yet
            pass
    return taken
