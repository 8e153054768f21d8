"""``enclave contracts``: use contracts with type-II users, proposed, listed, ended early."""

import argparse
from datetime import date
from typing import Any

from enclave.cli.proving import OpenHouse, add_command, as_person, proposed, prove, tell, why
from enclave.contracts import EVERY_PROJECT, Contract
from enclave.sentences import say
from enclave.use_cases.eligibility import contract_refusal
from enclave.use_cases.narrow import end_contract
from enclave.use_cases.propose_eligibility import propose_contract


def register(commands: Any) -> None:
    """Add the commands."""
    contracts = commands.add_parser("contracts", help="use contracts").add_subparsers(required=True)
    making = add_command(contracts, "propose", _propose, "propose a use contract")
    making.add_argument("id", help="its number; used once")
    making.add_argument("--organisation", required=True)
    making.add_argument("--project", default=EVERY_PROJECT, help="one project; without it, all of them")
    making.add_argument("--from", dest="starts_on", type=date.fromisoformat, required=True)
    making.add_argument("--until", dest="ends_on", type=date.fromisoformat, required=True)
    making.add_argument("--sha256", required=True, help="of the signed document")
    as_person(making)
    add_command(contracts, "list", _list, "list contracts and whether they are in force")
    ending = add_command(contracts, "end", _end, "end a contract now, for good")
    ending.add_argument("id")
    ending.add_argument("--reason", required=True)
    as_person(ending)


def _propose(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    contract = Contract(
        arguments.id,
        arguments.organisation,
        arguments.project,
        arguments.starts_on,
        arguments.ends_on,
        arguments.sha256,
    )
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        proposal = propose_contract(work, proof.username, contract)
    return proposed(proposal)


def _list(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as looking:
        for contract in looking.register.contracts():
            refusal = contract_refusal(looking, contract)
            covers = contract.project or "*"
            print(
                f"{contract.id:24} {contract.organisation:16} {covers:16} "
                f"{contract.starts_on} - {contract.ends_on}  {contract.sha256[:12]}"
            )
            if refusal is not None:
                ended = f" {contract.ended_at.date()}: {contract.ended_reason}" if contract.ended_at else ""
                print(f"    [{refusal.code}] {why(refusal.sentence)}{ended}")
    return 0


def _end(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        contract = end_contract(work, proof, arguments.id, arguments.reason)
    tell(
        say(
            "The contract {id} is ended. Nobody of {name} works under it any more.",
            id=contract.id,
            name=contract.organisation,
        )
    )
    return 0
