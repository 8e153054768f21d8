"""Who may work today, and if not, why: people, organisations, contracts, projects on one page.

For those who run the house, decide over it or inspect it. It shows what the rules say with the
facts of this moment, every refusal and not only the first, and changes nothing: what widens
is proposed from the command line and adopted by another person, what narrows is an operator's
command.
"""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from enclave.decisions import Refusal
from enclave.identity import Role
from enclave.ports import Work
from enclave.sentences import Sentence, say
from enclave.use_cases.eligibility import (
    OrganisationStanding,
    PersonStanding,
    contract_refusal,
    everybody,
    organisations,
)
from enclave.web.census import Route, roles
from enclave.web.house import House
from enclave.web.rooms import roles_in_words
from enclave.web.visits import Visit, bind

_REFUSALS = '[{"code", "sentence": {"ja", "en"}}]'
PEOPLE = Route(
    "GET",
    "/people",
    roles(Role.OPERATOR, Role.BOARD, Role.AUDITOR),
    "",
    '{"people": [{"username", "display_name", "organisation", "roles": [text], "state", "closed_at", '
    '"closed_reason", "trained_until", "training": [{"course", "completed_on", "valid_until"}], "refusals": '
    + _REFUSALS
    + ', "projects": [{"project", "title", "ends_on", "eligible": bool, "refusals": '
    + _REFUSALS
    + '}]}], "organisations": [{"id", "name", "kind", "certificate", "certified_from", "certified_until", '
    '"withdrawn_at", "withdrawn_reason", "refusals": '
    + _REFUSALS
    + ', "contracts": [{"id", "project", "starts_on", "ends_on", "sha256", "ended_at", "ended_reason", '
    '"refusals": ' + _REFUSALS + "}]}]}",
)
ROUTES = (PEOPLE,)
STATE_WORDS: dict[str, tuple[str, Sentence]] = {
    "active": ("good", say("open")),
    "suspended": ("bad", say("suspended")),
    "disabled": ("bad", say("disabled")),
}
"""An account's state: its tone and its words."""
ORGANISATION_WORDS = {
    "type_two_user": say("certified user, type II"),
    "producer": say("certified producer"),
    "contractor": say("certified contractor"),
}


class PeoplePages:
    """The page of the room."""

    def __init__(self, house: House) -> None:
        self._house = house

    def listing(self, visit: Visit) -> Response:
        """Everyone and every organisation, with what is missing today."""
        with self._house.records.read() as work:
            model = {
                "people": [_person(standing) for standing in everybody(work)],
                "organisations": [_organisation(work, standing) for standing in organisations(work)],
            }
            today = work.now.date().isoformat()
        view = {"state_words": STATE_WORDS, "organisation_words": ORGANISATION_WORDS, "today": today}
        view["role_words"] = {role.value: roles_in_words(frozenset({role})) for role in Role}
        return self._house.pages.answer(visit, "enclave/people.html", model, view)


def _person(standing: PersonStanding) -> dict[str, Any]:
    one = standing.account
    return {
        "username": one.username,
        "display_name": one.display_name,
        "organisation": one.organisation,
        "roles": sorted(role.value for role in one.roles),
        "state": one.state.value,
        "closed_at": one.closed_at,
        "closed_reason": one.closed_reason,
        "trained_until": one.trained_until.isoformat(),
        "training": [
            {
                "course": course.course,
                "completed_on": course.completed_on.isoformat(),
                "valid_until": course.valid_until.isoformat(),
            }
            for course in standing.training
        ],
        "refusals": _refusals(standing.refusals),
        "projects": [
            {
                "project": project.permit.project,
                "title": project.permit.title,
                "ends_on": project.permit.ends_on.isoformat(),
                "eligible": project.eligible,
                "refusals": _refusals(project.refusals),
            }
            for project in standing.projects
        ],
    }


def _organisation(work: Work, standing: OrganisationStanding) -> dict[str, Any]:
    one = standing.organisation
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind.value,
        "certificate": one.certificate,
        "certified_from": one.certified_from.isoformat(),
        "certified_until": one.certified_until.isoformat(),
        "withdrawn_at": one.withdrawn_at,
        "withdrawn_reason": one.withdrawn_reason,
        "refusals": _refusals((standing.refusal,)),
        "contracts": [
            {
                "id": contract.id,
                "project": contract.project,
                "starts_on": contract.starts_on.isoformat(),
                "ends_on": contract.ends_on.isoformat(),
                "sha256": contract.sha256,
                "ended_at": contract.ended_at,
                "ended_reason": contract.ended_reason,
                "refusals": _refusals((contract_refusal(work, contract),)),
            }
            for contract in standing.contracts
        ],
    }


def _refusals(found: tuple[Refusal | None, ...]) -> list[dict[str, Any]]:
    return [{"code": r.code, "sentence": r.sentence} for r in found if r is not None]


def people_router(house: House) -> APIRouter:
    """The room's routes."""
    pages, router = PeoplePages(house), APIRouter()
    bind(router, house.records, {PEOPLE: pages.listing})
    return router
