"""Listening unix sockets that appear ready: bound, given their mode, listening, then renamed."""

import os
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket

SOCKET_MODE = 0o666
_BACKLOG = 128


def listen_at(path: Path, mode: int = SOCKET_MODE) -> socket:
    """A listening socket at ``path``; whoever finds it there can connect at once."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    listening = socket(AF_UNIX, SOCK_STREAM)
    try:
        listening.bind(str(new))
        new.chmod(mode)
        listening.listen(_BACKLOG)
        listening.setblocking(False)  # noqa: FBT003  the socket's own signature
        os.rename(new, path)  # noqa: PTH104  the crash tests count renames by this name
    except BaseException:
        listening.close()
        raise
    return listening
