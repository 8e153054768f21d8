"""What is set up when the server starts: the gate, the errors, the way to intake, the courier.

The gate replaces the application's own search for an answering class, so it stands before
every route, extensions' included. The tasks run in the server's loop and outlive each other's
failures.
"""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from tornado import web

from .activity import REPORT_SECONDS
from .addresses import is_open
from .courier import Courier
from .errors import install_errors
from .intake import AwayError, Intake, RefusedError
from .meter_page import MeterPage
from .office import office, open_office
from .questions import Questions
from .records import REFUSALS_SECONDS
from .reports import Reports
from .sentences import sentence
from .windows import all_queues
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
        office().refusals.add("address")
        return web_app.get_handler_delegate(request, ClosedAddress)

    web_app.find_handler = find_handler


async def _count() -> None:
    """Report what was shown, also after its cell had ended."""
    while True:
        await asyncio.sleep(_COUNT_SECONDS)
        for queue in all_queues():
            queue.report_shown()


async def _tell_refusals() -> None:
    while True:
        await asyncio.sleep(REFUSALS_SECONDS)
        office().refusals.tell()


async def _tell_activity(intake: Intake) -> None:
    """Say whether somebody is here; what was not taken is said anew the next time."""
    while True:
        await asyncio.sleep(REPORT_SECONDS)
        busy = sum(queue.busy for queue in all_queues())
        told = {"busy": busy, "idle_seconds": office().activity.idle_seconds(busy)}
        with suppress(AwayError, RefusedError):
            await intake.send("POST", "/activity", told)


async def _serve(log: Any) -> None:
    intake = Intake(os.environ["HANARE_INTAKE_SOCKET"], os.environ["JUPYTERHUB_API_TOKEN"])
    reports = Reports(intake)
    here = open_office(intake, reports)
    work = WorkFolder(Path(os.environ.get("HANARE_WORK", "/work")))
    courier = Courier(work, intake)
    questions = Questions(work, intake)
    await asyncio.gather(
        _kept(reports.run, log),
        _kept(courier.run, log),
        _kept(questions.run, log),
        _kept(_count, log),
        _kept(here.purse.run, log),
        _kept(_tell_refusals, log),
        _kept(lambda: _tell_activity(intake), log),
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
    install_errors()
    install_gate(server.web_app, server.base_url, server.log)
    server.web_app.add_handlers(".*$", [(url_path_join(server.base_url, "hanare/meter"), MeterPage)])
    server.io_loop.add_callback(_serve, server.log)
