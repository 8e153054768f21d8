"""The first page: what waits for you, by role; and the files that pages are made of."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from enclave.errors import NotFoundError
from enclave.sentences import say
from enclave.web.census import Route, Who
from enclave.web.house import Errands
from enclave.web.pages import Pages
from enclave.web.visits import Records, find_visitor, session_of
from hub.portal_sign_in import shown_person

HOME = Route(
    "GET",
    "/",
    Who.ANYONE,
    "",
    '{"person": {"username", "display_name", "organisation", "roles"} | null, "csrf": text | null, '
    '"waiting": [{"path", "what": {"ja", "en"}, "count"}]}',
)
STATIC = Route("GET", "/static/{name}", Who.ANYONE, "", "text/css or image/svg+xml")
ROUTES = (HOME, STATIC)

_MEDIA = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class HomePages:
    """The first page and the static files."""

    def __init__(
        self, records: Records, pages: Pages, errands: Sequence[Errands], folders: Sequence[Path]
    ) -> None:
        self._records = records
        self._pages = pages
        self._errands = errands
        self._files = {
            path.name: path for folder in folders for path in folder.iterdir() if path.suffix in _MEDIA
        }

    def home(self, request: Request) -> Response:
        """What waits for the person who is here, or the way in."""
        session = session_of(request.scope)
        if session is None:
            return self._pages.render(
                request, "enclave/hello.html", {"person": None, "csrf": None, "waiting": []}
            )
        with self._records.read() as work:
            person = find_visitor(work, session.username)
            waiting = [errand for ask in self._errands for errand in ask(work, person)]
        model = {
            "person": shown_person(person),
            "csrf": session.csrf,
            "waiting": [{"path": w.path, "what": w.what, "count": w.count} for w in waiting],
        }
        return self._pages.render(request, "enclave/home.html", model, person=person, session=session)

    def static(self, request: Request) -> Response:
        """One of the files known at start; a name is looked up, never joined to a path."""
        path = self._files.get(str(request.path_params["name"]))
        if path is None:
            raise NotFoundError("no_such_page", say("There is no such page."))
        return FileResponse(path, media_type=_MEDIA[path.suffix])


def home_router(pages: HomePages) -> APIRouter:
    """The first page's routes."""
    router = APIRouter()
    for route, page in ((HOME, pages.home), (STATIC, pages.static)):
        router.add_api_route(
            route.path, page, methods=[route.method], response_model=None, include_in_schema=False
        )
    return router
