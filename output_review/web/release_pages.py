"""Releases leave through here: a link for an hour and three attempts, and the receipt.

The server counts the attempts, in the transaction that records them, before a byte is sent.
The token stands on the page once and is stored as its digest. A receipt proves that the
release stands in the signed ledger; it can be verified without this house.
"""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from enclave.audit.kinds import Kind
from enclave.decisions import require
from enclave.errors import UnavailableError
from enclave.identity import Role
from enclave.sentences import say
from enclave.use_cases.receipts import make_receipt
from enclave.web.census import Route, roles
from enclave.web.visits import Visit, bind
from output_review.permissions import may_download
from output_review.releases import LINK_ATTEMPTS, LINK_LIFETIME
from output_review.use_cases.download import make_link, take_download
from output_review.use_cases.standing import get_request, request_facts
from output_review.web.room import ReviewRoom

_RESEARCHER = roles(Role.RESEARCHER)

LINK = Route(
    "POST",
    "/releases/{request_id}/link",
    _RESEARCHER,
    "A new link works and earlier ones of this request do not.",
    '{"request_id", "link": path, "expires_at", "attempts"}',
    (Kind.RELEASE_LINKED,),
    back="/requests/{request_id}",
)
DOWNLOAD = Route(
    "GET",
    "/download/{token}",
    _RESEARCHER,
    "One attempt less.",
    "application/zip; headers x-content-sha256, x-attempts-left, x-ledger-number",
    (Kind.RELEASE_DOWNLOADED, Kind.RELEASE_DOWNLOAD_REFUSED),
    back="/requests",
)
RECEIPT = Route(
    "GET",
    "/releases/{request_id}/receipt",
    _RESEARCHER,
    "",
    '{"format", "number", "leaf": text, "path": [hex], "size", "checkpoint": signed note, "key_name", "public_key": hex}',
    back="/requests/{request_id}",
)
ROUTES = (LINK, DOWNLOAD, RECEIPT)


class ReleasePages:
    """The way out."""

    def __init__(self, room: ReviewRoom) -> None:
        self._room = room

    def link(self, visit: Visit) -> Response:
        """A new link, shown this once."""
        with self._room.works.begin() as work:
            token = make_link(work, visit.person, visit.path("request_id"))
            expires_at = work.now + LINK_LIFETIME
        model = {
            "request_id": visit.path("request_id"),
            "link": f"/download/{token}",
            "expires_at": expires_at,
            "attempts": LINK_ATTEMPTS,
        }
        return self._room.house.pages.answer(visit, "review/link.html", model)

    def download(self, visit: Visit) -> Response:
        """The package, if the link still holds."""
        taken = take_download(self._room.works, self._room.vault, visit.path("token"), visit.person)
        return Response(
            taken.content,
            media_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="{taken.name}"',
                "X-Content-SHA256": taken.sha256,
                "X-Attempts-Left": str(taken.attempts_left),
                "X-Ledger-Number": str(taken.leaf),
            },
        )

    def receipt(self, visit: Visit) -> Response:
        """Proof that the release stands in the signed ledger."""
        house, wanted = self._room.house, visit.path("request_id")
        with self._room.works.read() as work:
            request = get_request(work, wanted)
            require(may_download(visit.person, request, request_facts(work, visit.person, request)))
            release = work.releases.find(request.id)
        if release is None or not release.leaf:
            raise UnavailableError(
                "not_recorded_yet", say("The release is not finished yet. Try again shortly.")
            )
        with house.open_ledger() as ledger:
            receipt = make_receipt(ledger, house.notes, release.leaf, house.key_name)
        return JSONResponse(
            receipt,
            headers={"Content-Disposition": f'attachment; filename="{request.id}.receipt.json"'},
        )


def release_router(room: ReviewRoom) -> APIRouter:
    """The release routes."""
    pages, router = ReleasePages(room), APIRouter()
    bind(
        router,
        room.house.records,
        {LINK: pages.link, DOWNLOAD: pages.download, RECEIPT: pages.receipt},
    )
    return router
