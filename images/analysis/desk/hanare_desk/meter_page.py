"""``GET hanare/meter``: what may still be shown, polled by the page. It counts as nobody's deed."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from .gauge import gauge
from .meter import KINDS
from .office import office
from .work_folder import WorkFolder

_DISK_SECONDS = 5.0


class _Disk:
    """The disk, looked at once in a while however often a page asks."""

    looked_at = -_DISK_SECONDS
    room = (0, 0)
    folder: WorkFolder | None = None

    def look(self) -> tuple[int, int]:
        if time.monotonic() - self.looked_at >= _DISK_SECONDS:
            self.looked_at = time.monotonic()
            if self.folder is None:
                self.folder = WorkFolder(Path(os.environ.get("HANARE_WORK", "/work")))
            self.room = self.folder.room()
        return self.room


_disk = _Disk()


class MeterPage(APIHandler):  # type: ignore[misc]
    """The meter as JSON."""

    auth_resource = "hanare"
    _track_activity = False

    @web.authenticated
    @authorized
    async def get(self) -> None:
        here = office()
        disk = await asyncio.to_thread(_disk.look)
        in_hand = {kind: here.purse.in_hand(kind) for kind in KINDS}
        document: dict[str, Any] = gauge(here.purse.reading, in_hand, disk, recorded=here.client.answering)
        self.finish(document)
