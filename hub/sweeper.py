"""Every fifteen seconds: what must not live is ended.

Three sweeps, in this order. Whoever lost eligibility loses the workspace (killed, not asked:
open websockets survive a revoked token). A row that says starting or live without a server of
this hub behind it is an open intent or an orphan of an earlier life, and is ended. A labelled
container whose workspace has no such row is removed. The containers are listed before the rows
are read, so one that is being made right now always has its row. Nothing here trusts memory:
the register, the rows and Docker are asked each time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from enclave.adapters.workspace_tables import WorkspaceState
from enclave.errors import EnclaveError
from hub import workspaces
from hub.spawner import Keeper

log = logging.getLogger("hanare.sweeper")
EVERY_SECONDS = 15.0


class Servers(Protocol):
    """What the sweeper asks of JupyterHub."""

    def active(self, person: str, project: str) -> bool:
        """Whether the hub has this server: ready, being started, stopped or looked at."""
        ...

    async def stop(self, person: str, project: str) -> None:
        """The hub has no such server any more, and no route to it."""
        ...


async def sweep(keeper: Keeper, servers: Servers) -> None:
    """Nothing lives afterwards that must not."""
    database = keeper.foundation.database
    containers = await keeper.effects.ask(keeper.effects.gate.workspace_containers)
    ended = set()
    for workspace, refusal in await asyncio.to_thread(workspaces.no_longer_eligible, database):
        await keeper.end(workspace.wid, "ineligible", refusal.code)
        ended.add(workspace.wid)
        await servers.stop(workspace.person, workspace.project)
    rows = await asyncio.to_thread(workspaces.live, database)
    for row in rows:
        if row.wid not in keeper.starting and not servers.active(row.person, row.project):
            await keeper.end(row.wid, "no_server")
    known = {row.wid for row in rows}
    for wid in sorted({wid for _, wid in containers} - known):
        stopped = await asyncio.to_thread(workspaces.state_of, database, wid) is WorkspaceState.STOPPED
        if stopped and wid not in ended and wid not in keeper.starting:
            await keeper.effects.take_down(wid)


class HubServers:
    """The servers of a running JupyterHub."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def active(self, person: str, project: str) -> bool:
        spawner = self._find(person, project)
        return spawner is not None and bool(spawner.active or spawner._check_pending)  # noqa: SLF001  no public name

    async def stop(self, person: str, project: str) -> None:
        spawner = self._find(person, project)
        if spawner is None or not spawner.active or spawner.pending:
            return
        await self._app.proxy.delete_user(spawner.user, project)
        await spawner.user.stop(project)

    def _find(self, person: str, project: str) -> Any:
        user = self._app.users.get(person)
        return None if user is None else user.spawners.get(project)


def schedule(keeper: Keeper, find_app: Callable[[], Any]) -> "asyncio.Task[None]":
    """The task that sweeps for as long as the hub runs; ``find_app`` gives None until it serves."""

    async def once() -> None:
        app = find_app()
        if app is not None:
            await sweep(keeper, HubServers(app))

    return asyncio.get_running_loop().create_task(every(EVERY_SECONDS, once))


async def every(seconds: float, act: Callable[[], Awaitable[None]]) -> None:
    """``act`` again and again; what fails is logged and tried again the next time."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await act()
        except (EnclaveError, OSError):
            log.exception("a sweep failed; the next one tries again")
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("a sweep failed unexpectedly; the next one tries again")
