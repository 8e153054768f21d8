"""``enclave organisations``: who is certified for what, until when; withdrawing it at once."""

import argparse
from typing import Any

from enclave.cli.proving import OpenHouse, add_command, as_person, prove, tell, why
from enclave.sentences import say
from enclave.use_cases.eligibility import organisations
from enclave.use_cases.narrow import withdraw_certification


def register(commands: Any) -> None:
    """Add the commands."""
    group = commands.add_parser("organisations", help="organisations and their certification").add_subparsers(
        required=True
    )
    add_command(group, "list", _list, "list organisations and whether their certification is in force")
    withdrawing = add_command(group, "withdraw", _withdraw, "withdraw an organisation's certification now")
    withdrawing.add_argument("id")
    withdrawing.add_argument("--reason", required=True)
    as_person(withdrawing)


def _list(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as looking:
        for standing in organisations(looking):
            one = standing.organisation
            print(
                f"{one.id:16} {one.kind.value:14} {one.certificate or '-':16} "
                f"{one.certified_from} - {one.certified_until}  {one.name}"
            )
            if standing.refusal is not None:
                gone = f" {one.withdrawn_at.date()}: {one.withdrawn_reason}" if one.withdrawn_at else ""
                print(f"    [{standing.refusal.code}] {why(standing.refusal.sentence)}{gone}")
    return 0


def _withdraw(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        organisation = withdraw_certification(work, proof, arguments.id, arguments.reason)
    tell(
        say(
            "The certification of {name} is withdrawn. Its people can do nothing here any more.",
            name=organisation.id,
        )
    )
    return 0
