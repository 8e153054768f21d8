"""The sweeper's process, as ``hanare-sweeper``: it ends what must not live and starts nothing.

It knows no JupyterHub: database, gate and disks are all it needs, so it works while the hub or
the portal is dead. A file's time says when it last looked round, for ``enclave doctor``.
"""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from enclave.adapters.foundation import Foundation
from enclave.display import parse_idle
from hub.disks_client import reach_disks
from hub.process_start import open_house, stopping
from hub.sessions_house import Places
from hub.sweeper import QUICK_SECONDS, TURN_SECONDS, WHOLE_SECONDS, Sweeper, every
from hub.workspaces_effects import Effects
from hub.workspaces_end import Ender, Turns
from hub.workspaces_gate import GateClient
from hub.workspaces_house import HouseFiles

THREADS = 8


def make_sweeper(house: Foundation) -> Sweeper:
    """The sweeper over a home."""
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="gate")
    disks = reach_disks(house.settings, HouseFiles.of_this_process(house.settings).users)
    places = Places(str(house.settings.enclave_home))
    effects = Effects(GateClient(house.settings.gate_socket), disks, pool, places)
    ender = Ender(house.database, effects, Turns(house.settings.turns), TURN_SECONDS)
    return Sweeper(house.database, ender, lambda: parse_idle(house.policies().document("sessions")).workspace)


def serve() -> None:
    """Sweep until told to end."""
    house = open_house()
    stopped = stopping()
    asyncio.run(_sweep(make_sweeper(house), house.settings.beat("sweeper"), stopped))


async def _sweep(sweeper: Sweeper, beat: Path, stopped: threading.Event) -> None:
    async def quick() -> None:
        await sweeper.quick()
        await asyncio.to_thread(beat.touch)

    rounds = [
        asyncio.create_task(every(QUICK_SECONDS, quick)),
        asyncio.create_task(every(WHOLE_SECONDS, sweeper.whole)),
    ]
    await asyncio.to_thread(stopped.wait)
    for task in rounds:
        task.cancel()
    await asyncio.gather(*rounds, return_exceptions=True)
