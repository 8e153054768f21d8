"""Envelopes of what a browser is sent: everything on them is written by the desk. Pure.

Id, session, date, user and version are made here; the kernel chooses none of them. The
parent is the header of a request that this desk forwarded, or nothing. Both wire protocols
are written from the same pieces of JSON, so a content is serialised once.
"""

import json
from typing import Any, Final

from .mime import PICTURES

V1: Final = "v1.kernel.websocket.jupyter.org"
NOBODY: Final = b"{}"
_HEADER: Final = (
    '{{"msg_id":"{}","msg_type":"{}","username":"kernel","session":"{}","date":"{}","version":"5.3"}}'
)
_FIXED_PARTS: Final = 7
_DATA: Final = '{"data":{'


def pack(content: dict[str, Any]) -> bytes:
    """A content as JSON; letters beyond ASCII are escaped, which for long texts is far quicker.

    A picture is letters and digits only and is put in as it is.
    """
    told = content.get("data")
    data: dict[str, str] = told if isinstance(told, dict) else {}
    pictures = {kind: text for kind, text in data.items() if kind in PICTURES}
    if not pictures:
        return json.dumps(content, separators=(",", ":")).encode()
    rest = {**content, "data": {kind: text for kind, text in data.items() if kind not in pictures}}
    packed = json.dumps({"data": rest.pop("data"), **rest}, separators=(",", ":"))
    behind = packed[len(_DATA) :]
    put_in = ",".join(f'"{kind}":"{text}"' for kind, text in pictures.items())
    return f"{_DATA}{put_in}{'' if behind.startswith('}') else ','}{behind}".encode()


class Envelopes:
    """The header writer of one kernel; a kernel that starts anew has a new session."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._life = 0
        self._number = 0

    def begin_life(self) -> None:
        """The kernel was started anew: pages tell old messages from new ones by the session."""
        self._life += 1

    def header(self, kind: str, date: str) -> bytes:
        """Write a header; ``kind`` is a word of the tables, ``date`` the desk's own clock."""
        self._number += 1
        session = f"{self._name}-{self._life}"
        return _HEADER.format(f"{session}-{self._number}", kind, session, date).encode()


def frame_v1(channel: str, header: bytes, parent: bytes, content: bytes) -> bytes:
    """A message in the binary protocol: offsets, channel, header, parent, metadata, content."""
    parts = (channel.encode(), header, parent, b"{}", content)
    offset = 8 * _FIXED_PARTS
    offsets = [offset]
    for part in parts:
        offset += len(part)
        offsets.append(offset)
    count = len(offsets)
    head = [count.to_bytes(8, "little"), *(one.to_bytes(8, "little") for one in offsets)]
    return b"".join((*head, *parts))


def frame_text(channel: str, header: bytes, parent: bytes, content: bytes) -> str:
    """A message in the text protocol."""
    parts = (
        b'{"channel":"' + channel.encode() + b'","header":',
        header,
        b',"parent_header":',
        parent,
        b',"metadata":{},"buffers":[],"content":',
        content,
        b"}",
    )
    return b"".join(parts).decode()
