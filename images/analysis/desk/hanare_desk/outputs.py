"""What a kernel may show in a browser. What the tables do not name does not pass.

A kernel writes its own messages, so each is written anew: known types per channel, known
fields per type, known kinds of picture and text, each below a size. Binary buffers, payloads,
user expressions, history, comms and metadata stay behind. HTML goes through a sanitiser or
not at all; markdown is shown as its source, because a trusted notebook would run its HTML.
The bytes that do pass are counted as text and as image.
"""

import json
import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from .messages import clean_header
from .sentences import sentence

MAX_TEXT: Final = 64 * 1024
MAX_IMAGE: Final = 400_000
"""Characters of base64 in one picture."""
_MAX_SMALL: Final = 16 * 1024
_MAX_LIST: Final = 500
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=\s]*")
_STATES: Final = frozenset({"busy", "idle", "starting", "restarting", "dead"})

TYPES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "iopub": frozenset(
            {
                "status",
                "execute_input",
                "stream",
                "display_data",
                "update_display_data",
                "execute_result",
                "error",
                "clear_output",
            },
        ),
        "shell": frozenset(
            {
                "execute_reply",
                "inspect_reply",
                "complete_reply",
                "is_complete_reply",
                "kernel_info_reply",
                "comm_info_reply",
                "history_reply",
            },
        ),
        "control": frozenset({"interrupt_reply", "shutdown_reply", "kernel_info_reply", "execute_reply"}),
        "stdin": frozenset({"input_request"}),
    },
)
_IMAGE_STARTS: Final[Mapping[str, str]] = MappingProxyType({"image/png": "iVBORw0KGgo", "image/jpeg": "/9j/"})
_TEXTS: Final = ("text/plain", "text/latex")

Sanitiser = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """The content that may pass, and its bytes by kind."""

    content: dict[str, Any]
    text: int = 0
    image: int = 0


def trim(channel: str, msg_type: str, content: Any, sanitise: Sanitiser | None) -> Shown | None:
    """Write a kernel's content anew, or give None when its type may not pass."""
    if msg_type not in TYPES.get(channel, frozenset()) or not isinstance(content, dict):
        return None
    written = _WRITERS[msg_type](content, sanitise)
    text, image = _measure(written)
    return Shown(written, text, image)


def trim_header(header: Any) -> dict[str, str]:
    """Keep the known fields of a kernel's header."""
    return clean_header(header) if isinstance(header, dict) else {}


def cut(value: Any, limit: int = MAX_TEXT) -> str:
    """Give at most ``limit`` characters of a text, saying so when there was more."""
    text = "".join(map(str, value)) if isinstance(value, list) else str(value)
    if len(text) <= limit:
        return text
    return text[:limit] + "\n" + sentence("output_cut").both + "\n"


def trim_mime(data: Any, sanitise: Sanitiser | None) -> dict[str, str]:
    """Keep the kinds of picture and text that may be shown; say so when nothing is left."""
    if not isinstance(data, dict):
        return {}
    kept: dict[str, str] = {}
    for kind in _TEXTS:
        if kind in data:
            kept[kind] = cut(data[kind])
    if "text/markdown" in data:
        kept["text/plain"] = cut(data["text/markdown"])
    html = data.get("text/html")
    if html is not None and sanitise is not None:
        plain = cut(html, len(html)) if isinstance(html, (str, list)) else ""
        if 0 < len(plain) <= MAX_TEXT:
            kept["text/html"] = sanitise(plain)
    for kind, start in _IMAGE_STARTS.items():
        picture = data.get(kind)
        picture = "".join(map(str, picture)) if isinstance(picture, list) else picture
        if isinstance(picture, str) and _is_picture(picture, start):
            kept[kind] = picture
    if data and not kept:
        kept["text/plain"] = sentence("output_withheld").both
    return kept


def trim_output(output: Any, sanitise: Sanitiser | None) -> dict[str, Any] | None:
    """Write one saved output of a notebook anew, by the rules of a live one."""
    if not isinstance(output, Mapping):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        return {"output_type": kind, "name": _stream_name(output), "text": cut(output.get("text", ""))}
    if kind == "error":
        return {"output_type": kind, **_error(output)}
    if kind in {"display_data", "execute_result"}:
        shown = {"output_type": kind, "data": trim_mime(_plain(output.get("data")), sanitise), "metadata": {}}
        if kind == "execute_result":
            shown["execution_count"] = _count(output.get("execution_count"))
        return shown
    return None


def trim_notebook(notebook: MutableMapping[str, Any], sanitise: Sanitiser | None) -> None:
    """Filter the outputs that a notebook file carries, and drop its attachments."""
    for cell in notebook.get("cells", []):
        cell.pop("attachments", None)
        if "outputs" in cell:
            written = (trim_output(output, sanitise) for output in cell["outputs"])
            cell["outputs"] = [output for output in written if output is not None]


def _plain(data: Any) -> dict[str, Any]:
    return dict(data) if isinstance(data, Mapping) else {}


def _is_picture(picture: str, start: str) -> bool:
    return len(picture) <= MAX_IMAGE and picture.startswith(start) and _BASE64.fullmatch(picture) is not None


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 2**31 else None


def _flag(value: Any) -> bool:
    return value is True


def _status(content: Mapping[str, Any]) -> str:
    status = content.get("status")
    return status if status in {"ok", "error", "aborted"} else "error"


def _stream_name(content: Mapping[str, Any]) -> str:
    return "stderr" if content.get("name") == "stderr" else "stdout"


def _error(content: Mapping[str, Any]) -> dict[str, Any]:
    lines = content.get("traceback")
    traceback = [cut(lines)] if isinstance(lines, str) else [cut("\n".join(map(str, lines or [])))]
    return {
        "ename": cut(content.get("ename", ""), 256),
        "evalue": cut(content.get("evalue", ""), _MAX_SMALL),
        "traceback": traceback,
    }


def _write_state(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    state = content.get("execution_state")
    return {"execution_state": state if state in _STATES else "idle"}


def _write_input(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    return {"code": cut(content.get("code", "")), "execution_count": _count(content.get("execution_count"))}


def _write_stream(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    return {"name": _stream_name(content), "text": cut(content.get("text", ""))}


def _write_display(content: Mapping[str, Any], sanitise: Sanitiser | None) -> dict[str, Any]:
    written: dict[str, Any] = {"data": trim_mime(content.get("data"), sanitise), "metadata": {}}
    transient = content.get("transient")
    display_id = transient.get("display_id") if isinstance(transient, dict) else None
    written["transient"] = {"display_id": display_id[:64]} if isinstance(display_id, str) else {}
    if "execution_count" in content:
        written["execution_count"] = _count(content["execution_count"])
    return written


def _write_error(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    return _error(content)


def _write_clear(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    return {"wait": _flag(content.get("wait"))}


def _write_execute_reply(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    status = _status(content)
    written: dict[str, Any] = {"status": status, "execution_count": _count(content.get("execution_count"))}
    if status == "ok":
        return {**written, "user_expressions": {}, "payload": []}
    return {**written, **_error(content)}


def _write_inspect(content: Mapping[str, Any], sanitise: Sanitiser | None) -> dict[str, Any]:
    found = _flag(content.get("found"))
    shown = trim_mime(content.get("data"), sanitise) if found else {}
    return {"status": _status(content), "found": found, "data": shown, "metadata": {}}


def _write_complete(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    matches = content.get("matches")
    names = [cut(one, 256) for one in matches[:_MAX_LIST]] if isinstance(matches, list) else []
    return {
        "status": _status(content),
        "matches": names,
        "cursor_start": _count(content.get("cursor_start")) or 0,
        "cursor_end": _count(content.get("cursor_end")) or 0,
        "metadata": {},
    }


def _write_is_complete(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    status = content.get("status")
    known = status if status in {"complete", "incomplete", "invalid", "unknown"} else "unknown"
    return {"status": known, "indent": cut(content.get("indent", ""), 64)}


def _write_kernel_info(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    language = content.get("language_info")
    small = isinstance(language, dict) and len(json.dumps(language)) <= _MAX_SMALL
    names = ("protocol_version", "implementation", "implementation_version", "banner")
    written: dict[str, Any] = {name: cut(content.get(name, ""), 2_048) for name in names}
    return {
        **written,
        "status": _status(content),
        "language_info": language if small else {"name": "python"},
        "help_links": [],
        "debugger": False,
        "supported_features": [],
    }


def _write_comms(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    return {"status": _status(content), "comms": {}}


def _write_history(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    return {"status": _status(content), "history": []}


def _write_answer(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    return {"status": _status(content), "restart": _flag(content.get("restart"))}


def _write_question(content: Mapping[str, Any], _: Sanitiser | None) -> dict[str, Any]:
    return {"prompt": cut(content.get("prompt", ""), 2_048), "password": _flag(content.get("password"))}


_WRITERS: Final[Mapping[str, Callable[[Mapping[str, Any], Sanitiser | None], dict[str, Any]]]] = (
    MappingProxyType(
        {
            "status": _write_state,
            "execute_input": _write_input,
            "stream": _write_stream,
            "display_data": _write_display,
            "update_display_data": _write_display,
            "execute_result": _write_display,
            "error": _write_error,
            "clear_output": _write_clear,
            "execute_reply": _write_execute_reply,
            "inspect_reply": _write_inspect,
            "complete_reply": _write_complete,
            "is_complete_reply": _write_is_complete,
            "kernel_info_reply": _write_kernel_info,
            "comm_info_reply": _write_comms,
            "history_reply": _write_history,
            "interrupt_reply": _write_answer,
            "shutdown_reply": _write_answer,
            "input_request": _write_question,
        },
    )
)


def _measure(value: Any) -> tuple[int, int]:
    """Count the bytes of every text in a content, pictures apart."""
    text = image = 0
    if isinstance(value, str):
        text = len(value.encode("utf-8", "replace"))
    elif isinstance(value, list):
        for one in value:
            more, pictures = _measure(one)
            text, image = text + more, image + pictures
    elif isinstance(value, dict):
        for name, one in value.items():
            more, pictures = _measure(one)
            if name in _IMAGE_STARTS:
                image += len(str(one)) * 3 // 4
            else:
                text, image = text + more, image + pictures
    return text, image
