"""Ending a project for good: its workspaces end, its keys are destroyed, and that it worked is tried.

The order (DESIGN section 4): what an inquiry will need is sealed to the officers first; the permit
is cut short, so that nothing of the project starts and the sweeper ends what runs; each disk is
erased; the project's keys are destroyed; then every key that is left is tried on every extract
that is left; only then the files are unlinked. The certificate is the event that says what was
destroyed by key, what was only unlinked, and how many keys were tried in vain.

Every step may be done twice: an erasure that was killed is finished by asking for it again. A
copy of anything that was sealed under the project's keys, wherever it lies, is destroyed with
them; what never was encrypted (the state of a demo without disks) is named as unlinked.
"""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from catalog.adapters.erased_extracts import keys_in_files, opened_by_any
from catalog.adapters.kept_projects import KeptProjects, manifests_of
from enclave.actions import Action
from enclave.adapters.database import Database, Transaction
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.workspace_tables import WorkspaceTables
from enclave.adoptions import ProposalKind
from enclave.audit.canonical import Value
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.data_keys import FIRST, data_keys
from enclave.decisions import Decision, Permit, Refusal, decide, require
from enclave.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from enclave.identity import Person, Role
from enclave.projects import ProjectPermit
from enclave.sentences import say
from enclave.settings import Settings
from enclave.use_cases.propose import known_person
from enclave.use_cases.sign_in import SecondFactor
from hub.workspaces_erasure import BY_KEY, Eraser

PURPOSES = (FIRST, "vault", "body")
"""The project's keys, but for data keys of later rotations; those of its disks go with its workspaces."""
_LONGEST_REASON = 2000
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an erasure did: the facts of its event, and the event's number in the ledger."""

    number: int
    facts: dict[str, Value]


@dataclass(frozen=True, slots=True)
class ProjectEraser:
    """What the erasure of a project reaches."""

    database: Database
    keyring: KeyringFiles
    settings: Settings
    workspaces: Eraser
    kept: KeptProjects
    kept_years: int
    patience: float = 90.0
    """Seconds to wait for running workspaces to be ended by the sweeper."""
    sleep: Callable[[float], None] = time.sleep

    def erase(self, proof: SecondFactor, project: str, reason: str) -> Certificate:
        """The certificate, once nothing of the project opens any more.

        Raises:
            NotFoundError: there never was such a project. DeniedError: not an operator.
            InvalidInputError: no reason. UnavailableError: a workspace could not be ended.
            ConflictError: the officers have no box to seal to, or a key that is left opens an extract.
        """
        if not reason.strip() or len(reason) > _LONGEST_REASON:
            raise InvalidInputError("no_reason", say("A reason is needed, of at most 2,000 characters."))
        permit, until = self._begin(proof, project, reason)
        self._until_ended(project)
        unlinked = self._erase_workspaces(proof, project)
        self._destroy_keys(permit, project)
        tried = self._try_what_is_left(project)
        unlinked += self._unlink(project)
        by_key: list[Value] = [*PURPOSES, "work"] if self.workspaces.disks is not None else [*PURPOSES]
        facts: dict[str, Value] = {
            "project": project,
            "destroyed_by_key": by_key,
            "unlinked": [*unlinked],
            "restore_tried": tried,
            "restore_opened": 0,
            "kept_until": until,
        }
        with self.database.begin() as work:
            number = work.record(
                EventDraft(
                    Kind.PROJECT_ERASED,
                    permit.person.username,
                    subject=project,
                    facts=facts,
                    event_id=f"erased:{project}",
                )
            )
        return Certificate(number, facts)

    def _begin(self, proof: SecondFactor, project: str, reason: str) -> tuple[Permit, str]:
        """Intent on record, what outlives the project sealed, and nothing of it may start."""
        with self.database.begin() as work:
            permit = require(_may_erase(known_person(work, proof.username), project))
            known = _find(work, project)
            work.record(
                EventDraft(
                    Kind.PROJECT_ERASURE_INTENDED,
                    permit.person.username,
                    subject=project,
                    facts={"ends_on": known.ends_on.isoformat()},
                    body={"reason": reason},
                )
            )
            ended = min(known.ends_on, work.now.date() - timedelta(days=1))
            until = _years_after(ended, self.kept_years).isoformat()
            views = [p.payload for p in work.proposals.adopted_under(ProposalKind.VIEW, f"{project}/")]
            public = self.settings.extracts / "producer.pub"
            key = public.read_bytes() if public.is_file() else b""
            manifests = manifests_of(self.settings.extracts / project, key)
            self.kept.keep(project, known.document(), views, manifests, until)
            work.register.put_permit(replace(known, ends_on=ended))
        return permit, until

    def _until_ended(self, project: str) -> None:
        deadline = time.monotonic() + self.patience
        while any(self._live(project)):
            if time.monotonic() >= deadline:
                raise UnavailableError(
                    "still_running",
                    say("A workspace of the project still runs. Is the sweeper running? Then ask again."),
                )
            self.sleep(_PAUSE)

    def _live(self, project: str) -> Iterator[str]:
        with self.database.read() as looking:
            rows = WorkspaceTables(looking.connection).live()
        return (row.wid for row in rows if row.project == project)

    def _erase_workspaces(self, proof: SecondFactor, project: str) -> list[str]:
        """Each disk's key is destroyed; the names of what was only unlinked."""
        with self.database.read() as looking:
            rows = [r for r in WorkspaceTables(looking.connection).all() if r.project == project]
        how = {row.wid: asyncio.run(self.workspaces.erase(proof, row.wid)) for row in rows}
        return [f"workspace {wid}" for wid, destroyed in sorted(how.items()) if destroyed != BY_KEY]

    def _destroy_keys(self, permit: Permit, project: str) -> None:
        for purpose in (*PURPOSES, *self._later_data_keys(project)):
            try:
                # Made, where it never was, so that its destruction leaves the mark that forbids a new one.
                self.keyring.make(project, purpose)
            except ConflictError:
                continue
            self.keyring.destroy(project, purpose)
            with self.database.begin() as work:
                facts: dict[str, Value] = {"purpose": purpose, "project": project}
                work.record(
                    EventDraft(Kind.KEY_DESTROYED, permit.person.username, subject=project, facts=facts)
                )

    def _try_what_is_left(self, project: str) -> int:
        """How many keys were tried on the project's extracts, in vain.

        Raises:
            ConflictError: one of them opened.
        """
        left = {*keys_in_files(self.settings.keys), *self._keys_left()}
        extracts = sorted((self.settings.extracts / project).glob("*.duckdb"))
        opened = any(opened_by_any(extract, left) for extract in extracts)
        if opened or self._later_data_keys(project) or any(self.keyring.find(project, p) for p in PURPOSES):
            raise ConflictError(
                "not_erased",
                say("A key that is left still opens the project's data. Tell the operator's lead."),
            )
        return len(left) * len(extracts)

    def _later_data_keys(self, project: str) -> tuple[str, ...]:
        return tuple(name for name in data_keys(self.keyring.purposes(project)) if name != FIRST)

    def _keys_left(self) -> Iterator[bytes]:
        for path in sorted((self.settings.keys / "projects").glob("*/*.key")):
            key = self.keyring.find(path.parent.name, path.stem)
            if key is not None:
                yield key

    def _unlink(self, project: str) -> list[str]:
        gone = []
        for room in (self.settings.extracts, self.settings.vault):
            folder = room / project
            files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
            if folder.is_dir():
                shutil.rmtree(folder)
            gone.append(f"{room.name}: {len(files)} files")
        return gone


def _find(work: Transaction, project: str) -> ProjectPermit:
    permit = work.register.find_permit(project)
    if permit is None:
        raise NotFoundError("no_project", say("There is no such project."))
    return permit


def _may_erase(person: Person, project: str) -> Decision:
    rules = (
        None
        if Role.OPERATOR in person.roles
        else Refusal("wrong_role", say("Only an operator can erase a project.")),
    )
    return decide(person, Action.ERASE_PROJECT, project, rules)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
