"""No order of leases, returns and clock steps shows more than the limits, or climbs the ladder otherwise.

The clock is moved both ways. *Any 24 hours*: every window of 24 hours over the times at which
bytes were granted. *Hour*: every clock hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enclave.display import DAY, Budget, Channel, DisplayRules, Ladder, Outcome, hour_of
from enclave.people import AccountState
from enclave.use_cases.meter import Asked, give_back, lease
from tests.support.fakes import FakeHouse
from tests.support.people import settle

RULES = DisplayRules(Budget(100, 300, 400), Budget(100, 400, 1500))
PROJECTS = ("p-diabetes", "p-other")

LEASES = st.tuples(
    st.just("lease"),
    st.integers(0, 40),
    st.sampled_from(Channel),
    st.sampled_from((0, 0, 1, 150)),
    st.integers(0, 400),
)
RETURNS = st.tuples(st.just("return"), st.integers(0, 40), st.integers(0, 500))
STEPS = st.tuples(st.just("step"), st.one_of(st.integers(-300, 600), st.integers(1380, 1500)))
LIFTS = st.tuples(st.just("lift"))
DEEDS = st.lists(st.one_of(LEASES, LEASES, LEASES, RETURNS, STEPS, LIFTS), min_size=30, max_size=60)


@dataclass
class Given:
    """What one lease put before a person, as an onlooker counts it."""

    at: datetime
    channel: Channel
    count: int
    returned: bool = False


class Onlooker:
    """Drives the use cases and keeps a count of its own."""

    def __init__(self) -> None:
        self.house = FakeHouse()
        self.given: dict[tuple[str, str], Given] = {}
        with self.house.begin() as work:
            settle(work)

    def do(self, deed: tuple[object, ...]) -> None:
        if deed[0] == "step":
            self.house.clock.forward(timedelta(minutes=int(str(deed[1]))))
        elif deed[0] == "lift":
            self.lift()
        elif deed[0] == "lease":
            _, number, channel, least, more = deed
            assert isinstance(number, int)
            assert isinstance(channel, Channel)
            assert isinstance(least, int)
            assert isinstance(more, int)
            self.lease(number, channel, least, least + more)
        else:
            self.give_back(int(str(deed[1])), int(str(deed[2])))

    def lift(self) -> None:
        with self.house.begin() as work:
            account = work.register.find_account("mei")
            assert account is not None
            work.register.put_account(account.opened())
            work.displays.lift("mei", work.now)

    def lease(self, number: int, channel: Channel, least: int, most: int) -> None:
        name, project = f"{number}-{channel}", PROJECTS[number % 2]
        with self.house.begin() as work:
            granted = lease(work, RULES, "mei", project, Asked(name, channel, least, most))
            now = work.now
        known = self.given.get((project, name))
        if known is None:
            assert granted.count == 0 or least <= granted.count <= most
            self.given[project, name] = Given(now, channel, granted.count)

    def give_back(self, number: int, unused: int) -> None:
        for (project, name), known in self.given.items():
            if name.startswith(f"{number}-"):
                with self.house.begin() as work:
                    before = work.displays.find_lease("mei", project, name)
                    give_back(work, RULES, "mei", project, name, unused)
                if before is not None and not known.returned:
                    known.count, known.returned = known.count - min(unused, known.count), True

    def most_in_a_day(self, channel: Channel) -> int:
        own = [one for one in self.given.values() if one.channel is channel]
        return max(
            (sum(o.count for o in own if timedelta(0) <= o.at - one.at <= DAY) for one in own), default=0
        )

    def most_in_an_hour(self, channel: Channel) -> int:
        own = [one for one in self.given.values() if one.channel is channel]
        return max((sum(o.count for o in own if hour_of(o.at) == hour_of(one.at)) for one in own), default=0)


@pytest.mark.slow
@settings(deadline=None)
@given(DEEDS)
def test_no_day_and_no_hour_ever_holds_more_than_its_limit(deeds: list[tuple[object, ...]]) -> None:
    onlooker = Onlooker()
    for deed in deeds:
        onlooker.do(deed)
        for channel in Channel:
            budget = RULES.budget(channel)
            assert onlooker.most_in_a_day(channel) <= budget.day
            assert onlooker.most_in_an_hour(channel) <= budget.hour


def test_a_day_that_begins_late_in_an_hour_is_a_day_too() -> None:
    """The last minute of an hour, and the same clock hour a day later: 23 hours and 2 minutes."""
    onlooker, text = Onlooker(), Channel.TEXT
    onlooker.house.clock.forward(timedelta(minutes=59))
    onlooker.lease(1, text, 1, 300)
    onlooker.house.clock.forward(timedelta(minutes=1))
    onlooker.lease(2, text, 1, 100)
    onlooker.house.clock.forward(timedelta(hours=23, minutes=1))
    onlooker.lease(3, text, 0, 300)
    assert onlooker.most_in_a_day(text) == RULES.text.day
    onlooker.house.clock.forward(timedelta(hours=1))
    onlooker.lease(4, text, 0, 400)
    assert onlooker.given[PROJECTS[0], "4-text"].count == 300


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(0, 200), st.just("lift")), max_size=40))
def test_the_ladder_is_climbed_one_incident_at_a_time(steps: list[int | str]) -> None:
    """A person who always asks too much: paused, paused, disabled, and nothing until lifted."""
    rules = DisplayRules(Budget(1, 1, 1), Budget(1, 1, 1), Ladder())
    onlooker = Onlooker()
    since: list[datetime] = []
    for number, step in enumerate(steps):
        if step == "lift":
            onlooker.lift()
            since = []
            continue
        onlooker.house.clock.forward(timedelta(minutes=int(step)))
        with onlooker.house.begin() as work:
            lease(work, rules, "mei", PROJECTS[0], Asked(str(number), Channel.TEXT, 2, 2))
            now, paused = work.now, work.displays.paused_until("mei")
            account = work.register.find_account("mei")
            incidents = work.displays.open_incidents("mei")
        if len(since) < 3 and (not since or now - since[-1] >= rules.ladder.merge):
            since.append(now)
        assert [one.first_at for one in incidents] == since
        assert [one.outcome for one in incidents] == [Outcome.PAUSED, Outcome.PAUSED, Outcome.DISABLED][
            : len(since)
        ]
        assert account is not None
        assert (account.state is AccountState.DISABLED) == (len(since) == 3)
        if len(since) < 3:
            assert paused == since[-1] + rules.ladder.pause
