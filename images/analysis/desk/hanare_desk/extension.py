"""What is set up when the server starts: the address gate, the way to intake, the courier.

The gate replaces the application's own search for an answering class, so it stands before
every route, extensions' included. The tasks run in the server's loop and outlive each other's
failures.
"""

import asyncio
import os
from pathlib import Path
from typing import Any

from tornado import web

from .addresses import is_open
from .courier import Courier
from .intake import Intake
from .reports import Reports
from .sentences import sentence
from .windows import all_queues, open_way
from .work_folder import WorkFolder

_COUNT_SECONDS = 2.0


class ClosedAddress(web.RequestHandler):  # type: ignore[misc]
    """The answer at every address that the table does not open."""

    def check_xsrf_cookie(self) -> None:
        """Nothing happens here that would need it."""

    def prepare(self) -> None:
        self.set_status(403)
        self.finish({"error": {"code": "not_available", **_words()}})


def _words() -> dict[str, str]:
    words = sentence("not_available")
    return {"ja": words.ja, "en": words.en}


def install_gate(web_app: Any, prefix: str, log: Any) -> None:
    """Put the address table before all routing."""
    find = web_app.find_handler

    def find_handler(request: Any, **kwargs: Any) -> Any:
        if is_open(request.method, request.path, prefix):
            return find(request, **kwargs)
        log.info("closed address: %s", request.method)
        return web_app.get_handler_delegate(request, ClosedAddress)

    web_app.find_handler = find_handler


async def _count() -> None:
    """Report what was shown after its cell had ended."""
    while True:
        await asyncio.sleep(_COUNT_SECONDS)
        for queue in all_queues():
            queue.report_shown()


async def _serve(log: Any) -> None:
    intake = Intake(os.environ["HANARE_INTAKE_SOCKET"], os.environ["JUPYTERHUB_API_TOKEN"])
    reports = Reports(intake)
    open_way(reports)
    work = WorkFolder(Path(os.environ.get("HANARE_WORK", "/work")))
    courier = Courier(work, intake)
    await asyncio.gather(
        _kept(reports.run, log),
        _kept(courier.run, log),
        _kept(_count, log),
    )


async def _kept(run: Any, log: Any) -> None:
    """Begin a task again when it fails; its reason is logged by kind only."""
    while True:
        try:
            await run()
        except Exception as error:  # noqa: BLE001  # a desk without its courier would be mute
            log.warning("a task of the desk failed and begins again: %s", type(error).__name__)
            await asyncio.sleep(1)


def _load_jupyter_server_extension(server: Any) -> None:
    install_gate(server.web_app, server.base_url, server.log)
    server.io_loop.add_callback(_serve, server.log)
