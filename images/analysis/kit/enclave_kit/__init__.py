"""What a researcher imports: the project's extract, and the way to ask for a release.

``connect()`` opens the extract read-only, ``tables()`` says what is in it, ``request_release``
puts files into the outbox and ``releases()`` tells how far they are. ``check`` asks what an output check
would say of files, and ``fix`` for a mended form of them. The kit has no rights of
its own: it reads what the kernel may read and writes files that others judge. Messages are in
Japanese and English.
"""

from .checking import Check, check, fix
from .extract import connect, tables
from .outbox import request_release
from .sentences import KitError
from .states import releases

__all__ = ["Check", "KitError", "check", "connect", "fix", "releases", "request_release", "tables"]
