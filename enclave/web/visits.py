"""A visit: one request of one person, their roles read from the register just now.

``bind`` is how a door of the census becomes a route. It finds the session that the guard put
on the request, reads the account and its organisation, refuses an ineligible account at
every door, refuses roles that the census does not name, and only then calls the page. The
page's use case asks again in the transaction that acts: this is the first lock, not the last.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC
from typing import Protocol, TypeAlias

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from enclave.access import account_rules
from enclave.actions import Action
from enclave.decisions import decide, require
from enclave.errors import DeniedError, InvalidInputError
from enclave.identity import Person
from enclave.ports import Work, Works
from enclave.sentences import say
from enclave.web.census import Route, Who
from enclave.web.languages import Language, pick_language
from enclave.web.rooms import roles_in_words
from enclave.web.sessions import Session

SESSION = "hanare.session"
FIELDS = "hanare.fields"
BACK = "hanare.back"
VISITOR = "hanare.visitor"
"""Keys under which the guard and ``bind`` leave what they found in the ASGI scope."""


class Records(Works, Protocol):
    """The house's state: transactions that write, and ones that only look."""

    def read(self) -> AbstractContextManager[Work]:
        """A transaction that only looks and is never kept."""
        ...


class NotSignedInError(DeniedError):
    """Nobody is behind this request: sign in, then ask again."""

    def __init__(self) -> None:
        super().__init__("not_signed_in", say("You are not signed in. Sign in, then try again."))


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of one eligible person."""

    request: Request
    session: Session
    person: Person

    @property
    def language(self) -> Language:
        return language_of(self.request)

    def field(self, name: str, most: int = 4_000) -> str:
        """The one value of a form field, edges trimmed; empty when it was not sent."""
        values = self.fields(name)
        if len(values) > 1:
            raise InvalidInputError("repeated_field", say("The field '{field}' was sent twice.", field=name))
        text = values[0].strip() if values else ""
        if len(text) > most:
            raise InvalidInputError(
                "field_too_long",
                say("The field '{field}' holds at most {most} characters.", field=name, most=most),
            )
        return text

    def fields(self, name: str) -> tuple[str, ...]:
        """Every value of a form field."""
        sent: Mapping[str, tuple[str, ...]] = self.request.scope.get(FIELDS, {})
        return sent.get(name, ())

    def field_names(self) -> tuple[str, ...]:
        """Which fields were sent."""
        sent: Mapping[str, tuple[str, ...]] = self.request.scope.get(FIELDS, {})
        return tuple(sent)

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])


Page: TypeAlias = Callable[[Visit], Response]


def language_of(request: Request) -> Language:
    """The language of a request."""
    return pick_language(request.query_params, request.cookies)


def session_of(scope: Scope) -> Session | None:
    """The live session that the guard found for this request."""
    found = scope.get(SESSION)
    return found if isinstance(found, Session) else None


def find_visitor(work: Work, username: str) -> Person:
    """The person of this name, eligible now.

    Raises:
        DeniedError: no account, suspended, training or certification lapsed.
    """
    account = work.register.find_account(username)
    organisation = work.register.find_organisation(account.organisation) if account else None
    person = account.person() if account else Person(username)
    today = work.now.astimezone(UTC).date()
    rules = account_rules(account, organisation, today)
    return require(decide(person, Action.SIGN_IN, username, rules)).person


def bind(router: APIRouter, records: Records, doors: Mapping[Route, Page]) -> None:
    """Every door becomes a route that finds and checks its visitor first."""
    for route, page in doors.items():
        router.add_api_route(
            route.path,
            _guarded(route, page, records),
            methods=[route.method],
            response_model=None,
            include_in_schema=False,
        )


def _guarded(route: Route, page: Page, records: Records) -> Callable[[Request], Response]:
    def door(request: Request) -> Response:
        request.scope[BACK] = route.back.format(**request.path_params)
        session = session_of(request.scope)
        if session is None:
            raise NotSignedInError
        with records.read() as work:
            person = find_visitor(work, session.username)
        request.scope[VISITOR] = person
        if not isinstance(route.who, Who) and not person.roles & route.who:
            raise DeniedError(
                "wrong_role",
                say("This page is for other roles than yours: {roles}.", roles=roles_in_words(route.who)),
            )
        return page(Visit(request, session, person))

    return door
