"""A desk that speaks to its intake over a real database, with a clock that we move."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.translations import both
from enclave.audit.event import body_of
from enclave.display import DisplayRules
from output_review.adapters.review_works import DatabaseReviewWorks
from output_review.intake import IntakeDeps, intake_app
from output_review.intake_tokens import TokenDoor, scopes_of
from output_review.intake_writer import EventWriter
from output_review.ports import LiveWorkspace
from tests.support.houses import SqliteHouse
from tests.support.people import PERMIT, settle
from tests.support.review_fakes import FakeVault, FakeWorkspaces

PROJECT, OTHER = PERMIT.project, "p-other"
MEIS = LiveWorkspace("0123456789ab", "mei", PROJECT, PROJECT)
MEIS_OTHER = LiveWorkspace("ba9876543210", "mei", OTHER, OTHER)
MEIS_THIRD = LiveWorkspace("dddddddddddd", "mei", OTHER, OTHER)
KENS = LiveWorkspace("cccccccccccc", "ken", PROJECT, PROJECT)


@dataclass
class Desks:
    """The desks of several workspaces at one intake."""

    house: SqliteHouse
    deps: IntakeDeps
    workspaces: FakeWorkspaces
    _count: int = field(default=0)

    def fresh(self) -> str:
        """An id that no desk used yet."""
        self._count += 1
        return f"{self._count:032x}"

    def ask(
        self, method: str, path: str, message: dict[str, Any] | None = None, desk: LiveWorkspace = MEIS
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(intake_app(self.deps, desk))
            async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
                token = {"Authorization": f"token {desk.wid}"}
                sent = {} if message is None else {"content": json.dumps(message)}
                return await client.request(method, path, headers=token, **sent)  # type: ignore[arg-type]

        return asyncio.run(ask())

    def lease(
        self,
        kind: str = "text",
        least: int = 1,
        most: int = 64_000,
        *,
        desk: LiveWorkspace = MEIS,
        lease: str = "",
    ) -> httpx.Response:
        asked = {"lease": lease or self.fresh(), "kind": kind, "least": least, "most": most}
        return self.ask("POST", "/display/lease", asked, desk)

    def granted(self, *words: Any, **more: Any) -> int:
        answer = self.lease(*words, **more)
        return int(answer.json()["granted"]) if answer.status_code == 200 else 0

    def forward(self, **by: float) -> None:
        """The clock moves on; what intake remembered of people is past its time."""
        self.house.clock.forward(timedelta(**by))

    def leaves(self, *kinds: str) -> list[dict[str, Any]]:
        """Leaves of these kinds with their opened bodies, in order."""
        with self.house.read() as work:
            entries = list(LedgerTables(work.connection, self.house.keyring, "o").entries())
        found = [{**json.loads(e.data), "open": body_of(e.body) if e.body else None} for e in entries]
        return [leaf for leaf in found if leaf["kind"] in kinds]


@contextmanager
def opened_desks(folder: Path, rules: DisplayRules | None = None, url: str = "") -> Iterator[Desks]:
    """Desks over a settled house; mei has two projects, ken is on the first."""
    house = SqliteHouse(folder, url)
    with house.begin() as work:
        settle(work)
        work.register.put_permit(replace(PERMIT, people=("mei", "ken")))
        work.register.put_permit(replace(PERMIT, project=OTHER))
        for purpose in ("body", "vault", "data"):
            work.keyring.make(OTHER, purpose)
    works = DatabaseReviewWorks(house.database)
    events, workspaces = EventWriter(works), FakeWorkspaces()
    clock: Callable[[], float] = lambda: house.clock.now().timestamp()  # noqa: E731
    known = {desk.wid: scopes_of(desk) for desk in (MEIS, MEIS_OTHER, MEIS_THIRD, KENS)}

    async def hub(token: str) -> frozenset[str] | None:
        return known.get(token)

    deps = IntakeDeps(
        works, FakeVault(), events, TokenDoor(hub, clock), both, clock, rules or DisplayRules(), workspaces
    )
    yield Desks(house, deps, workspaces)
    events.close()
    house.database.close()
