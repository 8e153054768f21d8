"""One browser window's line to a kernel, with the tables in force both ways.

Browser to kernel: a message is read, written anew and put in the kernel's queue; what the
table does not name is dropped. Kernel to browser: a message is written anew, put in the
window's lane, paid for and given an envelope of the desk's. Both wire protocols pass through
here, and so do messages that were buffered while no window was open, and the words that the
server itself says about a kernel.

What cannot be paid for is not shown. Its request gets one sentence instead, and the bare
words without which a page would wait for ever.
"""

import json
import time
from datetime import UTC, datetime
from typing import Any, Final

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.websocket import WebSocketClosedError

from .activity import is_meant
from .envelopes import NOBODY, V1, frame_text, frame_v1, pack
from .lane import Lane, Parcel
from .messages import Message, read_message
from .meter import Cost, Part, Verdict, price
from .office import office
from .outputs import Shown, kernel_info, status_of, trim
from .requests import Asked
from .sanitising import SANITISER
from .sentences import Sentence, sentence
from .windows import Line, line_of

_SENTENCES: Final = {Verdict.OVER: "display_over", Verdict.AWAY: "display_away"}
_FAULTS: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)
_BETWEEN_SENTENCES: Final = 60.0
_CONTENTS: Final = frozenset(
    {"stream", "display_data", "update_display_data", "execute_result", "error", "input_request"}
)


class RecordedWebsocket(ZMQChannelsWebsocketConnection):  # type: ignore[misc]
    """No log, no run; no lease, nothing shown; and nothing passes that no table names."""

    _lane: Lane | None = None
    _said_at = -_BETWEEN_SENTENCES

    @property
    def line(self) -> Line:
        return line_of(self.kernel_id)

    @property
    def lane(self) -> Lane:
        if self._lane is None:
            self._lane = Lane(lambda: office().purse, _price, self._show)
        return self._lane

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Take what the browser sent."""
        if not self.channels:
            return
        message = self._read(incoming_msg)
        if message is None:
            office().refusals.add("browser_message")
            return
        here = office()
        here.purse.warm()
        if is_meant(message.msg_type):
            here.activity.touch()
        if message.is_cell:
            here.seen.add_parts([Part("input", message.source.encode("utf-8", "replace"))])
        self.line.queue.put(self, message)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """Pass on what the kernel sent, as far as the tables and the purse go."""
        if isinstance(stream, str):
            stream = self.channels[stream]
        if stream.closed():
            self.disconnect()
            return
        parcel = self._parcel(getattr(stream, "channel", ""), outgoing_msg)
        if parcel is None:
            office().refusals.add("kernel_message")
            return
        self.lane.put(parcel)

    def disconnect(self) -> None:
        """The window is gone, and what waited for it."""
        if self._lane is not None:
            self._lane.close()
        super().disconnect()

    def forward(self, message: Message) -> None:
        """Send a message on to the kernel, written anew, and remember that it was asked."""
        stream = self.channels.get(message.channel)
        if stream is None or stream.closed():
            self.line.queue.replied(message.msg_id, "aborted")
            return
        self.line.requests.add(message.header)
        whole = {
            "header": dict(message.header),
            "parent_header": dict(message.parent),
            "metadata": {},
            "content": dict(message.content),
        }
        self.session.send(stream, whole)

    def refuse(self, message: Message, reason: Sentence) -> None:
        """Answer as a kernel would: busy, error, reply, idle."""
        text = reason.both
        error = {"ename": "NotRecorded", "evalue": text, "traceback": ["\x1b[31mNotRecorded\x1b[0m: " + text]}
        reply: dict[str, Any] = {
            "status": "error",
            "execution_count": None,
            "user_expressions": {},
            "payload": [],
            **error,
        }
        if not message.is_cell:
            # An answer to input(): the kernel goes on waiting, and Interrupt ends that.
            self._say("iopub", "stream", {"name": "stderr", "text": text + "\n"}, message.parent)
            return
        self._say("iopub", "status", {"execution_state": "busy"}, message.header)
        self._say("iopub", "error", error, message.header)
        self._say(message.channel, "execute_reply", reply, message.header)
        self._say("iopub", "status", {"execution_state": "idle"}, message.header)

    def _send_status_message(self, status: str) -> None:
        """The server's own word on a kernel, behind everything that the kernel said before."""
        iopub = self.channels.get("iopub")
        if iopub is not None and not iopub.closed():
            iopub.flush()
        self._say("iopub", "status", {"execution_state": status}, None)

    def _read(self, raw: Any) -> Message | None:
        try:
            if self.subprotocol == V1:
                channel, parts = deserialize_msg_from_ws_v1(raw)
                if len(parts) != 4:  # binary buffers, or something that is no message
                    return None
                header, parent, _, content = (self.session.unpack(part) for part in parts)
                return read_message(channel, header, parent, content)
            if not isinstance(raw, str):
                return None
            whole = json.loads(raw)
            if whole.get("buffers"):
                return None
            return read_message(
                whole.get("channel"), whole["header"], whole.get("parent_header"), whole["content"]
            )
        except _FAULTS:
            return None

    def _parcel(self, channel: str, outgoing_msg: list[Any]) -> Parcel | None:
        try:
            _, fed = self.session.feed_identities(outgoing_msg)
            kind = json.loads(bytes(fed[1]))["msg_type"]
            msg_id = json.loads(bytes(fed[2])).get("msg_id", "")
            content = json.loads(bytes(fed[4]))
            shown = trim(channel, kind, content, SANITISER, office().purse.limits)
        except _FAULTS:
            return None
        if shown is None:
            return None
        asked = self.line.requests.find(msg_id)
        known_id = msg_id if asked is not None else ""
        if kind == "execute_reply":
            # The outcome is recorded when the kernel says it, not when a window can afford it.
            self.line.queue.replied(known_id, shown.content["status"])
        word, bare = _bare(channel, kind, shown)
        return Parcel(
            channel,
            kind,
            pack(shown.content),
            tuple(shown.parts),
            shown.numbers,
            known_id,
            asked,
            word,
            bare,
        )

    def _show(self, parcel: Parcel, verdict: Verdict) -> None:
        if verdict is Verdict.PAID:
            office().seen.add_parts(parcel.parts)
            for part in parcel.parts:
                if part.image:
                    office().images.add(part.digest)
            if parcel.parts and parcel.kind != "execute_input":
                self.line.queue.shown(parcel.msg_id, parcel.parts)
            self._write(parcel.channel, parcel.kind, parcel.content, parcel.asked)
        else:
            self._withhold(parcel, verdict)

    def _withhold(self, parcel: Parcel, verdict: Verdict) -> None:
        asked = parcel.asked
        if asked is not None and parcel.word and asked.may_say(parcel.word):
            self._write(parcel.channel, parcel.kind, parcel.bare, asked)
            return
        if parcel.kind not in _CONTENTS:
            return
        now = time.monotonic()
        if asked is not None:
            told = not asked.may_say("sentence")
        else:
            told = now - self._said_at < _BETWEEN_SENTENCES
        if not told:
            self._said_at = now
            text = {"name": "stderr", "text": sentence(_SENTENCES[verdict]).both + "\n"}
            self._write("iopub", "stream", pack(text), asked)

    def _say(self, channel: str, kind: str, content: dict[str, Any], parent: Any) -> None:
        """Say something of the desk's own, in its turn."""
        asked = Asked(pack(dict(parent))) if parent else None
        self.lane.put(Parcel(channel, kind, pack(content), asked=asked, free=True))

    def _write(self, channel: str, kind: str, content: bytes, asked: Asked | None) -> None:
        header = self.line.envelopes.header(kind, datetime.now(UTC).isoformat())
        parent = NOBODY if asked is None else asked.parent
        try:
            if self.subprotocol == V1:
                self.write_message(frame_v1(channel, header, parent, content), binary=True)
            else:
                self.write_message(frame_text(channel, header, parent, content))
        except (WebSocketClosedError, AttributeError):
            self.log.info("a window went away before it was shown something")


def _price(parcel: Parcel) -> Cost:
    return price(parcel.parts, parcel.numbers, office().seen)


def _bare(channel: str, kind: str, shown: Shown) -> tuple[str, bytes]:
    """The word that a message is, and what remains of it when nothing can be paid."""
    content = shown.content
    if kind == "status":
        state = content["execution_state"]
        return (state, pack(content)) if state in {"busy", "idle"} else ("", b"")
    if channel not in {"shell", "control"}:
        return "", b""
    if kind == "kernel_info_reply":
        return "reply", pack(kernel_info(content["implementation"]))
    empty = trim(channel, kind, {"status": status_of(content)}, None)
    return ("reply", pack(empty.content)) if empty is not None else ("", b"")
