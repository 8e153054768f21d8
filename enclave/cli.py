"""The foundation's commands: founding, people, proposals, projects, policies, audit.

Whoever changes something proves who they are: ``--as USERNAME`` asks for that person's password
and one-time code (or reads them as two lines from standard input when it is not a terminal).
Being root on the machine is not being a person of the register. Exit codes: 0 done, 1 refused,
2 wrong use, 4 tampered.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from getpass import getpass
from pathlib import Path
from typing import Any

from enclave.adapters.foundation import Foundation
from enclave.adapters.lined_yaml import read_lined
from enclave.adapters.passwords import new_totp_secret
from enclave.adapters.translations import both
from enclave.audit.ledger import Verified
from enclave.identity import Person, Role
from enclave.people import Credential, Organisation, OrganisationKind
from enclave.projects import parse_permit
from enclave.sentences import Sentence, say
from enclave.use_cases.adopt import adopt
from enclave.use_cases.inspect_ledger import export_bundle, verify_bundle, verify_ledger
from enclave.use_cases.propose import (
    propose_enrolment,
    propose_organisation,
    propose_permit,
    propose_policies,
)
from enclave.use_cases.sign_in import SecondFactor, sign_in

Run = Callable[[argparse.Namespace, Callable[[], Foundation]], int]
"""A command: its arguments, and a way to open the foundation when it needs one."""
TAMPERED = 4


def tell(sentence: Sentence) -> None:
    """Print a sentence in both languages."""
    texts = both(sentence)
    print(texts["ja"])
    if texts["en"] != texts["ja"]:
        print(f"  {texts['en']}")


def prove(house: Foundation, username: str) -> SecondFactor:
    """Ask for a person's password and code; proof that they were right."""
    if sys.stdin.isatty():
        password, code = getpass(f"{username} password: "), input(f"{username} one-time code: ")
    else:
        password, code = sys.stdin.readline().rstrip("\n"), sys.stdin.readline().strip()
    sign_in(house.database, house.passwords, username, password, code)
    return SecondFactor(username, house.clock.now())


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this room's commands."""
    _audit(commands)
    _proposals(commands)
    project = commands.add_parser("project", help="projects and their permits").add_subparsers(required=True)
    apply = _command(project, "apply", _apply_permit, "propose a permit file")
    apply.add_argument("permit", type=Path)
    _as_person(apply)
    policy = commands.add_parser("policy", help="the board's numbers").add_subparsers(required=True)
    _as_person(_command(policy, "propose", _propose_policies, "propose the policies as they lie on the disk"))
    _command(policy, "show", _show_policies, "print the digest of the policies and whether it is adopted")
    _people(commands)


def _command(commands: Any, name: str, run: Run, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _as_person(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who acts")


def _audit(commands: Any) -> None:
    audit = commands.add_parser("audit", help="verify and export the ledger").add_subparsers(required=True)
    verify = _command(audit, "verify", _verify, "verify the live ledger or a bundle; exit 4 when tampered")
    verify.add_argument("--bundle", type=Path)
    verify.add_argument("--checkpoint", type=Path, action="append", default=[], help="an earlier signed note")
    export = _command(audit, "export", _export, "write a bundle that verifies offline")
    export.add_argument("file", type=Path)
    export.add_argument("--without-bodies", action="store_true")


def _proposals(commands: Any) -> None:
    proposals = commands.add_parser("proposals", help="what waits for a second person").add_subparsers(
        required=True
    )
    _command(proposals, "list", _list_proposals, "list proposals")
    adopting = _command(proposals, "adopt", _adopt, "adopt proposals that another person made")
    adopting.add_argument("ids", nargs="+", help="id:digest, as the list prints them")
    _as_person(adopting)


def _people(commands: Any) -> None:
    people = commands.add_parser("people", help="organisations, enrolments").add_subparsers(required=True)
    making = _command(
        people, "credential", _make_credential, "make one's own password and one-time code secret"
    )
    making.add_argument("username")
    enrol = _command(people, "enrol", _enrol, "propose an enrolment")
    enrol.add_argument("candidate")
    enrol.add_argument("--name", required=True)
    enrol.add_argument("--organisation", required=True)
    enrol.add_argument("--role", action="append", required=True, choices=[r.value for r in Role])
    enrol.add_argument("--trained-until", type=date.fromisoformat, required=True)
    enrol.add_argument("--credential", required=True, help="the digest that 'people credential' printed")
    _as_person(enrol)
    organisation = _command(people, "organisation", _register_organisation, "propose an organisation")
    organisation.add_argument("id")
    organisation.add_argument("--name", required=True)
    organisation.add_argument("--kind", required=True, choices=[k.value for k in OrganisationKind])
    organisation.add_argument("--certified-until", type=date.fromisoformat, required=True)
    _as_person(organisation)


def _report(verified: Verified) -> int:
    if verified.fault is None:
        tell(say("The ledger is whole: {n} entries.", n=verified.size))
        print(json.dumps({"whole": True, "size": verified.size, "root": verified.root.hex()}))
        return 0
    tell(verified.fault.sentence)
    print(json.dumps({"whole": False, "entry": verified.fault.number, "code": verified.fault.code}))
    return TAMPERED


def _verify(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    earlier = [path.read_text() for path in arguments.checkpoint]
    if arguments.bundle is not None:
        with arguments.bundle.open(encoding="utf-8", errors="surrogateescape") as lines:
            return _report(verify_bundle(lines, earlier))
    house = open_house()
    with house.database.read() as looking:
        reader = house.reader(looking.connection)
        return _report(verify_ledger(reader, house.notes, house.settings.origin, earlier))


def _export(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    with house.database.read() as looking, arguments.file.open("x", encoding="utf-8") as out:
        reader = house.reader(looking.connection)
        for line in export_bundle(
            reader, house.notes, house.settings.origin, bodies=not arguments.without_bodies
        ):
            out.write(f"{line}\n")
    tell(say("The bundle was written to {file}.", file=str(arguments.file)))
    return 0


def _list_proposals(_arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    with open_house().database.read() as looking:
        for one in looking.proposals.all():
            print(
                f"{one.state.value:9} {one.kind.value:12} {one.subject:30} {one.id}:{one.digest} {one.proposed_by}"
            )
    return 0


def _adopt(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        for one in arguments.ids:
            proposal_id, _, digest = one.partition(":")
            adopted = adopt(work, proof, proposal_id, digest)
            tell(say("Adopted: {kind} {subject}.", kind=adopted.kind.value, subject=adopted.subject))
    return 0


def _apply_permit(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    document, line_of = read_lined(arguments.permit.read_text(encoding="utf-8"))
    permit = parse_permit(document, line_of)
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        proposal = propose_permit(work, proof.username, permit)
    _proposed(proposal.id, proposal.digest)
    return 0


def _propose_policies(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    with house.database.begin() as work:
        proposal = propose_policies(work, proof.username, house.policies())
    _proposed(proposal.id, proposal.digest)
    return 0


def _proposed(proposal_id: str, digest: str) -> None:
    tell(
        say(
            "Proposed. Another person adopts it with: enclave proposals adopt {what}",
            what=f"{proposal_id}:{digest}",
        )
    )


def _show_policies(_arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    print(open_house().policies().digest)
    return 0


def _make_credential(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    password = getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    secret = new_totp_secret(house.fresh)
    with house.database.begin() as work:
        credential = Credential(
            house.passwords.hash(password), work.register.seal_totp(arguments.username, secret)
        )
        work.register.put_pending_credential(arguments.username, credential)
    print(
        json.dumps({"username": arguments.username, "totp_secret": secret, "credential": credential.digest()})
    )
    return 0


def _enrol(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
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
    _proposed(proposal.id, proposal.digest)
    return 0


def _register_organisation(arguments: argparse.Namespace, open_house: Callable[[], Foundation]) -> int:
    house = open_house()
    proof = prove(house, arguments.username)
    organisation = Organisation(
        arguments.id, arguments.name, OrganisationKind(arguments.kind), arguments.certified_until
    )
    with house.database.begin() as work:
        proposal = propose_organisation(work, proof.username, organisation)
    _proposed(proposal.id, proposal.digest)
    return 0
