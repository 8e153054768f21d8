"""The catalogue's pages: anybody may look; whoever is signed in is told more finely.

They read what was published into the enclave's database and nothing else. Search words come
from the address and are shown escaped; a search changes nothing and is recorded nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from catalog.catalogue import PROVENANCE, Catalogue, public, search
from catalog.web.catalogue_model import CLASS_WORDS, USE_WORDS, list_model, table_model
from enclave.errors import InvalidInputError, NotFoundError
from enclave.identity import Person
from enclave.sentences import say
from enclave.web.census import Route, Who
from enclave.web.pages import Pages
from enclave.web.sessions import Session
from enclave.web.visits import Records, find_visitor, session_of

LONGEST_SEARCH = 200
_COUNT = '{"at_least": number | null, "below": number | null} | null'
_SUMMARY = (
    f'"name", "label": {{"ja", "en"}}, "own", "available", "empty", "rows": {_COUNT}, "persons": {_COUNT}, '
    '"first": period | null, "last": period | null, "column_count"'
)
_COLUMN = (
    '{"name", "label": {"ja", "en"}, "class", "use": "value|pseudonym|scrubbed|never", "type", '
    '"unit", "codes", "nature", "filled_percent": number | null, "shared_values": number | null}'
)
LISTING = Route(
    "GET",
    "/catalog",
    Who.ANYONE,
    "",
    f'{{"published_at": time | null, "search", "datasets": [{{{_SUMMARY}, "found": [{_COLUMN}]}}]}}; '
    "?q=WORDS searches",
)
DATASET = Route("GET", "/catalog/{dataset}", Who.ANYONE, "", f'{{{_SUMMARY}, "columns": [{_COLUMN}]}}')
ROUTES = (LISTING, DATASET)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads, and what they may be shown."""

    catalogue: Catalogue | None
    person: Person | None
    session: Session | None

    @property
    def least(self) -> int:
        """Below which no count is shown to this reader."""
        if self.catalogue is None:
            return 0
        return self.catalogue.least if self.person else max(self.catalogue.least, self.catalogue.step)


class CataloguePages:
    """The pages."""

    def __init__(self, records: Records, pages: Pages, find: Callable[[], Catalogue | None]) -> None:
        self._records = records
        self._pages = pages
        self._find = find

    def listing(self, request: Request) -> Response:
        """Every data set, or those that a search found."""
        words = request.query_params.get("q", "").strip()
        if len(words) > LONGEST_SEARCH:
            raise InvalidInputError("search_too_long", say("A search holds at most 200 characters."))
        reader = self._reader(request)
        if reader.catalogue is None:
            model: dict[str, Any] = {"published_at": None, "search": words, "datasets": []}
        else:
            hits = search(reader.catalogue.tables, words)
            model = list_model(reader.catalogue, hits, reader.least, words)
        return self._answer(request, "catalog/catalogue.html", model, reader)

    def dataset(self, request: Request) -> Response:
        """One data set with its columns."""
        reader = self._reader(request)
        name = str(request.path_params["dataset"])
        table = reader.catalogue.table(name) if reader.catalogue else None
        if table is None:
            raise NotFoundError("no_such_dataset", say("There is no such data set in the catalogue."))
        return self._answer(request, "catalog/dataset.html", table_model(table, reader.least), reader)

    def _reader(self, request: Request) -> _Reader:
        catalogue, session = self._find(), session_of(request.scope)
        if session is None:
            return _Reader(public(catalogue) if catalogue else None, None, None)
        with self._records.read() as work:
            return _Reader(catalogue, find_visitor(work, session.username), session)

    def _answer(self, request: Request, template: str, model: dict[str, Any], reader: _Reader) -> Response:
        view = {
            "class_words": CLASS_WORDS,
            "use_words": USE_WORDS,
            "provenance": PROVENANCE,
            "step": reader.least,
        }
        return self._pages.render(
            request, template, model, view=view, person=reader.person, session=reader.session
        )


def catalogue_router(pages: CataloguePages) -> APIRouter:
    """The routes."""
    router = APIRouter()
    for route, page in ((LISTING, pages.listing), (DATASET, pages.dataset)):
        router.add_api_route(
            route.path, page, methods=[route.method], response_model=None, include_in_schema=False
        )
    return router
