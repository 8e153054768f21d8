"""The workspaces that live now, from the table that the hub writes."""

from datetime import timedelta

from enclave.adapters.database import Database
from enclave.adapters.workspace_tables import WorkspaceTables
from output_review.ports import LiveWorkspace


class TableWorkspaces:
    """The ``Workspaces`` port over the deployment's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live(self) -> tuple[LiveWorkspace, ...]:
        with self._database.read() as work:
            found = WorkspaceTables(work.connection).serving()
        return tuple(LiveWorkspace(w.wid, w.person, w.project, w.project) for w in found)

    def touch(self, wid: str, idle: timedelta) -> None:
        with self._database.begin() as work:
            WorkspaceTables(work.connection).put_active(wid, work.now - idle)
