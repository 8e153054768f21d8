"""``enclave people``: who is enrolled, what makes them eligible, and enrolling them.

A person makes their own credential (here or on the portal's first-sign-in page); the operator
proposes the enrolment with its digest and never knows it.
"""

import argparse
import json
import sys
from datetime import date
from getpass import getpass
from typing import Any

from enclave.adapters.passwords import new_totp_secret
from enclave.cli.proving import OpenHouse, add_command, as_person, proposed, prove, tell, why
from enclave.credentials import check_password
from enclave.identity import Person, Role, check_username
from enclave.people import Organisation, OrganisationKind
from enclave.sentences import say
from enclave.use_cases.eligibility import PersonStanding, everybody, person_standing
from enclave.use_cases.first_sign_in import keep_credential
from enclave.use_cases.propose import propose_enrolment, propose_organisation


def register(people: Any) -> None:
    """Add the commands."""
    add_command(people, "list", _list, "list everyone and whether their account can be used today")
    show = add_command(people, "show", _show, "say what makes one person eligible, and what is missing")
    show.add_argument("name")
    making = add_command(
        people,
        "credential",
        _make_credential,
        "make one's own password, one-time code secret, recovery codes",
    )
    making.add_argument("username")
    enrol = add_command(people, "enrol", _enrol, "propose an enrolment")
    enrol.add_argument("candidate")
    enrol.add_argument("--name", required=True)
    enrol.add_argument("--organisation", required=True)
    enrol.add_argument("--role", action="append", required=True, choices=[r.value for r in Role])
    enrol.add_argument("--trained-until", type=date.fromisoformat, required=True)
    enrol.add_argument("--credential", required=True, help="the digest that the person was given")
    as_person(enrol)
    organisation = add_command(people, "organisation", _register_organisation, "propose an organisation")
    organisation.add_argument("id")
    organisation.add_argument("--name", required=True)
    organisation.add_argument("--kind", required=True, choices=[k.value for k in OrganisationKind])
    organisation.add_argument("--certificate", required=True, help="the certificate's number")
    organisation.add_argument("--certified-from", type=date.fromisoformat, required=True)
    organisation.add_argument("--certified-until", type=date.fromisoformat, required=True)
    as_person(organisation)


def _list(_arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as looking:
        for standing in everybody(looking):
            one = standing.account
            roles = ",".join(sorted(role.value for role in one.roles))
            print(
                f"{one.username:16} {one.state.value:10} {roles:12} {one.organisation:12} {one.trained_until}"
                f"  {one.display_name}"
            )
            for refusal in standing.refusals:
                print(f"    [{refusal.code}] {why(refusal.sentence)}")
    return 0


def _show(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    with open_house().database.read() as looking:
        standing = person_standing(looking, arguments.name)
        credential = looking.register.find_credential(arguments.name)
    _print_person(standing)
    if credential is not None:
        tell(say("Recovery codes left: {left}.", left=len(credential.recovery)))
    return 0


def _print_person(standing: PersonStanding) -> None:
    one, home = standing.account, standing.organisation
    print(f"{one.username}  {one.display_name}  {', '.join(sorted(role.value for role in one.roles))}")
    closed = f"  {one.closed_at.date()}" if one.closed_at else ""
    print(f"  {one.state.value}{closed}{f': {one.closed_reason}' if one.closed_reason else ''}")
    if home is not None:
        print(f"  {home.id}  {home.certificate or '-'}  {home.certified_from} - {home.certified_until}")
    tell(say("Training is valid until {day}.", day=one.trained_until.isoformat()))
    for course in standing.training:
        print(f"  {course.completed_on} - {course.valid_until}  {course.course}")
    for refusal in standing.refusals:
        print(f"  [{refusal.code}] {why(refusal.sentence)}")
    for project in standing.projects:
        if project.eligible:
            tell(say("{name}: may work today.", name=project.permit.project))
            continue
        tell(say("{name}: may not work today.", name=project.permit.project))
        for refusal in project.refusals:
            print(f"    [{refusal.code}] {why(refusal.sentence)}")


def _make_credential(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    username = check_username(arguments.username)
    password = getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    check_password(username, password)
    house = open_house()
    hashed, secret = house.passwords.hash(password), new_totp_secret(house.fresh)
    with house.database.begin() as work:
        made = keep_credential(work, username, hashed, secret, by="command")
    print(
        json.dumps(
            {
                "username": username,
                "totp_secret": secret,
                "recovery_codes": made.recovery_codes,
                "credential": made.digest,
            }
        )
    )
    return 0


def _enrol(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    roles = frozenset(Role(role) for role in arguments.role)
    candidate = Person(arguments.candidate, arguments.name, arguments.organisation, roles)
    with house.database.begin() as work:
        proposal = propose_enrolment(
            work,
            proof.username,
            candidate=candidate,
            trained_until=arguments.trained_until,
            credential_digest=arguments.credential,
        )
    return proposed(proposal)


def _register_organisation(arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    organisation = Organisation(
        arguments.id,
        arguments.name,
        OrganisationKind(arguments.kind),
        arguments.certified_until,
        arguments.certificate,
        arguments.certified_from,
    )
    with house.database.begin() as work:
        proposal = propose_organisation(work, proof.username, organisation)
    return proposed(proposal)
