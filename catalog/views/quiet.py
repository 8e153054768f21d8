"""Parsing without the parser's own log lines: what it has to say of a view is a refusal here.

The filter hangs on the parser's logger for the time of one call and holds back the lines of the
thread that made the call, so that no other user of the library loses any.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGER = logging.getLogger("sqlglot")


@contextmanager
def quiet() -> Iterator[None]:
    """Hold back what the parser would log in this thread."""
    thread = threading.get_ident()

    def of_another(record: logging.LogRecord) -> bool:
        return record.thread != thread

    _LOGGER.addFilter(of_another)
    try:
        yield
    finally:
        _LOGGER.removeFilter(of_another)
