"""What a browser may send to a kernel. What the table does not name is dropped.

The table is keyed by channel and type, because a kernel's control channel accepts whatever
its shell channel does. A message goes on only in a form that is written anew from the fields
named here: what is not named (binary buffers, metadata, extra header fields) would be a way
to hand code to the kernel beside the record. Text that can become code is *recorded*; the
rest passes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

MAX_SOURCE: Final = 256 * 1024
_ID: Final = re.compile(r"[\w.:-]{1,128}")
_PLAIN: Final = re.compile(r"[\w.:+ -]{0,64}")

Fields = Mapping[str, type]
_EXECUTE: Final[Fields] = MappingProxyType(
    {
        "code": str,
        "silent": bool,
        "store_history": bool,
        "user_expressions": dict,
        "allow_stdin": bool,
        "stop_on_error": bool,
    },
)
_NOTHING: Final[Fields] = MappingProxyType({})

RECORDED: Final[Mapping[tuple[str, str], Fields]] = MappingProxyType(
    {
        ("shell", "execute_request"): _EXECUTE,
        ("control", "execute_request"): _EXECUTE,
        # input() followed by exec() is code as well
        ("stdin", "input_reply"): MappingProxyType({"value": str, "status": str}),
    },
)
PASSED: Final[Mapping[tuple[str, str], Fields]] = MappingProxyType(
    {
        ("shell", "kernel_info_request"): _NOTHING,
        ("shell", "is_complete_request"): MappingProxyType({"code": str}),
        ("shell", "comm_info_request"): _NOTHING,
        ("shell", "history_request"): MappingProxyType({"hist_access_type": str, "n": int, "raw": bool}),
        ("shell", "complete_request"): MappingProxyType({"code": str, "cursor_pos": int}),
        ("shell", "inspect_request"): MappingProxyType({"code": str, "cursor_pos": int, "detail_level": int}),
        ("control", "kernel_info_request"): _NOTHING,
        ("control", "interrupt_request"): _NOTHING,
        ("control", "shutdown_request"): MappingProxyType({"restart": bool}),
    },
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message, written anew, and whether it has to be recorded before it goes on."""

    channel: str
    msg_type: str
    header: Mapping[str, str]
    parent: Mapping[str, str]
    content: Mapping[str, Any]
    recorded: bool

    @property
    def msg_id(self) -> str:
        return self.header["msg_id"]

    @property
    def is_cell(self) -> bool:
        return self.msg_type == "execute_request"

    @property
    def source(self) -> str:
        return str(self.content.get("code" if self.is_cell else "value", ""))

    @property
    def expressions(self) -> list[str]:
        named: Mapping[str, str] = self.content.get("user_expressions") or {}
        return [f"{name} = {named[name]}" for name in sorted(named)]

    @property
    def length(self) -> int:
        """Characters of everything in it that could become code."""
        return len(self.source) + sum(map(len, self.expressions))


def read_message(channel: Any, header: Any, parent: Any, content: Any) -> Message | None:
    """Write a browser's message anew, or give None when it may not pass."""
    if not isinstance(channel, str) or not isinstance(header, dict) or not isinstance(content, dict):
        return None
    key = (channel, str(header.get("msg_type")))
    fields = RECORDED.get(key) or PASSED.get(key)
    if fields is None and key not in PASSED:
        return None
    head = clean_header(header)
    if "msg_id" not in head:
        return None
    written = _content(content, fields or _NOTHING)
    if written is None:
        return None
    if key[1] == "history_request":
        written["output"] = False  # a kernel does not answer without it, and inputs are all that it may say
    origin = clean_header(parent) if isinstance(parent, dict) else {}
    return Message(channel, key[1], head, origin, written, key in RECORDED)


def clean_header(header: Mapping[str, Any]) -> dict[str, str]:
    """Keep the known fields of a header, when they look as they should."""
    kept: dict[str, str] = {}
    for name in ("msg_id", "msg_type", "session", "subshell_id"):
        value = header.get(name)
        if isinstance(value, str) and _ID.fullmatch(value):
            kept[name] = value
    for name in ("username", "date", "version"):
        value = header.get(name)
        kept[name] = value if isinstance(value, str) and _PLAIN.fullmatch(value) else ""
    return kept


def _content(content: Mapping[str, Any], fields: Fields) -> dict[str, Any] | None:
    written: dict[str, Any] = {}
    for name, kind in fields.items():
        if name not in content:
            continue
        value = content[name]
        if type(value) is not kind:
            return None
        if kind is dict and not _is_expressions(value):
            return None
        written[name] = value
    return written


def _is_expressions(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and isinstance(text, str) for name, text in value.items()
    )
