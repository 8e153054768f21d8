"""Carries questions before handing in to intake, and each answer back as soon as it is there.

The kit puts a question into ``outbox/check-<id>``: a ``check.json`` and the files that it names. It is
read as a stranger's, sent whole, and asked after until it is answered; the answer, or why there is none,
is written to ``.hanare/check-<id>.json``, whole or not at all. A question that was dealt with is left to
the kit to clear away. A desk that died asks the same question again, and it is the same for intake.
"""

import asyncio
import base64
import json
import logging
import re
from typing import Any, Final

from .intake import AwayError, Intake, RefusedError
from .outbox import OUTBOX, UnfitError, read_check
from .sentences import sentence
from .work_folder import WorkFolder

ANSWERS: Final = ".hanare"
INTERVAL_SECONDS: Final = 0.15
WAIT_SECONDS: Final = 120.0
_MOST_AT_ONCE: Final = 4
_FOLDER: Final = re.compile(r"check-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

_log = logging.getLogger(__name__)


class Questions:
    """Takes questions to intake and brings answers back."""

    def __init__(self, work: WorkFolder, intake: Intake) -> None:
        self._work = work
        self._intake = intake
        self._waiting: dict[str, float] = {}
        """Sent and without an answer, and since when."""
        self._settled: set[str] = set()

    async def run(self) -> None:
        """Go round for as long as the desk lives; no failure ends it."""
        while True:
            try:
                await self.round()
            except AwayError:
                _log.info("intake is away; a question waits")
            except OSError as error:
                _log.warning("a question cannot be read or answered: %s", error.strerror)
            await asyncio.sleep(INTERVAL_SECONDS)

    async def round(self) -> None:
        """Send what lies ready, then ask after what was sent."""
        there = await asyncio.to_thread(self._find)
        self._settled &= set(there)
        new = [one for one in there if one not in self._settled and one not in self._waiting]
        for check_id in new[: _MOST_AT_ONCE - len(self._waiting)]:
            await self._send(check_id)
        for check_id in list(self._waiting):
            await self._fetch(check_id)

    def _find(self) -> list[str]:
        try:
            names = self._work.names(OUTBOX)
        except FileNotFoundError:
            return []
        return [match[1] for name in names if (match := _FOLDER.fullmatch(name))]

    async def _send(self, check_id: str) -> None:
        try:
            question = await asyncio.to_thread(read_check, self._work, check_id)
            files = [
                {"name": file.name, "content": base64.b64encode(file.content).decode()}
                for file in question.files
            ]
            await self._intake.ask_check({"check_id": check_id, "remedy": question.remedy, "files": files})
        except UnfitError as unfit:
            reason = sentence(unfit.code)
            await self._answer(check_id, _refusal(reason.code, reason.ja, reason.en))
        except RefusedError as refusal:
            words = sentence("draft_refused")
            await self._answer(
                check_id, _refusal(refusal.code, refusal.ja or words.ja, refusal.en or words.en)
            )
        else:
            self._waiting[check_id] = asyncio.get_running_loop().time()

    async def _fetch(self, check_id: str) -> None:
        try:
            answer = await self._intake.check(check_id)
        except RefusedError as refusal:
            answer = _refusal(refusal.code, refusal.ja, refusal.en)
        if answer.get("state") == "answered":
            await self._answer(check_id, answer)
        elif asyncio.get_running_loop().time() - self._waiting[check_id] > WAIT_SECONDS:
            words = sentence("check_slow")
            await self._answer(check_id, _refusal(words.code, words.ja, words.en))

    async def _answer(self, check_id: str, answer: dict[str, Any]) -> None:
        self._waiting.pop(check_id, None)
        self._settled.add(check_id)
        content = json.dumps(answer, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace")
        await asyncio.to_thread(self._write, f"{ANSWERS}/check-{check_id}.json", content)

    def _write(self, path: str, content: bytes) -> None:
        self._work.make_folder(ANSWERS)
        self._work.write(path, content)


def _refusal(code: str, ja: str, en: str) -> dict[str, Any]:
    return {"state": "answered", "verdict": "", "code": code, "reason": {"ja": ja, "en": en}}
