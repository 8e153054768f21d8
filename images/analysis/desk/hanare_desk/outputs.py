"""What a kernel may show in a browser. What the tables do not name does not pass.

A kernel writes its own messages, so each is written anew: known types per channel, known
fields per type, known kinds of picture and text, each below a size. Binary buffers, payloads,
user expressions, history, comms and metadata stay behind; what a kernel says of its language
is a choice from a table here. Everything that does pass is a part, which is paid for, or a
number, which is paid for by its digits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from .meter import Limits, Part
from .mime import Sanitiser, cut, encode, join, trim_mime

_MAX_SMALL: Final = 16 * 1024
_MAX_LIST: Final = 500
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
LANGUAGES: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "python": {
            "name": "python",
            "version": "3",
            "mimetype": "text/x-python",
            "file_extension": ".py",
            "pygments_lexer": "ipython3",
            "codemirror_mode": {"name": "ipython", "version": 3},
            "nbconvert_exporter": "python",
        },
        "R": {
            "name": "R",
            "version": "4",
            "mimetype": "text/x-r-source",
            "file_extension": ".r",
            "pygments_lexer": "r",
            "codemirror_mode": "r",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The content that may pass, what of it a person sees, and the digits beside."""

    content: dict[str, Any]
    parts: list[Part] = field(default_factory=list)
    numbers: int = 0

    @property
    def text(self) -> int:
        return sum(len(part.payload) for part in self.parts if not part.image)

    @property
    def image(self) -> int:
        return sum(len(part.payload) for part in self.parts if part.image)


Writer = Callable[[Mapping[str, Any], Sanitiser | None, Limits], Shown]


def trim(
    channel: str, msg_type: str, content: Any, sanitise: Sanitiser | None, limits: Limits | None = None
) -> Shown | None:
    """Write a kernel's content anew, or give None when its type may not pass."""
    if msg_type not in TYPES.get(channel, frozenset()) or not isinstance(content, dict):
        return None
    return _WRITERS[msg_type](content, sanitise, limits or Limits())


def status_of(content: Mapping[str, Any]) -> str:
    """How a request went, in one of three words."""
    status = content.get("status")
    return status if status in {"ok", "error", "aborted"} else "error"


def trim_error(content: Mapping[str, Any], limits: Limits) -> Shown:
    """Write an error anew, whether live or saved."""
    lines = content.get("traceback")
    joined = (
        lines if isinstance(lines, str) else "\n".join(map(str, lines if isinstance(lines, list) else []))
    )
    name = cut(content.get("ename", ""), 256)
    value = cut(content.get("evalue", ""), min(_MAX_SMALL, limits.text))
    traceback = cut(joined, limits.text)
    written = {"ename": name, "evalue": value, "traceback": [traceback]}
    whole = f"{name}\n{value}\n{traceback}"
    return Shown(written, [Part("error", encode(whole))])


def stream_name(content: Mapping[str, Any]) -> str:
    return "stderr" if content.get("name") == "stderr" else "stdout"


def count_of(value: Any) -> int | None:
    """A number that can be the number of a cell."""
    return value if type(value) is int and 0 <= value < 2**31 else None


def digits(*values: int | None) -> int:
    return sum(len(str(value)) for value in values if value is not None)


def _flag(value: Any) -> bool:
    return value is True


def _words(kind: str, *texts: str) -> list[Part]:
    """One part for all texts of a reply; none when there is nothing."""
    whole = "\n".join(text for text in texts if text)
    return [Part(kind, encode(whole))] if whole else []


def _write_state(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    state = content.get("execution_state")
    return Shown({"execution_state": state if isinstance(state, str) and state in _STATES else "idle"})


def _write_input(content: Mapping[str, Any], _: Sanitiser | None, limits: Limits) -> Shown:
    code, count = cut(content.get("code", ""), limits.text), count_of(content.get("execution_count"))
    return Shown({"code": code, "execution_count": count}, _words("input", code), digits(count))


def _write_stream(content: Mapping[str, Any], _: Sanitiser | None, limits: Limits) -> Shown:
    text = cut(content.get("text", ""), limits.text)
    return Shown({"name": stream_name(content), "text": text}, [Part("stream", encode(text))])


def _write_display(content: Mapping[str, Any], sanitise: Sanitiser | None, limits: Limits) -> Shown:
    data, parts = trim_mime(content.get("data"), sanitise, limits)
    written: dict[str, Any] = {"data": data, "metadata": {}}
    transient = content.get("transient")
    display_id = transient.get("display_id") if isinstance(transient, dict) else None
    known = display_id[:64] if isinstance(display_id, str) else ""
    written["transient"] = {"display_id": known} if known else {}
    numbers = len(encode(known))
    if "execution_count" in content:
        written["execution_count"] = count_of(content["execution_count"])
        numbers += digits(written["execution_count"])
    return Shown(written, parts, numbers)


def _write_error(content: Mapping[str, Any], _: Sanitiser | None, limits: Limits) -> Shown:
    return trim_error(content, limits)


def _write_clear(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    return Shown({"wait": _flag(content.get("wait"))})


def _write_execute_reply(content: Mapping[str, Any], _: Sanitiser | None, limits: Limits) -> Shown:
    status, count = status_of(content), count_of(content.get("execution_count"))
    written: dict[str, Any] = {"status": status, "execution_count": count}
    if status == "ok":
        return Shown({**written, "user_expressions": {}, "payload": []}, numbers=digits(count))
    error = trim_error(content, limits)
    # The error was shown on iopub already; in a reply only its name is of use to a page.
    name = {**error.content, "evalue": "", "traceback": []}
    return Shown({**written, **name}, numbers=digits(count) + len(encode(name["ename"])))


def _write_inspect(content: Mapping[str, Any], sanitise: Sanitiser | None, limits: Limits) -> Shown:
    found = _flag(content.get("found"))
    data, parts = trim_mime(content.get("data"), sanitise, limits) if found else ({}, [])
    return Shown({"status": status_of(content), "found": found, "data": data, "metadata": {}}, parts)


def _write_complete(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    matches = content.get("matches")
    names, left = [], _MAX_SMALL
    for one in matches[:_MAX_LIST] if isinstance(matches, list) else []:
        name = cut(one, 256)
        left -= len(encode(name))
        if left < 0:
            break
        names.append(name)
    start, end = count_of(content.get("cursor_start")) or 0, count_of(content.get("cursor_end")) or 0
    written = {
        "status": status_of(content),
        "matches": names,
        "cursor_start": start,
        "cursor_end": end,
        "metadata": {},
    }
    return Shown(written, _words("complete", *names), digits(start, end))


def _write_is_complete(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    status = content.get("status")
    known = status if status in {"complete", "incomplete", "invalid", "unknown"} else "unknown"
    indent = join(content.get("indent", ""))
    # An indent is blanks: how many is all that it says.
    return Shown({"status": known, "indent": " " * min(len(indent), 64)})


def _write_kernel_info(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    language = content.get("language_info")
    name = language.get("name") if isinstance(language, dict) else None
    return Shown(kernel_info("R" if name == "R" else "python"))


def kernel_info(language: str) -> dict[str, Any]:
    """What a page is told of its kernel; all of it is the desk's own."""
    return {
        "status": "ok",
        "protocol_version": "5.3",
        "implementation": language,
        "implementation_version": "",
        "banner": "",
        "language_info": dict(LANGUAGES[language]),
        "help_links": [],
        "debugger": False,
        "supported_features": [],
    }


def _write_comms(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    return Shown({"status": status_of(content), "comms": {}})


def _write_history(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    return Shown({"status": status_of(content), "history": []})


def _write_answer(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    return Shown({"status": status_of(content), "restart": _flag(content.get("restart"))})


def _write_question(content: Mapping[str, Any], _: Sanitiser | None, __: Limits) -> Shown:
    prompt = cut(content.get("prompt", ""), 2_048)
    return Shown({"prompt": prompt, "password": _flag(content.get("password"))}, _words("prompt", prompt))


_WRITERS: Final[Mapping[str, Writer]] = MappingProxyType(
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
