"""What a researcher imports: the project's extract, and the way to ask for a release.

``connect()`` opens the extract read-only, ``tables()`` says what is in it, ``request_release``
puts files into the outbox and ``releases()`` tells how far they are. The kit has no rights of
its own: it reads what the kernel may read and writes files that others judge. Messages are in
Japanese and English.
"""

from .extract import connect, tables
from .outbox import request_release
from .sentences import KitError
from .states import releases

__all__ = ["KitError", "connect", "releases", "request_release", "tables"]
