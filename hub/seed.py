"""The demo home: founded, peopled, given a source, a permit, views and an extract.

Every step is the product's own use case, by the person whose act it is, with that person's
password and one-time code; nothing is written past them. Secrets are random per home and
stand only in ``var/demo/cast.json`` (0600). Run again on the same home, it does what is
missing and nothing twice. A home with people but without its cast is left alone.
"""

import base64
import hashlib
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyotp

from catalog.use_cases.officers import Both
from enclave.adapters.durable_files import write_durably
from enclave.adapters.foundation import Foundation
from enclave.adapters.lined_yaml import read_lined
from enclave.adoptions import Proposal, ProposalKind, ProposalState
from enclave.contracts import EVERY_PROJECT, Contract
from enclave.credentials import RECOVERY_BYTES, RECOVERY_CODES, recovery_code
from enclave.errors import ConflictError
from enclave.identity import Person, Role
from enclave.people import Credential, Organisation, OrganisationKind, Training
from enclave.ports import Work
from enclave.projects import parse_permit
from enclave.sentences import say
from enclave.use_cases.adopt import adopt
from enclave.use_cases.first_sign_in import recovery_hashes
from enclave.use_cases.found import found
from enclave.use_cases.propose import (
    POLICIES,
    propose_enrolment,
    propose_organisation,
    propose_permit,
    propose_policies,
)
from enclave.use_cases.propose_eligibility import propose_contract, propose_training
from enclave.use_cases.sign_in import SecondFactor, sign_in
from hub.cli import open_house
from hub.demo_source import build_extract, fill_source, propose_views
from hub.places import ROOT

PRODUCER = "sakusei"
UNIVERSITY = "touto"
PROJECT = "p-diabetes"
CONTRACT = "k-2026-001"
COURSE = "仮名加工医療情報の取扱い（デモ研修）"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast."""

    username: str
    display_name: str
    organisation: str
    roles: tuple[str, ...]
    password: str
    totp_secret: str
    recovery_codes: tuple[str, ...] = ()
    passphrase: str = ""
    """An officer's half of what opens the officers' box."""

    def credential(self, house: Foundation, work: Work) -> Credential:
        """What is kept of this member's secrets."""
        sealed = work.register.seal_totp(self.username, self.totp_secret)
        hashes = recovery_hashes(self.username, self.recovery_codes)
        return Credential(house.passwords.hash(self.password), sealed, hashes)


_PARTS = (
    ("bo", "坊 理恵", PRODUCER, Role.BOARD),
    ("ben", "弁 大輔", PRODUCER, Role.BOARD),
    ("ota", "太田 運", PRODUCER, Role.OPERATOR),
    ("ste", "棚橋 整", PRODUCER, Role.STEWARD),
    ("aoi", "青井 葵", PRODUCER, Role.CHECKER),
    ("rin", "林 凛", PRODUCER, Role.CHECKER),
    ("kan", "監物 誠", PRODUCER, Role.AUDITOR),
    ("emi", "江見 紬", PRODUCER, Role.OFFICER),
    ("jun", "准田 岳", PRODUCER, Role.OFFICER),
    ("mei", "明石 芽衣", UNIVERSITY, Role.RESEARCHER),
    ("ken", "犬飼 健", UNIVERSITY, Role.RESEARCHER),
)
FOUNDERS = ("bo", "ben")
OFFICERS = ("emi", "jun")


class Stage:
    """The people of the demo, each able to prove who they are."""

    def __init__(self, house: Foundation, cast: Mapping[str, Member]) -> None:
        self.house = house
        self.cast = cast
        self._proofs: dict[str, SecondFactor] = {}

    def prove(self, username: str) -> SecondFactor:
        """Sign in as this person; one sign-in serves the whole run."""
        if username not in self._proofs:
            member = self.cast[username]
            now = self.house.clock.now()
            for offset in (0, 1, -1):
                code = pyotp.TOTP(member.totp_secret).at(now + timedelta(seconds=30 * offset))
                try:
                    sign_in(self.house.database, self.house.passwords, username, member.password, code)
                    break
                except Exception:  # noqa: BLE001, S112  the step was spent by a run just before; the last one raises below
                    continue
            else:
                raise ConflictError(
                    "code_spent", say("All current one-time codes were used. Wait 90 seconds.")
                )
            self._proofs[username] = SecondFactor(username, self.house.clock.now())
        return self._proofs[username]

    def prove_officers(self) -> Both:
        """Both officers, with their passphrases."""
        first, second = (self.prove(name) for name in OFFICERS)
        return Both(first, second, {name: self.cast[name].passphrase for name in OFFICERS})

    def adopt(self, username: str, proposal: Proposal) -> None:
        """Adopt it, unless it is in force already."""
        if proposal.state is ProposalState.PROPOSED:
            proof = self.prove(username)
            with self.house.database.begin() as work:
                adopt(work, proof, proposal.id, proposal.digest)

    def in_force(self, kind: ProposalKind, subject: str) -> Proposal | None:
        """What is adopted for a subject now."""
        with self.house.database.read() as looking:
            return looking.proposals.adopted(kind, subject)


def make_cast() -> dict[str, Member]:
    """Fresh passwords and secrets for everyone."""
    return {
        name: Member(
            name,
            shown,
            organisation,
            (role.value,),
            secrets.token_urlsafe(15),
            base64.b32encode(secrets.token_bytes(20)).decode(),
            tuple(recovery_code(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)),
            secrets.token_urlsafe(24) if role is Role.OFFICER else "",
        )
        for name, shown, organisation, role in _PARTS
    }


def read_cast(path: Path) -> dict[str, Member]:
    """The cast of an earlier run."""
    people = json.loads(path.read_text(encoding="utf-8"))["people"]
    listed = ("roles", "recovery_codes")
    return {p["username"]: Member(**{**p, **{k: tuple(p.get(k, ())) for k in listed}}) for p in people}


def write_cast(path: Path, house: Foundation, cast: Mapping[str, Member], source: Mapping[str, Any]) -> None:
    """``cast.json``: everything the outside client may know."""
    document = {
        "hub": house.settings.hub_address,
        "portal": house.settings.portal_address,
        "project": PROJECT,
        "people": [asdict(member) for member in cast.values()],
        "source": dict(source),
        "note": "Random per demo home. Never use these anywhere else. / このデモ専用の値です。",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, json.dumps(document, ensure_ascii=False, indent=1).encode(), 0o600)


def settle_founders(stage: Stage, today: date) -> None:
    """The first two people, and the policies they stand for."""
    house, ends = stage.house, today + timedelta(days=365)
    with house.database.begin() as work:
        founders = []
        for name in FOUNDERS:
            member = stage.cast[name]
            person = Person(name, member.display_name, PRODUCER)
            founders.append((person, member.credential(house, work)))
        organisation = Organisation(
            PRODUCER, "仮名加工医療情報作成機構", OrganisationKind.PRODUCER, ends, "デモ-作-001", today
        )
        found(work, organisation, founders, ends, demo=True)


def settle_policies(stage: Stage) -> None:
    """The policies on the disk are in force: proposed by one founder, adopted by the other."""
    policies = stage.house.policies()
    current = stage.in_force(ProposalKind.POLICY, POLICIES)
    if current is not None and json.loads(current.payload)["set"] == policies.digest:
        return
    stage.prove("bo")
    with stage.house.database.begin() as work:
        proposal = propose_policies(work, "bo", policies)
    stage.adopt("ben", proposal)


def settle_people(stage: Stage, today: date) -> None:
    """The university and everyone else, each proposed by one and adopted by another."""
    house, ends = stage.house, today + timedelta(days=365)
    stage.prove("bo")
    if stage.in_force(ProposalKind.ORGANISATION, UNIVERSITY) is None:
        with house.database.begin() as work:
            university = Organisation(
                UNIVERSITY, "東都大学", OrganisationKind.TYPE_TWO_USER, ends, "デモ-二-001", today
            )
            proposal = propose_organisation(work, "bo", university)
        stage.adopt("ben", proposal)
    for name, member in stage.cast.items():
        if name in FOUNDERS or stage.in_force(ProposalKind.ENROLMENT, name) is not None:
            continue
        roles = frozenset(Role(role) for role in member.roles)
        with house.database.begin() as work:
            credential = member.credential(house, work)
            work.register.put_pending_credential(name, credential, work.now)
            proposal = propose_enrolment(
                work,
                "bo",
                candidate=Person(name, member.display_name, member.organisation, roles),
                trained_until=ends,
                credential_digest=credential.digest(),
            )
        stage.adopt("ben", proposal)


def settle_contract(stage: Stage, today: date) -> None:
    """The use contract with the university, and the training that its people completed."""
    stage.prove("ota")
    if stage.in_force(ProposalKind.CONTRACT, CONTRACT) is None:
        text = f"利用契約書（デモ） {PRODUCER} - {UNIVERSITY}"
        digest = hashlib.sha256(text.encode()).hexdigest()
        contract = Contract(CONTRACT, UNIVERSITY, EVERY_PROJECT, today, today + timedelta(days=365), digest)
        with stage.house.database.begin() as work:
            proposal = propose_contract(work, "ota", contract)
        stage.adopt("bo", proposal)
    for name, member in stage.cast.items():
        researcher = Role.RESEARCHER.value in member.roles
        if researcher and stage.in_force(ProposalKind.TRAINING, name) is None:
            training = Training(name, COURSE, today, today + timedelta(days=365))
            with stage.house.database.begin() as work:
                proposal = propose_training(work, "ota", training)
            stage.adopt("bo", proposal)


def settle_permit(stage: Stage) -> None:
    """The project's permit, proposed by the operator and adopted by the board."""
    text = (ROOT / "demo" / "permit.yaml").read_text(encoding="utf-8")
    document, line_of = read_lined(text)
    permit = parse_permit(document, line_of)
    current = stage.in_force(ProposalKind.PERMIT, permit.project)
    if current is not None and parse_permit(json.loads(current.payload)) == permit:
        return
    stage.prove("ota")
    with stage.house.database.begin() as work:
        proposal = propose_permit(work, "ota", permit)
    stage.adopt("bo", proposal)


def main() -> int:
    """Bring the demo home to where the story begins."""
    house = open_house()
    place = ROOT / "var" / "demo" / "cast.json"
    with house.database.read() as looking:
        founded = bool(looking.register.accounts())
    if founded and not place.exists():
        raise ConflictError(
            "no_cast",
            say("This home has people, but no demo cast. Run 'make clean-demo' to begin a new demo."),
        )
    known = read_cast(place) if founded else {}
    cast = {**make_cast(), **known}
    stage, today = Stage(house, cast), house.clock.now().date()
    if len(cast) > len(known):
        write_cast(place, house, cast, {})
    if not founded:
        settle_founders(stage, today)
    settle_policies(stage)
    settle_people(stage, today)
    settle_contract(stage, today)
    settle_permit(stage)
    summary = fill_source(house, ROOT, "ste")
    for proposal in propose_views(house, ROOT, PROJECT, stage.prove("ste").username):
        stage.adopt("bo", proposal)
    build_extract(house, PROJECT, "ste", stage.prove_officers)
    write_cast(place, house, cast, asdict(summary))
    return 0


if __name__ == "__main__":
    os.umask(0o027)
    sys.exit(main())
