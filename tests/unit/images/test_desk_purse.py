"""Leases are fetched ahead, asked for once, given back when idle, and never overspent."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from images.analysis.desk.hanare_desk import purse as module
from images.analysis.desk.hanare_desk.lane import Lane, Parcel
from images.analysis.desk.hanare_desk.meter import FLOOR, Cost, Part, Seen, Verdict, price
from images.analysis.desk.hanare_desk.purse import LeaseError, Purse


class FakeTill:
    """Grants as intake does: the same id once, nothing when less than the least is left."""

    def __init__(self, text: int = 500_000, image: int = 5_000_000) -> None:
        self.limit = {"text": text, "image": image}
        self.used = {"text": 0, "image": 0}
        self.leases: dict[str, int] = {}
        self.asked: list[tuple[str, str, int, int]] = []
        self.attempts = 0
        self.returned: list[tuple[str, int]] = []
        self.away = False
        self.lose_answers = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def lease(self, lease: str, kind: str, least: int, most: int) -> tuple[int, Any]:
        self.asked.append((lease, kind, least, most))
        await self.gate.wait()
        if self.away:
            raise LeaseError
        if lease not in self.leases:
            left = self.limit[kind] - self.used[kind]
            granted = min(left, most) if left >= least else 0
            self.attempts += granted < least
            self.leases[lease] = granted
            self.used[kind] += granted
        if self.lose_answers:
            self.lose_answers -= 1
            raise LeaseError
        return self.leases[lease], self.document()

    async def meter(self) -> Any:
        if self.away:
            raise LeaseError
        return self.document()

    def give_back(self, lease: str, unused: int) -> None:
        assert unused <= self.leases[lease]
        self.returned.append((lease, unused))

    def document(self) -> Any:
        one = {
            kind: {name: [self.used[kind], self.limit[kind]] for name in ("hour", "day")}
            for kind in self.used
        }
        return {**one, "message": {"text": 64_000, "image": 300_000}, "paused_until": None}


class Bench:
    def __init__(self, till: FakeTill) -> None:
        self.till = till
        self.now = 1_000.0
        numbers = itertools.count(1)
        self.purse = Purse(till, lambda: f"{next(numbers):032x}", lambda: self.now)

    async def pay(self, text: int, image: int = 0, *, quiet: bool = False) -> Verdict:
        return await self.purse.pay(lambda: Cost(text, image), quiet=quiet)


def run(story: Callable[[Bench], Awaitable[None]], **limits: int) -> None:
    async def begin() -> None:
        await story(Bench(FakeTill(**limits)))

    asyncio.run(begin())


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_nothing_granted_nothing_paid() -> None:
    async def story(bench: Bench) -> None:
        assert not bench.purse.pay_now(Cost(1))
        assert await bench.pay(1) is Verdict.OVER
        bench.till.away = True
        assert await bench.pay(0, 1) is Verdict.AWAY

    run(story, text=0, image=0)


def test_one_question_serves_many_messages_and_the_next_is_asked_ahead() -> None:
    async def story(bench: Bench) -> None:
        assert await bench.pay(100) is Verdict.PAID
        for _ in range(3 * module.CHUNKS["text"] // 1000):
            assert bench.purse.pay_now(Cost(100))
        assert len(bench.till.asked) == 1
        for _ in range(30):
            assert bench.purse.pay_now(Cost(100))
        await settle()
        assert [least for *_, least, _ in bench.till.asked] == [100, 0]
        assert bench.till.asked[1][3] == 2 * module.CHUNKS["text"]

    run(story)


def test_a_question_without_an_answer_is_asked_again_with_the_same_id() -> None:
    async def story(bench: Bench) -> None:
        bench.till.lose_answers = 1
        assert await bench.pay(100) is Verdict.AWAY
        bench.now += 2
        assert await bench.pay(100) is Verdict.PAID
        assert len({lease for lease, *_ in bench.till.asked}) == 1
        assert bench.till.used["text"] == module.CHUNKS["text"]

    run(story)


def test_while_intake_is_away_nobody_waits_twice() -> None:
    async def story(bench: Bench) -> None:
        bench.till.away = True
        assert await bench.pay(100) is Verdict.AWAY
        assert await bench.pay(100) is Verdict.AWAY
        assert len(bench.till.asked) == 1

    run(story)


def test_an_intake_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)

    async def story(bench: Bench) -> None:
        bench.till.gate.clear()
        assert await bench.pay(100) is Verdict.AWAY
        bench.till.gate.set()
        await settle()
        assert await bench.pay(100) is Verdict.PAID
        assert len(bench.till.asked) == 1

    run(story)


def test_more_than_is_left_is_one_attempt_and_not_one_per_message() -> None:
    async def story(bench: Bench) -> None:
        assert await bench.pay(2_000) is Verdict.OVER
        for _ in range(50):
            assert await bench.pay(2_000) is Verdict.OVER
        assert bench.till.attempts == 1
        assert await bench.pay(900) is Verdict.PAID
        assert bench.till.attempts == 1

    run(story, text=1_000)


def test_the_background_and_what_holds_no_content_make_no_attempt() -> None:
    async def story(bench: Bench) -> None:
        bench.purse.warm()
        await settle()
        assert await bench.pay(95) is Verdict.PAID
        for _ in range(5):
            assert await bench.pay(FLOOR, quiet=True) is Verdict.OVER
            bench.purse.warm()
            await settle()
        assert bench.till.attempts == 0

    run(story, text=100)


def test_what_lies_idle_is_given_back_once() -> None:
    async def story(bench: Bench) -> None:
        assert await bench.pay(1_000, 5_000) is Verdict.PAID
        await bench.purse.round()
        assert bench.till.returned == []
        bench.now += module.IDLE_SECONDS + 1
        await bench.purse.round()
        await bench.purse.round()
        chunks = module.CHUNKS
        unused = sorted(unused for _, unused in bench.till.returned)
        assert unused == [chunks["text"] - 1_000, chunks["image"] - 5_000]
        assert not bench.purse.pay_now(Cost(1))

    run(story)


def test_two_kinds_are_paid_together_or_not_at_all() -> None:
    async def story(bench: Bench) -> None:
        assert await bench.pay(100, 1_000) is Verdict.OVER
        assert bench.purse.in_hand("text") in {0, module.CHUNKS["text"]}

    run(story, image=500)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 60_000), st.booleans()), max_size=30),
    st.integers(0, 60_000),
    st.integers(0, 200_000),
    st.lists(st.integers(0, 4), max_size=30),
)
def test_never_more_is_passed_than_was_granted(
    costs: list[tuple[int, int, bool]], text: int, image: int, faults: list[int]
) -> None:
    async def story(bench: Bench) -> None:
        till, passed = bench.till, {"text": 0, "image": 0}

        async def one(cost: tuple[int, int, bool], fault: int) -> None:
            if fault == 1:
                till.lose_answers += 1
            if fault == 2:
                bench.now += 30
                await bench.purse.round()
            till.away = fault == 3
            if await bench.pay(cost[0], cost[1], quiet=cost[2]) is Verdict.PAID:
                passed["text"] += cost[0]
                passed["image"] += cost[1]

        padded = [*faults, *[0] * len(costs)]
        await asyncio.gather(*(one(cost, fault) for cost, fault in zip(costs, padded, strict=False)))
        back = sum(unused for _, unused in till.returned)
        assert sum(passed.values()) + back <= sum(till.leases.values())
        for kind, count in passed.items():
            assert count <= till.used[kind] <= till.limit[kind]

    run(story, text=text, image=image)


def test_a_status_never_overtakes_its_output() -> None:
    async def story(bench: Bench) -> None:
        shown: list[tuple[str, Verdict]] = []
        seen = Seen()
        lane = Lane(
            lambda: bench.purse,
            lambda parcel: price(parcel.parts, parcel.numbers, seen),
            lambda parcel, verdict: shown.append((parcel.kind, verdict)),
        )
        bench.till.gate.clear()
        lane.put(Parcel("iopub", "stream", b"{}", (Part("stream", b"x" * 100),)))
        lane.put(Parcel("iopub", "status", b"{}"))
        lane.put(Parcel("iopub", "own", b"{}", free=True))
        await settle()
        assert shown == []
        bench.till.gate.set()
        await settle()
        assert shown == [(kind, Verdict.PAID) for kind in ("stream", "status", "own")]
        lane.close()

    run(story)


def test_a_full_lane_keeps_places_and_drops_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("images.analysis.desk.hanare_desk.lane.MOST_BYTES", 250)

    async def story(bench: Bench) -> None:
        shown: list[tuple[int, Verdict]] = []
        lane = Lane(
            lambda: bench.purse,
            lambda parcel: Cost(len(parcel.content)),
            lambda parcel, verdict: shown.append((len(parcel.content), verdict)),
        )
        bench.till.gate.clear()
        for _ in range(4):
            lane.put(Parcel("iopub", "stream", b"x" * 100, (Part("stream", b"x" * 100),)))
        bench.till.gate.set()
        await settle()
        assert shown == [(100, Verdict.PAID)] * 2 + [(0, Verdict.AWAY)] * 2

    run(story)


def test_what_no_hour_could_hold_is_known_without_asking() -> None:
    async def story(bench: Bench) -> None:
        assert not bench.purse.never_fits(Cost(10_000)), "nothing is known yet"
        await bench.pay(1)
        asked = len(bench.till.asked)
        assert bench.purse.never_fits(Cost(501))
        assert bench.purse.never_fits(Cost(0, 5_001))
        assert not bench.purse.never_fits(Cost(500, 5_000))
        assert len(bench.till.asked) == asked
        assert bench.till.attempts == 0

    run(story, text=500, image=5_000)


def test_what_a_killed_desk_loses_is_little_against_the_hour() -> None:
    """Stopping and starting a few times must not use a budget up: a lease in hand dies with its desk."""

    async def story(bench: Bench) -> None:
        assert await bench.pay(100) is Verdict.PAID
        assert bench.till.used["text"] * 25 < bench.till.limit["text"]

    run(story)
