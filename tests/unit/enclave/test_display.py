"""The display budget, rule by rule: what is granted, what a day is, how the ladder is climbed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from enclave.adapters.lined_yaml import read_lined
from enclave.display import (
    CEILING,
    LARGEST_INCOMING,
    Budget,
    Channel,
    DisplayRules,
    Incident,
    Ladder,
    Outcome,
    Use,
    day_begins,
    grantable,
    hour_of,
    is_barred,
    merged,
    meter,
    outcome_of_next,
    parse_display,
    parse_idle,
    parse_incoming,
    pause_rule,
    spent,
)
from enclave.errors import InvalidInputError
from tests.support.fakes import START

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BUDGET = Budget(10, 50, 100)
POLICY = Path(__file__).parents[3] / "policies" / "sessions.yaml"


def incident(after: timedelta = timedelta(0), outcome: Outcome = Outcome.PAUSED, **more: Any) -> Incident:
    at = START + after
    return replace(
        Incident(f"i{after}", "mei", "p-a", Channel.TEXT, at, at, 1, outcome),
        **more,
    )


def policy() -> dict[str, Any]:
    document, _ = read_lined(POLICY.read_text("utf-8"))
    assert isinstance(document, dict)
    return document


# What is granted


@pytest.mark.parametrize(
    ("hour", "day", "least", "most", "granted"),
    [
        (0, 0, 1, 10, 10),
        (0, 0, 0, 10, 10),
        (45, 45, 5, 10, 5),
        (45, 45, 6, 10, 0),
        (50, 50, 1, 10, 0),
        (50, 50, 0, 10, 0),
        (0, 97, 1, 10, 3),
        (0, 100, 1, 1, 0),
        (0, 130, 1, 1, 0),
        (0, 0, 51, 60, 0),
        (0, 0, 50, 60, 50),
    ],
)
def test_less_than_the_least_is_nothing(hour: int, day: int, least: int, most: int, granted: int) -> None:
    assert grantable(BUDGET, hour, day, least, most) == granted


def test_a_day_is_the_running_hour_and_the_twenty_four_before() -> None:
    now = START + 30 * MINUTE
    counted = [Use(hour_of(now) - n * HOUR, Channel.TEXT, 1) for n in range(30)]
    assert day_begins(now) == START - 24 * HOUR
    assert spent(counted, Channel.TEXT, now) == (1, 25)


def test_hours_later_than_now_count_too() -> None:
    ahead = [Use(START + 3 * HOUR, Channel.TEXT, 7)]
    assert spent(ahead, Channel.TEXT, START) == (0, 7)


def test_channels_are_counted_apart() -> None:
    uses = [Use(START, Channel.TEXT, 5), Use(START, Channel.IMAGE, 9)]
    assert spent(uses, Channel.TEXT, START) == (5, 5)
    assert spent(uses, Channel.IMAGE, START) == (9, 9)


def test_the_meter_says_used_and_limit() -> None:
    uses = [Use(START, Channel.TEXT, 5), Use(START - HOUR, Channel.TEXT, 7)]
    assert meter(DisplayRules(), uses, None, START) == {
        "text": {"hour": [5, 500_000], "day": [12, 2_000_000]},
        "image": {"hour": [0, 5_000_000], "day": [0, 20_000_000]},
        "message": {"text": 64_000, "image": 300_000},
        "paused_until": None,
    }
    until = START + MINUTE
    assert meter(DisplayRules(), [], until, START)["paused_until"] == until.isoformat()
    assert meter(DisplayRules(), [], until, until)["paused_until"] is None


# The ladder


def test_attempts_within_ninety_minutes_of_the_first_are_one_incident() -> None:
    known = incident()
    assert merged([known], Ladder(), START) == known
    assert merged([known], Ladder(), START + 89 * MINUTE) == known
    assert merged([known], Ladder(), START + 90 * MINUTE) is None
    assert merged([known], Ladder(), START - HOUR) == known
    assert merged([], Ladder(), START) is None
    later = incident(HOUR)
    assert merged([known, later], Ladder(), START + 80 * MINUTE) == later


def test_an_attempt_never_belongs_to_a_lifted_incident() -> None:
    assert merged([incident(lifted_at=START)], Ladder(), START) is None


def test_the_third_since_the_last_lifting_disables() -> None:
    first, second = incident(), incident(2 * HOUR)
    assert outcome_of_next([], Ladder()) is Outcome.PAUSED
    assert outcome_of_next([first], Ladder()) is Outcome.PAUSED
    assert outcome_of_next([first, second], Ladder()) is Outcome.DISABLED
    lifted = replace(first, lifted_at=START)
    assert outcome_of_next([lifted, second], Ladder()) is Outcome.PAUSED
    assert outcome_of_next([], Ladder(disable_at=1)) is Outcome.DISABLED


def test_a_pause_ends_by_itself_and_says_how_long() -> None:
    assert pause_rule(None, START) is None
    until = START + 10 * MINUTE
    refusal = pause_rule(until, START + timedelta(seconds=61))
    assert refusal is not None
    assert (refusal.code, refusal.sentence.values) == ("paused", {"minutes": 9})
    assert pause_rule(until, until) is None


def test_nothing_is_granted_while_paused_or_disabled() -> None:
    assert not is_barred([incident()], None, START)
    assert is_barred([], START + MINUTE, START)
    assert is_barred([incident(outcome=Outcome.DISABLED)], None, START)
    assert not is_barred([incident(outcome=Outcome.DISABLED, lifted_at=START)], None, START)


# The policy


def test_no_policy_is_no_numbers() -> None:
    for parse in (parse_display, parse_incoming, parse_idle):
        with pytest.raises(InvalidInputError) as refused:
            parse({})
        assert refused.value.code == "bad_policy"


def test_the_houses_own_policy() -> None:
    assert parse_display(policy()) == CEILING
    assert parse_incoming(policy()) == LARGEST_INCOMING
    assert parse_idle(policy()).kernel < parse_idle(policy()).workspace


def numbers(document: Mapping[str, Any], place: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if "value" in document:
        return [place]
    return [found for name, part in document.items() for found in numbers(part, (*place, name))]


PLACES = [place for place in numbers(policy()) if place[0] in {"display", "ladder", "incoming", "idle"}]
STRICTER_IS_MORE = {("ladder", "pause_minutes")}


def entry(document: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
    for name in place:
        document = document[name]
    return document


def parse_all(document: dict[str, Any]) -> None:
    parse_display(document)
    parse_incoming(document)
    parse_idle(document)


@pytest.mark.parametrize("place", PLACES, ids=".".join)
def test_every_number_has_a_source_a_form_and_a_ceiling(place: tuple[str, ...]) -> None:
    step = 1 if place in STRICTER_IS_MORE else -1
    stricter = policy()
    entry(stricter, place)["value"] += step
    parse_all(stricter)
    loosest = {"kernel_minutes": 24 * 60, "workspace_minutes": 48 * 60}
    for change in (
        {"value": loosest.get(place[-1], entry(policy(), place)["value"]) - step},
        {"value": "1"},
        {"value": True},
        {"value": -1},
        {"source": ""},
    ):
        changed = policy()
        entry(changed, place).update(change)
        with pytest.raises(InvalidInputError):
            parse_all(changed)
