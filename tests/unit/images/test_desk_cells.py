"""No log, no run: the queue forwards what is recorded, in order, and refuses as a kernel would."""

import asyncio
import hashlib
import itertools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from images.analysis.desk.hanare_desk import cells
from images.analysis.desk.hanare_desk.cells import CellQueue, Told
from images.analysis.desk.hanare_desk.messages import MAX_SOURCE, Message, read_message
from images.analysis.desk.hanare_desk.meter import Part
from images.analysis.desk.hanare_desk.sentences import Sentence

Answer = Callable[[Mapping[str, Any]], Awaitable[None]]


class FakeRecorder:
    """Keeps what it was told; ``answer`` decides whether an event is taken."""

    def __init__(self) -> None:
        self.events: list[Mapping[str, Any]] = []
        self.reports: list[tuple[str, Mapping[str, Any]]] = []
        self.problem: str | None = None
        self.hold = asyncio.Event()
        self.hold.set()
        self.by_hand: list[Told] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def requested(self, event: Mapping[str, Any], told: Told) -> None:
        self.events.append(event)
        if self.by_hand is not None:
            self.by_hand.append(told)
            return
        task = asyncio.get_running_loop().create_task(self._tell(told))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, told: Told) -> None:
        await self.hold.wait()
        told(self.problem)

    def report(self, route: str, body: Mapping[str, Any]) -> None:
        self.reports.append((route, body))

    def outcomes(self) -> list[str]:
        return [body["outcome"] for route, body in self.reports if route == "/cells"]


class FakeWindow:
    """A browser window that writes down what happened, with what was recorded at that moment."""

    def __init__(self, recorder: FakeRecorder) -> None:
        self._recorder = recorder
        self.log: list[tuple[str, str]] = []
        self.recorded_before: list[int] = []

    def forward(self, message: Message) -> None:
        self.log.append(("forward", message.msg_id))
        self.recorded_before.append(len(self._recorder.events))

    def refuse(self, message: Message, reason: Sentence) -> None:
        self.log.append((reason.code, message.msg_id))


class Bench:
    def __init__(self) -> None:
        self.recorder = FakeRecorder()
        self.window = FakeWindow(self.recorder)
        numbers = itertools.count(1)
        self.queue = CellQueue("kernel", self.recorder, lambda: f"{next(numbers):032x}")

    def cell(self, msg_id: str, code: str = "1", channel: str = "shell") -> None:
        self.put(channel, "execute_request", msg_id, {"code": code})

    def put(self, channel: str, kind: str, msg_id: str, content: dict[str, object]) -> None:
        message = read_message(channel, {"msg_id": msg_id, "msg_type": kind}, {}, content)
        assert message is not None
        self.queue.put(self.window, message)

    async def settle(self) -> None:
        for _ in range(50):
            await asyncio.sleep(0)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def run(story: Callable[[Bench], Awaitable[None]]) -> None:
    async def begin() -> None:
        await story(Bench())

    asyncio.run(begin())


def test_a_cell_is_recorded_before_it_is_forwarded() -> None:
    async def story(bench: Bench) -> None:
        bench.recorder.hold.clear()
        bench.cell("a", "print(1)")
        await bench.settle()
        assert bench.window.log == []
        bench.recorder.hold.set()
        await bench.settle()
        assert bench.window.log == [("forward", "a")]
        assert bench.recorder.events == [
            {
                "event_id": f"{1:032x}",
                "stage": "requested",
                "kernel_id": "kernel",
                "channel": "shell",
                "msg_type": "execute_request",
                "source": "print(1)",
                "silent": False,
                "expressions": [],
            },
        ]

    run(story)


def test_order_is_kept_and_a_completion_waits_behind_a_cell() -> None:
    async def story(bench: Bench) -> None:
        for number in range(20):
            bench.cell(f"c{number}")
            bench.put("shell", "complete_request", f"t{number}", {"code": "x", "cursor_pos": 1})
        await bench.settle()
        for _ in range(20):
            await bench.settle()
        wanted = [("forward", f"{kind}{number}") for number in range(20) for kind in "ct"]
        assert bench.window.log == wanted

    run(story)


def test_other_channels_do_not_wait() -> None:
    async def story(bench: Bench) -> None:
        bench.recorder.hold.clear()
        bench.cell("a")
        bench.put("control", "interrupt_request", "i", {})
        assert bench.window.log == [("forward", "i")]
        bench.recorder.hold.set()
        await bench.settle()

    run(story)


@pytest.mark.parametrize("channel", ["shell", "control"])
def test_what_is_not_recorded_does_not_run(channel: str) -> None:
    async def story(bench: Bench) -> None:
        bench.recorder.problem = "record_unreachable"
        bench.cell("a", channel=channel)
        bench.cell("b", channel=channel)
        await bench.settle()
        assert bench.window.log == [("record_unreachable", "a"), ("cell_before_refused", "b")]
        assert len(bench.recorder.events) == 1
        assert bench.recorder.outcomes() == ["refused"]
        bench.recorder.problem = None
        bench.cell("c", channel=channel)
        await bench.settle()
        assert bench.window.log[-1] == ("forward", "c")

    run(story)


def test_an_answer_to_input_that_is_not_recorded_is_not_given() -> None:
    async def story(bench: Bench) -> None:
        bench.recorder.problem = "record_refused"
        bench.put("stdin", "input_reply", "a", {"value": "x", "status": "ok"})
        await bench.settle()
        assert bench.window.log == [("record_refused", "a")]

    run(story)


def test_an_intake_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "LIMIT_SECONDS", 0.02)

    async def story(bench: Bench) -> None:
        bench.recorder.hold.clear()
        bench.cell("a")
        await asyncio.sleep(0.1)
        assert bench.window.log == [("record_no_answer", "a")]
        assert bench.recorder.outcomes() == ["refused"]

    run(story)


def test_an_answer_that_comes_twice_or_too_late_counts_once() -> None:
    async def story(bench: Bench) -> None:
        told = bench.recorder.by_hand = []
        bench.cell("a")
        bench.cell("b")
        told[0](None)
        told[0](None)
        told[0]("record_refused")
        assert bench.window.log == [("forward", "a")]
        told[1]("record_unreachable")
        told[1](None)
        assert bench.window.log == [("forward", "a"), ("record_unreachable", "b")]
        assert not bench.recorder.outcomes()[1:]

    run(story)


def test_a_window_that_fails_does_not_hold_up_the_next_cell() -> None:
    async def story(bench: Bench) -> None:
        told = bench.recorder.by_hand = []

        class Broken(FakeWindow):
            def forward(self, message: Message) -> None:
                raise OSError(message.msg_id)

        whole, bench.window = bench.window, Broken(bench.recorder)
        bench.cell("a")
        bench.window = whole
        bench.cell("b")
        with pytest.raises(OSError, match="a"):
            told[0](None)
        told[1](None)
        assert whole.log == [("forward", "b")]

    run(story)


def test_interrupt_gives_up_what_waits_even_when_it_is_recorded_later() -> None:
    async def story(bench: Bench) -> None:
        bench.recorder.hold.clear()
        bench.cell("a")
        bench.cell("b")
        await bench.settle()
        bench.queue.interrupt()
        bench.recorder.hold.set()
        await bench.settle()
        assert bench.window.log == [("interrupted", "a"), ("interrupted", "b")]
        bench.cell("c")
        await bench.settle()
        assert bench.window.log[-1] == ("forward", "c")

    run(story)


def test_an_interrupt_of_an_idle_queue_does_not_hurt_the_next_cell() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.interrupt()
        bench.cell("a")
        await bench.settle()
        assert bench.window.log == [("forward", "a")]

    run(story)


def test_a_cell_that_is_too_long_is_never_sent_anywhere() -> None:
    async def story(bench: Bench) -> None:
        bench.cell("a", "x" * (MAX_SOURCE + 1))
        await bench.settle()
        assert bench.window.log == [("cell_too_long", "a")]
        assert bench.recorder.events == []

    run(story)


def test_the_outcome_follows_the_reply_once() -> None:
    async def story(bench: Bench) -> None:
        bench.cell("a")
        bench.cell("b")
        await bench.settle()
        bench.queue.replied("a", "ok")
        bench.queue.replied("a", "ok")
        bench.queue.replied("b", "something else")
        bench.queue.replied("never asked", "ok")
        assert bench.recorder.outcomes() == ["ok", "error"]
        _, body = bench.recorder.reports[0]
        assert body["event_id"] == bench.recorder.events[0]["event_id"]
        assert body["stage"] == "outcome"

    run(story)


def test_a_kernel_that_ends_leaves_no_cell_without_an_outcome() -> None:
    async def story(bench: Bench) -> None:
        bench.cell("a")
        await bench.settle()
        bench.recorder.hold.clear()
        bench.cell("b")
        await bench.settle()
        bench.queue.kernel_ended()
        await bench.settle()
        assert bench.recorder.outcomes() == ["aborted", "refused"]
        assert bench.window.log == [("forward", "a"), ("kernel_gone", "b")]

    run(story)


def test_what_was_shown_is_reported_under_its_cell() -> None:
    async def story(bench: Bench) -> None:
        bench.queue.shown("x", [Part("stream", b"12345")])
        bench.queue.report_shown()
        assert bench.recorder.reports == []
        bench.cell("a")
        bench.cell("b")
        await bench.settle()
        bench.queue.shown("a", [Part("stream", b"12345")])
        bench.queue.shown("a", [Part("stream", b"6"), Part("image/png", b"picture", image=True)])
        bench.queue.shown("a kernel's invention", [Part("error", b"no")])
        bench.queue.report_shown()
        bench.queue.report_shown()
        first, second = (event["event_id"] for event in bench.recorder.events)
        assert bench.recorder.reports == [
            (
                "/outputs",
                {
                    "event_id": first,
                    "bytes": {"text": 6, "image": 7},
                    "shown": [
                        {"kind": "image/png", "parts": 1, "bytes": 7, "sha256": digest(b"picture")},
                        {"kind": "stream", "parts": 2, "bytes": 6, "sha256": digest(b"123456")},
                    ],
                },
            ),
            (
                "/outputs",
                {
                    "event_id": second,
                    "bytes": {"text": 2, "image": 0},
                    "shown": [{"kind": "error", "parts": 1, "bytes": 2, "sha256": digest(b"no")}],
                },
            ),
        ]

    run(story)


def test_a_kernel_is_busy_while_a_cell_runs_or_waits() -> None:
    async def story(bench: Bench) -> None:
        assert not bench.queue.busy
        bench.recorder.hold.clear()
        bench.cell("a")
        assert bench.queue.busy
        bench.recorder.hold.set()
        await bench.settle()
        assert bench.queue.busy
        bench.queue.replied("a", "ok")
        assert not bench.queue.busy

    run(story)
