"""The keys that a workspace's start hands over: the project's data key, and the key of its own disk.

The disk's key is made at the first start and recorded, and each use of it is. It was destroyed
when the workspace was erased or its project ended: then there is no new one, and no start.
"""

from dataclasses import dataclass, field

from enclave.adapters.database import Database
from enclave.audit.event import EventDraft
from enclave.audit.kinds import Kind
from enclave.errors import ConflictError
from enclave.sentences import say
from hub.disks import key_purpose
from hub.sessions import Session

PLATFORM = "platform"
PURPOSE = "work"


@dataclass(frozen=True, slots=True)
class StartKeys:
    """What a start needs to know and nobody may read elsewhere."""

    data: bytes = field(repr=False)
    work: bytes | None = field(default=None, repr=False)
    """None where /work is a plain folder (demo strength)."""


def use_work_key(database: Database, session: Session) -> bytes:
    """The key of the workspace's disk; that it is used is recorded, and that it was made.

    Raises:
        ConflictError: it was destroyed.
    """
    purpose, project, wid = key_purpose(session.wid), session.project, session.wid
    facts = {"purpose": PURPOSE}
    with database.begin() as work:
        key = work.keyring.find(project, purpose)
        if key is None:
            try:
                key = work.keyring.make(project, purpose)
            except ConflictError as error:
                raise ConflictError(
                    "workspace_erased",
                    say("This workspace was erased. It cannot be started again; ask the operator."),
                ) from error
            work.record(EventDraft(Kind.KEY_MADE, PLATFORM, project, wid, facts))
        work.record(EventDraft(Kind.KEY_USED, PLATFORM, project, wid, facts))
    return key
