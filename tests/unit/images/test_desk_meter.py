"""What is shown is paid for: prices, leases, and what the page is told of them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from images.analysis.desk.hanare_desk.gauge import gauge
from images.analysis.desk.hanare_desk.meter import (
    FLOOR,
    Book,
    Cost,
    Limits,
    Part,
    Seen,
    level,
    price,
    read_meter,
)

METER = {
    "text": {"hour": [100, 500_000], "day": [900_000, 2_000_000]},
    "image": {"hour": [0, 5_000_000], "day": [0, 20_000_000]},
    "message": {"text": 64_000, "image": 300_000},
    "paused_until": None,
}


def test_an_empty_book_pays_for_nothing() -> None:
    assert Book().take(0)
    assert not Book().take(1)
    assert Book().give_back() == []


def test_an_empty_message_costs_the_floor() -> None:
    assert price([], 0, Seen()) == Cost(FLOOR, 0)
    assert price([Part("stream", b"1")], 3, Seen()) == Cost(FLOOR, 0)


def test_text_and_pictures_cost_their_length() -> None:
    parts = [Part("text/plain", b"x" * 100), Part("image/png", b"p" * 1_000, image=True)]
    assert price(parts, 5, Seen()) == Cost(105, 1_000)


@given(st.lists(st.tuples(st.binary(max_size=200), st.booleans()), max_size=8), st.integers(0, 50))
def test_the_same_content_is_charged_once_and_then_by_the_floor(
    payloads: list[tuple[bytes, bool]], digits: int
) -> None:
    parts = [Part("any", payload, image) for payload, image in payloads]
    seen = Seen()
    first = price(parts, digits, seen)
    assert first.text + first.image >= sum(len(part.payload) for part in parts)
    assert first.text >= FLOOR
    seen.add_parts(parts)
    again = price(parts, digits, seen)
    # A picture of a few bytes stays a picture; all that is longer than the floor costs the floor.
    assert again.image <= sum(len(part.payload) for part in parts if len(part.payload) <= FLOOR)
    assert again.text <= max(FLOOR, digits + FLOOR * len(parts))
    assert again.text >= FLOOR


def test_what_is_forgotten_costs_again() -> None:
    seen, parts = Seen(most=2), [Part("any", bytes([number]) * 50) for number in range(3)]
    for part in parts:
        seen.add_parts([part])
    assert price(parts[:1], 0, seen).text == 50
    assert price(parts[2:], 0, seen).text == FLOOR


class Leases(RuleBasedStateMachine):
    """Any interleaving of grants, payments and returns: never more is passed than was granted."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.numbers = itertools.count()
        self.granted = self.passed = self.returned = 0
        self.by_lease: dict[str, int] = {}

    @rule(count=st.integers(0, 1_000), twice=st.booleans())
    def grant(self, count: int, twice: bool) -> None:
        lease = str(next(self.numbers))
        for _ in range(1 + twice):
            self.book.grant(lease, count)
        self.granted += count
        self.by_lease[lease] = count

    @rule(count=st.integers(0, 1_500))
    def pay(self, count: int) -> None:
        before = self.book.left
        if self.book.take(count):
            self.passed += count
            assert self.book.left == before - count
        else:
            assert self.book.left == before < count

    @rule()
    def give_back(self) -> None:
        for lease, unused in self.book.give_back():
            assert 0 < unused <= self.by_lease.pop(lease)
            self.returned += unused

    @invariant()
    def nothing_is_spent_twice(self) -> None:
        assert self.passed + self.returned + self.book.left == self.granted


TestLeases = Leases.TestCase


def test_a_meter_is_read_or_it_is_none() -> None:
    reading = read_meter(METER)
    assert reading is not None
    assert reading.room("text") == 499_900
    assert reading.limits == Limits(64_000, 300_000)
    for broken in (None, {}, {**METER, "text": {}}, {**METER, "message": {"text": -1, "image": 1}}):
        assert read_meter(broken) is None


def test_intake_may_tighten_the_limit_of_a_message_and_not_loosen_it() -> None:
    reading = read_meter({**METER, "message": {"text": 10, "image": 10**9}})
    assert reading is not None
    assert reading.limits == Limits(10, 300_000)


@pytest.mark.parametrize(
    ("used", "wanted"), [(0, 0), (49, 0), (50, 50), (79, 50), (80, 80), (99, 80), (100, 100), (120, 100)]
)
def test_levels(used: int, wanted: int) -> None:
    assert level(used, 100) == wanted


def test_a_limit_of_nothing_is_used_up() -> None:
    assert level(0, 0) == 100


def test_the_page_is_told_the_fuller_window_without_what_is_in_hand() -> None:
    reading = read_meter({**METER, "text": {"hour": [432_000, 500_000], "day": [500_000, 2_000_000]}})
    told = gauge(reading, {"text": 32_000, "image": 0}, (1, 1_000), recorded=True)
    assert told["text"] == {"used": 400_000, "limit": 500_000, "level": 80}
    assert told["image"] == {"used": 0, "limit": 5_000_000, "level": 0}
    assert told["recorded"] is True
    assert told["say"]["en"].startswith("80 %")


def test_a_page_without_intake_is_told_so() -> None:
    told = gauge(None, {"text": 0, "image": 0}, (0, 0), recorded=False)
    assert told["text"] == {"used": 0, "limit": 0, "level": 0}
    assert "record office" in told["say"]["en"]


@given(st.integers(0, 10**9))
def test_the_disk_says_no_more_than_hundredths(used: int) -> None:
    size = 10**9
    told = gauge(read_meter(METER), {"text": 0, "image": 0}, (used, size), recorded=True)
    assert told["disk"]["used"] % (size // 100) == 0
    assert used <= told["disk"]["used"] < used + size // 100
