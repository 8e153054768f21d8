"""A named server is a workspace: a desk and a kernel container, started together by one plan.

Thin: what a workspace is stands in ``sessions``, what is recorded in ``workspaces``, what is
done in ``workspaces_effects``. Here is only what JupyterHub asks of a spawner, and the rules
found the hard way: the server's name is the project and never empty; half a workspace is none,
so ``poll`` removes the other half; the desk's token is deleted in ``stop`` and in ``poll``,
because after its own restart the hub no longer holds it; the address is a function of the
name; everything is killed, never asked to stop.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote

from dockerspawner import DockerSpawner
from jupyterhub import orm
from jupyterhub.utils import url_path_join
from tornado import web

from enclave.adapters.foundation import Foundation
from enclave.adapters.translations import both
from enclave.adapters.workspace_tables import WorkspaceState
from enclave.errors import ConflictError, DeniedError, EnclaveError, InvalidInputError, UnavailableError
from enclave.sentences import say
from hub import workspaces
from hub.disks_client import reach_disks
from hub.sessions import Session, oauth_client_id
from hub.sessions_house import House, Places, socket_url
from hub.workspaces_effects import Effects
from hub.workspaces_end import Ender, Turns
from hub.workspaces_extracts import Extract, Extracts
from hub.workspaces_gate import GateClient
from hub.workspaces_house import HouseFiles
from hub.workspaces_keys import StartKeys, use_work_key

STATUS: tuple[tuple[type[EnclaveError], int], ...] = (
    (DeniedError, 403),
    (ConflictError, 409),
    (InvalidInputError, 400),
    (UnavailableError, 503),
)
DOCKER_THREADS = 4
STARTS_AT_ONCE = 4
"""More at once would only make each of them slower, until the first times out."""
TURN_SECONDS = 15.0
"""How long the hub waits for the sweeper that works on the same workspace."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """What every workspace of this hub shares: the ledger, the gate, the house's files."""

    foundation: Foundation
    files: HouseFiles
    effects: Effects
    ender: Ender
    extracts: Extracts
    places: Places
    starting: set[str] = field(default_factory=set)
    """Workspaces that this process is starting right now, those that wait for a slot included."""
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(STARTS_AT_ONCE))

    @classmethod
    def of(cls, foundation: Foundation) -> "Keeper":
        settings = foundation.settings
        gate = GateClient(settings.gate_socket)
        files = HouseFiles.of_this_process(settings)
        disks = reach_disks(settings, files.users)
        places = Places(str(settings.enclave_home))
        threads = ThreadPoolExecutor(DOCKER_THREADS, thread_name_prefix="gate")
        effects = Effects(gate, disks, threads, places)
        ender = Ender(foundation.database, effects, Turns(settings.turns), TURN_SECONDS)
        return cls(foundation, files, effects, ender, Extracts(settings.extracts), places)

    async def begin(
        self, person: str, project: str, token: str, asked_by: str
    ) -> tuple[House, Session, Extract, bytes]:
        """The start is intended: who may, which number, which extract, which key."""
        return await asyncio.to_thread(self._begin, person, project, token, asked_by)

    def _begin(
        self, person: str, project: str, token: str, asked_by: str
    ) -> tuple[House, Session, Extract, bytes]:
        house, database = self.files.get_house(), self.foundation.database
        extract = self._extract(person, project, asked_by)
        key = self.foundation.keyring.find(project, extract.data_key)
        if key is None:
            raise UnavailableError(
                "no_data_key", say("This project has no data key, or it was destroyed. Ask the operator.")
            )
        session = workspaces.intend_start(database, house, person, project, extract, token, asked_by=asked_by)
        return house, session, extract, key

    def _extract(self, person: str, project: str, asked_by: str) -> Extract:
        """The project's extract; that there is none, or that it was changed, is on record too."""
        database = self.foundation.database
        try:
            return self.extracts.get(project, lambda version: workspaces.built(database, project, version))
        except EnclaveError as error:
            workspaces.refuse_start(database, person, project, error.code, asked_by)
            raise

    async def keys_of(self, session: Session, data: bytes) -> StartKeys:
        """What the start hands over: the data key, and the key of the workspace's disk where it has one."""
        if self.effects.disks is None:
            return StartKeys(data)
        return StartKeys(data, await asyncio.to_thread(use_work_key, self.foundation.database, session))


class WorkspaceSpawner(DockerSpawner):  # type: ignore[misc]  # JupyterHub's classes are untyped
    """JupyterHub's hands on one workspace."""

    keeper: ClassVar[Keeper]
    remove = True
    ended_by = ""
    """Who asked for the end that is under way (``hub.handlers``); nobody: the owner, or the hub itself."""

    @classmethod
    def kept_by(cls, keeper: Keeper) -> type["WorkspaceSpawner"]:
        """The spawner class of one hub."""
        return type("HouseSpawner", (cls,), {"keeper": keeper, "__module__": __name__})

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        if self.name:
            self.oauth_client_id = oauth_client_id(self.wid)

    @property
    def wid(self) -> str:
        return workspaces.check_names(self.user.name, self.name)

    @property
    def client(self) -> Any:
        return self.keeper.effects.gate.api

    def _object_name_default(self) -> str:
        return self.keeper.places.desk(self.wid) if self.name else ""

    async def rename(self, old_name: str, new_name: str) -> None:  # noqa: ARG002  JupyterHub's signature
        """Refused: a workspace's name is its project."""
        raise refused(DeniedError("no_rename", say("A workspace keeps the name of its project.")))

    def options_from_form(self, form_data: Any) -> dict[str, Any]:  # noqa: ARG002  JupyterHub's signature
        """Nothing: a person chooses a project, and nothing else about a workspace."""
        return {}

    def options_from_query(self, query_data: Any) -> dict[str, Any]:  # noqa: ARG002  JupyterHub's signature
        """Nothing, as for the form."""
        return {}

    async def start(self) -> str:
        """The workspace is live and its desk listens at the returned address."""
        try:
            wid = self.wid
        except EnclaveError as error:
            raise refused(error) from error
        self.keeper.starting.add(wid)
        try:
            return await self._start()
        except (EnclaveError, BaseExceptionGroup) as error:
            raise refused(first_of_ours(error)) from error
        finally:
            self.keeper.starting.discard(wid)

    async def _start(self) -> str:
        async with self.keeper.slots, self.keeper.ender.turns.take(self.wid, TURN_SECONDS) as ours:
            if not ours:
                raise workspaces.just_ended()
            return await self._start_in_turn()

    async def _start_in_turn(self) -> str:
        keeper = self.keeper
        asked_by = self.handler.current_user.name if self.handler else self.user.name
        house, session, extract, key = await keeper.begin(self.user.name, self.name, self.api_token, asked_by)
        try:
            keys = await keeper.keys_of(session, key)
            evidence = await keeper.effects.bring_up(house, session, keys)
            database = keeper.foundation.database
            await asyncio.to_thread(workspaces.finish_start, database, house, session, extract, evidence)
        except BaseException as error:
            code = getattr(first_of_ours(error), "code", "failed")
            await asyncio.shield(keeper.ender.undo_start(session.wid, "start_failed", code))
            raise
        self.object_id = str(evidence.desk["Id"])
        self.object_name = keeper.places.desk(session.wid)
        return socket_url(house.places.web_socket(session.wid))

    async def get_url(self) -> str:
        """The address, from the name alone.

        Asked when the hub finds a server that it does not remember starting. JupyterHub 6.1.1 writes
        ``server.protocol`` where it means ``proto``, so the row is set right here.
        """
        house = self.keeper.files.get_house()
        path = house.places.web_socket(self.wid)
        self.server.proto, self.server.ip, self.server.port = "http+unix", quote(path, safe=""), 80
        return str(self.server.url)

    async def poll(self) -> int | None:
        """None while both containers run and the ledger says so; else both are gone after this."""
        if not self.name:
            return 0
        wid = self.wid
        if wid in self.keeper.starting:
            return None
        try:
            state = await asyncio.to_thread(workspaces.state_of, self.keeper.foundation.database, wid)
            if state is WorkspaceState.LIVE and await self.keeper.effects.both_run(wid):
                return None
            await self._end("found_dead" if state is WorkspaceState.LIVE else "open_intent")
        except UnavailableError as error:
            self.log.warning("workspace %s cannot be asked: %s", wid, error)
            return None
        return 1

    async def stop(self, now: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  JupyterHub's signature
        """Both containers are killed and the desk's token is gone."""
        asked_by, self.ended_by = self.ended_by, ""
        if asked_by in ("", self.user.name):
            await self._end("stop")
        else:
            await self._end(workspaces.OPERATOR, asked_by)

    async def _end(self, reason: str, code: str = "") -> None:
        self._forget_tokens()
        await self.keeper.ender.end(self.wid, reason, code)
        self.object_id = ""

    def _forget_tokens(self) -> None:
        """The hub revokes the desk's token only while it holds it in memory, not after a restart."""
        note = "Server at " + url_path_join(self.user.base_url, self.name, "/")
        owned = orm.APIToken.user_id == self.user.orm_user.id
        for token in self.db.query(orm.APIToken).filter(owned, orm.APIToken.note == note):
            self.db.delete(token)
        self.db.commit()


def first_of_ours(error: BaseException) -> BaseException:
    """The first error of the house in a group of them, or the error itself."""
    return next((e for e in _leaves(error) if isinstance(e, EnclaveError)), error)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def refused(error: BaseException) -> web.HTTPError:
    """What JupyterHub shows for an error of the house: the sentence, in both languages."""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    texts = (
        both(error.sentence)
        if isinstance(error, EnclaveError)
        else both(say("The workspace did not start. Try again; if it stays so, ask the operator."))
    )
    sentence = f"{texts['ja']} {texts['en']}"
    shown = web.HTTPError(status, "%s", sentence, reason=None)
    setattr(shown, "jupyterhub_message", sentence)  # noqa: B010  JupyterHub looks for this attribute
    return shown
