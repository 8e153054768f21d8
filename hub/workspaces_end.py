"""Ending a workspace, by whoever is first: hub and sweeper do it in the same three steps.

The reason is written before anything is touched (``workspaces.begin_end``), the containers are
killed and the folders closed, and the end is written when nothing is left. A *turn* keeps two
processes, or a start and an end, from working on the same workspace at once: a lock on a file
that goes with the process that holds it. A turn is a courtesy, no permission. Who must end a
workspace and does not get the turn in time kills its containers all the same and leaves the
last word to the next round: a hub that hangs, or was taken over, keeps nothing alive.
"""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from enclave.adapters.database import Database
from enclave.adapters.workspace_tables import WorkspaceState, WorkspaceTables
from hub import workspaces
from hub.sessions_house import check_workspace_id
from hub.workspaces_effects import Effects

PAUSE = 0.02
TURN_MODE = 0o660


class Turns:
    """One file per workspace; who holds the lock on it has the turn."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.asynccontextmanager
    async def take(self, wid: str, patience: float) -> AsyncIterator[bool]:
        """Whether it is our turn, asked again and again for so many seconds; given back at the end."""
        descriptor = self._open(check_workspace_id(wid))
        try:
            yield await _lock(descriptor, patience)
        finally:
            os.close(descriptor)

    def _open(self, wid: str) -> int:
        path = self._folder / f"{wid}.turn"
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(path, flags, TURN_MODE)
        with contextlib.suppress(PermissionError):  # made by another process of the group, who did this
            os.fchmod(descriptor, TURN_MODE)
        return descriptor


async def _lock(descriptor: int, patience: float) -> bool:
    end = asyncio.get_running_loop().time() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if asyncio.get_running_loop().time() >= end:
                return False
            await asyncio.sleep(PAUSE)
        else:
            return True


@dataclass(frozen=True, slots=True)
class Ender:
    """Ends workspaces for one process."""

    database: Database
    effects: Effects
    turns: Turns
    patience: float
    """Seconds to wait for a turn. The sweeper waits shortly, the hub longer than any end takes."""

    async def end(self, wid: str, reason: str, code: str = "") -> None:
        """Neither container lives, and the ledger knows why: who begins the end first names its reason."""
        if not await asyncio.to_thread(workspaces.begin_end, self.database, wid, reason, code):
            return
        async with self.turns.take(wid, self.patience) as ours:
            if not ours:
                await self.effects.take_down(wid)
            elif await asyncio.to_thread(is_ending, self.database, wid):
                await self.effects.take_down(wid)
                await asyncio.to_thread(workspaces.finish_end, self.database, wid)

    async def undo_start(self, wid: str, reason: str, code: str) -> None:
        """A start that failed has left nothing, whoever ended it meanwhile. For the holder of the turn."""
        await asyncio.to_thread(workspaces.begin_end, self.database, wid, reason, code)
        await self.effects.take_down(wid)
        await asyncio.to_thread(workspaces.finish_end, self.database, wid)

    async def remove_stray(self, wid: str) -> None:
        """Containers without a row that lives are gone. Whatever is being started or ended is left alone."""
        async with self.turns.take(wid, 0) as ours:
            state = await asyncio.to_thread(workspaces.state_of, self.database, wid)
            if ours and state is WorkspaceState.STOPPED:
                await self.effects.take_down(wid)


def is_ending(database: Database, wid: str) -> bool:
    """Whether the workspace's end has begun and is not done."""
    with database.read() as work:
        row = WorkspaceTables(work.connection).find(wid)
    return row is not None and row.ending
