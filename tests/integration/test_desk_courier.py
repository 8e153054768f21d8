"""From the desk to intake and back: what arrives, what is refused, and what survives a crash."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from images.analysis.desk.hanare_desk.courier import Courier
from images.analysis.desk.hanare_desk.intake import AwayError, Intake, RefusedError
from images.analysis.desk.hanare_desk.reports import HANDFUL, Reports
from images.analysis.desk.hanare_desk.work_folder import NotPlainError, WorkFolder
from tests.container.desk_inside.stream import serve_both
from tests.support.intake_doors import recorded


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    (folder / "outbox").mkdir(parents=True)
    return folder


def put_draft(root: Path, files: dict[str, bytes], /, **changes: object) -> str:
    draft_id = str(uuid.uuid4())
    folder = root / "outbox" / draft_id
    folder.mkdir()
    asked = {"draft_id": draft_id, "title": "表", "what_it_shows": "人数", "files": list(files), **changes}
    (folder / "request.json").write_text(json.dumps(asked), encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return draft_id


NO = {"error": {"code": "said_no", "ja": "だめ", "en": "No."}}


class FakeIntake:
    """A small intake on a real socket, with the protocol's rules about repeats."""

    def __init__(self) -> None:
        self.drafts: dict[str, dict[str, Any]] = {}
        self.files: dict[tuple[str, int], bytes] = {}
        self.complete: list[str] = []
        self.calls: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.status: dict[str, int] = {}
        self.delay = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        kind = request.path.strip("/").split("/")
        call = f"{request.method} {kind[0] if len(kind) < 3 else kind[2]}"
        self.calls.append(call)
        self.tokens.add(request.headers.get("Authorization", ""))
        if call in self.status:
            return web.json_response(NO, status=self.status[call])
        return await self._take(request, call, kind)

    async def take(self, token: str, route: str, body: dict[str, Any]) -> tuple[int, Any]:
        """A message, over the stream."""
        await asyncio.sleep(self.delay)
        call = f"POST {route.strip('/')}"
        self.calls.append(call)
        self.tokens.add(token)
        if call in self.status:
            return self.status[call], NO
        self.events.append(body)
        return 200, {"n": len(self.events)}

    async def _take(self, request: web.Request, call: str, kind: list[str]) -> web.Response:
        if call == "POST drafts":
            draft = await request.json()
            known = self.drafts.setdefault(draft["draft_id"], draft)
            if known != draft:
                return web.json_response({"error": {"code": "draft_changed", "ja": "", "en": ""}}, status=409)
            missing = [n for n in range(len(draft["files"])) if (draft["draft_id"], n) not in self.files]
            return web.json_response({"request_id": "r1", "missing": missing})
        if call == "PUT files":
            self.files[kind[1], int(kind[3])] = await request.read()
            return web.Response(status=204)
        if call == "POST complete":
            self.complete.append(kind[1])
            return web.json_response({"request_id": "r1", "state": "draft"})
        assert call == "GET releases", "a message that came over HTTP"
        told = [{"draft_id": one, "state": "draft"} for one in self.complete]
        return web.json_response({"requests": told})


def play(tmp_path: Path, story: Callable[[FakeIntake, Intake], Awaitable[None]]) -> None:
    async def begin() -> None:
        fake = FakeIntake()
        application = web.Application(client_max_size=32 * 1024 * 1024)
        application.router.add_route("*", "/{anything:.*}", fake.answer)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.UnixSite(runner, str(tmp_path / "http.sock")).start()
        both = await serve_both(tmp_path / "intake.sock", tmp_path / "http.sock", fake.take)
        intake = Intake(str(tmp_path / "intake.sock"), "desk-token")
        try:
            await story(fake, intake)
        finally:
            await intake.close()
            both.close()
            await runner.cleanup()

    asyncio.run(begin())


def test_a_submission_arrives_and_is_put_away(root: Path, tmp_path: Path) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n1\n", "n.txt": b"x"})

    async def story(fake: FakeIntake, intake: Intake) -> None:
        with WorkFolder(root) as work:
            courier = Courier(work, intake)
            await courier.round()
            await courier.round()
        assert fake.files == {(draft_id, 0): b"a\n1\n", (draft_id, 1): b"x"}
        assert fake.complete == [draft_id]
        assert fake.tokens == {"token desk-token"}
        assert [path.name for path in (root / "outbox").iterdir()] == [f".sent-{draft_id}"]
        told = json.loads((root / ".hanare" / "releases.json").read_text(encoding="utf-8"))
        assert told == {"requests": [{"draft_id": draft_id, "state": "draft"}]}

    play(tmp_path, story)


@pytest.mark.parametrize("moment", ["POST drafts", "PUT files", "POST complete"])
def test_what_intake_cannot_take_now_is_sent_again(root: Path, tmp_path: Path, moment: str) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n", "n.txt": b"x"})

    async def story(fake: FakeIntake, intake: Intake) -> None:
        fake.status[moment] = 503
        with WorkFolder(root) as work:
            with pytest.raises(AwayError):
                await Courier(work, intake).round()
            assert (root / "outbox" / draft_id).is_dir()
            del fake.status[moment]
            # Another courier, as after a crash: the draft id is all it needs.
            await Courier(work, intake).round()
        assert fake.complete == [draft_id]
        assert fake.calls.count("PUT files") <= 3
        assert (root / "outbox" / f".sent-{draft_id}").is_dir()

    play(tmp_path, story)


def test_a_crash_before_the_rename_sends_nothing_twice(root: Path, tmp_path: Path) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n"})

    async def story(fake: FakeIntake, intake: Intake) -> None:
        with WorkFolder(root) as work:
            await Courier(work, intake).round()
            (root / "outbox" / f".sent-{draft_id}").rename(root / "outbox" / draft_id)
            await Courier(work, intake).round()
        assert fake.calls.count("PUT files") == 1
        assert (root / "outbox" / f".sent-{draft_id}").is_dir()

    play(tmp_path, story)


def test_an_unfit_submission_gets_an_answer_and_never_reaches_intake(root: Path, tmp_path: Path) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n"})
    (root / "outbox" / draft_id / "t.csv").unlink()
    (root / "outbox" / draft_id / "t.csv").symlink_to("/proc/self/environ")

    async def story(fake: FakeIntake, intake: Intake) -> None:
        with WorkFolder(root) as work:
            await Courier(work, intake).round()
        assert fake.calls == ["GET releases"]
        told = json.loads((root / ".hanare" / f"refused-{draft_id}.json").read_text(encoding="utf-8"))
        assert told["code"] == "draft_not_plain"
        assert told["ja"]
        assert told["en"]
        assert (root / "outbox" / f".refused-{draft_id}").is_dir()

    play(tmp_path, story)


def test_a_refusal_of_intake_is_told_in_its_own_words(root: Path, tmp_path: Path) -> None:
    draft_id = put_draft(root, {"t.csv": b"a\n"})

    async def story(fake: FakeIntake, intake: Intake) -> None:
        fake.status["POST drafts"] = 422
        with WorkFolder(root) as work:
            await Courier(work, intake).round()
        told = json.loads((root / ".hanare" / f"refused-{draft_id}.json").read_text(encoding="utf-8"))
        assert told == {"draft_id": draft_id, "code": "said_no", "ja": "だめ", "en": "No."}

    play(tmp_path, story)


def test_one_bad_submission_does_not_stop_the_next(root: Path, tmp_path: Path) -> None:
    bad = put_draft(root, {"t.csv": b"a\n"}, files=["absent"])
    good = put_draft(root, {"t.csv": b"a\n"})

    async def story(fake: FakeIntake, intake: Intake) -> None:
        with WorkFolder(root) as work:
            await Courier(work, intake).round()
        assert fake.complete == [good]
        assert (root / ".hanare" / f"refused-{bad}.json").is_file()

    play(tmp_path, story)


def test_answers_do_not_follow_a_link_that_the_kernel_put_there(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / ".hanare").symlink_to(elsewhere)

    async def story(fake: FakeIntake, intake: Intake) -> None:
        assert fake.calls == []
        with WorkFolder(root) as work, pytest.raises(NotPlainError):
            await Courier(work, intake).round()
        assert list(elsewhere.iterdir()) == []

    play(tmp_path, story)


def test_a_cell_is_recorded_or_it_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(fake: FakeIntake, intake: Intake) -> None:
        assert await recorded(intake, {"event_id": "e", "source": "print('梅')\ud800"}) is None
        assert fake.events[0]["event_id"] == "e"
        for status, code in [
            (503, "record_unreachable"),
            (403, "record_unreachable"),
            (422, "record_refused"),
        ]:
            fake.status["POST cells"] = status
            assert await recorded(intake, {"event_id": "e"}) == code

    play(tmp_path, story)

    async def nobody() -> None:
        absent = Intake(str(tmp_path / "absent.sock"), "t")
        assert await recorded(absent, {"event_id": "e"}) == "record_unreachable"
        await absent.close()

    asyncio.run(nobody())


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    async def story(fake: FakeIntake, intake: Intake) -> None:
        fake.status["GET releases"] = 302
        with pytest.raises(AwayError):
            await intake.releases()

    play(tmp_path, story)


def test_reports_are_delivered_once_intake_is_back(tmp_path: Path) -> None:
    async def story(fake: FakeIntake, intake: Intake) -> None:
        reports = Reports(intake)
        fake.status["POST cells"] = 503
        task = asyncio.get_running_loop().create_task(reports.run())
        reports.report("/cells", {"n": 1})
        reports.report("/outputs", {"n": 2})
        reports.report("/cells", {"n": 3})
        await asyncio.sleep(0.3)
        assert [event["n"] for event in fake.events] == [2]
        del fake.status["POST cells"]
        for _ in range(200):
            if len(fake.events) == 3:
                break
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert sorted(event["n"] for event in fake.events) == [1, 2, 3]

    play(tmp_path, story)


def test_reports_go_by_the_handful_and_none_is_lost_or_doubled(tmp_path: Path) -> None:
    async def story(fake: FakeIntake, intake: Intake) -> None:
        reports = Reports(intake)
        task = asyncio.get_running_loop().create_task(reports.run())
        for number in range(90):
            reports.report("/cells", {"n": number})
        for _ in range(200):
            if len(fake.events) == 90:
                break
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert sorted(event["n"] for event in fake.events) == list(range(90))
        later = [event["n"] for event in fake.events]
        assert all(abs(place - number) < HANDFUL for place, number in enumerate(later))

    play(tmp_path, story)


def test_a_report_that_is_refused_for_good_does_not_block_the_next(tmp_path: Path) -> None:
    async def story(fake: FakeIntake, intake: Intake) -> None:
        fake.status["POST outputs"] = 422
        with pytest.raises(RefusedError):
            await intake.send("POST", "/outputs", {})
        reports = Reports(intake)
        task = asyncio.get_running_loop().create_task(reports.run())
        reports.report("/outputs", {"n": 1})
        reports.report("/cells", {"n": 2})
        for _ in range(100):
            if fake.events:
                break
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert [event["n"] for event in fake.events] == [2]

    play(tmp_path, story)
