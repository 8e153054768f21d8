"""The hub's own sweep: rows that no server of this hub stands behind.

Only the hub knows its servers. A row that says starting or live without one is an open intent
or an orphan of an earlier life, and is ended. Everything else that must not live is the
sweeper's business, a process of its own (``hub.sweeper``).
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from hub import workspaces
from hub.spawner import Keeper
from hub.sweeper import WHOLE_SECONDS, every


class Servers(Protocol):
    """What is asked of JupyterHub."""

    def active(self, person: str, project: str) -> bool:
        """Whether the hub has this server: ready, being started, stopped or looked at."""
        ...


class HubServers:
    """The servers of a running JupyterHub."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def active(self, person: str, project: str) -> bool:
        user = self._app.users.get(person)
        spawner = None if user is None else user.spawners.get(project)
        return spawner is not None and bool(spawner.active or spawner._check_pending)  # noqa: SLF001  no public name


async def sweep(keeper: Keeper, servers: Servers) -> None:
    """No row is left that no server stands behind."""
    for row in await asyncio.to_thread(workspaces.live, keeper.foundation.database):
        if row.wid not in keeper.starting and not servers.active(row.person, row.project):
            await keeper.ender.end(row.wid, "no_server")


def schedule(keeper: Keeper, find_app: Callable[[], Any]) -> "asyncio.Task[None]":
    """The task that sweeps for as long as the hub runs; ``find_app`` gives None until it serves."""

    async def once() -> None:
        app = find_app()
        if app is not None:
            await sweep(keeper, HubServers(app))

    return asyncio.get_running_loop().create_task(every(WHOLE_SECONDS, once))
