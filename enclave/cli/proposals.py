"""``enclave proposals`` and ``enclave policy``: what waits for a second person, and the board's numbers."""

import argparse
from typing import Any

from enclave.cli.proving import OpenHouse, add_command, as_person, proposed, prove, tell
from enclave.sentences import say
from enclave.use_cases.adopt import adopt
from enclave.use_cases.propose import propose_policies


def register(commands: Any) -> None:
    """Add the commands."""
    proposals = commands.add_parser("proposals", help="what waits for a second person").add_subparsers(
        required=True
    )
    add_command(proposals, "list", _list, "list proposals")
    adopting = add_command(proposals, "adopt", _adopt, "adopt proposals that another person made")
    adopting.add_argument("ids", nargs="+", help="id:digest, as the list prints them")
    as_person(adopting)
    policy = commands.add_parser("policy", help="the board's numbers").add_subparsers(required=True)
    as_person(add_command(policy, "propose", _propose, "propose the policies as they lie on the disk"))
    add_command(policy, "show", _show, "print the digest of the policies and whether it is adopted")


def _list(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as looking:
        for one in looking.proposals.all():
            print(
                f"{one.state.value:9} {one.kind.value:13} {one.subject:30} {one.id}:{one.digest} {one.proposed_by}"
            )
    return 0


def _adopt(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        for one in arguments.ids:
            proposal_id, _, digest = one.partition(":")
            adopted = adopt(work, proof, proposal_id, digest)
            tell(say("Adopted: {kind} {subject}.", kind=adopted.kind.value, subject=adopted.subject))
    return 0


def _propose(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        proposal = propose_policies(work, proof.username, house.policies())
    return proposed(proposal)


def _show(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    print(open_house().policies().digest)
    return 0
