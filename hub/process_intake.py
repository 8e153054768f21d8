"""Intake's process, as ``hanare-intake``: one door per live workspace."""

import asyncio
import threading
import time
from collections.abc import Callable

import uvloop

from enclave.adapters.foundation import Foundation
from enclave.adapters.translations import both
from enclave.display import parse_display
from hub.process_start import beating, open_house, stopping
from output_review.adapters.file_vault import VaultFolder
from output_review.adapters.hub_tokens import HubTokens
from output_review.adapters.live_workspaces import TableWorkspaces
from output_review.adapters.review_works import DatabaseReviewWorks
from output_review.disclosure.policy import policy_from_mapping
from output_review.intake import IntakeDeps
from output_review.intake_door import IntakeDoor
from output_review.intake_tokens import TokenDoor
from output_review.intake_writer import EventWriter

BEAT_SECONDS = 2.0


def serve() -> None:
    """Answer desks until told to end."""
    uvloop.run(_intake(open_house(), stopping()))


async def _intake(house: Foundation, stopped: threading.Event) -> None:
    works = DatabaseReviewWorks(house.database)
    workspaces = TableWorkspaces(house.database)
    hub, events = HubTokens(house.settings.hub_socket), EventWriter(works)
    deps = IntakeDeps(
        works=works,
        vault=VaultFolder(house.settings.vault, house.keyring, house.fresh),
        events=events,
        tokens=TokenDoor(hub, time.monotonic),
        both=both,
        clock=time.monotonic,
        rules=parse_display(house.policies().document("sessions")),
        workspaces=workspaces,
        checks_per_hour=policy_from_mapping(house.policies().document("disclosure")).checks_per_hour,
    )
    door = IntakeDoor(deps, workspaces, house.settings.intake_sockets)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    threading.Thread(target=_relay, args=(stopped, loop, stop), daemon=True).start()
    beats = asyncio.create_task(_beat(beating(house.settings, "intake")))
    try:
        await door.run(stop)
    finally:
        beats.cancel()
        events.close()
        await hub.close()


async def _beat(beat: Callable[[], None]) -> None:
    """A sign of life of the loop that answers desks."""
    while True:
        beat()
        await asyncio.sleep(BEAT_SECONDS)


def _relay(stopped: threading.Event, loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    stopped.wait()
    loop.call_soon_threadsafe(stop.set)
