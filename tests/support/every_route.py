"""The whole product's doors in one process: portal, intake of every workspace, commands, worker.

``Doors`` takes a list of knocks: a door, a person, and numbers that choose among what is known so far
(requests, digests, links, proposals, codes right and wrong). It decides nothing about what should
happen: it knocks, and remembers what it saw. ``released_by_two`` is the independent judge.
"""

import asyncio
import base64
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from enclave.access import checker_rules
from enclave.adapters.foundation import Foundation
from enclave.adapters.system import SystemClock, SystemRandomness
from enclave.adapters.translations import both
from enclave.display import DisplayRules
from enclave.people import AccountState, Credential
from enclave.policy import PolicySet
from enclave.settings import Settings
from hub.portal import ROUTES as PORTAL_ROUTES
from output_review import own_lane, worker
from output_review.intake import ROUTES as INTAKE_ROUTES
from output_review.intake import IntakeDeps, intake_app
from output_review.intake_tokens import TokenDoor, scopes_of
from output_review.intake_writer import EventWriter
from output_review.own_lane import OwnDeps
from output_review.ports import LiveWorkspace
from output_review.reviews import Vote
from output_review.worker_house import WorkerDeps
from output_review.workflow import State
from tests.support.commands import COMMANDS, Commands
from tests.support.fakes import FakePasswords
from tests.support.people import CAST, PERMIT
from tests.support.portal_house import POLICY_DIGEST, Browser, PortalHouse
from tests.support.review_fakes import FakeChecker, FakeExtracts, FakeMatcher, FakeReader, FakeWorkspaces

DESK_MESSAGES: dict[str, dict[str, Any]] = {
    "/files": {"deed": "opened", "path": "表.csv", "bytes": 3, "sha256": "a" * 64},
    "/refusals": {"what": "route", "count": 2},
    "/kernels": {"name": "python3", "stage": "started"},
    "/display/lease": {"kind": "text", "least": 1, "most": 64_000},
    "/display/return": {"unused": 10},
    "/activity": {"busy": 0, "idle_seconds": 5},
}
"""What a desk tells and asks, beside the ids."""
PEOPLE = tuple(account.username for account in CAST)
GOOD, SMALL = b"sex,n\nF,120\nM,110\n", b"FIX sex,n\nF,3\n"


@dataclass(frozen=True, slots=True)
class Knock:
    """One call: which door, by whom, and what chooses its arguments."""

    door: str
    person: str
    choices: tuple[int, ...]


class Hub:
    """Says of every token that it is the desk's whose name it carries."""

    async def __call__(self, token: str) -> frozenset[str] | None:
        return scopes_of(desk_of(token)) if token in PEOPLE else None


def desk_of(person: str) -> LiveWorkspace:
    """A workspace of this person, as if one had been started."""
    wid = hashlib.sha256(person.encode()).hexdigest()[:12]
    return LiveWorkspace(wid, person, PERMIT.project, PERMIT.project)


@dataclass
class Doors:
    """One house, and everything that can be knocked at."""

    folder: Path
    house: PortalHouse = field(init=False)
    drafts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house = PortalHouse(self.folder)
        with self.house.house.begin() as work:
            for username in PEOPLE:
                sealed = work.register.seal_totp(username, username)
                work.register.put_credential(username, Credential(FakePasswords().hash("pw"), sealed))
        self.browsers: dict[str, Browser] = {}
        self.events = EventWriter(self.house.works)
        tokens = TokenDoor(Hub(), lambda: 0.0)
        self.intake = IntakeDeps(
            self.house.works,
            self.house.vault,
            self.events,
            tokens,
            both,
            lambda: 0.0,
            DisplayRules(),
            FakeWorkspaces(),
            checks_per_hour=60,
        )
        self.worker = WorkerDeps(
            works=self.house.works,
            vault=self.house.vault,
            reader=FakeReader(),
            checker_for=lambda _policies: FakeChecker(),
            load_policy=lambda: PolicySet({"disclosure": {}}, POLICY_DIGEST),
            extracts=FakeExtracts(),
        )
        self.own = OwnDeps(self.house.works, self.house.vault, FakeMatcher())
        self.commands = Commands(self.folder, self.foundation, self.house.code)

    def foundation(self) -> Foundation:
        """The house as the commands open it."""
        root = Path(__file__).resolve().parents[2]
        environment = {"ENCLAVE_HOME": str(self.folder), "PRODUCER_HOME": str(self.folder / "producer")}
        settings = Settings.from_environment(environment, root)
        return Foundation(
            settings=settings,
            database=self.house.house.database,
            keyring=self.house.house.keyring,
            notes=self.house.notes,
            passwords=self.house.passwords,  # type: ignore[arg-type]
            clock=SystemClock(),
            fresh=SystemRandomness(),
        )

    # ------------------------------------------------------------------ what can be knocked at
    @staticmethod
    def names() -> list[str]:
        """Every door there is, enumerated from the product itself."""
        portal = [f"portal {route.method} {route.path}" for route in PORTAL_ROUTES]
        intake = [f"intake {method} {path}" for method, path, _ in INTAKE_ROUTES]
        commands = [f"command {name}" for name in COMMANDS]
        return [*portal, *intake, *commands, "worker", "operator suspends"]

    def knock(self, knock: Knock) -> int:
        """Knock once; the HTTP status, or the command's exit code."""
        kind, _, rest = knock.door.partition(" ")
        if kind == "portal":
            method, _, path = rest.partition(" ")
            return self._portal(method, path, knock)
        if kind == "intake":
            method, _, path = rest.partition(" ")
            return self._intake(method, path, knock)
        if kind == "command":
            return self.commands.run(rest, knock.person, knock.choices)
        if kind == "worker":
            done = worker.run_once(self.worker)
            own_lane.run_once(self.own)
            return done
        return self._suspend(knock)

    def close(self) -> None:
        self.events.close()
        self.house.house.database.close()

    def _suspend(self, knock: Knock) -> int:
        with self.house.house.begin() as work:
            account = work.register.find_account(knock.person)
            assert account is not None
            states = (AccountState.ACTIVE, AccountState.ACTIVE, AccountState.SUSPENDED)
            work.register.put_account(replace(account, state=states[knock.choices[0] % 3]))
        return 0

    def _browser(self, person: str) -> Browser:
        if person not in self.browsers:
            self.browsers[person] = self.house.browser(person)
        return self.browsers[person]

    def _portal(self, method: str, path: str, knock: Knock) -> int:
        browser, choices = self._browser(knock.person), knock.choices
        request_id = self._pick(self._requests(), choices[0])
        digests = self.house.digests(request_id) if self._has(request_id) else []
        values = {
            "request_id": request_id,
            "sha256": self._pick(digests, choices[1]),
            "token": self._pick(self.links, choices[1]),
            "proposal": self._pick([one[0] for one in self._proposals()], choices[1]),
            "wid": desk_of(knock.person).wid,
            "name": "style.css",
            "dataset": ("patient", "nowhere")[choices[1] % 2],
            "project": PERMIT.project,
        }
        place = path.format(**values)
        if method == "GET":
            answer = browser.get(f"{place}?content=1" if choices[2] % 2 else place)
        else:
            answer = browser.post(place, self._fields(path, knock, digests, values["proposal"]))
        if path.endswith("/link") and answer.status_code < 300:
            self.links.append(
                str(answer.json().get("token") or answer.json().get("path", "")).rsplit("/", 1)[-1]
            )
        return answer.status_code

    def _fields(self, path: str, knock: Knock, digests: list[str], proposal: str) -> dict[str, Any]:
        choices = knock.choices
        owner = knock.person if choices[2] % 8 else PEOPLE[choices[3] % len(PEOPLE)]
        code = self.house.code(owner) if choices[3] % 16 != 15 else "000000"
        vote = tuple(Vote)[0 if choices[2] % 4 else 1].value
        known = {one[0]: one[1] for one in self._proposals()}
        policy = POLICY_DIGEST if choices[3] % 8 else "0" * 64
        return {
            "code": code,
            "policy": policy,
            "digest": known.get(proposal, "0" * 64) if "adoptions" in path else digests,
            "comment": "",
            "reason": "もう一度" if choices[3] % 2 else "",
            **{f"vote:{digest}": vote for digest in digests},
        }

    def _intake(self, method: str, path: str, knock: Knock) -> int:
        choices, desk = knock.choices, desk_of(knock.person)
        content = GOOD if choices[1] % 4 else SMALL
        draft_id = (
            self._pick(self.drafts, choices[0]) if path != "/drafts" else str(uuid.UUID(int=choices[0] + 1))
        )
        check_id = str(uuid.UUID(int=choices[0] % 8 + 1))
        place = (
            path.replace("{draft_id}", draft_id).replace("{index:int}", "0").replace("{check_id}", check_id)
        )
        body: dict[str, Any] = {"json": self._message(path, draft_id, content, choices)}
        if method == "PUT":
            body = {"content": content}
        elif method == "GET":
            body = {}

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(intake_app(self.intake, desk))
            async with httpx.AsyncClient(transport=transport, base_url="http://intake") as client:
                token = {"Authorization": f"token {knock.person if choices[2] % 8 else 'stolen'}"}
                return await client.request(method, place, headers=token, **body)

        answer = asyncio.run(ask())
        if path == "/drafts" and answer.status_code == 200 and draft_id not in self.drafts:
            self.drafts.append(draft_id)
        return answer.status_code

    def _message(self, path: str, draft_id: str, content: bytes, choices: tuple[int, ...]) -> dict[str, Any]:
        event = f"{choices[0]:032x}"
        if path == "/cells":
            words = {"kernel_id": "k", "channel": "shell", "msg_type": "execute_request", "source": "1"}
            return {"event_id": event, "stage": "requested", "silent": False, "expressions": [], **words}
        if path == "/checks":
            asked = str(uuid.UUID(int=choices[0] % 8 + 1))
            sent = [{"name": "t.csv", "content": base64.b64encode(content).decode()}]
            return {"check_id": asked, "files": sent, "remedy": ("", "round")[choices[1] % 2]}
        if path == "/outputs":
            return {"event_id": event, "bytes": {"text": 3, "image": 0}, "shown": []}
        if path in DESK_MESSAGES:
            named = {"event_id": event, "lease": event, "kernel_id": "k"}
            return {**named, **DESK_MESSAGES[path]}
        file = {"name": "t.csv", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        claimed = {"person": "aoi", "project": "p-other", "state": "released"}
        return {"draft_id": draft_id, "title": "表", "what_it_shows": "人数", "files": [file], **claimed}

    # ------------------------------------------------------------------ what is known so far
    @staticmethod
    def _pick(known: list[str], choice: int) -> str:
        return known[choice % len(known)] if known and choice % 16 != 15 else "0" * 32

    def _requests(self) -> list[str]:
        with self.house.works.read() as work:
            return sorted(r.id for r in work.requests.of_project(PERMIT.project))

    def _has(self, request_id: str) -> bool:
        return request_id in self._requests()

    def _proposals(self) -> list[tuple[str, str]]:
        with self.house.works.read() as work:
            return [(one.id, one.digest) for one in work.proposals.all()]

    # ------------------------------------------------------------------ the judge
    def released(self) -> list[str]:
        """The requests whose files may be fetched."""
        with self.house.works.read() as work:
            every = work.requests.of_project(PERMIT.project)
        return [r.id for r in every if r.state is State.RELEASED]


def released_by_two(doors: Doors) -> Iterator[str]:
    """What speaks against any release there is: one sentence each. Nothing means all are right."""
    with doors.house.works.read() as work:
        for request_id in doors.released():
            request, release = work.requests.find(request_id), work.releases.find(request_id)
            assert request is not None
            if release is None or not release.files:
                yield f"{request_id} left without a package"
                continue
            for _, sha256 in release.files:
                people = set()
                for review in work.reviews.of(request_id):
                    account = work.register.find_account(review.reviewer)
                    organisation = work.register.find_organisation(account.organisation) if account else None
                    active = replace(account, state=AccountState.ACTIVE) if account else None
                    permit = work.register.find_permit(request.project)
                    rules = checker_rules(
                        active,
                        organisation,
                        permit,
                        request.author,
                        "daigaku",
                        review.completed_at + timedelta(0),
                    )
                    same = review.policy_digest == request.policy_digest and review.round == request.round
                    if same and review.votes.get(sha256) is Vote.APPROVE and not any(rules):
                        people.add(review.reviewer)
                if len(people) < 2:
                    yield f"{request_id}: {sha256} left with {sorted(people)}"
    done = {leaf["subject"] for leaf in doors.house.events("release.done")}
    for request_id in set(doors.released()) ^ done:
        yield f"{request_id}: state and ledger differ"
