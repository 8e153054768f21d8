"""The portal: every room's pages behind one guard, on an origin of its own.

``portal_app`` is a function of what it is given and nothing else; the process that serves it
is started elsewhere. ``ROUTES`` is the whole census: what is not in it does not exist, and a
test holds the application to it in both directions. How a program speaks to the portal:

- ``Accept: application/json`` gives the content of a page as JSON, in the shape that its
  ``Route.answer`` states; errors are ``{"error": {"code", "ja", "en"}}``.
- A POST is a form or one flat JSON object of texts and lists of texts, with ``Origin`` and
  ``Sec-Fetch-Site: same-origin``, the session cookie, and the form token that ``GET /``
  answers as ``csrf`` (field ``csrf`` or header ``x-hanare-csrf``).
- Signing in: ``GET /sign-in`` redirects to the hub; the hub redirects to ``/oauth_callback``,
  which sets the session cookie.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from jinja2 import PackageLoader
from starlette.exceptions import HTTPException

import enclave.web
from catalog.catalogue import Catalogue
from catalog.web import catalogue_pages, risk_pages
from catalog.web.catalogue_pages import CataloguePages, catalogue_router
from catalog.web.risk_pages import FindRisks, FindStale, RiskPages, risk_router
from enclave.display import DisplayRules
from enclave.errors import EnclaveError
from enclave.ports import CheckpointStore, Clock, Passwords, Randomness
from enclave.web import adoption_pages, audit_pages, display_pages, first_sign_in_pages, people_pages
from enclave.web.first_sign_in_pages import FirstSignInPages
from enclave.web.house import House, LedgerShelf
from enclave.web.languages import Translate
from enclave.web.pages import Addresses, Pages
from enclave.web.refusals import Refusals
from enclave.web.rooms import STATES
from enclave.web.sessions import Sessions
from hub import portal_home, portal_sign_in
from hub.portal_guard import Guard, GuardRules
from hub.portal_home import HomePages, home_router
from hub.portal_hub_door import HubDoor
from hub.portal_sign_in import Flows, SignInPages, sign_in_router
from output_review.ports import FileVault, ReviewWorks
from output_review.web import checker_pages, release_pages, researcher_pages, room

ROUTES = (
    *portal_home.ROUTES,
    *portal_sign_in.ROUTES,
    *first_sign_in_pages.ROUTES,
    *researcher_pages.ROUTES,
    *checker_pages.ROUTES,
    *release_pages.ROUTES,
    *adoption_pages.ROUTES,
    *people_pages.ROUTES,
    *audit_pages.ROUTES,
    *display_pages.ROUTES,
    *catalogue_pages.ROUTES,
    *risk_pages.ROUTES,
)


@dataclass(frozen=True, slots=True)
class PortalDeps:
    """Everything the portal is given."""

    works: ReviewWorks
    open_ledger: Callable[[], AbstractContextManager[LedgerShelf]]
    notes: CheckpointStore
    key_name: str
    vault: FileVault
    passwords: Passwords
    hub: HubDoor
    clock: Clock
    fresh: Randomness
    translate: Translate
    portal_address: str
    """The portal's own origin: scheme, host and port, no slash at the end."""
    hub_address: str
    rules: DisplayRules
    find_catalogue: Callable[[], Catalogue | None]
    find_risks: FindRisks
    find_stale: FindStale


def portal_app(deps: PortalDeps) -> FastAPI:
    """The portal, ready to be served."""
    rules = GuardRules(deps.portal_address, deps.hub_address)
    sessions, guests = Sessions(deps.clock, deps.fresh), Sessions(deps.clock, deps.fresh)
    pages = Pages(
        (PackageLoader("enclave.web"), PackageLoader("catalog.web"), PackageLoader("output_review.web")),
        deps.translate,
        Addresses(deps.portal_address, deps.hub_address),
        {**STATES, **room.STATES},
    )
    refusals = Refusals(pages)
    app = FastAPI(
        title="Hanare",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={EnclaveError: refusals.refuse, HTTPException: refusals.refuse},
    )
    app.add_middleware(Guard, rules=rules, sessions=sessions, guests=guests, refusals=refusals)
    house = House(deps.works, deps.open_ledger, deps.notes, deps.key_name, deps.passwords, pages, deps.rules)
    _mount(app, deps, house, sessions, rules)
    first = FirstSignInPages(
        house, guests, deps.clock, deps.fresh, rules.guest_cookie, over_tls=rules.over_tls
    )
    app.include_router(first_sign_in_pages.first_sign_in_router(first))
    return app


def _mount(app: FastAPI, deps: PortalDeps, house: House, sessions: Sessions, rules: GuardRules) -> None:
    pages = house.pages
    review_room = room.ReviewRoom(deps.works, deps.vault, house)
    errands = (
        researcher_pages.waiting_requests(deps.works),
        checker_pages.waiting_reviews(deps.works),
        adoption_pages.waiting_adoptions,
    )
    static = tuple(Path(place) / "static" for place in enclave.web.__path__)
    sign_in = SignInPages(deps.works, pages, sessions, Flows(deps.clock, deps.fresh), deps.hub, rules)
    app.include_router(home_router(HomePages(deps.works, pages, errands, static)))
    app.include_router(sign_in_router(sign_in))
    app.include_router(researcher_pages.researcher_router(review_room))
    app.include_router(checker_pages.checker_router(review_room))
    app.include_router(release_pages.release_router(review_room))
    app.include_router(adoption_pages.adoption_router(house))
    app.include_router(people_pages.people_router(house))
    app.include_router(audit_pages.audit_router(house))
    app.include_router(display_pages.display_router(house))
    app.include_router(catalogue_router(CataloguePages(deps.works, pages, deps.find_catalogue)))
    risks = RiskPages(deps.works, pages, deps.find_risks, deps.find_stale)
    app.include_router(risk_router(risks, deps.works))
