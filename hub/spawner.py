"""A named server is a workspace: a desk and a kernel container, started together by one plan.

Thin: what a workspace is stands in ``sessions``, what is recorded in ``workspaces``, what is
done in ``workspaces_effects``. Here is only what JupyterHub asks of a spawner, and the rules
found the hard way: the server's name is the project and never empty; half a workspace is none,
so ``poll`` removes the other half; the desk's token is deleted in ``stop`` and in ``poll``,
because after its own restart the hub no longer holds it; the address is a function of the
name; everything is killed, never asked to stop.
"""

import asyncio
from collections import defaultdict
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
from hub.sessions import Session, desk_name, oauth_client_id
from hub.sessions_house import House, socket_url
from hub.workspaces_effects import Effects
from hub.workspaces_extracts import Extract, get_extract
from hub.workspaces_gate import GateClient
from hub.workspaces_house import HouseFiles

STATUS: tuple[tuple[type[EnclaveError], int], ...] = (
    (DeniedError, 403),
    (ConflictError, 409),
    (InvalidInputError, 400),
    (UnavailableError, 503),
)
DOCKER_THREADS = 4


@dataclass(frozen=True, slots=True)
class Keeper:
    """What every workspace of this hub shares: the ledger, the gate, the house's files."""

    foundation: Foundation
    files: HouseFiles
    effects: Effects
    starting: set[str] = field(default_factory=set)
    """Workspaces that this process is starting right now."""
    _ending: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    @classmethod
    def of(cls, foundation: Foundation) -> "Keeper":
        gate = GateClient(foundation.settings.gate_socket)
        effects = Effects(gate, ThreadPoolExecutor(DOCKER_THREADS, thread_name_prefix="gate"))
        return cls(foundation, HouseFiles.of_this_process(foundation.settings), effects)

    async def begin(self, person: str, project: str, token: str) -> tuple[House, Session, Extract, bytes]:
        """The start is intended: who may, which number, which extract, which key."""
        return await asyncio.to_thread(self._begin, person, project, token)

    def _begin(self, person: str, project: str, token: str) -> tuple[House, Session, Extract, bytes]:
        house = self.files.get_house()
        extract = get_extract(self.foundation.settings.extracts, project)
        key = self.foundation.keyring.find(project, "data")
        if key is None:
            raise UnavailableError(
                "no_data_key", say("This project has no data key, or it was destroyed. Ask the operator.")
            )
        session = workspaces.intend_start(self.foundation.database, house, person, project, extract, token)
        return house, session, extract, key

    async def end(self, wid: str, reason: str, code: str = "") -> None:
        """Neither container lives, and the ledger knows why: who begins the end first names its reason."""
        async with self._ending[wid]:  # a poll meanwhile finds half a workspace, which is not why it ended
            await self.effects.take_down(wid)
            await asyncio.to_thread(workspaces.end, self.foundation.database, wid, reason, code)


class WorkspaceSpawner(DockerSpawner):  # type: ignore[misc]  # JupyterHub's classes are untyped
    """JupyterHub's hands on one workspace."""

    keeper: ClassVar[Keeper]
    remove = True

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
        return desk_name(self.wid) if self.name else ""

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
        keeper = self.keeper
        house, session, extract, key = await keeper.begin(self.user.name, self.name, self.api_token)
        try:
            evidence = await keeper.effects.bring_up(house, session, key)
            database = keeper.foundation.database
            await asyncio.to_thread(workspaces.finish_start, database, house, session, extract, evidence)
        except BaseException as error:
            code = getattr(first_of_ours(error), "code", "failed")
            await asyncio.shield(keeper.end(session.wid, "start_failed", code))
            raise
        self.object_id = str(evidence.desk["Id"])
        self.object_name = desk_name(session.wid)
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
        await self._end("stop")

    async def _end(self, reason: str) -> None:
        self._forget_tokens()
        await self.keeper.end(self.wid, reason)
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
