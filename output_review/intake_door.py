"""The doors of intake: one socket per live workspace, opened and closed as workspaces come and go.

``run/intake/<wid>/intake.sock`` is bound under another name, given its mode, set listening and
then renamed, so there is no moment with a wrong mode and none without a socket while a desk
lives. The folder is mounted in that desk and in no other: the socket is the identity.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from output_review.adapters.intake_sockets import listen_at
from output_review.intake import Intake, IntakeDeps, app_of
from output_review.intake_stream import BothWays
from output_review.ports import LiveWorkspace, Workspaces

log = logging.getLogger("hanare.intake")
POLL_SECONDS = 0.2
FOLDER_MODE = 0o711


class _Server(uvicorn.Server):
    """A server among several in one process: signals are the process's own affair."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(slots=True)
class _Door:
    workspace: LiveWorkspace
    server: _Server
    serving: "asyncio.Task[None]"
    path: Path


class IntakeDoor:
    """Keeps the open sockets equal to the live workspaces."""

    def __init__(self, deps: IntakeDeps, workspaces: Workspaces, folder: Path) -> None:
        """``folder`` is ``run/intake``."""
        self._deps = deps
        self._workspaces = workspaces
        self._folder = folder
        self._doors: dict[str, _Door] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; then every door is closed."""
        try:
            while not stop.is_set():
                await self.reconcile()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), POLL_SECONDS)
        finally:
            for wid in tuple(self._doors):
                await self._close(wid)

    async def reconcile(self) -> None:
        """Open what is missing, close what lives no more; a database that is away changes nothing."""
        try:
            live = {w.wid: w for w in await run_in_threadpool(self._workspaces.live)}
        except (SQLAlchemyError, OSError) as error:
            log.warning("the workspaces are not known: %s", type(error).__name__)
            return
        for wid, door in tuple(self._doors.items()):
            if live.get(wid) != door.workspace or door.serving.done():
                await self._close(wid)
        for wid, workspace in live.items():
            if wid not in self._doors:
                try:
                    self._doors[wid] = self._open(workspace)
                except OSError as error:
                    log.warning("no door for %s: %s", wid, error)

    def _open(self, workspace: LiveWorkspace) -> _Door:
        folder = self._folder / workspace.wid
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        folder.chmod(FOLDER_MODE)
        path = folder / "intake.sock"
        intake = Intake(self._deps, workspace)
        config = BothWays(
            app_of(intake), intake, lifespan="off", log_config=None, access_log=False, ws="none"
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listen_at(path)]))
        return _Door(workspace, server, serving, path)

    async def _close(self, wid: str) -> None:
        door = self._doors.pop(wid)
        door.path.unlink(missing_ok=True)
        door.server.should_exit = True
        door.server.force_exit = True
        with contextlib.suppress(Exception):
            await door.serving
