"""A whole portal over a real database, vault and ledger, and browsers that speak to it as JSON.

The second factor is the fakes' (``FakePasswords``), the hub a small real OAuth server, the
clock ours; everything else is what the product runs.
"""

import base64
import hashlib
import json
import re
import uuid
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pyotp
from fastapi import FastAPI

from catalog.adapters.catalogue_tables import catalogue_finder
from catalog.adapters.stale_tables import stale_finder
from catalog.adapters.tables import risk_finder
from enclave.adapters.checkpoint_files import CheckpointFiles, CheckpointSigner
from enclave.adapters.ledger_tables import LedgerTables
from enclave.adapters.passwords import Argon2Passwords
from enclave.adapters.translations import translate
from enclave.adoptions import ProposalKind
from enclave.display import CEILING, DisplayRules
from enclave.identity import Person
from enclave.people import Credential
from enclave.sentences import say
from enclave.use_cases.adopt import adopt
from enclave.use_cases.propose import POLICIES, propose
from enclave.use_cases.sign_in import SecondFactor
from hub.portal import PortalDeps, portal_app
from hub.portal_hub_door import HubDoor
from hub.portal_ledger import shelf_opener
from output_review import own_lane
from output_review.adapters.file_vault import VaultFolder
from output_review.adapters.review_works import DatabaseReviewWorks
from output_review.disclosure.findings import Audience, Finding, Place, Severity
from output_review.disclosure.reports import FileReport, Report
from output_review.own_lane import OwnDeps
from output_review.requests import CanonicalForm, Draft, ReleaseRequest
from output_review.use_cases import assess, hand_in, release
from output_review.use_cases.standing import get_request
from tests.support.fakes import FakePasswords
from tests.support.houses import SqliteHouse
from tests.support.people import CAST, PERMIT, settle
from tests.support.portal_hub import CLIENT_ID, CLIENT_SECRET, StubHub
from tests.support.review_fakes import FakeMatcher

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette announces another HTTP client; this one is what is locked
    from starlette.testclient import TestClient

PORTAL = "http://localhost:8001"
HUB = "http://127.0.0.1:8000"
ORIGIN = "hanare.test/ledger"
POLICY_DIGEST = hashlib.sha256(b"policy").hexdigest()

TABLE = "年齢階級,人数,割合\n40-49,120,41.2\n50-59,131,45.0\n60-69,7,2.4\n70以上,33,11.3\n"
SMALL_CELL = Finding(
    rule="small_count",
    severity=Severity.FIX,
    where=Place(row=4, column="人数"),
    message=say("This cell counts fewer than {threshold} people.", threshold=10),
    remedy=say("Merge it with a neighbouring group, or leave it out."),
)
SECRET = Finding(
    rule="source_identifier",
    severity=Severity.REVIEW,
    where=Place(row=2, column="年齢階級"),
    message=say("This is for checkers only."),
    audience=Audience.CHECKER,
)


@dataclass
class PortalHouse:
    """The product in one folder."""

    folder: Path
    house: SqliteHouse = field(init=False)
    hub: StubHub = field(default_factory=StubHub)
    passwords: FakePasswords | Argon2Passwords = field(default_factory=FakePasswords)
    portal: str = PORTAL
    hub_address: str = HUB
    rules: DisplayRules = CEILING

    def __post_init__(self) -> None:
        self.house = SqliteHouse(self.folder)
        self.works = DatabaseReviewWorks(self.house.database)
        self.vault = VaultFolder(self.folder / "vault", self.house.keyring, self.house.fresh)
        (self.folder / "vault").mkdir()
        for name in ("recorder", "checkpoints"):
            (self.folder / name).mkdir()
        self.notes = CheckpointFiles(self.folder / "checkpoints")
        self.signer = CheckpointSigner(self.folder / "recorder", self.folder / "checkpoints", ORIGIN)
        with self.house.begin() as work:
            settle(work)
            work.keyring.make("house", "credential")
            for one in CAST:
                sealed = work.register.seal_totp(one.username, self.secret(one.username))
                work.register.put_credential(one.username, Credential("signs in at the hub", sealed))
            proposal = propose(work, "bo", ProposalKind.POLICY, POLICIES, {"set": POLICY_DIGEST})
            adopt(work, SecondFactor("ben", work.now), proposal.id, proposal.digest)
        self.app = self.make_app()

    def make_app(self) -> FastAPI:
        """The portal over this house; a second one has sessions of its own."""
        transport = httpx.ASGITransport(app=self.hub)
        return portal_app(
            PortalDeps(
                works=self.works,
                open_ledger=shelf_opener(self.house.database, ORIGIN),
                notes=self.notes,
                key_name=ORIGIN,
                vault=self.vault,
                passwords=self.passwords,
                hub=HubDoor(CLIENT_ID, CLIENT_SECRET, transport),
                clock=self.house.clock,
                fresh=self.house.fresh,
                translate=translate,
                portal_address=self.portal,
                hub_address=self.hub_address,
                rules=self.rules,
                find_catalogue=catalogue_finder(self.house.database),
                find_risks=risk_finder(self.house.database),
                find_stale=stale_finder(self.house.database),
            )
        )

    def code(self, username: str) -> str:
        """A one-time code that was not used yet; the clock moves on for it."""
        self.house.clock.forward(timedelta(seconds=60))
        if isinstance(self.passwords, FakePasswords):
            return self.passwords.code(username, int(self.house.clock.at.timestamp()) // 30)
        return pyotp.TOTP(self.secret(username)).at(self.house.clock.at)

    def secret(self, username: str) -> str:
        """The secret of a person's one-time codes."""
        if isinstance(self.passwords, FakePasswords):
            return username
        return base64.b32encode(hashlib.sha1(username.encode(), usedforsecurity=False).digest()).decode()

    def browser(self, username: str = "") -> "Browser":
        """A browser, signed in when a name is given."""
        browser = Browser(self)
        if username:
            browser.sign_in(username)
        return browser

    def checkpoint(self) -> None:
        """The recorder signs."""
        with self.house.read() as work:
            self.notes.keep(self.signer.sign(LedgerTables(work.connection, work.keyring, ORIGIN).head()))

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        """Leaves of these kinds, in order; all of them when none is named."""
        with self.house.read() as work:
            entries = LedgerTables(work.connection, work.keyring, ORIGIN).entries()
            leaves: list[dict[str, Any]] = [json.loads(entry.data) for entry in entries]
        return [leaf for leaf in leaves if not kinds or leaf["kind"] in kinds]

    # ------------------------------------------------------------- a request, step by step
    def hand_in(
        self,
        files: Mapping[str, str] | None = None,
        title: str = "年齢階級別の人数",
        what_it_shows: str = "糖尿病患者の年齢階級別の人数と割合",
        author: str = "mei",
    ) -> str:
        """A request whose canonical bytes are made: it waits for its author. Its id."""
        content = {name: text.encode() for name, text in (files or {"t.csv": TABLE}).items()}
        person, project = Person(author), PERMIT.project
        draft = Draft(
            str(uuid.uuid4()),
            title,
            what_it_shows,
            tuple((n, len(b), hashlib.sha256(b).hexdigest()) for n, b in content.items()),
        )
        with self.works.begin() as work:
            request = hand_in.begin_draft(work, person, project, draft, self.rules)
        for index, data in enumerate(content.values()):
            hand_in.add_file(self.works, self.vault, person, project, draft.draft_id, index, data)
        with self.works.begin() as work:
            request = hand_in.complete_draft(work, person, project, draft.draft_id)
        made = [[(self._form(name, data), "." + name.rpartition(".")[2])] for name, data in content.items()]
        with self.works.begin() as work:
            assess.store_canonical(work, request, made, f"sha256:{'ab' * 32}")
        return request.id

    def _form(self, name: str, data: bytes) -> CanonicalForm:
        sha256 = self.vault.put(PERMIT.project, data)
        table = name.endswith(".csv")
        rows = data.count(b"\n")
        columns = data.split(b"\n", maxsplit=1)[0].count(b",") + 1 if table else 0
        return CanonicalForm(
            sha256, len(data), "csv" if table else "text", rows, columns, ("byte_order_mark",)
        )

    def check(self, request_id: str, findings: Sequence[Finding] = ()) -> None:
        """The checks ran and found this, in every file."""
        with self.works.begin() as work:
            request = get_request(work, request_id)
            report = Report(
                tuple(FileReport(f.name, tuple(findings)) for f in request.files), "pseudo", POLICY_DIGEST
            )
            assess.store_report(work, request, assess.Checked(report), POLICY_DIGEST)
        self.compare()

    def compare(self, matcher: FakeMatcher | None = None) -> None:
        """What waits for it is compared with the source's own identifiers."""
        own_lane.run_once(OwnDeps(self.works, self.vault, matcher or FakeMatcher()))

    def in_review(self, files: Mapping[str, str] | None = None, **words: str) -> str:
        """A request that two checkers may read."""
        request_id = self.hand_in(files, **words)
        mei = self.browser("mei")
        mei.post(f"/requests/{request_id}/confirm", {"digest": self.digests(request_id)}).raise_for_status()
        self.check(request_id)
        return request_id

    def release(self, request_id: str) -> None:
        """The worker releases an approved request."""
        with self.works.begin() as work:
            request = get_request(work, request_id)
            intended = release.intend(work, request, {"extract": {}})
        assert intended is not None
        digest, size = release.package(self.vault, intended)
        with self.works.begin() as work:
            request = get_request(work, request_id)
            stored = work.releases.find(request_id)
            assert stored is not None
            assert release.finish(work, request, stored, digest, size) is not None

    def released(self) -> str:
        """A released request."""
        request_id = self.in_review()
        for name in ("aoi", "rin"):
            self.browser(name).vote(request_id, "approve").raise_for_status()
        self.release(request_id)
        return request_id

    def digests(self, request_id: str) -> list[str]:
        """The canonical digests of a request."""
        return sorted(self.request(request_id).digests())

    def request(self, request_id: str) -> ReleaseRequest:
        """The request as it is stored."""
        with self.works.read() as work:
            return get_request(work, request_id)


class Browser:
    """A client with cookies of its own that sends what a browser on the portal's pages sends."""

    def __init__(self, house: PortalHouse) -> None:
        self.house = house
        self.client = TestClient(
            house.app, base_url=house.portal, follow_redirects=False, raise_server_exceptions=False
        )
        self.csrf = ""

    def sign_in(self, username: str) -> httpx.Response:
        """Through the hub and back."""
        gone = self.client.get("/sign-in")
        back = self.house.hub.authorize(gone.headers["location"], username)
        arrived: httpx.Response = self.client.get(
            back,
            headers={
                "Sec-Fetch-Site": "cross-site",
                "Sec-Fetch-Mode": "navigate",
                "Sec-Fetch-Dest": "document",
            },
        )
        if arrived.status_code == 200:
            self.csrf = self.get("/").json()["csrf"]
        return arrived

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page as JSON."""
        answer: httpx.Response = self.client.get(path, headers={"Accept": "application/json", **headers})
        return answer

    def page(self, path: str) -> httpx.Response:
        """A page as a person sees it."""
        answer: httpx.Response = self.client.get(path, headers={"Accept": "text/html"})
        return answer

    def post(
        self, path: str, fields: Mapping[str, str | list[str]] | None = None, **headers: str
    ) -> httpx.Response:
        """A form of the portal's own pages, answered as JSON."""
        answer: httpx.Response = self.client.post(
            path,
            data={"csrf": self.csrf, **(fields or {})},
            headers={
                "Accept": "application/json",
                "Origin": self.house.portal,
                "Sec-Fetch-Site": "same-origin",
                **headers,
            },
        )
        return answer

    def vote(self, request_id: str, vote: str, *, code: str = "", **fields: str) -> httpx.Response:
        """Read every file, then complete the review with the same vote on each."""
        me = self.get("/").json()["person"]["username"]
        read = self.get(f"/reviews/{request_id}?content=1")
        if read.status_code != 200:
            return read
        review = read.json()
        votes = {f"vote:{f['canonical']['sha256']}": vote for f in review["files"]}
        return self.post(
            f"/reviews/{request_id}",
            {
                "policy": review["policy_digest"],
                **votes,
                "code": code or self.house.code(me),
                **fields,
            },
        )


def plain_text(page: str) -> str:
    """A page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
