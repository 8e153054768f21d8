"""The auditor's room: everything that was done, and the means to prove it was not altered.

Reading is itself recorded, before anything is shown: no record, no reading. Bodies are shown
where their key still exists and where they match what the leaf committed to; an erased body
is said to be erased, an altered one to be altered. Event times stand in UTC in the ledger.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from enclave.access import role_rule
from enclave.actions import Action
from enclave.audit.event import EventDraft, body_of, opens
from enclave.audit.kinds import Kind
from enclave.audit.ledger import Entry
from enclave.decisions import decide, require
from enclave.errors import InvalidInputError, NotFoundError, UnavailableError
from enclave.identity import Role
from enclave.sentences import say
from enclave.use_cases.inspect_ledger import export_bundle
from enclave.web.census import Route, roles
from enclave.web.house import House, Wanted
from enclave.web.kind_words import words_of
from enclave.web.languages import parse_moment
from enclave.web.visits import Visit, bind

PAGE_SIZE = 100
DAY = timedelta(days=1)
_AUDITOR = roles(Role.AUDITOR)

LISTING = Route(
    "GET",
    "/audit",
    _AUDITOR,
    "The reading is recorded.",
    '{"filter": {"kind", "person", "project", "subject", "since", "until"}, "head": {"size", "root"}, "events": '
    '[{"n", "at", "kind", "words": {"ja", "en"}, "person", "project", "subject", "facts": {}, "leaf_hash", '
    '"body": {} | null, "body_state": "none|open|erased|altered"}], "older": number | null}',
    (Kind.LEDGER_READ,),
)
EVENTS = Route(
    "GET",
    "/audit/events.json",
    _AUDITOR,
    "The reading is recorded.",
    "as /audit, always JSON",
    (Kind.LEDGER_READ,),
)
BUNDLE = Route(
    "GET",
    "/audit/bundle",
    _AUDITOR,
    "The export is recorded.",
    "application/jsonl: a header, then every leaf to the newest checkpoint (?bodies=1 with opened bodies)",
    (Kind.LEDGER_EXPORTED,),
)
CHECKPOINT = Route(
    "GET", "/audit/checkpoints/latest", _AUDITOR, "", "text/plain: the newest signed note (C2SP)"
)
WORKSPACE = Route(
    "GET",
    "/audit/workspaces/{wid}",
    _AUDITOR,
    "The reading is recorded.",
    '{"workspace", "started": event as in /audit}: what the engine said of the containers at the last start',
    (Kind.LEDGER_READ,),
)
ROUTES = (LISTING, EVENTS, BUNDLE, CHECKPOINT, WORKSPACE)


class AuditPages:
    """The pages of the room."""

    def __init__(self, house: House) -> None:
        self._house = house

    def listing(self, visit: Visit) -> Response:
        """Events that fit the filter, a hundred at a time."""
        return self._house.pages.answer(visit, "enclave/audit.html", self._events(visit))

    def events(self, visit: Visit) -> Response:
        """The same as JSON."""
        return JSONResponse(self._house.pages.plain(self._events(visit)))

    def bundle(self, visit: Visit) -> Response:
        """The ledger to the newest checkpoint, as the stand-alone verifier reads it."""
        house, bodies = self._house, visit.request.query_params.get("bodies") == "1"
        if house.notes.latest() is None:
            raise UnavailableError(
                "no_checkpoint_yet",
                say("The recorder has not signed a checkpoint over this yet. Try again shortly."),
            )
        self._note(visit, Kind.LEDGER_EXPORTED, {"bodies": bodies})

        def lines() -> Iterator[str]:
            with house.open_ledger() as ledger:
                for line in export_bundle(ledger, house.notes, house.key_name, bodies=bodies):
                    yield f"{line}\n"

        return StreamingResponse(
            lines(),
            media_type="application/jsonl",
            headers={"Content-Disposition": 'attachment; filename="hanare-ledger.jsonl"'},
        )

    def checkpoint(self, _: Visit) -> Response:
        """The newest signed note."""
        note = self._house.notes.latest()
        if note is None:
            raise NotFoundError("no_checkpoint_yet", say("No checkpoint was signed yet. Try again shortly."))
        return PlainTextResponse(note)

    def workspace(self, visit: Visit) -> Response:
        """What the container engine reported when this workspace last started."""
        wid = visit.path("wid")
        wanted = Wanted(kind=Kind.WORKSPACE_STARTED.value, subject=wid)
        self._note(visit, Kind.LEDGER_READ, {"kind": wanted.kind, "subject": wid})
        with self._house.open_ledger() as ledger:
            found = ledger.page(wanted, 1)
        if not found:
            raise NotFoundError("no_workspace", say("No start of such a workspace is on record."))
        started = shown(found[0])
        return self._house.pages.answer(
            visit, "enclave/workspace.html", {"workspace": wid, "started": started}
        )

    def _events(self, visit: Visit) -> dict[str, Any]:
        query = visit.request.query_params
        wanted = _wanted(visit)
        before = query.get("before", "")
        if before and not (before.isascii() and before.isdecimal() and len(before) < 16):
            raise InvalidInputError("bad_page", say("A page begins before an event number."))
        facts = {name: getattr(wanted, name) for name in Wanted.__slots__ if getattr(wanted, name)}
        self._note(visit, Kind.LEDGER_READ, {**facts, "before": before})
        with self._house.open_ledger() as ledger:
            entries = ledger.page(wanted, PAGE_SIZE + 1, int(before) if before else None)
            head = ledger.head()
        page, more = entries[:PAGE_SIZE], len(entries) > PAGE_SIZE
        return {
            "filter": {name: query.get(name, "") for name in Wanted.__slots__},
            "kinds": [{"code": kind.value, "words": words_of(kind.value)} for kind in Kind],
            "head": {"size": head.size, "root": head.root.hex()},
            "events": [shown(entry) for entry in page],
            "older": page[-1].number if more else None,
        }

    def _note(self, visit: Visit, kind: Kind, facts: dict[str, Any]) -> None:
        with self._house.records.begin() as work:
            account = work.register.find_account(visit.person.username)
            rule = role_rule(account, Role.AUDITOR)
            permit = require(decide(visit.person, Action.READ_LEDGER, "ledger", [rule]))
            work.record(EventDraft(kind, person=permit.person.username, subject="ledger", facts=facts))


def shown(entry: Entry) -> dict[str, Any]:
    """An entry as auditors read it."""
    leaf = json.loads(entry.data)
    state, body = "none", None
    if leaf["body"] is not None:
        state = "erased" if entry.body is None else "open" if opens(entry.data, entry.body) else "altered"
        body = body_of(entry.body) if state == "open" and entry.body else None
    return {
        "n": leaf["n"],
        "at": leaf["at"],
        "kind": leaf["kind"],
        "words": words_of(leaf["kind"]),
        "person": leaf["person"],
        "project": leaf["project"],
        "subject": leaf["subject"],
        "facts": leaf["facts"],
        "leaf_hash": entry.hash.hex(),
        "body": body,
        "body_state": state,
    }


def _wanted(visit: Visit) -> Wanted:
    query = visit.request.query_params
    since, until = parse_moment(query.get("since", "")), parse_moment(query.get("until", ""))
    if until and len(query["until"]) == len("2026-04-01"):
        until = until.replace(microsecond=0) + DAY
    return Wanted(
        kind=query.get("kind", ""),
        person=query.get("person", ""),
        project=query.get("project", ""),
        subject=query.get("subject", ""),
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
    )


def audit_router(house: House) -> APIRouter:
    """The room's routes."""
    pages, router = AuditPages(house), APIRouter()
    bind(
        router,
        house.records,
        {
            LISTING: pages.listing,
            EVENTS: pages.events,
            BUNDLE: pages.bundle,
            CHECKPOINT: pages.checkpoint,
            WORKSPACE: pages.workspace,
        },
    )
    return router
