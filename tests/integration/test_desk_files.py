"""The file room on a real folder: recorded, paid for, measured, and told once."""

import asyncio
import errno
import hashlib
import json
import os
import uuid
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from images.analysis.desk.hanare_desk.cells import RecordError
from images.analysis.desk.hanare_desk.files import Counter, FileRoom, SaidNoError
from images.analysis.desk.hanare_desk.meter import FLOOR, Cost, Part, Seen
from images.analysis.desk.hanare_desk.purse import LeaseError, Purse
from images.analysis.desk.hanare_desk.work_folder import WorkFolder
from tests.support.notebooks import cell, notebook, picture

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
KEY = b"k" * 32


class Bench:
    """A room with an intake that keeps count, and can be away or used up."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.deeds: list[tuple[str, str, int, str]] = []
        self.left = 10_000_000
        self.away = False
        self.unrecorded = False
        self.purse = Purse(self, lambda: uuid.uuid4().hex, lambda: 0.0)
        self.counter = Counter(self.purse, self, Seen(), Seen())
        self.room = FileRoom(WorkFolder(root), lambda: self.counter, KEY, None)

    async def lease(self, lease: str, kind: str, least: int, most: int) -> tuple[int, Any]:
        if self.away:
            raise LeaseError
        granted = min(self.left, most) if self.left >= least else 0
        self.left -= granted
        return granted, None

    async def meter(self) -> Any:
        raise LeaseError

    def give_back(self, lease: str, unused: int) -> None:
        raise AssertionError

    async def record(self, deed: str, path: str, size: int = 0, sha256: str = "") -> None:
        if self.unrecorded:
            raise RecordError("file_not_recorded")
        self.deeds.append((deed, path, size, sha256))

    async def spent(self, deed: Awaitable[object]) -> int:
        """What a deed took from the budget."""
        before = self._whole()
        await deed
        return before - self._whole()

    def _whole(self) -> int:
        return self.left + self.purse.in_hand("text") + self.purse.in_hand("image")

    async def refusal(self, deed: Awaitable[object]) -> tuple[int, str]:
        with pytest.raises(SaidNoError) as caught:
            await deed
        return caught.value.status, caught.value.code

    def put(self, name: str, content: bytes, time: int = 1_700_000_000) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (time, time))


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "work"
    folder.mkdir()
    yield folder


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def run(root: Path, story: Callable[[Bench], Awaitable[None]]) -> None:
    async def begin() -> None:
        bench = Bench(root)
        await story(bench)
        await asyncio.sleep(0.01)

    asyncio.run(begin())


def test_a_text_is_recorded_and_paid_and_free_while_it_stays_as_it_is(root: Path) -> None:
    async def story(bench: Bench) -> None:
        bench.put("a.py", b"x" * 1_000)
        spent = await bench.spent(bench.room.open("a.py"))
        assert 1_000 < spent < 1_000 + 3 * FLOOR
        assert bench.deeds == [("opened", "a.py", 1_000, hashlib.sha256(b"x" * 1_000).hexdigest())]
        assert await bench.spent(bench.room.open("a.py")) == 0
        assert len(bench.deeds) == 2
        bench.put("a.py", b"y" * 1_000)
        assert await bench.spent(bench.room.open("a.py")) == 1_000
        bench.put("a.py", b"x" * 1_000)
        assert await bench.spent(bench.room.open("a.py")) >= FLOOR

    run(root, story)


def test_what_is_not_recorded_is_not_done(root: Path) -> None:
    async def story(bench: Bench) -> None:
        bench.put("a.py", b"1")
        bench.put("e/b.py", b"1")
        bench.unrecorded = True
        refused = (503, "file_not_recorded")
        room = bench.room
        assert await bench.refusal(room.list_folder("")) == refused
        assert await bench.refusal(room.open("a.py")) == refused
        assert await bench.refusal(room.write("n.py", b"2", [], 1)) == refused
        assert await bench.refusal(room.make_folder("d")) == refused
        assert await bench.refusal(room.move("a.py", "c.py")) == refused
        assert await bench.refusal(room.remove("a.py")) == refused
        assert await bench.refusal(room.copy("a.py", "c.py")) == refused
        assert names(root) == ["a.py", "e"]

    run(root, story)


def test_what_cannot_be_paid_is_not_opened(root: Path) -> None:
    async def story(bench: Bench) -> None:
        bench.put("a.py", b"x" * 1_000)
        bench.left = 100
        assert await bench.refusal(bench.room.open("a.py")) == (429, "file_over")
        assert bench.deeds == []

    run(root, story)


def test_without_intake_nothing_is_told(root: Path) -> None:
    async def story(bench: Bench) -> None:
        bench.put("a.py", b"1")
        bench.away = True
        for deed in (bench.room.open("a.py"), bench.room.look("a.py"), bench.room.list_folder("")):
            assert await bench.refusal(deed) == (503, "file_away")
        assert await bench.refusal(bench.room.look("absent.py")) == (404, "no_such_file")

    run(root, story)


def test_a_listing_costs_what_changed_in_it(root: Path) -> None:
    async def story(bench: Bench) -> None:
        for number in range(10):
            bench.put(f"{'name' * 10}{number}.csv", b"1" * number)
        assert await bench.spent(bench.room.list_folder("")) == 10 * (45 + 1 + 10)
        assert await bench.spent(bench.room.list_folder("")) == 0
        bench.put(f"{'name' * 10}3.csv", b"1" * 3, 1_700_000_001)
        assert await bench.spent(bench.room.list_folder("")) == 56
        bench.put(f"{'name' * 10}3.csv", b"1" * 3, 1_700_000_000)
        assert await bench.spent(bench.room.list_folder("")) == 56
        (root / f"{'name' * 10}4.csv").unlink()
        assert await bench.spent(bench.room.list_folder("")) == FLOOR
        assert [deed for deed, *_ in bench.deeds] == ["listed"] * 4

    run(root, story)


def test_a_listing_that_cannot_be_paid_is_the_last_one(root: Path) -> None:
    async def story(bench: Bench) -> None:
        bench.put("a.csv", b"1")
        before = await bench.room.list_folder("")
        bench.left = 0
        bench.purse.pay_now(bench_cost(bench))
        bench.put("b" * 40 + ".csv", b"2")
        bench.put("a.csv", b"changed")
        assert await bench.room.list_folder("") == before

    run(root, story)


def bench_cost(bench: Bench) -> Any:
    return Cost(bench.purse.in_hand("text"), 0)


def test_absence_is_free_and_appearing_is_not(root: Path) -> None:
    async def story(bench: Bench) -> None:
        for number in range(100):
            assert await bench.refusal(bench.room.look(f"{number}.py")) == (404, "no_such_file")
        assert bench._whole() == 10_000_000
        bench.put("7.py", b"1")
        assert await bench.spent(bench.room.look("7.py")) >= FLOOR
        (root / "7.py").unlink()
        before = bench._whole()
        assert await bench.refusal(bench.room.look("7.py")) == (404, "no_such_file")
        assert before - bench._whole() == FLOOR

    run(root, story)


def test_hidden_and_odd_names_are_nobodys(root: Path) -> None:
    async def story(bench: Bench) -> None:
        bench.put(".hanare/releases.json", b"1")
        bench.put("a.py", b"1")
        (root / "link.py").symlink_to("/etc/passwd")
        os.link(root / "a.py", root / "second.py")
        os.mkfifo(root / "pipe.py")
        (root / os.fsdecode(b"\xff.py")).write_bytes(b"1")
        assert await bench.room.list_folder("") == []
        for path in (
            ".hanare/releases.json",
            ".hanare",
            "../x.py",
            "a/../a.py",
            "link.py",
            "pipe.py",
            "x\0.py",
        ):
            assert await bench.refusal(bench.room.open(path)) in {(404, "no_such_file"), (403, "file_kind")}
            if path.startswith("."):
                assert await bench.refusal(bench.room.move(path, "n.py")) == (404, "no_such_file")
        assert await bench.refusal(bench.room.write(".x.py", b"1", [], 1)) == (404, "no_such_file")

    run(root, story)


def test_a_mark_says_changed_and_nothing_else(root: Path) -> None:
    async def story(bench: Bench) -> None:
        bench.put("a.py", b"1")
        first = await bench.room.mark("a.py")
        assert first != hashlib.sha256(b"1").hexdigest()
        assert await bench.spent(bench.room.mark("a.py")) == 0
        bench.put("a.py", b"2")
        assert await bench.spent(bench.room.mark("a.py")) == FLOOR
        assert await bench.room.mark("a.py") != first
        other = FileRoom(WorkFolder(root), lambda: bench.counter, b"o" * 32, None)
        bench.put("a.py", b"1")
        assert await other.mark("a.py") != first

    run(root, story)


def test_what_a_browser_saved_is_free_to_open(root: Path) -> None:
    async def story(bench: Bench) -> None:
        content = b"x" * 5_000
        assert await bench.spent(bench.room.write("a.py", content, [Part("file", content)], 5_000)) == 0
        assert await bench.spent(bench.room.open("a.py")) == 0
        assert await bench.spent(bench.room.list_folder("")) == 0

    run(root, story)


def test_a_notebook_pays_for_cells_that_nobody_saw(root: Path) -> None:
    async def story(bench: Bench) -> None:
        cells = [cell(f"{'x' * 500}{number}") for number in range(10)]
        bench.put("n.ipynb", json.dumps(notebook(*cells)).encode())
        first = await bench.spent(bench.room.open("n.ipynb"))
        assert first > 5_000
        cells.append(cell("y" * 300, picture(PNG)))
        bench.put("n.ipynb", json.dumps(notebook(*cells)).encode())
        second = await bench.spent(bench.room.open("n.ipynb"))
        assert 300 + len(PNG) < second < 1_000 + len(PNG) + 10 * FLOOR
        for raw in (
            b"no json",
            b'{"nbformat": 3}',
            b"[" * 100_000,
            b'{"nbformat":4,"cells":[1],"metadata":{}}',
        ):
            bench.put("n.ipynb", raw)
            assert await bench.refusal(bench.room.open("n.ipynb")) == (400, "file_unreadable")

    run(root, story)


def test_a_file_that_cannot_be_read_is_news_as_well(root: Path) -> None:
    async def story(bench: Bench) -> None:
        bench.put("a.py", b"12")
        await bench.room.open("a.py")
        before = bench._whole()
        bench.put("a.py", b"\xff\xfe")
        assert await bench.refusal(bench.room.open("a.py")) == (400, "file_unreadable")
        assert before - bench._whole() == FLOOR
        assert await bench.refusal(bench.room.open("a.py")) == (400, "file_unreadable")
        assert before - bench._whole() == FLOOR

    run(root, story)


def test_too_much_does_not_come_in(root: Path) -> None:
    async def story(bench: Bench) -> None:
        assert await bench.refusal(bench.room.write("a.py", b"", [], 256_001)) == (413, "too_much_incoming")
        assert await bench.refusal(bench.room.write("a.csv", b"", [], 1)) == (403, "file_kind")
        tight = FileRoom(WorkFolder(root), lambda: bench.counter, KEY, None, incoming=10)
        assert await bench.refusal(tight.write("a.py", b"x" * 11, [], 11)) == (413, "too_much_incoming")
        loose = FileRoom(WorkFolder(root), lambda: bench.counter, KEY, None, incoming=10**9)
        assert await bench.refusal(loose.write("a.py", b"", [], 256_001)) == (413, "too_much_incoming")
        assert names(root) == []

    run(root, story)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_to_be_full(root: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(number, "full")

    monkeypatch.setattr(WorkFolder, "write", full)
    monkeypatch.setattr(WorkFolder, "make_folder", full)

    async def story(bench: Bench) -> None:
        assert await bench.refusal(bench.room.write("a.py", b"1", [], 1)) == (507, "disk_full")
        assert await bench.refusal(bench.room.make_folder("d")) == (507, "disk_full")

    run(root, story)


def test_moves_copies_and_removals(root: Path) -> None:
    async def story(bench: Bench) -> None:
        room = bench.room
        bench.put("a.py", b"x" * 1_000)
        bench.put("b.py", b"2")
        await room.open("a.py")
        assert await bench.refusal(room.move("a.py", "b.py")) == (409, "name_taken")
        await room.move("a.py", "c.py")
        assert await bench.spent(room.open("c.py")) == 0
        assert await bench.spent(room.copy("c.py", "d.py")) == 0
        assert (root / "d.py").read_bytes() == b"x" * 1_000
        assert await bench.refusal(room.copy("c.py", "d.ipynb")) == (403, "file_kind")
        await room.make_folder("e")
        await room.move("b.py", "e/b.py")
        assert await bench.refusal(room.remove("e")) == (400, "file_not_done")
        await room.remove("e/b.py")
        await room.remove("e")
        assert [one[:2] for one in bench.deeds] == [
            ("opened", "a.py"),
            ("moved", "a.py -> b.py"),
            ("moved", "a.py -> c.py"),
            ("opened", "c.py"),
            ("copied", "c.py -> d.py"),
            ("folder_made", "e"),
            ("moved", "b.py -> e/b.py"),
            ("removed", "e"),
            ("removed", "e/b.py"),
            ("removed", "e"),
        ]

    run(root, story)
