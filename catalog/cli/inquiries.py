"""An authority's inquiry at the command line: opened by both officers, answered by one of them, once.

``answer`` writes the source's records of exactly the patients that were asked for into a new file
that its owner alone reads. The file is for the authority; nobody who analyses ever sees it.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from catalog.adapters.producer import open_producer
from catalog.cli.officers import limits_of, officers_of, prove_both, tell_open, time_boxes_of
from catalog.inquiries import Authority
from catalog.use_cases.inquire import Inquiries, new_inquiry
from enclave.adapters.database import Transaction
from enclave.adapters.durable_files import create_durably
from enclave.adapters.foundation import Foundation
from enclave.adapters.ledger_tables import EventFilter
from enclave.audit.kinds import Kind
from enclave.cli import prove, tell
from enclave.cli.proving import OpenHouse, add_command, as_person, with_person
from enclave.errors import ConflictError, InvalidInputError
from enclave.ports import Work
from enclave.sentences import say

_VERSIONS = 10_000


def register(room: Any) -> None:
    """Add ``inquiry`` and its commands."""
    text = "an authority's inquiry about records of a project"
    group = room.add_parser("inquiry", help=text, description=__doc__).add_subparsers(required=True)
    opening = add_command(group, "open", _open, "register an inquiry and unseal it for so many minutes")
    opening.add_argument("project")
    opening.add_argument("--number", required=True, help="the authority's number")
    opening.add_argument("--authority", required=True, choices=[one.value for one in Authority])
    opening.add_argument("--reason", required=True)
    opening.add_argument("--minutes", type=int, required=True)
    with_person(opening)
    answering = add_command(group, "answer", _answer, "write the records that were asked for")
    answering.add_argument("number")
    answering.add_argument("--pseudonyms", type=Path, required=True, metavar="FILE", help="one on each line")
    answering.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file, mode 0600")
    as_person(answering)
    add_command(group, "list", _list, "say where each inquiry stands")


def inquiries_of(house: Foundation) -> Inquiries:
    """Inquiries over this deployment's foundation and producer zone."""
    producer = open_producer(house.settings, house.fresh)

    def built_from(work: Work, project: str) -> dict[str, str]:
        if not isinstance(work, Transaction):
            raise TypeError("the ledger is kept in the deployment's database")
        wanted = EventFilter(kind=Kind.EXTRACT_DONE.value, project=project)
        built = (
            json.loads(entry.data)["facts"] for entry in house.reader(work.connection).page(wanted, _VERSIONS)
        )
        return {str(facts["version"]): str(facts["source"]) for facts in built}

    return Inquiries(
        house.database,
        time_boxes_of,
        officers_of(house, producer),
        producer.pseudonym_keys,
        producer.source,
        producer.inquiries,
        built_from,
    )


def _open(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    limits = limits_of(house.policies())
    both = prove_both(house, arguments)
    asked = new_inquiry(arguments.number, arguments.project, arguments.authority)
    _, time_box = inquiries_of(house).open(both, asked, arguments.minutes, arguments.reason, limits)
    tell_open(time_box)
    return 0


def _answer(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    try:
        pseudonyms = arguments.pseudonyms.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            "unreadable", say("The file {file} cannot be read.", file=str(arguments.pseudonyms))
        ) from error
    if arguments.out.exists() or not arguments.out.parent.is_dir():
        raise _not_new(arguments.out)
    house = open_house()
    limits, proof = limits_of(house.policies()), prove(house, arguments.username)

    def deliver(content: bytes) -> None:
        if not create_durably(arguments.out, content, 0o600):
            raise _not_new(arguments.out)

    counts = inquiries_of(house).answer(proof, arguments.number, pseudonyms, limits, deliver)
    tell(
        say(
            "Asked for {asked}, found {found}, unknown {unknown}. The answer is in {file}; the box is closed.",
            **counts,
            file=str(arguments.out),
        )
    )
    return 0


def _not_new(path: Path) -> ConflictError:
    return ConflictError(
        "not_new", say("{file} exists already, or its folder does not. Name a new file.", file=str(path))
    )


def _list(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as looking:
        for one in time_boxes_of(looking).inquiries():
            print(f"{one.number} {one.project} {one.authority.value} {one.state.value} {one.answers}")
    return 0
