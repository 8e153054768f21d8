"""``enclave project`` and ``enclave projects``: permits, and who of a project may work in it today."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from enclave.adapters.foundation import Foundation
from enclave.adapters.lined_yaml import read_lined
from enclave.cli.proving import OpenHouse, add_command, as_person, proposed, prove, tell, why
from enclave.contracts import EVERY_PROJECT
from enclave.projects import LineOf, ProjectPermit, parse_permit
from enclave.sentences import say
from enclave.use_cases.eligibility import contract_refusal, project_standing
from enclave.use_cases.propose import propose_permit

PermitCheck = Callable[[Foundation, ProjectPermit, LineOf], None]
"""Refuses a permit that names data that does not exist, with the line."""


def register(commands: Any, check: PermitCheck) -> Any:
    """Add the commands; those of ``enclave project``."""
    project = commands.add_parser("project", help="propose a project's permit").add_subparsers(required=True)
    apply = add_command(project, "apply", _apply, "propose a permit file")
    apply.add_argument("permit", type=Path)
    apply.set_defaults(check=check)
    as_person(apply)
    projects = commands.add_parser("projects", help="projects and their people").add_subparsers(required=True)
    add_command(projects, "list", _list, "list projects, their end, and how many may work in them today")
    show = add_command(
        projects, "show", _show, "say for each named person whether they may work, and why not"
    )
    show.add_argument("project")
    return project


def _apply(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    document, line_of = read_lined(arguments.permit.read_text(encoding="utf-8"))
    permit = parse_permit(document, line_of)
    house = open_house()
    arguments.check(house, permit, line_of)
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        proposal = propose_permit(work, proof.username, permit)
    return proposed(proposal)


def _list(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as looking:
        for permit in looking.register.permits():
            _, people = project_standing(looking, permit.project)
            eligible = sum(one.eligible for one in people)
            print(
                f"{permit.project:24} {permit.ends_on}  {eligible}/{len(people)}  {permit.organisation}  {permit.title}"
            )
    return 0


def _show(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as looking:
        permit, people = project_standing(looking, arguments.project)
        print(f"{permit.project}  {permit.title}")
        organisation = looking.register.find_organisation(permit.organisation)
        until = organisation.certified_until.isoformat() if organisation else "-"
        tell(
            say(
                "Ends on {day}. Organisation {name}, certified until {until}.",
                day=permit.ends_on.isoformat(),
                name=permit.organisation,
                until=until,
            )
        )
        for contract in looking.register.contracts_of(permit.organisation):
            if contract.project in {EVERY_PROJECT, permit.project}:
                refusal = contract_refusal(looking, contract)
                note = "" if refusal is None else f"  {why(refusal.sentence)}"
                print(f"  {contract.id}  {contract.starts_on} - {contract.ends_on}{note}")
        for one in people:
            if one.eligible:
                tell(say("{name}: may work today.", name=one.username))
                continue
            tell(say("{name}: may not work today.", name=one.username))
            for refusal in one.refusals:
                print(f"    [{refusal.code}] {why(refusal.sentence)}")
    return 0
