"""How much was shown to whom: operators and auditors see everyone, a researcher their own.

Only bytes, times and outcomes stand here, never content. Nothing is lifted from a page: an
account that was disabled takes a proposal and a second person, and the page says how.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from enclave.display import Channel, DisplayRules, Incident, Use, day_begins, pause_rule, spent
from enclave.identity import Role
from enclave.people import AccountState
from enclave.ports import Work
from enclave.sentences import Sentence, say
from enclave.web.census import Route, roles
from enclave.web.house import House
from enclave.web.visits import Visit, bind

LATEST = 200
LEVELS = (100, 80, 50)
_INCIDENT = (
    '{"id", "person", "project", "channel", "first_at", "last_at", "attempts", "outcome": "paused|disabled", '
    '"lifted_at": time | null}'
)
_METER = '{"text": {"hour": [used, limit], "day": [used, limit], "level": 0|50|80|100}, "image": the same}'

EVERYONE = Route(
    "GET",
    "/display",
    roles(Role.OPERATOR, Role.AUDITOR),
    "",
    f'{{"people": [{{"person", "state": "open|paused|disabled|closed", "paused_until", "meter": {_METER}}}], '
    f'"incidents": [{_INCIDENT}]}}',
)
MINE = Route(
    "GET",
    "/display/mine",
    roles(Role.RESEARCHER),
    "",
    f'{{"person": as in /display, "incidents": [{_INCIDENT}] since the last lifting, "ladder": '
    '{"pause_minutes", "disable_at", "merge_minutes"}}',
)
ROUTES = (EVERYONE, MINE)

CHANNEL_WORDS: dict[str, Sentence] = {"text": say("Text"), "image": say("Images")}
STATE_WORDS: dict[str, tuple[str, Sentence]] = {
    "open": ("good", say("may work")),
    "paused": ("wait", say("paused")),
    "disabled": ("bad", say("disabled")),
    "closed": ("past", say("closed")),
    "lifted": ("past", say("lifted")),
}


class DisplayPages:
    """The pages."""

    def __init__(self, house: House) -> None:
        self._house = house

    def everyone(self, visit: Visit) -> Response:
        """Whoever used anything today or has an incident that counts, who may not work and the fullest first."""
        rules = self._house.rules
        with self._house.records.read() as work:
            uses = work.displays.everyones_uses(day_begins(work.now))
            incidents = work.displays.incidents(LATEST)
            names = {*uses, *(one.person for one in incidents if one.lifted_at is None)}
            people = [_person(work, rules, name, uses.get(name, ())) for name in names]
        people.sort(key=lambda one: (one["state"] == "open", -_fullness(one), one["person"]))
        model = {"people": people, "incidents": [_incident(one) for one in incidents]}
        view = {**self._view(), "lifting": partial(_lifting, visitor=visit.person.username)}
        return self._house.pages.answer(visit, "enclave/display.html", model, view)

    def mine(self, visit: Visit) -> Response:
        """The visitor's own."""
        rules, name = self._house.rules, visit.person.username
        with self._house.records.read() as work:
            uses = work.displays.uses(name, day_begins(work.now))
            person = _person(work, rules, name, uses)
            incidents = work.displays.open_incidents(name)
        ladder = {
            "pause_minutes": int(rules.ladder.pause.total_seconds()) // 60,
            "disable_at": rules.ladder.disable_at,
            "merge_minutes": int(rules.ladder.merge.total_seconds()) // 60,
        }
        model = {
            "person": person,
            "incidents": [_incident(one) for one in reversed(incidents)],
            "ladder": ladder,
        }
        return self._house.pages.answer(visit, "enclave/display_mine.html", model, self._view())

    @staticmethod
    def _view() -> dict[str, Any]:
        return {
            "channel_words": CHANNEL_WORDS,
            "state_words": STATE_WORDS,
            "kilobytes": lambda count: f"{-(-count // 1000):,}",
        }


def _lifting(person: str, visitor: str) -> str:
    """What a visitor types to begin the lifting of a disabled account."""
    return f'enclave people reinstate {person} --reason "…" --as {visitor}'


def _person(work: Work, rules: DisplayRules, name: str, uses: Iterable[Use]) -> dict[str, Any]:
    account, until = work.register.find_account(name), work.displays.paused_until(name)
    paused = pause_rule(until, work.now) is not None
    state = "paused" if paused else "open"
    if account is None or account.state is not AccountState.ACTIVE:
        state = "disabled" if account and account.state is AccountState.DISABLED else "closed"
    known = tuple(uses)
    return {
        "person": name,
        "state": state,
        "paused_until": until if paused else None,
        "meter": {channel.value: _gauge(rules, known, channel, work.now) for channel in Channel},
    }


def _gauge(rules: DisplayRules, uses: tuple[Use, ...], channel: Channel, now: datetime) -> dict[str, Any]:
    (hour, day), budget = spent(uses, channel, now), rules.budget(channel)
    share = max(hour * 100 // budget.hour, day * 100 // budget.day)
    level = next((level for level in LEVELS if share >= level), 0)
    return {"hour": [hour, budget.hour], "day": [day, budget.day], "level": level}


def _fullness(person: dict[str, Any]) -> float:
    return max(float(gauge["day"][0] / gauge["day"][1]) for gauge in person["meter"].values())


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "person": incident.person,
        "project": incident.project,
        "channel": incident.channel.value,
        "first_at": incident.first_at,
        "last_at": incident.last_at,
        "attempts": incident.attempts,
        "outcome": incident.outcome.value,
        "lifted_at": incident.lifted_at,
    }


def display_router(house: House) -> APIRouter:
    """The routes."""
    pages, router = DisplayPages(house), APIRouter()
    bind(router, house.records, {EVERYONE: pages.everyone, MINE: pages.mine})
    return router
