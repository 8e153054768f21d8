"""What every process of a house begins with: settings, foundation, and when to stop."""

import os
import signal
import threading

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


def stopping() -> threading.Event:
    """Set when the process is asked to end."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped
