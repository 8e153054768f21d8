"""Bringing a workspace up and taking it down: the effects between intent and outcome.

Both containers are made and started at the same time. What Docker then says of each is compared
with its plan and with the baseline; a difference is an error, and whoever called takes the
workspace down. The desk counts as up when its socket accepts a connection, asked every 20 ms:
the hub's own waiting backs off for seconds. The data key goes to the kernel's broker over its
socket and stands nowhere else.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar

from enclave.errors import TamperedError, UnavailableError
from enclave.sentences import say
from hub import isolation
from hub.disks_client import DisksClient
from hub.sessions import ContainerPlan, Session, plan_desk, plan_kernel
from hub.sessions_house import House, Places
from hub.workspaces import Evidence
from hub.workspaces_gate import GateClient
from hub.workspaces_keys import StartKeys

T = TypeVar("T")
INTAKE_SECONDS = 5.0
SOCKET_SECONDS = 60.0
KEY_SECONDS = 10.0
PAUSE = 0.02


class Effects:
    """What is done outside the database, through the gate and over sockets."""

    def __init__(
        self, gate: GateClient, disks: DisksClient | None, executor: Executor, places: Places
    ) -> None:
        self.gate = gate
        self.disks = disks
        self._executor = executor
        self._places = places

    async def ask(self, call: Callable[..., T], *arguments: object) -> T:
        """The call's answer, made in a thread of its own so that the hub goes on meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, call, *arguments)

    async def bring_up(self, house: House, session: Session, keys: StartKeys) -> Evidence:
        """The disk is open, both containers run as planned, the kernel has the data key, the desk listens.

        Raises:
            UnavailableError: intake, Docker or a container did not answer in time.
            TamperedError: a container is not what was planned.
        """
        wid = session.wid
        await self.ask(self.gate.make_folders, wid, session.number)
        if self.disks is not None:
            await self.ask(self.disks.open, wid, session.number, keys.work or b"")
        await self.until_listening(house.places.intake_socket(wid), INTAKE_SECONDS, None)
        async with asyncio.TaskGroup() as both:
            kernel = both.create_task(self._kernel(house, session, keys.data))
            desk = both.create_task(self._desk(house, session))
        return Evidence(desk=desk.result(), kernel=kernel.result())

    async def take_down(self, wid: str) -> None:
        """Neither container exists, the run folders are gone, and the disk is closed."""
        await asyncio.gather(
            self.ask(self.gate.remove, self._places.kernel(wid)),
            self.ask(self.gate.remove, self._places.desk(wid)),
        )
        await self.ask(self.gate.remove_run_folders, wid)
        if self.disks is not None:
            await self.ask(self.disks.close, wid)

    async def both_run(self, wid: str) -> bool:
        """Half a workspace is no workspace."""
        running = await asyncio.gather(
            self.ask(self.gate.running, self._places.kernel(wid)),
            self.ask(self.gate.running, self._places.desk(wid)),
        )
        return all(running)

    async def _kernel(self, house: House, session: Session, data_key: bytes) -> Mapping[str, Any]:
        plan = plan_kernel(house, session)
        inspected = await self._run(house, plan)
        socket = house.places.broker_socket(session.wid)
        await self.until_listening(socket, SOCKET_SECONDS, plan.name)
        await hand_key(socket, data_key)
        return inspected

    async def _desk(self, house: House, session: Session) -> Mapping[str, Any]:
        plan = plan_desk(house, session)
        inspected = await self._run(house, plan)
        await self.until_listening(house.places.web_socket(session.wid), SOCKET_SECONDS, plan.name)
        return inspected

    async def _run(self, house: House, plan: ContainerPlan) -> Mapping[str, Any]:
        await self.ask(self.gate.create, plan)
        await self.ask(self.gate.start, plan.name)
        inspected = await self.ask(self.gate.inspect, plan.name)
        if inspected is None:
            raise _not_up(plan.name)
        check_as_planned(house, plan, inspected)
        return inspected

    async def until_listening(self, path: str, seconds: float, container: str | None) -> None:
        """Somebody accepts connections on the socket; a container that died is not waited for."""
        started = asked = time.monotonic()
        while not await _accepts(path):
            now = time.monotonic()
            if now - started > seconds:
                raise _not_up(path.rsplit("/", maxsplit=1)[-1])
            if container is not None and now - asked > 1:
                asked = now
                if why := await self.ask(self.gate.why_not_running, container):
                    raise _not_up(f"{container}, {why}")
            await asyncio.sleep(PAUSE)


def _not_up(what: str) -> UnavailableError:
    return UnavailableError(
        "not_up", say("A part of the workspace did not start in time: {what}. Try again.", what=what)
    )


def check_as_planned(house: House, plan: ContainerPlan, inspected: Mapping[str, Any]) -> None:
    """The container is what was planned and not below the baseline.

    Raises:
        TamperedError: it is not; names where.
    """
    short = isolation.shortfalls(inspected, house.images.all, house.places.home, apparmor=house.apparmor)
    below = [s.where for s in short]
    wrong = sorted({*below, *isolation.differences(plan.body, inspected)})
    if wrong:
        raise TamperedError(
            "not_as_planned",
            say("A container was not started as planned ({where}) and was removed.", where=", ".join(wrong)),
        )


async def _accepts(path: str) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except OSError:
        return False
    writer.close()
    return True


async def hand_key(path: str, data_key: bytes) -> None:
    """The broker behind the socket holds the data key.

    Raises:
        UnavailableError: it did not say so.
    """
    message = json.dumps({"op": "key", "data_key": data_key.hex()}) + "\n"
    try:
        async with asyncio.timeout(KEY_SECONDS):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(message.encode())
                await writer.drain()
                answer = json.loads(await reader.readline())
            finally:
                writer.close()
    except (OSError, ValueError, TimeoutError) as error:
        raise UnavailableError(
            "no_broker", say("The kernel did not take the data key. Try again.")
        ) from error
    if answer != {"ok": True}:
        raise UnavailableError("no_broker", say("The kernel did not take the data key. Try again."))
