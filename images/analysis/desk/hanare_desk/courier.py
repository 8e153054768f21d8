"""Carries submissions from the outbox to intake, and the answers back into the work folder.

Every two seconds: what lies ready is read, described, sent and declared complete. Intake
knows a submission by its draft id, so a courier that died anywhere simply begins again, and
only what is missing is sent. A submission that was taken is renamed to ``outbox/.sent-<id>``;
one that cannot be taken is renamed to ``outbox/.refused-<id>`` with the reason, in both
languages, in ``.hanare/refused-<id>.json``. The states that intake tells go to
``.hanare/releases.json``, whole or not at all. What the kernel does to these files can fool
only its own person: nothing reads them but the kit.
"""

import asyncio
import json
import logging
from typing import Any, Final

from .intake import AwayError, Intake, RefusedError
from .outbox import OUTBOX, UnfitError, find_drafts, read_draft
from .sentences import sentence
from .work_folder import WorkFolder

ANSWERS: Final = ".hanare"
RELEASES: Final = f"{ANSWERS}/releases.json"
INTERVAL_SECONDS: Final = 2.0
_MOST_AT_ONCE: Final = 20

_log = logging.getLogger(__name__)


class Courier:
    """Takes drafts to intake and brings states back."""

    def __init__(self, work: WorkFolder, intake: Intake) -> None:
        self._work = work
        self._intake = intake
        self._settled: set[str] = set()
        """Dealt with, although their folder could not be renamed."""
        self._written: bytes | None = None

    async def run(self) -> None:
        """Go round for as long as the desk lives; no failure ends it."""
        while True:
            try:
                await self.round()
            except AwayError:
                _log.info("intake is away; the courier tries again")
            except OSError as error:
                _log.warning("the courier cannot use the work folder: %s", error.strerror)
            await asyncio.sleep(INTERVAL_SECONDS)

    async def round(self) -> None:
        """Send what lies ready, then write down what intake says."""
        drafts = await asyncio.to_thread(find_drafts, self._work)
        ready = [draft_id for draft_id in drafts if draft_id not in self._settled]
        for draft_id in ready[:_MOST_AT_ONCE]:
            await self._carry(draft_id)
        await self._write_answers()

    async def _carry(self, draft_id: str) -> None:
        try:
            draft = await asyncio.to_thread(read_draft, self._work, draft_id)
            for index in await self._intake.open_draft(draft):
                await self._intake.put_file(draft, index)
            await self._intake.complete_draft(draft)
        except UnfitError as unfit:
            reason = sentence(unfit.code)
            await self._refuse(draft_id, reason.code, reason.ja, reason.en)
        except RefusedError as refusal:
            words = sentence("draft_refused")
            await self._refuse(draft_id, refusal.code, refusal.ja or words.ja, refusal.en or words.en)
        else:
            await asyncio.to_thread(self._settle, draft_id, ".sent-")

    async def _refuse(self, draft_id: str, code: str, ja: str, en: str) -> None:
        answer = {"draft_id": draft_id, "code": code, "ja": ja, "en": en}
        try:
            await asyncio.to_thread(self._write, f"{ANSWERS}/refused-{draft_id}.json", _encode(answer))
        except OSError as error:
            # Whoever spoils the answers' folder goes without answers; the next submission does not wait for it.
            _log.warning("a refusal could not be written down: %s", error.strerror)
        await asyncio.to_thread(self._settle, draft_id, ".refused-")

    def _settle(self, draft_id: str, prefix: str) -> None:
        self._settled.add(draft_id)
        try:
            self._work.move(f"{OUTBOX}/{draft_id}", f"{OUTBOX}/{prefix}{draft_id}")
        except OSError as error:
            _log.warning("a submission that was dealt with keeps its place: %s", error.strerror)

    async def _write_answers(self) -> None:
        try:
            answers = await self._intake.releases()
        except RefusedError:
            return
        content = _encode(answers)
        if content != self._written:
            await asyncio.to_thread(self._write, RELEASES, content)
            self._written = content

    def _write(self, path: str, content: bytes) -> None:
        self._work.make_folder(ANSWERS)
        self._work.write(path, content)


def _encode(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace")
