"""What every process of a house begins with: settings, foundation, and when to stop."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable

from enclave.adapters.foundation import Foundation, open_foundation
from enclave.settings import Settings
from hub.database_schema import bring_up_to_date
from hub.places import ROOT


def read_settings() -> Settings:
    """The settings of this process."""
    return Settings.from_environment(os.environ, ROOT)


def open_house() -> Foundation:
    """The foundation of this process, tables up to date."""
    settings = read_settings()
    bring_up_to_date(settings.database_url)
    return open_foundation(settings)


def beating(settings: Settings, process: str) -> Callable[[], None]:
    """A sign of life for ``enclave doctor``; a process that cannot give it works on, and is told as dead."""
    path = settings.beat(process)

    def beat() -> None:
        with contextlib.suppress(OSError):
            path.touch()

    return beat


def stopping() -> threading.Event:
    """Set when the process is asked to end."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
