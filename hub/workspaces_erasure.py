"""Erasing a workspace: its key is destroyed, then its disk, and both are on record.

Refused while the workspace lives; a turn keeps a start from beginning meanwhile. Intent, then
the effects, then the outcome: a killed erasure is finished by asking again, which is harmless as
often as it is done. What was destroyed by key is gone with every copy of the image; where /work
was a plain folder (demo strength) its files were only unlinked, and the outcome says which.
"""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from enclave.actions import Action
from enclave.adapters.database import Database, Transaction
from enclave.adapters.keyring_files import KeyringFiles
from enclave.adapters.workspace_tables import Workspace, WorkspaceState, WorkspaceTables
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.decisions import Decision, Permit, Refusal, decide, require
from enclave.errors import ConflictError, DeniedError, NotFoundError
from enclave.identity import Person, Role
from enclave.sentences import say
from enclave.use_cases.propose import known_person
from enclave.use_cases.sign_in import SecondFactor
from hub.disks import FOLDER, key_purpose
from hub.disks_client import DisksClient
from hub.workspaces import just_ended
from hub.workspaces_end import Turns

PATIENCE = 5.0
BY_KEY, UNLINKED = "key", "unlinked"


@dataclass(frozen=True, slots=True)
class Eraser:
    """What an erasure reaches."""

    database: Database
    keyring: KeyringFiles
    turns: Turns
    disks: DisksClient | None
    """None where /work is a plain folder."""
    workspaces: Path

    async def erase(self, proof: SecondFactor, wid: str) -> str:
        """How it was destroyed, once nothing of the workspace is left.

        Raises:
            NotFoundError: there never was such a workspace.
            DeniedError: not an operator, or the workspace lives.
        """
        with self.database.read() as looking:
            _find(looking, wid)
        async with self.turns.take(wid, PATIENCE) as ours:
            if not ours:
                raise just_ended()
            return await asyncio.to_thread(self._erase, proof, wid)

    def _erase(self, proof: SecondFactor, wid: str) -> str:
        if self.disks is not None:
            self.disks.state(wid)  # nothing is destroyed when the disk cannot be reached
        how = BY_KEY if self.disks is not None else UNLINKED
        with self.database.begin() as work:
            row = _find(work, wid)
            permit = require(_may_erase(known_person(work, proof.username), row))
            work.record(_event(Kind.WORKSPACE_ERASURE_INTENDED, permit, row, how))
        self._destroy(permit, row)
        with self.database.begin() as work:
            if self.disks is not None:
                work.record(_event(Kind.KEY_DESTROYED, permit, row, "work", "purpose"))
            work.record(_event(Kind.WORKSPACE_ERASED, permit, row, how))
        return how

    def _destroy(self, permit: Permit, row: Workspace) -> None:
        if permit.subject != row.wid:
            raise DeniedError("other_subject", say("This permit is for another workspace."))
        if self.disks is None:
            folder = self.workspaces / row.wid / FOLDER
            shutil.rmtree(folder, ignore_errors=True)
            if folder.exists():
                raise ConflictError(
                    "not_erased", say("Some files of the workspace could not be removed. Try again.")
                )
            return
        self.keyring.destroy(row.project, key_purpose(row.wid))
        self.disks.erase(row.wid)


def _find(work: Transaction, wid: str) -> Workspace:
    row = WorkspaceTables(work.connection).find(wid)
    if row is None:
        raise NotFoundError("no_workspace", say("There is no such workspace."))
    return row


def _may_erase(person: Person, row: Workspace) -> Decision:
    live = row.state is not WorkspaceState.STOPPED
    rules = (
        None
        if Role.OPERATOR in person.roles
        else Refusal("wrong_role", say("Only an operator can erase a workspace.")),
        Refusal("still_live", say("This workspace is running. It can be erased once it has ended."))
        if live
        else None,
    )
    return decide(person, Action.ERASE_WORKSPACE, row.wid, rules)


def _event(kind: Kind, permit: Permit, row: Workspace, value: str, name: str = "destroyed_by") -> EventDraft:
    return EventDraft(kind, permit.person.username, row.project, row.wid, {"of": row.person, name: value})
