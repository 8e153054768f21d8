"""What must not live is ended, whether or not the hub or the portal lives.

Two rhythms. Every second the quick question: does somebody who was suspended, disabled or
paused have a workspace? Every fifteen seconds the whole one: who lost eligibility in any other
way; in which workspace nobody worked for as long as the policy allows; whose end was begun and
not done (its process died); and which labelled container has no row that lives. The containers
are listed before the rows are read, so one that is being made right now always has its row.
Nothing here trusts memory: register, rows, policies and Docker are asked each time, and
everything is killed, never asked to stop. One workspace that cannot be ended holds up no other.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from enclave.adapters.database import Database
from enclave.errors import EnclaveError, UnavailableError
from hub import workspaces
from hub.workspaces_end import Ender

log = logging.getLogger("hanare.sweeper")
QUICK_SECONDS = 1.0
WHOLE_SECONDS = 15.0
TURN_SECONDS = 1.0
"""How long the sweeper waits for another process that works on the same workspace."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Asks the questions and ends what they find."""

    database: Database
    ender: Ender
    idle_after: Callable[[], timedelta]
    """How long a workspace may be without use, read anew each time."""

    async def quick(self) -> None:
        """Nobody who was shut out has a workspace."""
        found = await asyncio.to_thread(workspaces.shut_out, self.database)
        await _all(self.ender.end(w.wid, workspaces.INELIGIBLE, refusal.code) for w, refusal in found)

    async def whole(self) -> None:
        """Nothing lives that may not, is idle, was left half ended, or belongs to nobody."""
        gate = self.ender.effects
        listed = await gate.ask(gate.gate.workspace_containers)
        known = {row.wid for row in await asyncio.to_thread(workspaces.live, self.database)}
        ineligible = await asyncio.to_thread(workspaces.no_longer_eligible, self.database)
        await _all(self.ender.end(w.wid, workspaces.INELIGIBLE, refusal.code) for w, refusal in ineligible)
        after = await asyncio.to_thread(self.idle_after)
        unused = await asyncio.to_thread(workspaces.idle, self.database, after)
        await _all(self.ender.end(w.wid, workspaces.IDLE) for w in unused)
        rows = await asyncio.to_thread(workspaces.live, self.database)
        await _all(self.ender.end(w.wid, w.end_reason, w.end_code) for w in rows if w.ending)
        await _all(self.ender.remove_stray(wid) for wid in sorted({wid for _, wid in listed} - known))


async def _all(ends: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Each of these, at the same time; the first failure is raised when all are over."""
    over = await asyncio.gather(*ends, return_exceptions=True)
    for failed in over:
        if isinstance(failed, BaseException):
            raise failed


async def every(seconds: float, act: Callable[[], Awaitable[None]]) -> None:
    """``act`` again and again; what fails is logged and tried again the next time."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await act()
        except asyncio.CancelledError:
            raise
        except UnavailableError as error:
            log.warning("a sweep could not be done: %s; the next one tries again", error)
        except (EnclaveError, OSError):
            log.exception("a sweep failed; the next one tries again")
        except Exception:
            log.exception("a sweep failed unexpectedly; the next one tries again")
